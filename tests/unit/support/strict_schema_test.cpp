#include "sim/strict_schema.hpp"

#include <gtest/gtest.h>

namespace ark::testing {

namespace {
std::string openai(std::string_view schema) {
  return openai_strict_problem(boost::json::parse(schema).as_object());
}
std::string anthropic(std::string_view schema) {
  return anthropic_schema_problem(boost::json::parse(schema).as_object());
}
constexpr const char* good = R"({"type":"object","properties":{"a":{"type":"array","items":
  {"type":"object","properties":{"b":{"$ref":"#/$defs/c"}},"required":["b"],
   "additionalProperties":false}}},"required":["a"],"additionalProperties":false,
  "$defs":{"c":{"anyOf":[{"type":"string"},{"type":"null"}]}}})";
}  // namespace

TEST(strict_schema, what_keeps_the_rules_is_taken) {
  EXPECT_EQ(openai(good), "");
  EXPECT_EQ(anthropic(good), "");
  EXPECT_EQ(anthropic(R"({"type":"object","properties":{"a":{"type":"string"}},
                          "additionalProperties":false})"),
            "")
      << "this vendor has optional properties";
}

TEST(strict_schema, openai_says_where_and_what) {
  EXPECT_EQ(openai(R"({"type":"object"})"),
            "In context=(), 'additionalProperties' is required to be supplied and to be false.");
  EXPECT_EQ(openai(R"({"type":"object","additionalProperties":false,"required":["a"],
                       "properties":{"a":{"type":"object","properties":{}}}})"),
            "In context=('properties', 'a'), 'additionalProperties' is required to be supplied and "
            "to be false.");
  EXPECT_EQ(openai(R"({"type":"object","additionalProperties":false,
                       "properties":{"a":{"type":"string"}}})"),
            "In context=(), 'required' is required to be supplied and to be an array including "
            "every key in properties. Missing 'a'.");
  EXPECT_EQ(openai(R"({"type":"array"})"),
            R"(schema must be a JSON Schema of 'type: "object"', got 'type: "array"'.)");
  EXPECT_EQ(openai(R"({"type":"object","additionalProperties":false,"allOf":[]})"),
            "In context=(), 'allOf' is not permitted.");
  EXPECT_EQ(openai(R"({"type":"object","additionalProperties":false,"$defs":{"x":{}}})"),
            "In context=('$defs', 'x'), schema must have a 'type' key.");
}

TEST(strict_schema, anthropic_wants_every_object_closed) {
  EXPECT_NE(anthropic(R"({"type":"object"})"), "");
  EXPECT_NE(anthropic(R"({"type":"array","items":{"type":"object"}})"), "");
}

}  // namespace ark::testing
