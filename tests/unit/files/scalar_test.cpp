#include "files/scalar.hpp"

#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include "sample.pb.h"

namespace ark::files {
namespace {

TEST(scalar, null_in_its_spellings) {
  for (const auto* text : {"", "~", "null", "Null", "NULL"}) EXPECT_TRUE(is_null(text)) << text;
  for (const auto* text : {"nULL", "none", "0", " "}) EXPECT_FALSE(is_null(text)) << text;
}

TEST(scalar, booleans_are_true_and_false_only) {
  EXPECT_EQ(as_boolean("true"), true);
  EXPECT_EQ(as_boolean("FALSE"), false);
  for (const auto* text : {"yes", "no", "on", "off", "1", "0", "y", "tRUE", ""}) {
    EXPECT_EQ(as_boolean(text), std::nullopt) << text;
  }
}

TEST(scalar, integers) {
  EXPECT_EQ(as_integer("0"), 0);
  EXPECT_EQ(as_integer("-17"), -17);
  EXPECT_EQ(as_integer("+5"), 5);
  EXPECT_EQ(as_integer("0x1F"), 31);
  EXPECT_EQ(as_integer("9223372036854775807"), INT64_MAX);
  EXPECT_EQ(as_integer("-9223372036854775808"), INT64_MIN);
  for (const auto* text :
       {"9223372036854775808", "1.0", "1e3", "", "-", "0x", "1_000", " 1", "1 "}) {
    EXPECT_EQ(as_integer(text), std::nullopt) << text;
  }
}

TEST(scalar, unsigned_integers) {
  EXPECT_EQ(as_unsigned("18446744073709551615"), UINT64_MAX);
  EXPECT_EQ(as_unsigned("18446744073709551616"), std::nullopt);
  EXPECT_EQ(as_unsigned("-1"), std::nullopt);
}

TEST(scalar, numbers_are_finite) {
  EXPECT_EQ(as_number("0.5"), 0.5);
  EXPECT_EQ(as_number(".5"), 0.5);
  EXPECT_EQ(as_number("-1e3"), -1000.0);
  EXPECT_EQ(as_number("7"), 7.0);
  for (const auto* text : {"inf", ".inf", "nan", ".nan", "1e999", "1.2.3", "abc", ""}) {
    EXPECT_EQ(as_number(text), std::nullopt) << text;
  }
}

TEST(scalar, enum_values_by_name_with_or_without_prefix) {
  const auto& type = *test::Colour_descriptor();
  for (const auto* text :
       {"COLOUR_DARK_RED", "DARK_RED", "dark_red", "dark-red", "colour_dark_red"}) {
    ASSERT_NE(as_enum(type, text), nullptr) << text;
    EXPECT_EQ(as_enum(type, text)->number(), 1) << text;
  }
  EXPECT_EQ(as_enum(type, "green"), nullptr);
  EXPECT_EQ(as_enum(type, ""), nullptr);
  EXPECT_EQ(enum_names(type), "dark_red, blue");
}

}  // namespace
}  // namespace ark::files
