#include "sim/strict_schema.hpp"

#include "sim/chat_request.hpp"

#include <algorithm>
#include <functional>
#include <vector>

namespace ark::testing {

namespace {

namespace bj = boost::json;
using schema_path = std::vector<std::string>;
/// Says what is wrong with one schema, without those below it; "" if nothing.
using schema_rule = std::function<std::string(const bj::object&, const schema_path&)>;

std::string walk(const bj::value& value, schema_path& path, const schema_rule& rule);

std::string walk_below(const bj::value& value, std::string key, schema_path& path,
                       const schema_rule& rule) {
  path.push_back(std::move(key));
  std::string problem = walk(value, path, rule);
  path.pop_back();
  return problem;
}

std::string walk(const bj::value& value, schema_path& path, const schema_rule& rule) {
  const auto* schema = value.if_object();
  if (!schema) return {};
  std::string problem = rule(*schema, path);
  for (const std::string word : {"properties", "$defs", "definitions"})
    if (const auto* members = object_of(*schema, word)) {
      path.push_back(word);
      for (const auto& member : *members)
        if (problem.empty()) problem = walk_below(member.value(), member.key(), path, rule);
      path.pop_back();
    }
  for (const std::string word : {"anyOf", "oneOf", "allOf"})
    if (const auto* list = array_of(*schema, word)) {
      path.push_back(word);
      for (std::size_t i = 0; i < list->size() && problem.empty(); ++i)
        problem = walk_below((*list)[i], std::to_string(i), path, rule);
      path.pop_back();
    }
  if (const auto* items = schema->if_contains("items"); items && problem.empty())
    problem = walk_below(*items, "items", path, rule);
  return problem;
}

bool is_object_type(const bj::object& schema) {
  if (const auto* list = array_of(schema, "type"))
    return std::find(list->begin(), list->end(), bj::value("object")) != list->end();
  return text_of(schema, "type") == "object";
}

bool is_closed(const bj::object& schema) {
  const auto* more = schema.if_contains("additionalProperties");
  return more && more->is_bool() && !more->get_bool();
}

/// As Python prints a tuple.
std::string context_of(const schema_path& path) {
  std::string out = "In context=(";
  for (std::size_t i = 0; i < path.size(); ++i)
    out.append(i > 0 ? ", " : "").append("'" + path[i] + "'");
  return out + (path.size() == 1 ? ",), " : "), ");
}

std::string missing_from_required(const bj::object& schema) {
  const auto* properties = object_of(schema, "properties");
  if (!properties) return {};
  const auto* required = array_of(schema, "required");
  for (const auto& member : *properties)
    if (!required ||
        std::find(required->begin(), required->end(), bj::value(member.key())) == required->end())
      return member.key();
  return {};
}

std::string openai_rule(const bj::object& schema, const schema_path& path) {
  for (const char* word : {"allOf", "oneOf", "not", "if", "then", "else", "dependentRequired",
                           "dependentSchemas", "patternProperties"})
    if (schema.contains(word)) return context_of(path) + "'" + word + "' is not permitted.";
  const bool typed = schema.contains("type") || schema.contains("enum") || schema.contains("const");
  if (!typed && !schema.contains("anyOf") && !schema.contains("$ref"))
    return context_of(path) + "schema must have a 'type' key.";
  if (!is_object_type(schema)) return {};
  if (!is_closed(schema))
    return context_of(path) + "'additionalProperties' is required to be supplied and to be false.";
  const std::string missing = missing_from_required(schema);
  if (missing.empty()) return {};
  return context_of(path) +
         "'required' is required to be supplied and to be an array including every key in "
         "properties. Missing '" +
         missing + "'.";
}

}  // namespace

std::string openai_strict_problem(const bj::object& schema) {
  if (text_of(schema, "type") != "object") {
    const auto* type = schema.if_contains("type");
    return R"(schema must be a JSON Schema of 'type: "object"', got 'type: )" +
           (type ? bj::serialize(*type) : R"("None")") + "'.";
  }
  schema_path path;
  return walk(schema, path, openai_rule);
}

std::string anthropic_schema_problem(const bj::object& schema) {
  schema_path path;
  return walk(schema, path, [](const bj::object& one, const schema_path&) {
    return is_object_type(one) && !is_closed(one)
               ? "For 'object' type, 'additionalProperties' must be explicitly set to false"
               : "";
  });
}

}  // namespace ark::testing
