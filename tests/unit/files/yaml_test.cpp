#include "files/yaml.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "sample_support.hpp"
#include "tests/support/temporary_directory.hpp"

namespace ark::files {
namespace {

TEST(yaml, empty_files_set_nothing) {
  for (const auto* text : {"", "\n\n", "# only a comment\n", "---\n", "~\n", "{}"}) {
    EXPECT_EQ(read(text).ByteSizeLong(), 0u) << text;
  }
}

TEST(yaml, output_is_cleared_first) {
  test::Sample out;
  out.set_text("old");
  ASSERT_TRUE(read_yaml("small: 1\n", "f", out));
  EXPECT_EQ(out.text(), "");
}

TEST(yaml, json_is_a_subset) {
  const auto s = read(
      "{\"text\":\"a\\/b\\t\\\"c\\\"\",\"flag\":true,\"texts\":[\"x\"],\"inner\":{\"count\":3},"
      "\t\"number\":-1.5e2,\"maybe\":null}");
  EXPECT_EQ(s.text(), "a/b\t\"c\"");
  EXPECT_EQ(s.inner().count(), 3);
  EXPECT_EQ(s.number(), -150);
}

TEST(yaml, json_surrogates) {
  EXPECT_EQ(read(R"({"text":"\ud83d\ude00!"})").text(), "\xf0\x9f\x98\x80!");
  EXPECT_EQ(read(R"({"text":"\ud83d!"})").text(), "\xef\xbf\xbd!");
  EXPECT_EQ(read(R"({"text":"\\ud83d"})").text(), "\\ud83d");
  EXPECT_EQ(read(R"({"text":"\u00e9\ude00"})").text(), "\xc3\xa9\xef\xbf\xbd");
}

TEST(yaml, syntax_errors_have_a_place) {
  EXPECT_EQ(told("text: [a\n").substr(0, 2), "f:");
  EXPECT_NE(told("text: a\n  small: 1\n").find("f:2:"), std::string::npos);
  EXPECT_NE(told("text: *nowhere\n").find("f:1:"), std::string::npos);
}

TEST(yaml, second_document_is_refused) {
  EXPECT_NE(told("text: a\n---\ntext: b\n").find("second document"), std::string::npos);
}

TEST(yaml, control_characters_are_refused_with_their_place) {
  EXPECT_EQ(told("text: a\nsmall: \x04 1\n").substr(0, 6), "f:2:8:");
  EXPECT_NE(told(std::string{"text: a\0b\n", 10}), "");
}

TEST(yaml, text_that_is_not_utf8_is_refused) {
  EXPECT_NE(told("text: \xff\xfe\n").find("UTF-8"), std::string::npos);
}

TEST(yaml, size_is_limited) {
  test::Sample out;
  const auto refused = read_yaml(std::string((4u << 20) + 1, ' '), "f", out);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::too_large);
}

TEST(yaml, hostile_texts_end_soon) {
  test::Sample out;
  for (const auto* unit :
       {"[", "{", "- ", "? ", "a: ", "&a ", "!", "'", "\"", "|\n", "{a: ", "[a, "}) {
    std::string text;
    while (text.size() < 200'000) text += unit;
    EXPECT_FALSE(read_yaml(text, "f", out)) << unit;
  }
}

TEST(yaml, file_is_read_and_named_in_errors) {
  testing::temporary_directory folder;
  const auto path = folder.file("suite.yaml");
  std::ofstream{path} << "text: a\nsmal: 1\n";
  test::Sample out;
  const auto failed = read_yaml_file(path, out);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, errc::config);
  EXPECT_EQ(failed.error().message, path + ":2:1: smal: unknown field; did you mean 'small'?");
  EXPECT_EQ(read_yaml_file(folder.file("none"), out).error().code, errc::not_found);
}

TEST(yaml, json_text_of_a_message_uses_the_schemas_names) {
  test::Sample s;
  (*s.mutable_by_name())["a"].set_count(2);
  EXPECT_EQ(json_text(s), R"({"by_name":{"a":{"count":2}}})");
}

}  // namespace
}  // namespace ark::files
