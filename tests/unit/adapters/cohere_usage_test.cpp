#include "cohere_support.hpp"

namespace ark::test::cohere {
namespace {

reply with_usage(const std::string& usage) {
  const auto r = decode(whole(R"({"content":[]})", R"(,"usage":)" + usage));
  return r ? *r : reply{};
}

TEST(cohere_usage, what_is_billed_is_in_the_buckets) {
  const auto r = with_usage(R"({"billed_units":{"input_tokens":10,"output_tokens":1},
      "tokens":{"input_tokens":505,"output_tokens":9}})");
  EXPECT_TRUE(r.usage.reported);
  EXPECT_EQ(r.usage.input, 10);
  EXPECT_EQ(r.usage.output, 1);
  EXPECT_FALSE(r.usage.vendor_total);
  EXPECT_TRUE(has_note(r.notes, "counts 505 input and 9 output tokens and bills 10 and 1"));
  EXPECT_TRUE(with_usage(R"({"billed_units":{"input_tokens":10,"output_tokens":1},
      "tokens":{"input_tokens":10,"output_tokens":1}})")
                  .notes.empty());
}

TEST(cohere_usage, no_more_is_cached_or_thought_than_billed) {
  // The cache counts the vendor's preamble too, which is not billed (recorded).
  auto u = with_usage(R"({"billed_units":{"input_tokens":10,"output_tokens":7},"cached_tokens":448,
      "tokens":{"input_tokens":505,"output_tokens":12,"reasoning_tokens":4}})");
  EXPECT_EQ(u.usage.cache_read, 10);
  EXPECT_EQ(u.usage.input, 0);
  EXPECT_EQ(u.usage.reasoning, 4);
  EXPECT_EQ(u.usage.output, 3);
  EXPECT_TRUE(has_note(u.notes, "448 of the counted ones came from its cache"));
  u = with_usage(R"({"billed_units":{"input_tokens":600,"output_tokens":7},"cached_tokens":448,
      "tokens":{"input_tokens":900,"output_tokens":12,"reasoning_tokens":8}})");
  EXPECT_EQ(u.usage.cache_read, 448);
  EXPECT_EQ(u.usage.input, 152);
  EXPECT_EQ(u.usage.reasoning, 7);
  EXPECT_EQ(u.usage.output, 0);
}

TEST(cohere_usage, tokens_of_pictures_are_part_of_the_billed_input) {
  const auto u = with_usage(R"({"billed_units":{"input_tokens":267,"output_tokens":5},
      "tokens":{"input_tokens":34,"output_tokens":9,"image_tokens":259},"cached_tokens":0})")
                     .usage;
  EXPECT_EQ(u.input_image, 259);
  EXPECT_EQ(u.input, 8);
  EXPECT_EQ(u.input_total(), 267);
}

TEST(cohere_usage, without_bill_the_counts_are_taken_and_noted) {
  const auto r = with_usage(R"({"tokens":{"input_tokens":5.0,"output_tokens":2}})");
  EXPECT_EQ(r.usage.input, 5);
  EXPECT_EQ(r.usage.output, 2);
  EXPECT_TRUE(has_note(r.notes, "does not say what it bills"));
}

TEST(cohere_usage, other_units_keep_their_names) {
  const auto u = with_usage(R"({"billed_units":{"input_tokens":1,"search_units":2,"images":0}})");
  EXPECT_EQ(u.usage.units, (std::map<std::string, std::int64_t>{{"query", 2}}));
}

TEST(cohere_usage, nothing_said_is_not_zero) {
  for (const char* none : {"null", "{}", "7", R"({"billed_units":{"input_tokens":null}})"})
    EXPECT_FALSE(with_usage(none).usage.reported) << none;
}

TEST(cohere_usage, threat_counts_that_cannot_be_are_kept_and_noted) {
  const auto r = with_usage(R"({"billed_units":{"input_tokens":-3,"output_tokens":1e30},
      "cached_tokens":-2})");
  EXPECT_EQ(r.usage.input_total(), -3);
  EXPECT_GT(r.usage.output, 1'000'000'000'000);
  EXPECT_TRUE(has_note(r.notes, "counts that cannot be"));
}

}  // namespace
}  // namespace ark::test::cohere
