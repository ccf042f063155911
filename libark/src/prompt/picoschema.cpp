#include "prompt/picoschema.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "base/limits.hpp"
#include "base/text.hpp"

namespace ark::prompt {
namespace {

namespace bj = boost::json;

constexpr std::array<std::string_view, 6> scalar_names{"string", "boolean", "null",
                                                       "number", "integer", "any"};

bool is_scalar(std::string_view type) {
  return std::ranges::find(scalar_names, type) != scalar_names.end();
}

error schema_error(std::string_view place, std::string_view why) {
  std::string message(place);
  if (!message.empty()) message += ": ";
  return error{.code = errc::config, .message = message + std::string(why)};
}

std::string below(std::string_view place, std::string_view field) {
  std::string out(place);
  if (!out.empty()) out += '.';
  return out + std::string(field);
}

result<bj::value> parsed_json(std::string_view text, std::string_view place) {
  boost::system::error_code failed;
  bj::value out = bj::parse(text, failed, {}, {.max_depth = limits::json_depth});
  if (failed) return schema_error(place, "this is no JSON");
  return out;
}

/// "string, the name of it": a type and what it is for.
struct described {
  std::string_view type, description;
};
described split(std::string_view text) {
  const std::size_t comma = text.find(',');
  if (comma == text.npos) return {text::trim(text), {}};
  return {text::trim(text.substr(0, comma)), text::trim(text.substr(comma + 1))};
}

/// A field's name: "tags?(array, what they are)".
struct field_name {
  std::string_view name;
  bool is_optional = false;
  bool has_type = false;
  described type{};
};
result<field_name> read_field_name(std::string_view key, std::string_view place) {
  field_name out;
  const std::size_t open = key.find('(');
  out.name = text::trim(key.substr(0, open));
  if (out.name.ends_with('?')) {
    out.is_optional = true;
    out.name.remove_suffix(1);
  }
  if (out.name.empty()) return schema_error(place, "a field without a name");
  if (open == key.npos) return out;
  const auto end = text::trim(key).size();
  if (!text::trim(key).ends_with(')')) return schema_error(place, "a ')' was expected at its end");
  out.has_type = true;
  const std::size_t from = open + 1 - (key.find_first_not_of(" \t"));
  out.type = split(text::trim(key).substr(from, end - from - 1));
  return out;
}

void make_nullable(bj::object& schema) {
  bj::value* type = schema.if_contains("type");
  if (type != nullptr && type->is_string()) *type = bj::array{type->as_string(), "null"};
}

class converter {
 public:
  explicit converter(const named_schemas& named) : named_(named) {}
  result<bj::value> whole(const bj::value& schema, std::string_view place);

 private:
  result<bj::object> type(const bj::value& v, std::string_view place);
  result<bj::object> text_type(std::string_view text, std::string_view place);
  result<bj::object> fields(const bj::object& v, std::string_view place);
  result<bj::object> field(const field_name& name, const bj::value& v, std::string_view place);

  const named_schemas& named_;
};

result<bj::object> converter::text_type(std::string_view text, std::string_view place) {
  const auto [type, description] = split(text);
  bj::object out;
  if (!is_scalar(type)) {
    const std::string* found = named_ ? named_(type) : nullptr;
    if (found == nullptr)
      return schema_error(place, "no type or schema is called \"" + std::string(type) +
                                     "\": string, boolean, null, number, integer, any are there");
    auto schema = parsed_json(*found, place);
    if (!schema) return schema.error();
    if (!schema->is_object()) return schema_error(place, "the schema of this name is no object");
    out = std::move(schema->as_object());
  } else if (type != "any") {
    out["type"] = type;
  }
  if (!description.empty()) out["description"] = description;
  return out;
}

result<bj::object> converter::field(const field_name& name, const bj::value& v,
                                    std::string_view place) {
  const auto& [kind, description] = name.type;
  bj::object out;
  if (kind == "enum") {
    if (!v.is_array()) return schema_error(place, "an enum is a list of values");
    bj::array values = v.as_array();
    const bool has_null =
        std::ranges::any_of(values, [](const bj::value& e) { return e.is_null(); });
    if (name.is_optional && !has_null) values.push_back(nullptr);
    out["enum"] = std::move(values);
  } else if (kind == "array" || kind == "object" || !name.has_type) {
    auto inner = type(v, place);
    if (!inner) return inner.error();
    if (kind == "object" && !v.is_object())
      return schema_error(place, "an object has fields: name: type");
    if (kind == "array") {
      out["type"] = "array";
      out["items"] = std::move(*inner);
    } else {
      out = std::move(*inner);
    }
    if (name.is_optional) make_nullable(out);
  } else {
    return schema_error(
        place, "in brackets stands array, object or enum, not \"" + std::string(kind) + '"');
  }
  if (!description.empty()) out["description"] = description;
  return out;
}

result<bj::object> converter::fields(const bj::object& v, std::string_view place) {
  bj::object out, properties;
  bj::array required;
  bj::value others = false;
  for (const auto& member : v) {
    const std::string here = below(place, member.key());
    if (member.key() == "(*)") {
      auto inner = type(member.value(), here);
      if (!inner) return inner.error();
      others = std::move(*inner);
      continue;
    }
    const auto name = read_field_name(member.key(), here);
    if (!name) return name.error();
    auto made = field(*name, member.value(), here);
    if (!made) return made.error();
    if (properties.contains(name->name)) return schema_error(here, "this field is there twice");
    if (!name->is_optional) required.emplace_back(name->name);
    properties[name->name] = std::move(*made);
  }
  out["type"] = "object";
  out["properties"] = std::move(properties);
  if (!required.empty()) out["required"] = std::move(required);
  out["additionalProperties"] = std::move(others);
  return out;
}

result<bj::object> converter::type(const bj::value& v, std::string_view place) {
  if (v.is_string()) return text_type(v.as_string(), place);
  if (v.is_object()) return fields(v.as_object(), place);
  return schema_error(place, "a type (string, number ...) or fields were expected here");
}

result<bj::value> converter::whole(const bj::value& schema, std::string_view place) {
  if (schema.is_null()) return bj::value();
  if (schema.is_object()) {
    const bj::object& o = schema.as_object();
    const bj::value* type = o.if_contains("type");
    if (type != nullptr && type->is_string()) {
      const std::string_view name = type->as_string();
      if (is_scalar(name) || name == "object" || name == "array") return schema;
    }
    if (const bj::value* p = o.if_contains("properties"); p != nullptr && p->is_object()) {
      bj::object out = o;
      out["type"] = "object";
      return out;
    }
  }
  auto out = type(schema, place);
  if (!out) return out.error();
  return bj::value(std::move(*out));
}

}  // namespace

result<std::string> json_schema_of(std::string_view json, const named_schemas& named,
                                   std::string_view place) {
  const auto schema = parsed_json(json, place);
  if (!schema) return schema.error();
  auto made = converter(named).whole(*schema, place);
  if (!made) return made.error();
  return bj::serialize(*made);
}

}  // namespace ark::prompt
