#include "cli/cost_json.hpp"

#include <gtest/gtest.h>

namespace ark::cli::worked::json_test {
namespace {

TEST(a_cases_json, has_decimals_exactly) {
  const auto text = [](const char* json) {
    const auto d = decimal_of(bj::parse(json));
    return d ? d->to_string() : std::string("nothing");
  };
  EXPECT_EQ(text("\"0.10\""), "0.1");
  EXPECT_EQ(text("0.1"), "0.1");
  EXPECT_EQ(text("1e-7"), "0.0000001");
  EXPECT_EQ(text("12"), "12");
  EXPECT_EQ(text("-3"), "-3");
  for (const char* other : {"null", "true", "\"1e3\"", "\"\"", "1e300", "[]"})
    EXPECT_EQ(text(other), "nothing") << other;
}

TEST(a_cases_json, has_integers_however_they_are_written) {
  EXPECT_EQ(integer_of(bj::parse("8")), 8);
  EXPECT_EQ(integer_of(bj::parse("8.0")), 8);
  EXPECT_EQ(integer_of(bj::parse("\"8\"")), 8);
  for (const char* other : {"8.5", "\"auto\"", "null", "1e30"})
    EXPECT_EQ(integer_of(bj::parse(other)), std::nullopt) << other;
}

TEST(a_cases_json, is_read_leniently) {
  const bj::object o = bj::parse(R"({"a":"x","n":3,"o":{"b":1}})").as_object();
  EXPECT_EQ(text_at(o, "a"), "x");
  EXPECT_EQ(text_at(o, "n"), "");
  EXPECT_EQ(count_at(o, "n"), 3);
  EXPECT_EQ(count_at(o, "a"), 0);
  EXPECT_EQ(integer_at(o, "missing"), std::nullopt);
  EXPECT_EQ(decimal_at(o, "n")->to_string(), "3");
  ASSERT_NE(object_at(o, "o"), nullptr);
  EXPECT_EQ(object_at(o, "a"), nullptr);
}

}  // namespace
}  // namespace ark::cli::worked::json_test
