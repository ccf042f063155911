#include "json_schema/json_schema.hpp"

#include <re2/re2.h>

#include <boost/json.hpp>
#include <cmath>
#include <map>
#include <set>

#include "base/limits.hpp"
#include "json_schema/json_schema_keywords.hpp"

namespace ark {

namespace bj = boost::json;

struct json_schema::compiled {
  bj::value schema;
  std::map<std::string, std::unique_ptr<RE2>, std::less<>> patterns;
};

namespace {

using compiled_patterns = std::map<std::string, std::unique_ptr<RE2>, std::less<>>;

error not_valid(std::string message) {
  return error{.code = errc::invalid_request, .message = std::move(message)};
}

result<bj::value> parse(std::string_view text) {
  boost::system::error_code failed;
  bj::value out = bj::parse(text, failed, {}, {.max_depth = limits::json_depth});
  if (failed) return not_valid("is no JSON");
  return out;
}

std::size_t code_points(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0u) != 0x80u ? 1 : 0;
  return count;
}

bool is_integer(const bj::value& v) {
  if (v.is_int64() || v.is_uint64()) return true;
  return v.is_double() && std::floor(v.get_double()) == v.get_double();
}

bool has_type(const bj::value& v, std::string_view type) {
  if (type == "object") return v.is_object();
  if (type == "array") return v.is_array();
  if (type == "string") return v.is_string();
  if (type == "boolean") return v.is_bool();
  if (type == "null") return v.is_null();
  if (type == "integer") return is_integer(v);
  return v.is_number();
}

/// Equal as JSON Schema means it: 1 and 1.0 are the same number.
bool same(const bj::value& a, const bj::value& b) {
  if (a.is_number() && b.is_number()) return a.to_number<double>() == b.to_number<double>();
  return a == b;
}

class checker {
 public:
  checker(const bj::value& root, const compiled_patterns& known) : root_(root), patterns_(known) {}

  result<void> check(const bj::value& v, const bj::value& schema, const std::string& at) {
    if (schema.is_bool()) {
      if (!schema.get_bool()) return fail(at, "is not allowed");
      return {};
    }
    // A schema that refers to itself without going deeper into the text would never end.
    if (++depth_ > 512) return fail(at, "needs too many nested schemas");
    const auto done = check_object(v, schema.get_object(), at);
    --depth_;
    return done;
  }

 private:
  static result<void> fail(const std::string& at, std::string why) {
    return not_valid((at.empty() ? "the text" : at) + " " + std::move(why));
  }

  result<void> check_object(const bj::value& v, const bj::object& s, const std::string& at) {
    for (const auto step : {&checker::any_type, &checker::combined, &checker::number,
                            &checker::string, &checker::array, &checker::object})
      if (auto ok = (this->*step)(v, s, at); !ok) return ok;
    return {};
  }

  result<void> any_type(const bj::value& v, const bj::object& s, const std::string& at) {
    if (const auto* type = s.if_contains("type")) {
      bool fits = false;
      if (type->is_string()) fits = has_type(v, type->get_string());
      if (const auto* list = type->if_array())
        for (const auto& one : *list) fits = fits || has_type(v, one.get_string());
      if (!fits) return fail(at, "is not of type " + bj::serialize(*type));
    }
    if (const auto* list = s.if_contains("enum")) {
      bool found = false;
      for (const auto& one : list->get_array()) found = found || same(one, v);
      if (!found) return fail(at, "is not one of " + bj::serialize(*list));
    }
    if (const auto* constant = s.if_contains("const"); constant && !same(*constant, v))
      return fail(at, "is not " + bj::serialize(*constant));
    return {};
  }

  int count_fitting(const bj::value& v, const bj::array& options, const std::string& at) {
    int count = 0;
    for (const auto& one : options) count += check(v, one, at) ? 1 : 0;
    return count;
  }

  result<void> combined(const bj::value& v, const bj::object& s, const std::string& at) {
    if (const auto* ref = s.if_contains("$ref")) {
      boost::system::error_code ignored;
      const auto* target =
          root_.find_pointer(std::string_view(ref->get_string()).substr(1), ignored);
      if (auto ok = check(v, *target, at); !ok) return ok;
    }
    if (const auto* all = s.if_contains("allOf"))
      for (const auto& one : all->get_array())
        if (auto ok = check(v, one, at); !ok) return ok;
    if (const auto* any = s.if_contains("anyOf");
        any && count_fitting(v, any->get_array(), at) == 0)
      return fail(at, "fits none of anyOf");
    if (const auto* one = s.if_contains("oneOf");
        one && count_fitting(v, one->get_array(), at) != 1)
      return fail(at, "does not fit exactly one of oneOf");
    if (const auto* no = s.if_contains("not"); no && check(v, *no, at))
      return fail(at, "fits what it must not");
    return {};
  }

