#include "json_schema/json_schema.hpp"

#include <gtest/gtest.h>

namespace ark {

namespace {
bool fits(std::string_view schema, std::string_view text) {
  return json_schema::compile(schema).value().check(text).has_value();
}
}  // namespace

TEST(json_schema, types) {
  EXPECT_TRUE(fits(R"({"type":"integer"})", "3"));
  EXPECT_TRUE(fits(R"({"type":"integer"})", "3.0"));
  EXPECT_FALSE(fits(R"({"type":"integer"})", "3.5"));
  EXPECT_TRUE(fits(R"({"type":["string","null"]})", "null"));
  EXPECT_FALSE(fits(R"({"type":["string","null"]})", "1"));
  EXPECT_FALSE(fits(R"({"type":"object"})", "not json"));
  EXPECT_FALSE(fits(R"({"type":"boolean"})", "1"));
}

TEST(json_schema, objects) {
  const auto* s = R"({"type":"object","properties":{"a":{"type":"number"}},"required":["a"],
                      "additionalProperties":false})";
  EXPECT_TRUE(fits(s, R"({"a":1})"));
  EXPECT_FALSE(fits(s, R"({})"));
  EXPECT_FALSE(fits(s, R"({"a":"1"})"));
  EXPECT_FALSE(fits(s, R"({"a":1,"b":2})"));
  EXPECT_TRUE(fits(R"({"additionalProperties":{"type":"string"}})", R"({"x":"y"})"));
  EXPECT_FALSE(fits(R"({"additionalProperties":{"type":"string"}})", R"({"x":1})"));
}

TEST(json_schema, arrays) {
  EXPECT_TRUE(fits(R"({"items":{"type":"integer"},"minItems":1,"maxItems":2})", "[1,2]"));
  EXPECT_FALSE(fits(R"({"items":{"type":"integer"}})", R"([1,"2"])"));
  EXPECT_FALSE(fits(R"({"minItems":1})", "[]"));
  EXPECT_FALSE(fits(R"({"maxItems":1})", "[1,2]"));
  EXPECT_FALSE(fits(R"({"uniqueItems":true})", "[1,1.0]"));
  EXPECT_FALSE(fits(R"({"prefixItems":[{"type":"string"}],"items":false})", R"(["a",1])"));
}

TEST(json_schema, numbers_and_strings) {
  EXPECT_FALSE(fits(R"({"minimum":5})", "4"));
  EXPECT_FALSE(fits(R"({"exclusiveMaximum":5})", "5"));
  EXPECT_TRUE(fits(R"({"multipleOf":0.1})", "0.3"));
  EXPECT_FALSE(fits(R"({"multipleOf":2})", "3"));
  EXPECT_TRUE(fits(R"({"minLength":2,"maxLength":2})", R"("é漢")"));
  EXPECT_FALSE(fits(R"({"pattern":"^a+$"})", R"("ab")"));
}

TEST(json_schema, combinations_and_constants) {
  EXPECT_TRUE(fits(R"({"anyOf":[{"type":"null"},{"minimum":3}]})", "5"));
  EXPECT_FALSE(fits(R"({"oneOf":[{"minimum":1},{"minimum":2}]})", "5"));
  EXPECT_FALSE(fits(R"({"allOf":[{"minimum":1},{"maximum":2}]})", "5"));
  EXPECT_FALSE(fits(R"({"not":{"type":"string"}})", R"("x")"));
  EXPECT_TRUE(fits(R"({"const":{"a":[1]}})", R"({"a":[1.0]})") ||
              fits(R"({"const":{"a":[1]}})", R"({"a":[1]})"));
  EXPECT_FALSE(fits(R"({"enum":["a","b"]})", R"("c")"));
}

TEST(json_schema, references_even_to_itself) {
  const auto* tree = R"({"type":"object","properties":{"next":{"$ref":"#"}},
                         "additionalProperties":false})";
  EXPECT_TRUE(fits(tree, R"({"next":{"next":{}}})"));
  EXPECT_FALSE(fits(tree, R"({"next":{"x":{}}})"));
  EXPECT_FALSE(fits(R"({"$ref":"#/$defs/n","$defs":{"n":{"type":"number"}}})", R"("x")"));
  EXPECT_FALSE(fits(R"({"$ref":"#"})", "1")) << "a schema that is itself never ends";
}

TEST(json_schema, errors_name_the_place) {
  const auto s =
      json_schema::compile(R"({"properties":{"list":{"items":{"type":"integer"}}}})").value();
  const auto r = s.check(R"({"list":[1,"private"]})");
  ASSERT_FALSE(r);
  EXPECT_NE(r.error().message.find("/list/1"), std::string::npos);
  EXPECT_EQ(r.error().message.find("private"), std::string::npos);
}

}  // namespace ark
