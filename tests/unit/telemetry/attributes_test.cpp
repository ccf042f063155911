#include "telemetry/attributes.hpp"

#include <gtest/gtest.h>

namespace ark::telemetry {
namespace {

TEST(attributes, each_type_is_the_member_that_protobufs_mapping_has) {
  std::string out;
  json::writer w(out);
  w.begin_array();
  attribute_writer(w)
      .text("a", "x\"y")
      .integer("b", 9007199254740993)
      .number("c", 0.25)
      .boolean("d", true)
      .texts("e", {"p", "q"})
      .text_if("none", "");
  w.end_array();
  EXPECT_EQ(
      out,
      R"([{"key":"a","value":{"stringValue":"x\"y"}},)"
      R"({"key":"b","value":{"intValue":"9007199254740993"}},)"
      R"({"key":"c","value":{"doubleValue":0.25}},)"
      R"({"key":"d","value":{"boolValue":true}},)"
      R"({"key":"e","value":{"arrayValue":{"values":[{"stringValue":"p"},{"stringValue":"q"}]}}}])");
}

TEST(attributes, times_are_decimal_nanoseconds) {
  using std::chrono::system_clock;
  EXPECT_EQ(unix_nanoseconds(system_clock::time_point{std::chrono::seconds{1767225600}}),
            "1767225600000000000");
  EXPECT_EQ(unix_nanoseconds(system_clock::time_point{std::chrono::seconds{-5}}), "0");
}

}  // namespace
}  // namespace ark::telemetry