  result<void> number(const bj::value& v, const bj::object& s, const std::string& at) {
    if (!v.is_number()) return {};
    const double x = v.to_number<double>();
    const auto limit = [&](const char* name, double& out) {
      const auto* value = s.if_contains(name);
      if (value) out = value->to_number<double>();
      return value != nullptr;
    };
    double bound = 0;
    if (limit("minimum", bound) && x < bound) return fail(at, "is below the minimum");
    if (limit("maximum", bound) && x > bound) return fail(at, "is above the maximum");
    if (limit("exclusiveMinimum", bound) && x <= bound) return fail(at, "is not above its limit");
    if (limit("exclusiveMaximum", bound) && x >= bound) return fail(at, "is not below its limit");
    if (limit("multipleOf", bound)) {
      const double times = x / bound;
      if (std::abs(times - std::round(times)) > 1e-9) return fail(at, "is not a multiple");
    }
    return {};
  }

  static bool outside(const bj::object& s, const char* low, const char* high, std::size_t size) {
    const auto* least = s.if_contains(low);
    const auto* most = s.if_contains(high);
    return (least && static_cast<double>(size) < least->to_number<double>()) ||
           (most && static_cast<double>(size) > most->to_number<double>());
  }

  result<void> string(const bj::value& v, const bj::object& s, const std::string& at) {
    const auto* text = v.if_string();
    if (!text) return {};
    if (outside(s, "minLength", "maxLength", code_points(*text)))
      return fail(at, "is too short or too long");
    if (const auto* pattern = s.if_contains("pattern")) {
      const auto& compiled = patterns_.find(std::string_view(pattern->get_string()))->second;
      if (!RE2::PartialMatch({text->data(), text->size()}, *compiled))
        return fail(at, "does not match its pattern");
    }
    return {};
  }

  result<void> array(const bj::value& v, const bj::object& s, const std::string& at) {
    const auto* list = v.if_array();
    if (!list) return {};
    if (outside(s, "minItems", "maxItems", list->size()))
      return fail(at, "has too few or too many items");
    const auto* prefix = s.if_contains("prefixItems");
    const std::size_t fixed = prefix ? prefix->get_array().size() : 0;
    const auto* items = s.if_contains("items");
    for (std::size_t i = 0; i < list->size(); ++i) {
      const bj::value* schema = i < fixed ? &prefix->get_array()[i] : items;
      if (!schema) continue;
      if (auto ok = check((*list)[i], *schema, at + "/" + std::to_string(i)); !ok) return ok;
    }
    const auto* unique = s.if_contains("uniqueItems");
    if (unique && unique->get_bool())
      for (std::size_t i = 0; i < list->size(); ++i)
        for (std::size_t k = 0; k < i; ++k)
          if (same((*list)[i], (*list)[k])) return fail(at, "has the same item twice");
    return {};
  }

  result<void> object(const bj::value& v, const bj::object& s, const std::string& at) {
    const auto* members = v.if_object();
    if (!members) return {};
    if (const auto* required = s.if_contains("required"))
      for (const auto& name : required->get_array())
        if (!members->contains(name.get_string())) return fail(at, "lacks " + bj::serialize(name));
    const auto* known = s.if_contains("properties");
    const auto* others = s.if_contains("additionalProperties");
    for (const auto& member : *members) {
      const auto* schema = known ? known->get_object().if_contains(member.key()) : nullptr;
      if (!schema) schema = others;
      if (!schema) continue;
      const std::string below = at + "/" + std::string(member.key());
      if (auto ok = check(member.value(), *schema, below); !ok) return ok;
    }
    return {};
  }

  const bj::value& root_;
  const compiled_patterns& patterns_;
  int depth_ = 0;
};

}  // namespace

result<json_schema> json_schema::compile(std::string_view schema) {
  auto parsed = parse(schema);
  if (!parsed) return error{.code = errc::config, .message = "the schema is no JSON"};
  auto out = std::make_shared<compiled>();
  out->schema = std::move(*parsed);
  std::set<std::string> patterns;
  if (auto ok = check_keywords(out->schema, out->schema, "", patterns); !ok) return ok.error();
  for (const auto& pattern : patterns) {
    RE2::Options quiet;
    quiet.set_log_errors(false);
    auto compiled = std::make_unique<RE2>(pattern, quiet);
    if (!compiled->ok())
      return error{.code = errc::config,
                   .message = "the pattern \"" + pattern + "\" is refused: " + compiled->error()};
    out->patterns.emplace(pattern, std::move(compiled));
  }
  return json_schema(std::move(out));
}

result<void> json_schema::check(std::string_view text) const {
  auto value = parse(text);
  if (!value) return value.error();
  return checker(root_->schema, root_->patterns).check(*value, root_->schema, "");
}

}  // namespace ark
