#include "bedrock_support.hpp"

namespace ark::test::bedrock {
namespace {

ark::reply counted(const std::string& usage) {
  const auto r = decode(whole(R"({"text":"a"})", "end_turn", usage));
  EXPECT_TRUE(r);
  return r ? *r : ark::reply{};
}

TEST(bedrock_usage, input_is_without_the_cache) {
  const auto r = counted(R"({"inputTokens":3,"outputTokens":61,"totalTokens":2435,
    "cacheReadInputTokens":2074,"cacheWriteInputTokens":297,"cacheReadInputTokenCount":2074,
    "cacheWriteInputTokenCount":297,"cacheDetails":[{"ttl":"5m","inputTokens":290}],
    "serverToolUsage":{"search":2}})");
  EXPECT_EQ(r.usage.input, 3);
  EXPECT_EQ(r.usage.cache_read, 2074);
  EXPECT_EQ(r.usage.cache_write_5m, 290);
  EXPECT_EQ(r.usage.cache_write, 7);
  EXPECT_EQ(r.usage.output, 61);
  EXPECT_EQ(r.usage.vendor_total, 2435);
  EXPECT_EQ(r.usage.units.at("search"), 2);
  EXPECT_TRUE(r.notes.empty());
}

TEST(bedrock_usage, a_split_that_does_not_fit_is_not_used) {
  const auto r = counted(R"({"inputTokens":1,"outputTokens":1,"cacheWriteInputTokens":5,
    "cacheDetails":[{"ttl":"5m","inputTokens":4},{"ttl":"1h","inputTokens":4}]})");
  EXPECT_EQ(r.usage.cache_write, 5);
  EXPECT_EQ(r.usage.cache_write_5m + r.usage.cache_write_1h, 0);
}

TEST(bedrock_usage, oddities_are_kept_and_noted) {
  const auto total = counted(R"({"inputTokens":3,"outputTokens":2,"totalTokens":9})");
  EXPECT_TRUE(has_note(total.notes, "4 more than the sum"));
  const auto negative = counted(R"({"inputTokens":-3,"outputTokens":2})");
  EXPECT_EQ(negative.usage.input, -3);
  EXPECT_TRUE(has_note(negative.notes, "cannot be"));
  EXPECT_TRUE(has_note(counted(R"({"inputTokens":"x","outputTokens":2})").notes, "cannot be"));
}

TEST(bedrock_usage, the_other_names_count_where_the_first_are_missing) {
  const auto r = counted(R"({"inputTokens":6,"outputTokens":3,"cacheReadInputTokenCount":20,
    "cacheWriteInputTokenCount":4})");
  EXPECT_EQ(r.usage.cache_read, 20);
  EXPECT_EQ(r.usage.cache_write, 4);
}

TEST(bedrock_usage, headers_that_are_no_numbers) {
  const auto count = [](const char* text) {
    return decode_invoke(R"({"outputs":[{"text":"a","stop_reason":"stop"}]})",
                         {{"x-amzn-bedrock-input-token-count", text}});
  };
  EXPECT_FALSE(count("x")->usage.reported);
  EXPECT_FALSE(count("")->usage.reported);
  EXPECT_EQ(count("-5")->usage.input, -5);
  EXPECT_TRUE(has_note(count("-5")->notes, "cannot be"));
}

TEST(bedrock_usage, nothing_is_not_zero) {
  EXPECT_FALSE(counted("{}").usage.reported);
  EXPECT_FALSE(counted("null").usage.reported);
  EXPECT_TRUE(counted(R"({"inputTokens":0,"outputTokens":0})").usage.reported);
}

}  // namespace
}  // namespace ark::test::bedrock
