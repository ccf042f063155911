#include "json_reader.hpp"

#include <gtest/gtest.h>

namespace bpe::test {
namespace {

bool accepts(std::string_view text) {
  json_reader in(text);
  return in.skip() && in.finish();
}

TEST(json_reader, accepts_json) {
  for (const auto* text : {"{}", "[]", " [1, -2.5e+3, \"a\\u00e9\\n\", true, false, null] ",
                           "{\"a\":{\"b\":[]}}", "0", "-0", "0.5", "0e1", "10"}) {
    EXPECT_TRUE(accepts(text)) << text;
  }
}

TEST(json_reader, refuses_what_is_none) {
  for (const auto* text :
       {"",        "{",           "[1,]",   "[1 2]", "{\"a\"}", "{\"a\":1,}", "{a:1}", "\"a",
        "\"\\x\"", "\"\\ud800\"", "\"\n\"", "tru",   "1.",      "-",          "[1]]",  "\"\\u12\"",
        "[,1]",    "{,}",         "007",    "-01",   "[00]",    "01.5"}) {
    EXPECT_FALSE(accepts(text)) << text;
  }
}

TEST(json_reader, nesting_is_limited) {
  EXPECT_TRUE(accepts(std::string(64, '[') + std::string(64, ']')));
  EXPECT_FALSE(accepts(std::string(65, '[') + std::string(65, ']')));
  EXPECT_FALSE(accepts(std::string(1000000, '[')));
}

TEST(json_reader, reads_surrogate_pairs) {
  std::string out;
  json_reader in("\"\\ud83d\\ude00\"");
  EXPECT_TRUE(in.read_string(out));
  EXPECT_EQ(out, "\U0001F600");
  json_reader lone("\"a\\ud83dx\\ude00\"", json_reader::lone_surrogates::replace);
  EXPECT_TRUE(lone.read_string(out));
  EXPECT_EQ(out, "a\uFFFDx\uFFFD");
}

TEST(json_reader, reads_whole_numbers) {
  std::uint32_t out = 0;
  EXPECT_TRUE(json_reader("4294967295").read_unsigned(out));
  EXPECT_EQ(out, 4294967295u);
  EXPECT_FALSE(json_reader("4294967296").read_unsigned(out));
  EXPECT_FALSE(json_reader("99999999999999999999").read_unsigned(out));
  EXPECT_FALSE(json_reader("-1").read_unsigned(out));
  EXPECT_FALSE(json_reader("007").read_unsigned(out));
  EXPECT_FALSE(json_reader("00").read_unsigned(out));
  EXPECT_TRUE(json_reader("0").read_unsigned(out));
  EXPECT_EQ(out, 0u);
}

TEST(json_reader, tells_where_it_failed) {
  json_reader in("[1,\n x]");
  EXPECT_FALSE(in.skip());
  EXPECT_EQ(in.failure(), "expected a value at byte 5");
}

}  // namespace
}  // namespace bpe::test
