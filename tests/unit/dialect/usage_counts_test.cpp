#include "dialect/usage_counts.hpp"

#include <gtest/gtest.h>

namespace ark::dialect {
namespace {

known_count counted(std::string_view json, std::string_view path = "n") {
  json::reader reader;
  const auto root = reader.parse(json);
  EXPECT_TRUE(root) << json;
  return root ? count_at(*root, path) : std::nullopt;
}

TEST(usage_counts, as_vendors_write_them) {
  EXPECT_EQ(counted(R"({"n":7})"), 7);
  EXPECT_EQ(counted(R"({"n":7.0})"), 7);
  EXPECT_EQ(counted(R"({"n":"7"})"), 7);
  EXPECT_EQ(counted(R"({"n":-2})"), -2);
  EXPECT_EQ(counted(R"({"details":{"n":3}})", "details.n"), 3);
  for (const char* none :
       {"{}", R"({"n":null})", R"({"n":""})", R"({"n":"7x"})", R"({"n":{}})", R"({"n":true})"})
    EXPECT_EQ(counted(none), std::nullopt) << none;
}

TEST(usage_counts, a_number_that_is_no_count_is_not_taken_for_nothing) {
  for (const char* odd : {R"({"n":1.5})", R"({"n":1e300})", R"({"n":9223372036854775807})",
                          R"({"n":18446744073709551615})", R"({"n":"1e99"})"}) {
    EXPECT_EQ(counted(odd), absurd_count) << odd;
    EXPECT_TRUE(cannot_be(counted(odd))) << odd;
  }
  EXPECT_EQ(counted(R"({"n":-9223372036854775808})"), -absurd_count);
  EXPECT_TRUE(cannot_be(-1));
  EXPECT_FALSE(cannot_be(0));
  EXPECT_FALSE(cannot_be(1'000'000'000'000));
  EXPECT_FALSE(cannot_be(std::nullopt));
}

TEST(usage_counts, a_part_is_taken_out_of_its_whole) {
  reply_builder out;
  std::int64_t rest = 10;
  EXPECT_EQ(take(rest, 4, "cached", out), 4);
  EXPECT_EQ(take(rest, std::nullopt, "cached", out), 0);
  EXPECT_EQ(rest, 6);
  EXPECT_TRUE(out.reply().notes.empty());
  EXPECT_EQ(take(rest, 9, "audio", out), 6);
  EXPECT_EQ(rest, 0);
  ASSERT_EQ(out.reply().notes.size(), 1u);
  EXPECT_NE(out.reply().notes[0].find("more audio tokens"), std::string::npos);
  EXPECT_NE(out.reply().notes[0].find(": 9"), std::string::npos);
}

TEST(usage_counts, a_negative_whole_keeps_its_sum) {
  reply_builder out;
  std::int64_t rest = -5;
  EXPECT_EQ(take(rest, 3, "cached", out), 3);
  EXPECT_EQ(rest, -8);
  EXPECT_EQ(out.reply().notes.size(), 1u);
}

std::string note_of(std::initializer_list<known_count> said, const usage& u) {
  reply_builder out;
  check_counts(said, u, out);
  return out.reply().notes.empty() ? std::string() : out.reply().notes.front();
}

TEST(usage_counts, what_does_not_add_up_is_noted) {
  usage u{.input = 3, .output = 2};
  EXPECT_EQ(note_of({3, 2}, u), "");
  u.vendor_total = 5;
  EXPECT_EQ(note_of({3, 2, 5}, u), "");
  u.vendor_total = 9;
  EXPECT_NE(note_of({3, 2, 9}, u).find("9 tokens is 4 more than the sum of its parts, 5"),
            std::string::npos);
  u.vendor_total = 4;
  EXPECT_NE(note_of({3, 2, 4}, u).find("1 less than"), std::string::npos);
  EXPECT_NE(note_of({3, -2, 4}, u).find("cannot be"), std::string::npos);
}

}  // namespace
}  // namespace ark::dialect
