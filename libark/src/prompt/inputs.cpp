#include "prompt/inputs.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "base/json.hpp"
#include "base/limits.hpp"
#include "files/suggest.hpp"
#include "prompt/picoschema.hpp"

namespace ark::prompt {

namespace bj = boost::json;

namespace {

error not_given(std::string message) {
  return {.code = errc::invalid_request, .message = std::move(message)};
}

/// "string", "integer|null": what a property may be; "" for anything.
std::string type_text(const bj::value& property) {
  const auto* fields = property.if_object();
  const auto* type = fields == nullptr ? nullptr : fields->if_contains("type");
  if (type == nullptr) return fields != nullptr && fields->contains("enum") ? "enum" : "";
  if (type->is_string()) return std::string(type->as_string());
  std::string out;
  if (const auto* several = type->if_array())
    for (const auto& each : *several)
      if (each.is_string()) out += (out.empty() ? "" : "|") + std::string(each.as_string());
  return out;
}

std::string member_text(const bj::value& property, std::string_view name) {
  const auto* fields = property.if_object();
  const auto* found = fields == nullptr ? nullptr : fields->if_contains(name);
  return found != nullptr && found->is_string() ? std::string(found->as_string()) : "";
}

bool is_required(const bj::object& schema, std::string_view name) {
  const auto* needed = schema.if_contains("required");
  if (needed == nullptr || !needed->is_array()) return false;
  const auto& all = needed->as_array();
  return std::any_of(all.begin(), all.end(), [&](const bj::value& each) {
    return each.is_string() && each.as_string() == name;
  });
}

bool is_whole_schema(const bj::value& written) {
  const auto* fields = written.if_object();
  if (fields == nullptr) return false;
  const auto* type = fields->if_contains("type");
  return (type != nullptr && *type == "object" && fields->contains("properties")) ||
         fields->contains("$ref") || fields->contains("$schema");
}

}  // namespace

result<std::string> schema_of(const definition& from, const google::protobuf::Value& written,
                              const std::string& field) {
  std::string text = files::json_text(written);
  if (!is_whole_schema(bj::parse(text))) {
    auto made = json_schema_of(text, {});
    if (!made) return from.bad(field, made.error().message);
    text = std::move(*made);
  }
  if (const auto ok = json_schema::compile(text); !ok) return from.bad(field, ok.error().message);
  return text;
}

void inputs::add_fact(std::string_view name, const bj::value& property) {
  fact one{.name = std::string(name),
           .type = type_text(property),
           .description = member_text(property, "description")};
  if (const auto* fields = property.if_object())
    if (const auto* fallback = fields->if_contains("default"); fallback != nullptr)
      if (!defaults_.contains(name)) defaults_[name] = *fallback;
  facts_.push_back(std::move(one));
}

result<inputs> inputs::of(const definition& from, const std::vector<std::string>& undeclared) {
  inputs out;
  for (const auto& [name, value] : from.file.defaults())
    out.defaults_[name] = bj::parse(files::json_text(value));
  out.is_declared_ = from.file.has_inputs();
  bj::object schema{{"type", "object"}};
  if (out.is_declared_) {
    auto text = schema_of(from, from.file.inputs(), "inputs");
    if (!text) return text.error();
    schema = bj::parse(*text).as_object();
    if (const auto* properties = schema.if_contains("properties"); properties != nullptr)
      for (const auto& each : properties->as_object()) out.add_fact(each.key(), each.value());
    const auto* more = schema.if_contains("additionalProperties");
    out.is_open_ = more != nullptr && *more != false;
  } else {
    for (const auto& name : undeclared) out.add_fact(name, nullptr);
  }
  for (fact& each : out.facts_) {
    const auto* fallback = out.defaults_.if_contains(each.name);
    if (fallback != nullptr) each.fallback = bj::serialize(*fallback);
    // Other projects' bodies print nothing for what is not given and not declared.
    const bool is_needed =
        out.is_declared_ ? is_required(schema, each.name) : from.form == file_form::native;
    each.is_required = fallback == nullptr && is_needed;
  }
  for (const auto& each : out.defaults_)
    if (out.is_declared_ && !out.is_open_ && out.find(each.key()) == nullptr)
      return from.bad("defaults." + std::string(each.key()), "there is no such input");
  out.schema_ = bj::serialize(schema);
  auto check = json_schema::compile(out.schema_);
  if (!check) return from.bad("inputs", check.error().message);
  out.check_ = std::make_shared<const json_schema>(std::move(*check));
  return out;
}

const inputs::fact* inputs::find(std::string_view name) const noexcept {
  const auto found = std::find_if(facts_.begin(), facts_.end(),
                                  [&](const fact& each) { return each.name == name; });
  return found == facts_.end() ? nullptr : &*found;
}

std::string inputs::names() const {
  std::string out;
  for (const fact& each : facts_) out += (out.empty() ? "" : ", ") + each.name;
  return out.empty() ? "it has none" : "it has " + out;
}

result<bj::object> inputs::complete(std::string_view given) const {
  boost::system::error_code failed;
  bj::value read = bj::parse(given, failed, {}, {.max_depth = limits::json_depth});
  if (failed || !read.is_object())
    return not_given("the inputs are no JSON object: give {\"name\": value, ...}");
  bj::object out = std::move(read.as_object());
  std::string wrong;
  const auto add = [&](const std::string& sentence) {
    wrong += (wrong.empty() ? "" : "\n") + sentence;
  };
  for (const auto& each : out) {
    if (is_open_ || find(each.key()) != nullptr) continue;
    std::vector<std::string> known;
    known.reserve(facts_.size());
    for (const fact& one : facts_) known.push_back(one.name);
    const auto near = files::nearest(std::string(each.key()), known);
    add("the prompt has no input \"" + std::string(each.key()) +
        "\": " + (near.empty() ? names() : "did you mean \"" + std::string(near) + "\"?"));
  }
  for (const auto& each : defaults_)
    if (!out.contains(each.key())) out[each.key()] = each.value();
  for (const fact& each : facts_)
    if (each.is_required && !out.contains(each.name))
      add("the input \"" + each.name + "\"" + (each.type.empty() ? "" : " (" + each.type + ")") +
          " is missing");
  if (!wrong.empty()) return not_given(std::move(wrong));
  if (const auto ok = check_->check(bj::serialize(out)); !ok)
    return not_given("the inputs do not keep to the prompt's schema: " + ok.error().message);
  return out;
}

result<std::string> inputs::from_text(std::string_view name, std::string_view text) const {
  const fact* known = find(name);
  const std::string_view type = known == nullptr ? "" : std::string_view(known->type);
  const bool is_text =
      type.empty() || type == "enum" || type.find("string") != std::string_view::npos;
  if (!is_text) {
    if (json::is_valid(text)) return std::string(text);
    return not_given("the input \"" + std::string(name) + "\" is of the type " + std::string(type) +
                     ": write it as JSON");
  }
  std::string out;
  json::append_string(out, text);
  return out;
}

}  // namespace ark::prompt
