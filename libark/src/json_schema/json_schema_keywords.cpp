#include "json_schema/json_schema_keywords.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <string_view>

namespace ark {

namespace {

namespace bj = boost::json;

enum class kind {
  annotation,
  number,
  boolean,
  text,
  list,
  names,
  schema,
  schemas,
  schema_map,
  type
};

struct keyword {
  std::string_view name;
  kind takes;
};

constexpr std::array known{
    keyword{"type", kind::type},
    keyword{"enum", kind::list},
    keyword{"const", kind::annotation},  // any value
    keyword{"properties", kind::schema_map},
    keyword{"required", kind::names},
    keyword{"additionalProperties", kind::schema},
    keyword{"items", kind::schema},
    keyword{"prefixItems", kind::schemas},
    keyword{"minItems", kind::number},
    keyword{"maxItems", kind::number},
    keyword{"uniqueItems", kind::boolean},
    keyword{"minLength", kind::number},
    keyword{"maxLength", kind::number},
    keyword{"pattern", kind::text},
    keyword{"minimum", kind::number},
    keyword{"maximum", kind::number},
    keyword{"exclusiveMinimum", kind::number},
    keyword{"exclusiveMaximum", kind::number},
    keyword{"multipleOf", kind::number},
    keyword{"anyOf", kind::schemas},
    keyword{"oneOf", kind::schemas},
    keyword{"allOf", kind::schemas},
    keyword{"not", kind::schema},
    keyword{"$ref", kind::text},
    keyword{"$defs", kind::schema_map},
    keyword{"definitions", kind::schema_map},
    keyword{"title", kind::annotation},
    keyword{"description", kind::annotation},
    keyword{"default", kind::annotation},
    keyword{"examples", kind::annotation},
    keyword{"$schema", kind::annotation},
    keyword{"$id", kind::annotation},
    keyword{"$comment", kind::annotation},
    keyword{"format", kind::annotation},
    keyword{"deprecated", kind::annotation},
    keyword{"readOnly", kind::annotation},
    keyword{"writeOnly", kind::annotation},
};

error bad(const std::string& at, std::string why) {
  return error{.code = errc::config,
               .message = "schema, " + (at.empty() ? std::string("at its top") : at) + ": " +
                          std::move(why)};
}

bool is_type_name(const bj::value& v) {
  static constexpr std::array<std::string_view, 7> names{"object",  "array",   "string", "number",
                                                         "integer", "boolean", "null"};
  return v.is_string() &&
         std::find(names.begin(), names.end(), std::string_view(v.get_string())) != names.end();
}

template <class Test>
bool all_of(const bj::value& v, const Test& test) {
  const auto* list = v.if_array();
  return list && std::all_of(list->begin(), list->end(), test);
}

bool fits(kind takes, const bj::value& v) {
  const auto is_text = [](const bj::value& one) { return one.is_string(); };
  const auto is_schema = [](const bj::value& one) { return one.is_object() || one.is_bool(); };
  switch (takes) {
    case kind::annotation:
      return true;
    case kind::number:
      return v.is_number();
    case kind::boolean:
      return v.is_bool();
    case kind::text:
      return v.is_string();
    case kind::list:
      return v.is_array();
    case kind::names:
      return all_of(v, is_text);
    case kind::schema:
      return is_schema(v);
    case kind::schemas:
      return all_of(v, is_schema);
    case kind::schema_map:
      return v.is_object();
    case kind::type:
      return is_type_name(v) || all_of(v, is_type_name);
  }
  return false;
}

result<void> check_reference(const bj::value& root, std::string_view ref, const std::string& at) {
  boost::system::error_code problem;
  const auto* target =
      !ref.empty() && ref.front() == '#' ? root.find_pointer(ref.substr(1), problem) : nullptr;
  if (!target || !(target->is_object() || target->is_bool()))
    return bad(at, "$ref \"" + std::string(ref) + "\" leads to no schema in this document");
  return {};
}

result<void> check_below(const bj::value& root, kind takes, const bj::value& v,
                         const std::string& at, std::set<std::string>& patterns) {
  if (takes == kind::schema) return check_keywords(root, v, at, patterns);
  if (takes == kind::schemas)
    for (std::size_t i = 0; i < v.get_array().size(); ++i)
      if (auto ok = check_keywords(root, v.get_array()[i], at + "/" + std::to_string(i), patterns);
          !ok)
        return ok;
  if (takes == kind::schema_map)
    for (const auto& member : v.get_object())
      if (auto ok =
              check_keywords(root, member.value(), at + "/" + std::string(member.key()), patterns);
          !ok)
        return ok;
  return {};
}

}  // namespace

result<void> check_keywords(const bj::value& root, const bj::value& schema, const std::string& at,
                            std::set<std::string>& patterns) {
  if (schema.is_bool()) return {};
  if (!schema.is_object()) return bad(at, "a schema must be an object, true or false");
  for (const auto& member : schema.get_object()) {
    const std::string_view name(member.key());
    const auto* entry =
        std::find_if(known.begin(), known.end(), [&](const keyword& k) { return k.name == name; });
    if (entry == known.end())
      return bad(at, "the keyword \"" + std::string(name) + "\" is not supported");
    if (!fits(entry->takes, member.value()))
      return bad(at, "\"" + std::string(name) + "\" has a value of the wrong kind");
    if (name == "multipleOf" && !(member.value().to_number<double>() > 0))
      return bad(at, "\"multipleOf\" must be above zero");
    if (name == "pattern") patterns.emplace(member.value().get_string());
    if (name == "$ref")
      if (auto ok = check_reference(root, member.value().get_string(), at); !ok) return ok;
    const std::string below = at + "/" + std::string(name);
    if (auto ok = check_below(root, entry->takes, member.value(), below, patterns); !ok) return ok;
  }
  return {};
}

}  // namespace ark
