#include "eval/summary.hpp"

#include <gtest/gtest.h>

namespace ark::eval {

namespace {
row row_of(std::string model, row_status status, std::string cost, double latency) {
  row r{.model = std::move(model), .status = status};
  r.latency_ms = latency;
  r.score = status == row_status::pass ? 1 : 0;
  if (cost.empty()) return r;
  r.cost = {.status = cost_status::exact, .currency = "USD"};
  r.cost.value = r.cost.low = r.cost.high = amount::parse(cost).value();
  return r;
}
}  // namespace

TEST(summary, percentiles_by_nearest_rank) {
  EXPECT_EQ(percentile({}, 0.5), 0);
  EXPECT_EQ(percentile({5}, 0.95), 5);
  EXPECT_EQ(percentile({4, 1, 3, 2}, 0.5), 2);
  std::vector<double> hundred;
  for (int i = 1; i <= 100; ++i) hundred.push_back(i);
  EXPECT_EQ(percentile(hundred, 0.95), 95);
}

TEST(summary, counts_costs_and_latencies_by_model) {
  const auto s =
      summarise({row_of("a", row_status::pass, "0.1", 10), row_of("a", row_status::fail, "0.2", 30),
                 row_of("a", row_status::error, "", 0), row_of("b", row_status::pass, "", 5)});
  ASSERT_EQ(s.size(), 2u);
  EXPECT_EQ(s[0].passed, 1);
  EXPECT_EQ(s[0].errors, 1);
  EXPECT_EQ(s[0].costs.at("USD").to_string(), "0.3");
  EXPECT_EQ(s[0].unknown_costs, 1);
  EXPECT_EQ(s[0].latency_p95_ms, 30);
  EXPECT_DOUBLE_EQ(s[0].mean_score, 0.5);
  EXPECT_TRUE(s[1].costs.empty());
  EXPECT_EQ(s[1].unknown_costs, 1);
}

TEST(summary, an_unknown_cost_is_said_not_added) {
  const auto s = summarise({row_of("b", row_status::pass, "", 5)});
  EXPECT_NE(table(s).find("1 unknown"), std::string::npos);
  EXPECT_EQ(table(s).find("0 USD"), std::string::npos);
}

TEST(summary, table_and_json_say_the_same) {
  const auto s = summarise({row_of("a", row_status::pass, "0.1", 10)});
  EXPECT_NE(table(s).find("100.0%"), std::string::npos);
  EXPECT_NE(table(s).find("0.1 USD"), std::string::npos);
  const std::string j = summary_json("n", "r", s);
  EXPECT_NE(j.find(R"("passed":1)"), std::string::npos);
  EXPECT_NE(j.find(R"("costs":{"USD":"0.1"})"), std::string::npos);
}

}  // namespace ark::eval
