#include "policy/deadline.hpp"

#include <gtest/gtest.h>

namespace ark::policy {
namespace {

using std::chrono::milliseconds;
const time_point start{};

TEST(deadline, shrinks_and_passes) {
  const deadline until(start, milliseconds(100));
  EXPECT_EQ(until.remaining(start + milliseconds(40)), milliseconds(60));
  EXPECT_FALSE(until.passed(start + milliseconds(99)));
  EXPECT_TRUE(until.passed(start + milliseconds(100)));
  EXPECT_EQ(until.remaining(start + milliseconds(200)), duration::zero());
}

TEST(deadline, zero_is_no_limit) {
  const deadline until(start, milliseconds(0));
  EXPECT_FALSE(until.passed(start + std::chrono::hours(1000)));
  EXPECT_EQ(until.cut(milliseconds(0), start), milliseconds(0));
  EXPECT_EQ(until.cut(milliseconds(7), start), milliseconds(7));
}

TEST(deadline, cuts_other_limits_and_never_to_zero) {
  const deadline until(start, milliseconds(100));
  EXPECT_EQ(until.cut(milliseconds(500), start + milliseconds(40)), milliseconds(60));
  EXPECT_EQ(until.cut(milliseconds(10), start + milliseconds(40)), milliseconds(10));
  EXPECT_EQ(until.cut(milliseconds(0), start + milliseconds(40)), milliseconds(60));
  EXPECT_EQ(until.cut(milliseconds(500), start + milliseconds(400)), milliseconds(1));
}

TEST(deadline, first_content_by_the_models_class) {
  using namespace std::chrono_literals;
  const auto by_class = milliseconds(-1);
  EXPECT_EQ(first_content_limit(by_class, {.known = true, .streamed = true}), 2min);
  EXPECT_EQ(first_content_limit(by_class, {.known = true}), 5min) << "all of it at once";
  EXPECT_EQ(first_content_limit(by_class, {.streamed = true}), 5min) << "nobody knows it";
  EXPECT_EQ(first_content_limit(by_class, {.known = true, .reasons = true, .streamed = true}),
            10min);
  EXPECT_EQ(first_content_limit(by_class, {.known = true, .streamed = true, .own_machine = true}),
            10min);
  EXPECT_EQ(first_content_limit(milliseconds(7), {.reasons = true}), milliseconds(7));
  EXPECT_EQ(first_content_limit(milliseconds(0), {.known = true}), milliseconds(0)) << "none";
}

}  // namespace
}  // namespace ark::policy
