#include "telemetry/metrics.hpp"

#include "facts.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace ark::telemetry {
namespace {

using testing::exact_cost;
using testing::interval_cost;
using testing::some_attempt;
using testing::some_call;

/// A copy of an instrument.
instrument of(const metrics& m, std::string_view otel) {
  instrument out;
  m.read([&](std::span<const instrument> all) {
    const auto it = std::find_if(all.begin(), all.end(), [&](auto& i) { return i.otel == otel; });
    ASSERT_NE(it, all.end()) << otel;
    out = *it;
  });
  return out;
}

std::string value_of(const series& s, std::string_view label) {
  for (const auto& each : s.labels)
    if (each.name->otel == label) return each.value;
  return "-";
}

TEST(metrics, tokens_of_an_attempt_are_two_values_of_the_conventions_histogram) {
  metrics m(100);
  m.add(some_attempt());
  const auto usage = of(m, "gen_ai.client.token.usage");
  ASSERT_EQ(usage.all.size(), 2U);
  EXPECT_EQ(value_of(usage.all[0], "gen_ai.token.type"), "input");
  EXPECT_EQ(usage.all[0].sum, 100);
  EXPECT_EQ(value_of(usage.all[1], "gen_ai.token.type"), "output");
  EXPECT_EQ(usage.all[1].sum, 8);
  EXPECT_EQ(value_of(usage.all[0], "gen_ai.provider.name"), "toy.cloud");
  EXPECT_EQ(value_of(usage.all[0], "gen_ai.response.model"), "m1-2026");
  // 100 is in (64, 256], the fifth of 15.
  EXPECT_EQ(usage.all[0].in_bucket.size(), 15U);
  EXPECT_EQ(usage.all[0].in_bucket[4], 1U);
}

TEST(metrics, a_bound_belongs_to_its_bucket) {
  metrics m(100);
  auto c = some_call();
  c.ended = c.begun + std::chrono::milliseconds(160);
  m.add(c);
  EXPECT_EQ(of(m, "gen_ai.client.operation.duration").all.at(0).in_bucket[4], 1U);
  c.ended = c.begun + std::chrono::hours(1);
  m.add(c);
  const auto d = of(m, "gen_ai.client.operation.duration").all.at(0);
  EXPECT_EQ(d.in_bucket.back(), 1U);
  EXPECT_EQ(d.count, 2U);
  EXPECT_DOUBLE_EQ(d.low, 0.16);
  EXPECT_DOUBLE_EQ(d.high, 3600);
}

TEST(metrics, a_failed_call_has_a_series_of_its_own) {
  metrics m(100);
  m.add(some_call());
  auto failed = some_call();
  failed.error = "timeout";
  m.add(failed);
  const auto d = of(m, "gen_ai.client.operation.duration");
  ASSERT_EQ(d.all.size(), 2U);
  EXPECT_EQ(value_of(d.all[1], "error.type"), "timeout");
}

TEST(metrics, first_chunk_and_gaps_are_of_streams_only) {
  metrics m(100);
  auto a = some_attempt();
  auto c = some_call();
  m.add(a);
  m.add(c);
  EXPECT_EQ(of(m, "gen_ai.client.operation.time_per_output_chunk").all.at(0).count, 2U);
  EXPECT_DOUBLE_EQ(of(m, "gen_ai.client.operation.time_to_first_chunk").all.at(0).sum, 0.25);
  a.streamed = c.streamed = false;
  m.add(a);
  m.add(c);
  EXPECT_EQ(of(m, "gen_ai.client.operation.time_per_output_chunk").all.at(0).count, 2U);
  EXPECT_EQ(of(m, "gen_ai.client.operation.time_to_first_chunk").all.at(0).count, 1U);
}

TEST(metrics, money_is_exact_and_currencies_apart) {
  metrics m(100);
  auto a = some_attempt();
  a.cost = exact_cost("0.000000000000001");
  for (int i = 0; i < 3; ++i) m.add(a);
  a.cost = exact_cost("0.1", "CNY");
  m.add(a);
  a.cost = interval_cost("0.01", "0.5");
  m.add(a);
  a.cost = {};
  m.add(a);
  const auto cost = of(m, "ark.client.cost");
  ASSERT_EQ(cost.all.size(), 2U);
  EXPECT_EQ(cost.all[0].money.to_string(), "0.000000000000003");
  EXPECT_EQ(value_of(cost.all[1], "ark.cost.currency"), "CNY");
  EXPECT_EQ(of(m, "ark.client.cost.low").all.at(0).money.to_string(), "0.01");
  EXPECT_EQ(of(m, "ark.client.cost.high").all.at(0).money.to_string(), "0.5");
  EXPECT_EQ(of(m, "ark.client.attempts.unpriced").all.at(0).count, 1U);
}

TEST(metrics, kinds_of_tokens_are_disjoint_and_sum_to_the_total) {
  metrics m(100);
  const auto a = some_attempt();
  m.add(a);
  std::uint64_t sum = 0;
  for (const auto& s : of(m, "ark.client.tokens").all) sum += s.count;
  EXPECT_EQ(sum, static_cast<std::uint64_t>(a.usage.input_total() + a.usage.output_total()));
}

TEST(metrics, usage_that_was_not_reported_is_not_zero_tokens) {
  metrics m(100);
  auto a = some_attempt();
  a.usage = {};
  m.add(a);
  EXPECT_TRUE(of(m, "gen_ai.client.token.usage").all.empty());
  EXPECT_EQ(of(m, "ark.client.attempts").all.at(0).count, 1U);
}

TEST(metrics, further_series_are_counted_in_one) {
  metrics m(4);
  auto a = some_attempt();
  for (int i = 0; i < 50; ++i) {
    a.to.model = "m" + std::to_string(i);
    m.add(a);
  }
  const auto attempts = of(m, "ark.client.attempts");
  ASSERT_EQ(attempts.all.size(), 4U);
  EXPECT_EQ(value_of(attempts.all[3], "otel.metric.overflow"), "true");
  EXPECT_EQ(attempts.all[3].count, 47U);
  a.to.model = "m1";
  m.add(a);
  EXPECT_EQ(of(m, "ark.client.attempts").all[1].count, 2U);
}

TEST(metrics, a_vendors_long_name_is_cut) {
  metrics m(4);
  auto a = some_attempt();
  a.reply_model = std::string(100'000, 'x');
  m.add(a);
  EXPECT_EQ(value_of(of(m, "gen_ai.client.token.usage").all.at(0), "gen_ai.response.model").size(),
            200U);
}

}  // namespace
}  // namespace ark::telemetry
