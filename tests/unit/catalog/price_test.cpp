#include "make_model.hpp"

#include <gtest/gtest.h>

namespace ark::catalog {
namespace {

std::string total(const model& m, const usage& u, const price_context& c = {}) {
  const priced p = price_usage(m, u, c);
  return p.cost.status == cost_status::exact ? p.cost.value.to_string() : "unknown: " + p.reason;
}

TEST(PriceUsage, LinesSayQuantityPriceAndAmount) {
  const model m = make_model({per_mtok("input", "2"), per_mtok("output", "8")});
  const priced p = price_usage(m, tokens(1000, 500), {});
  EXPECT_EQ(p.cost.status, cost_status::exact);
  EXPECT_EQ(p.cost.value.to_string(), "0.006");
  EXPECT_EQ(p.cost.low, p.cost.value);
  EXPECT_EQ(p.cost.high, p.cost.value);
  EXPECT_EQ(p.cost.currency, "USD");
  EXPECT_EQ(p.cost.price_hash, m.hash);
  ASSERT_EQ(p.lines.size(), 2U);
  EXPECT_EQ(p.lines[1].dimension, "output");
  EXPECT_EQ(p.lines[1].quantity, 500);
  EXPECT_EQ(p.lines[1].per, 1'000'000);
  EXPECT_EQ(p.lines[1].value.to_string(), "0.004");
}

TEST(PriceUsage, SmallestRealPricesAreExact) {
  const model m = make_model({per_mtok("input", "0.003625"), per_mtok("output", "0")});
  EXPECT_EQ(total(m, tokens(1, 0)), "0.000000003625");
}

TEST(PriceUsage, UnknownIsNeverZero) {
  const model priced_model = make_model({per_mtok("input", "2"), per_mtok("output", "8")});
  EXPECT_EQ(total(make_model({}), tokens(1, 1)),
            "unknown: price: the catalogue has none for this model");
  EXPECT_EQ(total(priced_model, {}), "unknown: usage: the vendor sent none");
  usage cached = tokens(1, 1);
  cached.cache_read = 1;
  EXPECT_EQ(total(priced_model, cached), "unknown: cache_read: no price row for this kind of use");
  usage searched = tokens(1, 1);
  searched.units["web_search"] = 1;
  EXPECT_EQ(total(priced_model, searched),
            "unknown: web_search: no price row for this kind of use");
  model charged = priced_model;
  charged.prices.push_back({.dimension = "web_search", .unit = "thousand_calls", .unknown = true});
  EXPECT_NE(total(charged, searched).find("the price is not known"), std::string::npos);
  EXPECT_TRUE(price_usage(priced_model, {}, {}).lines.empty());
}

TEST(PriceUsage, NothingUsedAndSaidSoIsExactlyZero) {
  EXPECT_EQ(total(make_model({per_mtok("input", "2")}), tokens(0, 0)), "0");
}

// L17
TEST(PriceUsage, AbsurdNumbersAreNotABill) {
  const model m = make_model({per_mtok("input", "2"), per_mtok("output", "8")});
  EXPECT_EQ(total(m, tokens(-1, 5)), "unknown: usage: a number is negative or over 1e12");
  EXPECT_EQ(total(m, tokens(1, INT64_MAX)), "unknown: usage: a number is negative or over 1e12");
  EXPECT_EQ(total(m, tokens(1'000'000'000'000, 0)), "2000000");
  usage odd = tokens(1, 1);
  odd.units["web_search"] = -3;
  EXPECT_EQ(total(m, odd), "unknown: usage: a number is negative or over 1e12");
}

TEST(PriceUsage, CacheWritesFallBackOnlyToTheDefaultTimeToLive) {
  usage u = tokens(0, 0);
  u.cache_write = 1'000'000;
  EXPECT_EQ(total(make_model({per_mtok("cache_write", "2.5")}), u), "2.5");
  EXPECT_EQ(total(make_model({per_mtok("cache_write_5m", "3.75")}), u), "3.75");
  u = tokens(0, 0);
  u.cache_write_5m = 1'000'000;
  EXPECT_EQ(total(make_model({per_mtok("cache_write", "2.5")}), u), "2.5");
  u = tokens(0, 0);
  u.cache_write_1h = 1'000'000;
  EXPECT_EQ(total(make_model({per_mtok("cache_write_1h", "6")}), u), "6");
  EXPECT_NE(total(make_model({per_mtok("cache_write", "2.5")}), u).find("unknown"),
            std::string::npos);
}

TEST(PriceUsage, ReasoningCostsAsOutputUnlessItHasAPrice) {
  usage u = tokens(0, 0);
  u.reasoning = 1'000'000;
  EXPECT_EQ(total(make_model({per_mtok("output", "8")}), u), "8");
  EXPECT_EQ(total(make_model({per_mtok("output", "8"), per_mtok("reasoning", "3")}), u), "3");
}

TEST(PriceUsage, SoundIsNeverSoldAsTextPicturesInThePromptAre) {
  usage u = tokens(0, 0);
  u.input_image = 1'000'000;
  EXPECT_EQ(total(make_model({per_mtok("input", "2")}), u), "2");
  EXPECT_EQ(total(make_model({per_mtok("input", "2"), per_mtok("input_image", "8")}), u), "8");
  u = tokens(0, 0);
  u.input_audio = 1;
  EXPECT_NE(total(make_model({per_mtok("input", "2")}), u).find("unknown: input_audio"),
            std::string::npos);
  u = tokens(0, 0);
  u.output_image = 1;
  EXPECT_NE(total(make_model({per_mtok("output", "2")}), u).find("unknown: output_image"),
            std::string::npos);
}

TEST(PriceUsage, UnitsAreNotTokens) {
  usage u = tokens(0, 0);
  u.units = {{"web_search", 3}, {"audio", 71}, {"cache_storage", 48'000'000}, {"training", 5768}};
  const model m =
      make_model({fee("web_search", "10", "thousand_calls"), fee("audio", "0.006", "minute"),
                  fee("cache_storage", "0.017", "Mtok_hour"), per_mtok("training", "3")});
  EXPECT_EQ(total(m, u), "0.870404");  // 0.03 + 0.0071 + 0.816 + 0.017304
  u.units = {{"deployment", 3601}};
  EXPECT_EQ(total(make_model({fee("deployment", "20", "started_hour")}), u), "40");
  u.units = {{"training_seconds", 1800}};
  EXPECT_EQ(total(make_model({fee("training", "100", "hour"), per_mtok("training", "3")}), u),
            "50");
  u.units = {{"image_generation", 2}};
  EXPECT_EQ(total(make_model({fee("image_generation", "0.04", "image")}), u), "0.08");
}

TEST(PriceUsage, AFeeForEachRequestIsDueUncounted) {
  const model m = make_model({per_mtok("input", "1"), fee("request", "5", "thousand_calls")});
  EXPECT_EQ(total(m, tokens(1000, 0)), "0.006");
}

TEST(PriceUsage, WhatFifteenDecimalsCannotHoldIsUnknownNotRounded) {
  const model m = make_model({fee("audio", "0.01", "hour")});
  usage u = tokens(0, 0);
  u.units["audio"] = 7;
  EXPECT_NE(total(m, u).find("15 decimal"), std::string::npos);
}

TEST(PriceWithTotal, UnexplainedTokensMakeAnInterval) {
  const model m = make_model({per_mtok("input", "2"), per_mtok("output", "8")});
  usage u = tokens(1000, 500);
  EXPECT_EQ(price_with_total(m, u, {}).cost.status, cost_status::exact);
  u.vendor_total = 1500;
  EXPECT_EQ(price_with_total(m, u, {}).cost.status, cost_status::exact);
  u.vendor_total = 1400;  // fewer than the parts: nothing is missing
  EXPECT_EQ(price_with_total(m, u, {}).cost.status, cost_status::exact);
  u.vendor_total = 1600;
  EXPECT_EQ(unexplained_tokens(u), 100);
  const cost c = price_with_total(m, u, {}).cost;
  EXPECT_EQ(c.status, cost_status::interval);
  EXPECT_EQ(c.low.to_string(), "0.006");
  EXPECT_EQ(c.high.to_string(), "0.0068");  // 100 at 8
  EXPECT_TRUE(c.value.is_zero());
  EXPECT_EQ(c.price_hash, m.hash);
}

TEST(PriceWithTotal, UnexplainedTokensMayLiftTheRequestIntoATier) {
  const model m = make_model({per_mtok("input", "2", prompt(-1, 1000)),
                              per_mtok("input", "4", prompt(1000, 5000)), per_mtok("output", "1")});
  usage u = tokens(1000, 0);
  u.vendor_total = 1001;
  const cost c = price_with_total(m, u, {}).cost;
  EXPECT_EQ(c.low.to_string(), "0.002");
  EXPECT_EQ(c.high.to_string(), "0.004004");
  u.vendor_total = 9000;  // above all tiers, were they the prompt's
  const priced beyond = price_with_total(m, u, {});
  EXPECT_EQ(beyond.cost.status, cost_status::unknown);
  EXPECT_NE(beyond.reason.find("8000 tokens"), std::string::npos) << beyond.reason;
}

TEST(PriceWithTotal, ATotalThatCannotBeIsNoBill) {
  const model m = make_model({per_mtok("input", "2"), per_mtok("output", "8")});
  for (const std::int64_t total : {std::int64_t{-1}, std::int64_t{4'000'000'000'000'000}}) {
    usage u = tokens(1000, 500);
    u.vendor_total = total;
    EXPECT_EQ(price_with_total(m, u, {}).cost.status, cost_status::unknown) << total;
  }
}

}  // namespace
}  // namespace ark::catalog
