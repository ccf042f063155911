#include "policy/latency.hpp"

#include <gtest/gtest.h>

namespace ark::policy::latency_test {
namespace {

using std::chrono::milliseconds;

TEST(latency, a_quantile_is_one_of_what_was_measured) {
  latency_window w;
  for (int i = 1; i <= 100; ++i) w.add(milliseconds(i));
  EXPECT_EQ(w.quantile(0.95, 20), milliseconds(95));
  EXPECT_EQ(w.quantile(0.5, 20), milliseconds(50));
  EXPECT_EQ(w.quantile(0, 20), milliseconds(1));
  EXPECT_EQ(w.quantile(1, 20), milliseconds(100));
}

TEST(latency, too_few_say_nothing) {
  latency_window w;
  EXPECT_FALSE(hedge_delay(w));
  for (int i = 0; i < 19; ++i) w.add(milliseconds(5));
  EXPECT_FALSE(hedge_delay(w));
  w.add(milliseconds(5));
  EXPECT_EQ(hedge_delay(w), milliseconds(5));
}

TEST(latency, what_is_long_past_is_forgotten) {
  latency_window w;
  for (int i = 0; i < 128; ++i) w.add(milliseconds(1000));
  for (int i = 0; i < 128; ++i) w.add(milliseconds(10));
  EXPECT_EQ(w.quantile(1, 20), milliseconds(10));
}

TEST(latency, absurd_times_are_bounded) {
  latency_window w;
  w.add(duration::max());
  w.add(milliseconds(-5));
  EXPECT_EQ(w.quantile(0, 1), milliseconds(0));
  EXPECT_GT(*w.quantile(1, 1), std::chrono::hours(24));
}

}  // namespace
}  // namespace ark::policy::latency_test
