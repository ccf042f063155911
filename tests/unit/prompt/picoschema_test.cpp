#include "prompt/picoschema.hpp"

#include <gtest/gtest.h>

namespace ark::prompt {
namespace {

const std::string named_schema = R"j({"type":"object","properties":{}})j";

std::string schema(std::string_view json) {
  const auto find = [](std::string_view name) { return name == "Named" ? &named_schema : nullptr; };
  const auto made = json_schema_of(json, find, "input.schema");
  return made ? *made : "error: " + made.error().message;
}

TEST(picoschema, types) {
  EXPECT_EQ(schema(R"j("string")j"), R"j({"type":"string"})j");
  EXPECT_EQ(schema(R"j("integer , how many, in all")j"),
            R"j({"type":"integer","description":"how many, in all"})j");
  EXPECT_EQ(schema(R"j("any")j"), "{}");
  EXPECT_EQ(schema("null"), "null");
  EXPECT_EQ(schema(R"j("Named, that one")j"),
            R"j({"type":"object","properties":{},"description":"that one"})j");
}

TEST(picoschema, fields) {
  EXPECT_EQ(
      schema(R"j({"a": "string", "b?": "number, it", "(*)": "any"})j"),
      R"j({"type":"object","properties":{"a":{"type":"string"},"b":{"type":["number","null"],)j"
      R"j("description":"it"}},"required":["a"],"additionalProperties":{}})j");
  EXPECT_EQ(
      schema(
          R"j({"l?(array, some (few))": {"x": "Named"}, "e(enum)": [1, "a"], "o(object)": {}})j"),
      R"j({"type":"object","properties":{"l":{"type":["array","null"],"items":{"type":"object",)j"
      R"j("properties":{"x":{"type":"object","properties":{}}},"required":["x"],)j"
      R"j("additionalProperties":false},"description":"some (few)"},"e":{"enum":[1,"a"]},)j"
      R"j("o":{"type":"object","properties":{},"additionalProperties":false}},)j"
      R"j("required":["e","o"],"additionalProperties":false})j");
  EXPECT_EQ(
      schema(R"j({"e?(enum, one)": ["a", null]})j"),
      R"j({"type":"object","properties":{"e":{"enum":["a",null],"description":"one"}},"additionalProperties":false})j");
}

TEST(picoschema, json_schema_is_left_alone) {
  const char* whole = R"j({"type":"object","properties":{"a":{"type":"string"}},"x":1})j";
  EXPECT_EQ(schema(whole), whole);
  EXPECT_EQ(schema(R"j({"properties": {"type": {"const": 1}}})j"),
            R"j({"properties":{"type":{"const":1}},"type":"object"})j");
  EXPECT_EQ(schema(R"j({"type": "string"})j"), R"j({"type":"string"})j");
}

TEST(picoschema, errors_name_the_field) {
  EXPECT_EQ(schema(R"j({"a": {"b": "strin"}})j"),
            "error: input.schema.a.b: no type or schema is called \"strin\": string, boolean, "
            "null, number, "
            "integer, any are there");
  EXPECT_EQ(schema(R"j({"a(list)": "string"})j"),
            "error: input.schema.a(list): in brackets stands array, object or enum, not \"list\"");
  EXPECT_EQ(schema(R"j({"a(array": "string"})j"),
            "error: input.schema.a(array: a ')' was expected at its end");
  EXPECT_EQ(schema(R"j({"a(enum)": "x"})j"),
            "error: input.schema.a(enum): an enum is a list of values");
  EXPECT_EQ(schema(R"j({"a(object)": "string"})j"),
            "error: input.schema.a(object): an object has fields: name: type");
  EXPECT_EQ(schema(R"j({"a": 1})j"),
            "error: input.schema.a: a type (string, number ...) or fields were expected here");
  EXPECT_EQ(schema(R"j({"a": "string", "a?": "string"})j"),
            "error: input.schema.a?: this field is there twice");
  EXPECT_EQ(schema(R"j({"?": "string"})j"), "error: input.schema.?: a field without a name");
  EXPECT_EQ(schema("[]"),
            "error: input.schema: a type (string, number ...) or fields were expected here");
  EXPECT_EQ(schema("{"), "error: input.schema: this is no JSON");
}

}  // namespace
}  // namespace ark::prompt
