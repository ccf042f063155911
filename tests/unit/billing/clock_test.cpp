#include "billing/clock.hpp"

#include <gtest/gtest.h>

namespace ark::billing {
namespace {

using namespace std::chrono_literals;

std::string read_back(std::string_view text, std::chrono::minutes offset = 0min) {
  const auto at = parse_time(text, offset);
  return at ? time_text(*at) : "no";
}

TEST(clock, reads_what_vendors_write) {
  EXPECT_EQ(read_back("2026-11-21T10:00:00Z"), "2026-11-21T10:00:00.000000Z");
  EXPECT_EQ(read_back("2026-11-21T10:00:00.25+08:00"), "2026-11-21T02:00:00.250000Z");
  EXPECT_EQ(read_back("2026-11-21 10:00:00", 480min), "2026-11-21T02:00:00.000000Z");
  EXPECT_EQ(read_back("2026-11-21T10:00-0530", 480min), "2026-11-21T15:30:00.000000Z");
  EXPECT_EQ(read_back("2026/11/21"), "2026-11-21T00:00:00.000000Z");
  EXPECT_EQ(read_back("2026-11"), "2026-11-01T00:00:00.000000Z");
}

TEST(clock, refuses_what_is_no_time) {
  for (const char* text :
       {"", "2026", "2026-13-01", "2026-02-30", "2026-11-21T", "2026-11-21x", "2026-11-21T25:00",
        "20261121", "9998-11-21", "1969-12-31", "2026-11-21T10:00:00Zz"})
    EXPECT_EQ(read_back(text), "no") << text;
}

TEST(clock, days_and_months_begin_where_the_clocks_say) {
  const auto at = *parse_time("2026-11-30T17:30:00Z", 0min);
  EXPECT_EQ(second_text(day_of(at, 0min)), "2026-11-30T00:00:00Z");
  EXPECT_EQ(second_text(day_of(at, 480min)), "2026-11-30T16:00:00Z");
  const auto [first, next] = month_of(at, 480min);
  EXPECT_EQ(second_text(first), "2026-11-30T16:00:00Z");
  EXPECT_EQ(second_text(next), "2026-12-31T16:00:00Z");
  EXPECT_EQ(second_text(month_of(at, 0min).first), "2026-11-01T00:00:00Z");
}

}  // namespace
}  // namespace ark::billing
