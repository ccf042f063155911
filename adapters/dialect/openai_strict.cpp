#include "dialect/openai_wire.hpp"

#include <algorithm>

namespace ark::adapters::openai {
namespace {

using simdjson::dom::array;
using simdjson::dom::object;

/// What strict mode has no words for (structured outputs, "supported schemas").
constexpr std::string_view refused_keywords[] = {"allOf",
                                                 "oneOf",
                                                 "not",
                                                 "if",
                                                 "then",
                                                 "else",
                                                 "dependentRequired",
                                                 "dependentSchemas",
                                                 "patternProperties"};

bool is_strict(element schema);

bool has_object_type(element type) {
  array list;
  if (type.get(list)) return json::as_text(type) == "object";
  return std::any_of(list.begin(), list.end(),
                     [](element one) { return json::as_text(one) == "object"; });
}

bool all_strict(element members) {
  object map;
  array list;
  if (!members.get(map))
    return std::all_of(map.begin(), map.end(), [](auto field) { return is_strict(field.value); });
  if (!members.get(list)) return std::all_of(list.begin(), list.end(), is_strict);
  return false;
}

/// Closed, and with every property required.
bool is_closed_and_required(element schema) {
  element more, properties, required;
  bool open = true;
  if (!json::find(schema, "additionalProperties", more) || more.get(open) || open) return false;
  object map;
  if (!json::find(schema, "properties", properties)) return true;
  if (properties.get(map)) return false;
  array names;
  const bool has_names = json::find(schema, "required", required) && !required.get(names);
  return std::all_of(map.begin(), map.end(), [&](auto field) {
    return has_names && std::any_of(names.begin(), names.end(),
                                    [&](element name) { return json::as_text(name) == field.key; });
  });
}

bool is_strict(element schema) {
  object members;
  if (schema.get(members)) return false;
  element found;
  for (const std::string_view word : refused_keywords)
    if (json::find(schema, word, found)) return false;
  for (const std::string_view word : {"properties", "$defs", "definitions", "anyOf"})
    if (json::find(schema, word, found) && !all_strict(found)) return false;
  if (json::find(schema, "items", found) && !is_strict(found)) return false;
  if (json::find(schema, "type", found))
    return !has_object_type(found) || is_closed_and_required(schema);
  return json::find(schema, "$ref", found) || json::find(schema, "anyOf", found);
}

}  // namespace

bool fits_strict_mode(std::string_view schema) {
  json::reader reader;
  const auto root = reader.parse(schema);
  element type;
  return root && json::find(*root, "type", type) && json::as_text(type) == "object" &&
         is_strict(*root);
}

}  // namespace ark::adapters::openai
