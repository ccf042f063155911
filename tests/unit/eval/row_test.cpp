#include "eval/row.hpp"

#include <gtest/gtest.h>

namespace ark::eval {

namespace {
row sample() {
  row r{.prompt_id = "p", .model = "openai/m", .case_id = "c", .status = row_status::fail};
  r.score = 0.5;
  r.output = "line\n\"quoted\" é";
  r.verdicts = {{.pass = false, .weight = 2, .type = "contains", .reason = "no"},
                {.pass = true, .type = "is-json"}};
  r.served_by = "openai/m";
  r.usage.reported = true;
  r.usage.input = 10;
  r.usage.cache_read = 5;
  r.usage.output = 3;
  r.usage.reasoning = 4;
  r.cost = {.status = cost_status::exact, .currency = "USD"};
  r.cost.value = r.cost.low = r.cost.high = amount::parse("0.000000123").value();
  r.latency_ms = 12.5;
  r.attempts = 2;
  r.request_id = "req_1";
  return r;
}
}  // namespace

TEST(row, comes_back_as_it_went) {
  const row a = sample();
  const row b = row_from_json(to_json(a)).value();
  EXPECT_EQ(to_json(a), to_json(b));
  EXPECT_EQ(b.cost, a.cost);
  EXPECT_EQ(b.usage.input_total(), 15);
  EXPECT_EQ(b.usage.output_total(), 7);
  EXPECT_EQ(b.output, a.output);
  EXPECT_EQ(b.verdicts.at(0).weight, 2);
}

TEST(row, errors_and_intervals_too) {
  row a = sample();
  a.status = row_status::error;
  a.error_code = "overloaded";
  a.error_message = "try later";
  a.cost = {.status = cost_status::interval, .currency = "CNY"};
  a.cost.high = amount::parse("2").value();
  const row b = row_from_json(to_json(a)).value();
  EXPECT_EQ(b.error_code, "overloaded");
  EXPECT_EQ(b.cost.high, a.cost.high);
  EXPECT_EQ(b.cost.status, cost_status::interval);
}

TEST(row, is_one_line_and_noise_is_refused) {
  EXPECT_EQ(to_json(sample()).find('\n'), std::string::npos);
  for (const auto* bad : {"", "{", "[]", "{}", "{\"case\":1}", "{\"case\":\"c\"}"})
    EXPECT_FALSE(row_from_json(bad)) << bad;
}

}  // namespace ark::eval
