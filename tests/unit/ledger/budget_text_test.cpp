#include "ledger/budget_text.hpp"

#include <gtest/gtest.h>

namespace ark::testing {
namespace {

TEST(budget_text_test, a_scope_comes_back) {
  const budget_scope scope{.vendor = "v",
                           .model = "m",
                           .tenant = "t",
                           .user = "u",
                           .task = "k",
                           .run = "r",
                           .tags = {{"team", "a \"b\""}, {"x", ""}}};
  budget_scope back;
  ASSERT_TRUE(detail::read_scope(detail::scope_json(scope), back));
  EXPECT_EQ(back, scope);
  EXPECT_EQ(detail::scope_json({}), "{}");
  EXPECT_EQ(detail::scope_json({.tags = {{"team", "a"}}}), R"({"tags":{"team":"a"}})");
}

TEST(budget_text_test, thresholds_and_periods_come_back) {
  std::vector<int> back;
  ASSERT_TRUE(detail::read_thresholds(detail::thresholds_json({50, 90}), back));
  EXPECT_EQ(back, (std::vector<int>{50, 90}));
  for (const auto p :
       {budget_period::total, budget_period::day, budget_period::month, budget_period::rolling}) {
    budget_period read = budget_period::total;
    ASSERT_TRUE(detail::read_period(to_string(p), read));
    EXPECT_EQ(read, p);
  }
}

TEST(budget_text_test, what_is_no_such_text_is_told) {
  budget_scope scope;
  std::vector<int> thresholds;
  budget_period period = budget_period::day;
  EXPECT_FALSE(detail::read_scope("[]", scope));
  EXPECT_FALSE(detail::read_scope(R"({"tags":7})", scope));
  EXPECT_FALSE(detail::read_thresholds("{}", thresholds));
  EXPECT_FALSE(detail::read_period("year", period));
  EXPECT_NE(detail::damaged_budget("all").message.find("\"all\""), std::string::npos);
}

}  // namespace
}  // namespace ark::testing
