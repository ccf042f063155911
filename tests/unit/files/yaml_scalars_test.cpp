#include <gtest/gtest.h>

#include "files/yaml.hpp"
#include "sample_support.hpp"

namespace ark::files {
namespace {

TEST(yaml_scalars, each_type) {
  const auto s = read(
      "text: hi\nflag: true\nsmall: -5\nlarge: 9223372036854775807\nnatural: 4294967295\n"
      "huge: 18446744073709551615\nnumber: 0.25\nratio: 1e2\ncolour: blue\ndata: raw\n"
      "numbers: [1, 2]\ncolours: [dark_red, COLOUR_BLUE]\n");
  EXPECT_EQ(s.text(), "hi");
  EXPECT_TRUE(s.flag());
  EXPECT_EQ(s.small(), -5);
  EXPECT_EQ(s.large(), INT64_MAX);
  EXPECT_EQ(s.natural(), UINT32_MAX);
  EXPECT_EQ(s.huge(), UINT64_MAX);
  EXPECT_EQ(s.number(), 0.25);
  EXPECT_EQ(s.ratio(), 100.0F);
  EXPECT_EQ(s.colour(), test::COLOUR_BLUE);
  EXPECT_EQ(s.data(), "raw");
  EXPECT_EQ(s.numbers(1), 2);
  EXPECT_EQ(s.colours(0), test::COLOUR_DARK_RED);
}

TEST(yaml_scalars, anything_single_is_a_text_where_the_schema_says_so) {
  EXPECT_EQ(read("text: 4.10\n").text(), "4.10");
  EXPECT_EQ(read("text: true\n").text(), "true");
  EXPECT_EQ(read("text: 'null'\n").text(), "null");
  EXPECT_EQ(read("text: |\n  two\n  lines\n").text(), "two\nlines\n");
  EXPECT_EQ(read("text: \"a\\u00e9\\n\"\n").text(), "a\xc3\xa9\n");
}

TEST(yaml_scalars, wrong_types_are_told) {
  EXPECT_EQ(told("flag: yes\n"), "f:1:7: flag: write true or false, not 'yes'");
  EXPECT_EQ(told("flag: 'true'\n"), "f:1:7: flag: write true or false, not 'true'");
  EXPECT_EQ(told("small: abc\n"), "f:1:8: small: a whole number is expected, not 'abc'");
  EXPECT_EQ(told("small: 1.5\n"), "f:1:8: small: a whole number is expected, not '1.5'");
  EXPECT_EQ(told("small: '5'\n"), "f:1:8: small: a whole number is expected, not '5'");
  EXPECT_EQ(told("number: fast\n"), "f:1:9: number: a number is expected here, not 'fast'");
  EXPECT_EQ(told("colour: green\n"),
            "f:1:9: colour: unknown value 'green'; known are dark_red, blue");
}

TEST(yaml_scalars, ranges_are_checked) {
  EXPECT_EQ(told("small: 2147483648\n"), "f:1:8: small: the number is out of range: '2147483648'");
  EXPECT_NE(told("natural: -1\n"), "");
  EXPECT_NE(told("natural: 4294967296\n"), "");
  EXPECT_NE(told("large: 9223372036854775808\n"), "");
  EXPECT_NE(told("number: .inf\n"), "");
}

TEST(yaml_scalars, quoted_64_bit_integers_as_protobuf_json_writes_them) {
  EXPECT_EQ(read("{\"large\": \"12\", \"huge\": \"13\"}").large(), 12);
}

TEST(yaml_scalars, long_values_are_cut_in_messages) {
  EXPECT_LT(told("small: " + std::string(5000, 'x') + "\n").size(), 200u);
}

TEST(yaml_scalars, free_form_values) {
  const auto s = read(
      "schema:\n  type: object\n  required: [a]\n  additionalProperties: false\n  max: 3\n"
      "  none: ~\n  text: '3'\n"
      "variables: {a: {b: [1, 2.5, x]}}\n"
      "anything: [1, {k: v}]\n"
      "values: [true, null, text]\n"
      "free: {x: 1, y: [2]}\n");
  EXPECT_EQ(json_text(s.schema()),
            R"({"additionalProperties":false,"max":3,"none":null,"required":["a"],)"
            R"("text":"3","type":"object"})");
  EXPECT_EQ(json_text(s.variables()), R"({"a":{"b":[1,2.5,"x"]}})");
  EXPECT_EQ(json_text(s.anything()), R"([1,{"k":"v"}])");
  ASSERT_EQ(s.values_size(), 3);
  EXPECT_EQ(s.values(1).kind_case(), google::protobuf::Value::kNullValue);
  EXPECT_EQ(s.free().at("y").list_value().values(0).number_value(), 2);
}

TEST(yaml_scalars, free_form_null_is_a_value) {
  EXPECT_TRUE(read("schema: null\n").has_schema());
  EXPECT_FALSE(read("text: a\n").has_schema());
}

TEST(yaml_scalars, free_form_numbers_that_a_double_cannot_hold_are_told) {
  EXPECT_EQ(read("schema: 9007199254740992\n").schema().number_value(), 9007199254740992.0);
  EXPECT_NE(told("schema: 9007199254740993\n").find("write it in quotes"), std::string::npos);
}

TEST(yaml_scalars, free_form_shapes_are_checked) {
  EXPECT_NE(told("variables: [1]\n"), "");
  EXPECT_NE(told("anything: {a: 1}\n"), "");
}

}  // namespace
}  // namespace ark::files
