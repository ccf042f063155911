#include "policy/questions.hpp"

#include <gtest/gtest.h>

namespace ark::policy {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(questions, waits_grow_to_a_bound) {
  EXPECT_EQ(next_question(0, {}), seconds(1));
  EXPECT_EQ(next_question(1, {}), milliseconds(1500));
  EXPECT_EQ(next_question(2, {}), milliseconds(2250));
  EXPECT_EQ(next_question(20, {}), seconds(15));
  EXPECT_EQ(next_question(1'000'000, {}), seconds(15));
}

// Recorded of bfl: "retry-after: 0" while the task runs.
TEST(questions, the_vendors_word_counts_within_bounds) {
  EXPECT_EQ(next_question(9, milliseconds(0)), milliseconds(500));
  EXPECT_EQ(next_question(9, milliseconds(3000)), seconds(3));
  EXPECT_EQ(next_question(0, seconds(86'400)), seconds(60));
}

}  // namespace
}  // namespace ark::policy
