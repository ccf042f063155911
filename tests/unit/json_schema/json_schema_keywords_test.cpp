#include "json_schema/json_schema_keywords.hpp"

#include <gtest/gtest.h>
#include <boost/json.hpp>

#include "json_schema/json_schema.hpp"

namespace ark {

TEST(json_schema_keywords, unknown_ones_are_refused_with_their_place) {
  const auto r = json_schema::compile(R"({"properties":{"a":{"if":true}}})");
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, errc::config);
  EXPECT_NE(r.error().message.find("/properties/a"), std::string::npos);
  EXPECT_NE(r.error().message.find("\"if\""), std::string::npos);
}

TEST(json_schema_keywords, values_must_be_of_their_kind) {
  for (const auto* bad :
       {R"({"type":"strin"})", R"({"required":"a"})", R"({"minimum":"1"})", R"({"anyOf":[1]})",
        R"({"items":3})", R"({"multipleOf":0})", R"({"$ref":"#/nowhere"})", R"({"pattern":"("})",
        R"({"$ref":"http://x/y"})", "3", "nothing"})
    EXPECT_FALSE(json_schema::compile(bad)) << bad;
}

TEST(json_schema_keywords, patterns_are_collected_from_everywhere) {
  const auto schema = boost::json::parse(
      R"({"pattern":"a","$defs":{"x":{"anyOf":[{"pattern":"b"}]}},"title":"t"})");
  std::set<std::string> patterns;
  ASSERT_TRUE(check_keywords(schema, schema, "", patterns));
  EXPECT_EQ(patterns, (std::set<std::string>{"a", "b"}));
}

}  // namespace ark
