#include "cli/time_text.hpp"

#include <gtest/gtest.h>

namespace ark::cli {
namespace {

TEST(time_text, is_utc_and_nothing_for_nothing) {
  EXPECT_EQ(time_text(1'700'000'000), "2023-11-14T22:13:20Z");
  EXPECT_EQ(time_text(0), "");
  EXPECT_EQ(time_text(-5), "");
  EXPECT_EQ(time_text(INT64_MAX), "");
}

}  // namespace
}  // namespace ark::cli
