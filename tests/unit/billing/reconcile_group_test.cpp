#include "billing/reconcile_group.hpp"

#include <gtest/gtest.h>

#include "billing/clock.hpp"
#include "tests/unit/billing/billing_support.hpp"

namespace ark::billing {
namespace {

amount dollars(std::string_view text) { return amount::parse(text).value(); }

/// A group with 1 USD that is known and the doubts given.
group with_doubts(const std::vector<std::pair<const char*, const char*>>& doubts) {
  group g;
  auto known = testing::settled_entry();
  known.cost.value = known.cost.low = known.cost.high = dollars("1");
  EXPECT_TRUE(g.add(known, moment::max()));
  std::int64_t sequence = 100;
  for (const auto& [low, high] : doubts) {
    auto e = testing::ambiguous_entry();
    e.sequence = sequence++;
    e.cost.low = dollars(low);
    e.cost.high = dollars(high);
    EXPECT_TRUE(g.add(e, moment::max()));
  }
  return g;
}

std::vector<ledger_correction> settled_by(const group& g, const char* billed) {
  return corrections_of(g, {.currency = "USD", .billed = dollars(billed), .places = {"b.csv:7"}});
}

TEST(corrections, one_doubt_is_settled_by_what_is_left) {
  const auto all = settled_by(with_doubts({{"0.25", "0.5"}}), "1.3");
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].sequence, 100);
  EXPECT_EQ(all[0].state, attempt_state::settled);
  EXPECT_EQ(all[0].cost.value, dollars("0.3"));
  EXPECT_EQ(all[0].cost.status, cost_status::exact);
  EXPECT_NE(all[0].reason.find("b.csv:7"), std::string::npos) << all[0].reason;
}

TEST(corrections, several_only_at_their_ends) {
  const auto g = with_doubts({{"0", "0.5"}, {"0", "0.25"}});
  EXPECT_TRUE(settled_by(g, "1.3").empty()) << "nobody knows which";
  const auto none = settled_by(g, "1");
  ASSERT_EQ(none.size(), 2u);
  EXPECT_EQ(none[0].state, attempt_state::void_);
  EXPECT_TRUE(none[0].cost.value.is_zero());
  const auto all = settled_by(g, "1.75");
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[1].cost.value, dollars("0.25"));
}

TEST(corrections, never_outside_of_the_interval_or_beside_other_causes) {
  EXPECT_TRUE(settled_by(with_doubts({{"0.25", "0.5"}}), "1.2").empty());
  EXPECT_TRUE(settled_by(with_doubts({{"0.25", "0.5"}}), "1.6").empty());
  auto open = with_doubts({{"0.25", "0.5"}});
  ASSERT_TRUE(open.add(testing::open_entry(), moment::max()));
  EXPECT_TRUE(settled_by(open, "1.3").empty());
  auto unknown = with_doubts({{"0.25", "0.5"}});
  auto e = testing::settled_entry();
  e.cost = {};
  ASSERT_TRUE(unknown.add(e, moment::max()));
  EXPECT_TRUE(settled_by(unknown, "1.3").empty());
}

TEST(model_names, dates_and_signs_do_not_matter) {
  EXPECT_EQ(plain_model(" Doubao-Seed-1.6 Pro"), "doubao-seed-1-6-pro");
  EXPECT_EQ(undated_model("claude-x-20250929"), "claude-x");
  EXPECT_EQ(undated_model("gpt-x-2025-09-29"), "gpt-x");
  EXPECT_EQ(undated_model("doubao-seed-250615"), "doubao-seed");
  EXPECT_EQ(undated_model("gpt-4"), "gpt-4");
  EXPECT_EQ(undated_model("20250929"), "20250929");
}

}  // namespace
}  // namespace ark::billing
