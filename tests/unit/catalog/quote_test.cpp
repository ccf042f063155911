#include "make_model.hpp"

#include <gtest/gtest.h>

namespace ark::catalog {
namespace {

std::string high(const model& m, std::int64_t input, std::int64_t output,
                 const price_context& c = {}) {
  const cost q = quote(m, input, output, c);
  return q.status == cost_status::interval ? q.high.to_string() : "unknown";
}

TEST(Quote, BoundsTheBillFromAbove) {
  const model m = make_model({per_mtok("input", "2"), per_mtok("output", "8")});
  const cost q = quote(m, 1000, 500, {});
  EXPECT_EQ(q.status, cost_status::interval);
  EXPECT_TRUE(q.low.is_zero());
  EXPECT_EQ(q.high.to_string(), "0.006");
  EXPECT_EQ(q.currency, "USD");
  EXPECT_EQ(q.price_hash, m.hash);
}

TEST(Quote, AssumesTheWorstTierTimeAndCacheUse) {
  condition peak, rest;
  peak.period = "peak";
  rest.period = "off_peak";
  EXPECT_EQ(high(make_model({per_mtok("input", "3", peak), per_mtok("input", "1", rest),
                             per_mtok("output", "0")}),
                 1'000'000, 1),
            "3");
  const model tiers =
      make_model({per_mtok("input", "2", prompt(-1, 1000)),
                  per_mtok("input", "5", prompt(1000, -1)), per_mtok("output", "0")});
  EXPECT_EQ(high(tiers, 1000, 1), "0.002");
  EXPECT_EQ(high(tiers, 2000, 1), "0.01");
  EXPECT_EQ(high(make_model({per_mtok("input", "3"), per_mtok("cache_write_1h", "6"),
                             per_mtok("output", "0")}),
                 1'000'000, 1),
            "6");
}

TEST(Quote, ATierThatWasAskedForMayBeServedAsStandard) {
  const model m = make_model({per_mtok("input", "2"), per_mtok("input", "1", tier("flex")),
                              per_mtok("input", "4", tier("priority")), per_mtok("output", "0")});
  EXPECT_EQ(high(m, 1'000'000, 1, {.service_tier = "flex"}), "2");
  EXPECT_EQ(high(m, 1'000'000, 1, {.service_tier = "priority"}), "4");
  EXPECT_EQ(high(m, 1'000'000, 1), "2");
}

TEST(Quote, HoldsForEveryUsageWithinItsBounds) {
  condition brief = prompt(-1, 1000), fast;
  brief.output_le = 200;
  fast.attributes = {{"speed", "fast"}};
  const model m =
      make_model({per_mtok("input", "2", brief), per_mtok("input", "3", prompt(-1, 1000)),
                  per_mtok("input", "4", prompt(1000, 5000)), per_mtok("output", "8"),
                  per_mtok("cache_read", "0.5"), per_mtok("cache_write", "5"),
                  fee("multiplier", "6", "x", fast), fee("request", "5", "thousand_calls")});
  const price_context c{.attributes = {{"speed", "fast"}}};
  for (const std::int64_t input : {0, 1, 999, 1000, 1001, 5000})
    for (const std::int64_t output : {0, 199, 200, 201, 800}) {
      usage u = tokens(input / 2, output);
      u.cache_write = input - u.input;
      const priced p = price_usage(m, u, c);
      ASSERT_EQ(p.cost.status, cost_status::exact) << p.reason;
      EXPECT_LE(p.cost.value, quote(m, 5000, 800, c).high);
    }
}

TEST(Quote, UnknownWhereAnythingIsMissing) {
  EXPECT_EQ(high(make_model({}), 1, 1), "unknown");
  EXPECT_EQ(high(make_model({per_mtok("input", "2")}), 1, 1), "unknown");
  const model m = make_model({per_mtok("input", "2", prompt(-1, 1000)), per_mtok("output", "8")});
  EXPECT_EQ(high(m, 1001, 1), "unknown");  // no row for so long a prompt
  EXPECT_EQ(high(m, 1, 0), "unknown");     // no limit of the answer
  model limited = m;
  limited.info.max_output_tokens = 1'000'000;
  EXPECT_EQ(high(limited, 0, 0), "8");
  model charged = m;
  charged.prices.push_back({.dimension = "reasoning", .unit = "Mtok", .unknown = true});
  EXPECT_EQ(high(charged, 1, 1), "unknown");
}

TEST(Quote, EmbeddingsHaveNoAnswer) {
  model m = make_model({per_mtok("input", "0.02")});
  m.info.mode = "embedding";
  EXPECT_EQ(high(m, 8, 0), "0.00000016");
}

TEST(Quote, RerankHasNoAnswerAndNobodyKnowsItsQueries) {
  model m = make_model({per_mtok("input", "0.02")});
  m.info.mode = "rerank";
  EXPECT_EQ(high(m, 8, 0), "0.00000016");
  m.prices.push_back(fee("query", "2", "thousand_calls"));
  EXPECT_EQ(high(m, 8, 0), "unknown");
}

TEST(LeastCost, IsThePromptsWithAllOfItCached) {
  const model m = make_model({per_mtok("input", "2"), per_mtok("input", "1", tier("flex")),
                              per_mtok("cache_read", "0.5"), per_mtok("output", "0.1")});
  EXPECT_EQ(least_cost(m, 1'000'000, {}).to_string(), "0.5");
  EXPECT_EQ(least_cost(m, 10, {}).to_string(), "0.000005");
  const model tiers = make_model(
      {per_mtok("input", "2", prompt(1000, -1)), per_mtok("input", "3", prompt(-1, 1000))});
  EXPECT_EQ(least_cost(tiers, 1'000'000, {}).to_string(), "2");
}

TEST(LeastCost, IsNothingWhereNothingIsSure) {
  EXPECT_TRUE(least_cost(make_model({}), 1'000'000, {}).is_zero());
  model m = make_model({per_mtok("input", "2"), fee("multiplier", "0.5", "x")});
  EXPECT_TRUE(least_cost(m, 1'000'000, {}).is_zero());
  m = make_model({per_mtok("input", "2")});
  m.prices.push_back({.dimension = "cache_read", .unit = "Mtok", .unknown = true});
  EXPECT_TRUE(least_cost(m, 1'000'000, {}).is_zero());
}

}  // namespace
}  // namespace ark::catalog
