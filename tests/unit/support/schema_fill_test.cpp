#include "sim/schema_fill.hpp"

#include <gtest/gtest.h>

namespace ark::testing {

namespace {
std::string filled(std::string_view schema, std::string_view prompt) {
  const auto parsed = boost::json::parse(schema);
  return boost::json::serialize(fill_schema(parsed.as_object(), prompt).value());
}
}  // namespace

TEST(schema_fill, takes_values_that_the_prompt_says) {
  EXPECT_EQ(filled(R"({"type":"object","properties":{"name":{"type":"string"},
                       "age":{"type":"integer"}}})",
                   "name: Ada, age: 36"),
            R"({"name":"Ada","age":36})");
}

TEST(schema_fill, chooses_from_enums_by_the_prompt) {
  EXPECT_EQ(filled(R"({"enum":["positive","negative","neutral"]})", "I hate this"),
            R"("negative")");
  EXPECT_EQ(filled(R"({"enum":["red","green"]})", "a green leaf"), R"("green")");
  EXPECT_EQ(filled(R"({"enum":[3,4]})", "whatever"), "3");
}

TEST(schema_fill, keeps_bounds) {
  EXPECT_EQ(filled(R"({"type":"integer","minimum":5})", "hello"), "5");
  EXPECT_EQ(filled(R"({"type":"integer","maximum":10})", "What is 12*7?"), "10");
  EXPECT_EQ(filled(R"({"type":"array","minItems":2,"items":{"const":1}})", ""), "[1,1]");
}

TEST(schema_fill, follows_references_and_combinations) {
  EXPECT_EQ(filled(R"({"$ref":"#/$defs/a","$defs":{"a":{"type":"boolean"}}})", ""), "true");
  EXPECT_EQ(filled(R"({"anyOf":[{"type":"null"},{"type":"string"}]})", ""), "null");
  EXPECT_EQ(filled(R"({"allOf":[{"type":"object","properties":{"a":{"const":1}}},
                                {"type":"object","properties":{"b":{"const":2}}}]})",
                   ""),
            R"({"a":1,"b":2})");
}

TEST(schema_fill, endless_and_dangling_references_are_errors) {
  const auto loop = boost::json::parse(R"({"$ref":"#"})").as_object();
  const auto nowhere = boost::json::parse(R"({"$ref":"#/$defs/x"})").as_object();
  EXPECT_FALSE(fill_schema(loop, ""));
  EXPECT_FALSE(fill_schema(nowhere, ""));
}

}  // namespace ark::testing
