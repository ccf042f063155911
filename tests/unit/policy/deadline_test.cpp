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

}  // namespace
}  // namespace ark::policy
