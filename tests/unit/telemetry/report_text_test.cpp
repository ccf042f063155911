#include <ark/telemetry.hpp>

#include <gtest/gtest.h>

namespace ark {
namespace {

report_line line(std::string vendor, std::string model, std::int64_t attempts) {
  return {.key = {std::move(vendor), std::move(model)},
          .currency = "USD",
          .attempts = attempts,
          .settled = attempts};
}

bool has(const std::string& text, const std::string& sample) {
  return text.starts_with(sample + "\n") || text.find("\n" + sample + "\n") != std::string::npos;
}

TEST(report_text, a_models_lines_are_added_up_and_currencies_stay_apart) {
  auto usd = line("v", "m", 3);
  usd.voided = 1;
  usd.ambiguous = 1;
  usd.settled = 1;
  usd.input = 10;
  usd.cache_read = 5;
  usd.output = 7;
  usd.cost = *amount::parse("0.000000000000001");
  usd.low = *amount::parse("0.1");
  usd.high = *amount::parse("0.500000000000001");
  auto cny = line("v", "m", 1);
  cny.currency = "CNY";
  cny.input = 1;
  cny.cost = cny.low = cny.high = *amount::parse("2");
  auto unknown = line("v", "m", 1);
  unknown.currency = "";
  unknown.unknown_cost = 1;
  const std::string text = prometheus_of_report({usd, cny, unknown});
  EXPECT_TRUE(has(text, R"(ark_tokens_total{vendor="v",model="m",kind="input"} 11)")) << text;
  EXPECT_TRUE(has(text, R"(ark_tokens_total{vendor="v",model="m",kind="cache_read"} 5)"));
  EXPECT_TRUE(has(text, R"(ark_tokens_total{vendor="v",model="m",kind="output"} 7)"));
  EXPECT_TRUE(has(text, R"(ark_attempts_total{vendor="v",model="m",state="settled"} 3)"));
  EXPECT_TRUE(has(text, R"(ark_attempts_total{vendor="v",model="m",state="void"} 1)"));
  EXPECT_TRUE(has(text, R"(ark_attempts_total{vendor="v",model="m",state="ambiguous"} 1)"));
  EXPECT_TRUE(has(text, R"(ark_unpriced_attempts_total{vendor="v",model="m"} 1)"));
  EXPECT_TRUE(
      has(text, R"(ark_cost_total{vendor="v",model="m",currency="USD"} 0.000000000000001)"));
  EXPECT_TRUE(has(text, R"(ark_cost_total{vendor="v",model="m",currency="CNY"} 2)"));
  EXPECT_TRUE(
      has(text,
          R"(ark_cost_interval_low_total{vendor="v",model="m",currency="USD"} 0.099999999999999)"));
  EXPECT_TRUE(
      has(text, R"(ark_cost_interval_high_total{vendor="v",model="m",currency="USD"} 0.5)"));
  EXPECT_TRUE(has(text, "# TYPE ark_cost_total counter"));
}

TEST(report_text, pairs_beyond_the_limit_are_one) {
  std::vector<report_line> lines;
  for (int i = 0; i < 10; ++i) lines.push_back(line("v", "m" + std::to_string(i), i + 1));
  const std::string text = prometheus_of_report(lines, 3);
  EXPECT_TRUE(has(text, R"(ark_attempts_total{vendor="v",model="m9",state="settled"} 10)"));
  EXPECT_TRUE(has(text, R"(ark_attempts_total{vendor="v",model="m8",state="settled"} 9)"));
  EXPECT_TRUE(has(text, R"(ark_attempts_total{vendor="_other",model="_other",state="settled"} 36)"))
      << text;
  EXPECT_EQ(text.find("\"m7\""), std::string::npos);
}

TEST(report_text, an_empty_ledger_has_families_without_samples) {
  const std::string text = prometheus_of_report({});
  EXPECT_TRUE(text.starts_with("# HELP ark_tokens_total "));
  EXPECT_EQ(text.find('{'), std::string::npos);
}

}  // namespace
}  // namespace ark
