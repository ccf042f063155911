#include <gtest/gtest.h>

#include "billing/reconcile_group.hpp"
#include "tests/unit/billing/billing_support.hpp"

namespace ark::billing {
namespace {

amount cents(std::int64_t n) { return amount::from_raw(amount::rep{n} * 10'000'000'000'000); }

struct group_case {
  group g;
  group_case& billed(std::int64_t value, const char* currency = "USD") {
    EXPECT_TRUE(g.add(vendor_line{.place = "b.csv:2", .cost = money{cents(value), currency}}));
    return *this;
  }
  group_case& booked(std::int64_t value, const char* hash = "p1") {
    auto e = testing::settled_entry();
    e.cost.value = e.cost.low = e.cost.high = cents(value);
    e.cost.price_hash = hash;
    EXPECT_TRUE(g.add(e, e.begun + std::chrono::hours(1)));
    return *this;
  }
  group_case& entry(const ledger_entry& e) {
    EXPECT_TRUE(g.add(e, e.begun + std::chrono::hours(1)));
    return *this;
  }
  std::vector<reconcile_item> items(amount tolerance = {}) const {
    return items_of({.model = "m"}, g, tolerance);
  }
};

bool says(const reconcile_item& item, const std::string& part) {
  for (const auto& reason : item.reasons)
    if (reason.find(part) != std::string::npos) return true;
  return false;
}

TEST(reconcile_items, same_money_matches_also_within_a_tolerance) {
  EXPECT_EQ(group_case{}.billed(100).booked(100).items().at(0).status, match_status::matched);
  EXPECT_EQ(group_case{}.billed(101).booked(100).items().at(0).status,
            match_status::amount_differs);
  EXPECT_EQ(group_case{}.billed(101).booked(100).items(cents(1)).at(0).status,
            match_status::matched);
}

TEST(reconcile_items, one_side_only_is_missing_on_the_other) {
  const auto vendor_only = group_case{}.billed(100).items();
  EXPECT_EQ(vendor_only.at(0).status, match_status::missing_in_ledger);
  EXPECT_TRUE(says(vendor_only[0], "another program"));
  const auto ledger_only = group_case{}.booked(100).items();
  EXPECT_EQ(ledger_only.at(0).status, match_status::missing_at_vendor);
  EXPECT_FALSE(ledger_only[0].billed.has_value());
  EXPECT_TRUE(group_case{}.booked(0).items().empty()) << "free, and nobody billed it";
}

TEST(reconcile_items, the_doubtful_explain_what_is_within_their_interval) {
  auto e = testing::ambiguous_entry();  // 0.25 to 0.5
  EXPECT_TRUE(says(group_case{}.billed(140).booked(100).entry(e).items().at(0),
                   "is within what may have been billed"));
  EXPECT_TRUE(says(group_case{}.billed(200).booked(100).entry(e).items().at(0), "a part of it"));
}

TEST(reconcile_items, arithmetic_reasons_are_exact) {
  EXPECT_TRUE(says(group_case{}.billed(50).booked(100).items().at(0), "billed half"));
  EXPECT_FALSE(says(group_case{}.billed(51).booked(100).items().at(0), "billed half"));
  EXPECT_TRUE(says(group_case{}.billed(200).booked(100).items().at(0), "twice"));
  auto e = testing::settled_entry();
  e.cost.value = e.cost.low = e.cost.high = cents(110);
  const auto line = [](const char* dimension, std::int64_t quantity, std::int64_t price) {
    return cost_line{
        .dimension = dimension, .quantity = quantity, .unit_price = cents(price), .per = 1'000'000};
  };
  e.lines = {line("input", 1'000'000, 100), line("cache_read", 1'000'000, 10)};
  EXPECT_TRUE(says(group_case{}.entry(e).billed(200).items().at(0), "uncached"));
  EXPECT_FALSE(says(group_case{}.entry(e).billed(199).items().at(0), "uncached"));
}

TEST(reconcile_items, rounding_explains_only_what_is_round) {
  auto e = testing::settled_entry();
  e.cost.value = e.cost.low = e.cost.high = amount::parse("1.004").value();
  EXPECT_TRUE(says(group_case{}.entry(e).billed(100).items().at(0), "rounding"));
  EXPECT_FALSE(says(group_case{}.entry(e).billed(101).items().at(0), "rounding"));
  group_case exact;
  ASSERT_TRUE(exact.g.add(vendor_line{.cost = money{amount::parse("1.0035").value(), "USD"}}));
  EXPECT_FALSE(says(exact.entry(e).items().at(0), "rounding"));
}

TEST(reconcile_items, prices_midnight_and_unknown_costs_are_named) {
  EXPECT_TRUE(says(group_case{}.billed(301).booked(100, "a").booked(200, "b").items().at(0),
                   "price changed"));
  auto late = testing::settled_entry();
  late.ended = late.begun + std::chrono::hours(2);
  EXPECT_TRUE(says(group_case{}.billed(10).entry(late).items().at(0), "ended after it"));
  auto unknown = testing::settled_entry();
  unknown.cost = {};
  const auto item = group_case{}.billed(10).entry(unknown).items().at(0);
  EXPECT_EQ(item.status, match_status::amount_differs);
  EXPECT_TRUE(says(item, "no known cost"));
}

TEST(reconcile_items, currencies_stand_beside_each_other) {
  const auto items = group_case{}.billed(700, "CNY").booked(100).items();
  ASSERT_EQ(items.size(), 2u);
  EXPECT_EQ(items[0].currency, "CNY");
  EXPECT_EQ(items[0].status, match_status::missing_in_ledger);
  EXPECT_TRUE(says(items[0], "in USD"));
  EXPECT_EQ(items[1].status, match_status::missing_at_vendor);
}

TEST(reconcile_items, reports_of_tokens_compare_tokens) {
  group_case c;
  ASSERT_TRUE(c.g.add(vendor_line{.usage = usage{.input = 7, .reported = true}}));
  c.entry(testing::settled_entry());
  EXPECT_EQ(c.items().at(0).status, match_status::matched);
  ASSERT_TRUE(c.g.add(vendor_line{.usage = usage{.output = 3, .reported = true}}));
  const auto item = c.items().at(0);
  EXPECT_EQ(item.status, match_status::amount_differs);
  EXPECT_TRUE(says(item, "the vendor counts 10 tokens, the ledger 7"));
}

}  // namespace
}  // namespace ark::billing
