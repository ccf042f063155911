#include "policy/rate_bucket.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace ark::policy::rate_bucket_test {
namespace {

constexpr std::int64_t second = 1'000'000'000;
constexpr std::int64_t t0 = 1000 * second;
constexpr std::int64_t any = std::numeric_limits<std::int64_t>::max() / 4;

TEST(rate_bucket, without_a_limit_nothing_waits) {
  rate_bucket b;
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(book(b, 1'000'000, t0, any), 0);
}

TEST(rate_bucket, a_burst_goes_and_the_next_waits_for_one_unit) {
  rate_bucket b;
  set_limit(b, 60, 60 * second);
  for (int i = 0; i < 60; ++i) ASSERT_EQ(book(b, 1, t0, any), 0) << i;
  EXPECT_EQ(book(b, 1, t0, any), second);
  EXPECT_EQ(book(b, 1, t0, any), 2 * second) << "those that wait have booked";
  EXPECT_EQ(book(b, 1, t0 + 60 * second, any), 0);
}

TEST(rate_bucket, never_more_than_the_limit_in_any_window) {
  rate_bucket b;
  set_limit(b, 100, 60 * second);
  std::int64_t sent = 0;
  for (std::int64_t t = t0; t < t0 + 600 * second; t += second / 10) sent += book(b, 1, t, 0) == 0;
  EXPECT_GE(sent, 1000);
  EXPECT_LE(sent, 1100) << "ten windows and one burst";
}

TEST(rate_bucket, what_would_wait_too_long_books_nothing) {
  rate_bucket b;
  set_limit(b, 1, 60 * second);
  EXPECT_EQ(book(b, 1, t0, any), 0);
  EXPECT_FALSE(book(b, 1, t0, 59 * second));
  EXPECT_EQ(book(b, 1, t0, 60 * second), 60 * second);
}

TEST(rate_bucket, more_than_a_burst_takes_all_of_it) {
  rate_bucket b;
  set_limit(b, 1000, 60 * second);
  EXPECT_EQ(book(b, 1'000'000'000'000, t0, any), 0);
  EXPECT_EQ(book(b, 1000, t0, any), 60 * second);
}

TEST(rate_bucket, what_was_not_used_is_given_back) {
  rate_bucket b;
  set_limit(b, 1000, 60 * second);
  EXPECT_EQ(book(b, 1000, t0, any), 0);
  give_back(b, 600);
  EXPECT_EQ(book(b, 600, t0, any), 0);
  give_back(b, -100);
  EXPECT_GT(*book(b, 1, t0, any), 5 * second) << "more was used than was booked";
}

TEST(rate_bucket, learns_what_remains_and_when_all_is_back) {
  rate_bucket b;
  learn_limit(b, 100, 10, 54 * second, t0);
  for (int i = 0; i < 10; ++i) ASSERT_EQ(book(b, 1, t0, any), 0) << i;
  EXPECT_GT(*book(b, 1, t0, any), 0);
  rate_bucket c;
  learn_limit(c, 100, 0, 60 * second, t0);
  EXPECT_EQ(book(c, 100, t0 + 60 * second, any), 0) << "all is back";
}

TEST(rate_bucket, what_the_vendor_has_not_seen_stays_booked) {
  rate_bucket b;
  learn_limit(b, 10, 5, 5 * second, t0);
  for (int i = 0; i < 5; ++i) ASSERT_EQ(book(b, 1, t0, any), 0);
  learn_limit(b, 10, 4, 6 * second, t0);
  EXPECT_GT(*book(b, 1, t0, any), 0) << "five are under way";
}

TEST(rate_bucket, nothing_used_teaches_nothing) {
  rate_bucket b;
  learn_limit(b, 100, 100, 0, t0);
  EXPECT_EQ(b.unit_ns.load(), 0);
}

TEST(rate_bucket, absurd_values_do_no_harm) {
  rate_bucket b;
  learn_limit(b, -1, 5, second, t0);
  learn_limit(b, 5, -1, second, t0);
  learn_limit(b, 5, 1, std::numeric_limits<std::int64_t>::max(), t0);
  set_limit(b, 0, second);
  EXPECT_EQ(b.unit_ns.load(), 0);
  b.unit_ns = std::numeric_limits<std::int64_t>::max();
  b.burst = std::numeric_limits<std::int64_t>::max();
  b.full_at_ns = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(book(b, 1, t0, any), 0);
  set_limit(b, std::numeric_limits<std::int64_t>::max(), 60 * second);
  EXPECT_EQ(book(b, std::numeric_limits<std::int64_t>::max(), t0, any), 0);
}

TEST(rate_bucket, a_restart_of_the_machine_begins_anew) {
  rate_bucket b;
  set_limit(b, 1, 60 * second);
  EXPECT_EQ(book(b, 1, t0 + 1'000'000 * second, any), 0);
  EXPECT_EQ(book(b, 1, t0, any), 0) << "the clock began at zero again";
}

}  // namespace
}  // namespace ark::policy::rate_bucket_test
