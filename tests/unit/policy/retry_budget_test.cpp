#include "policy/retry_budget.hpp"

#include <gtest/gtest.h>

namespace ark::policy::retry_budget_test {
namespace {

TEST(retry_budget, is_empty_after_so_many_retries) {
  retry_budget b;
  const retry_budget_options o{.capacity = 12, .cost = 5, .timeout_cost = 10};
  EXPECT_TRUE(b.take(o, errc::overloaded));
  EXPECT_TRUE(b.take(o, errc::overloaded));
  EXPECT_FALSE(b.take(o, errc::overloaded));
  EXPECT_EQ(b.used(), 10) << "what is refused takes nothing";
}

TEST(retry_budget, a_timeout_costs_more) {
  retry_budget b;
  const retry_budget_options o{.capacity = 10, .cost = 5, .timeout_cost = 10};
  EXPECT_TRUE(b.take(o, errc::timeout));
  EXPECT_FALSE(b.take(o, errc::overloaded));
}

TEST(retry_budget, success_gives_back_and_never_more_than_there_was) {
  retry_budget b;
  const retry_budget_options o{.capacity = 10, .cost = 5, .refund = 1};
  EXPECT_TRUE(b.take(o, errc::server));
  b.give_back(o, 5);
  EXPECT_EQ(b.used(), 0);
  b.give_back(o, 0);
  EXPECT_EQ(b.used(), 0);
  EXPECT_TRUE(b.take(o, errc::server));
  b.give_back(o, 0);
  EXPECT_EQ(b.used(), 4) << "a first attempt gives back little";
}

TEST(retry_budget, without_a_capacity_there_is_none) {
  retry_budget b;
  for (int i = 0; i < 10'000; ++i) ASSERT_TRUE(b.take({.capacity = 0}, errc::server));
}

}  // namespace
}  // namespace ark::policy::retry_budget_test
