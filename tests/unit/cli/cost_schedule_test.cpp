#include <gtest/gtest.h>

#include "cli/cost_card.hpp"

namespace ark::cli::worked::schedule_test {
namespace {

/// "60-240 360-600 rest 65 zone 480".
std::string hours(std::string_view text) {
  const auto read = read_schedule(text);
  if (!read) return "nothing";
  std::string out;
  for (const auto& w : read->peak)
    out += std::to_string(w.from_minute) + "-" + std::to_string(w.to_minute) + " ";
  return out + "rest " + std::to_string(read->off_peak_weekdays) + " zone " +
         std::to_string(read->weekday_utc_offset_minutes);
}

TEST(a_schedule, names_its_peak_hours) {
  EXPECT_EQ(hours("peak Mon-Fri 01:00-04:00 and 06:00-10:00 UTC (= 09-12,14-18 Beijing); else "
                  "off-peak"),
            "60-240 360-600 rest 65 zone 480");
  EXPECT_EQ(hours("peak 0:00-14:00 UTC"), "0-840 rest 0 zone 0");
  EXPECT_EQ(hours("UTC: peak 22-24"), "1320-1440 rest 0 zone 0");
}

TEST(a_schedule, may_name_the_other_hours) {
  EXPECT_EQ(hours("off-peak 16:30-00:30 UTC"), "30-990 rest 0 zone 0");
  EXPECT_EQ(hours("off_peak 16:30-00:30 UTC; peak else"), "30-990 rest 0 zone 0");
  EXPECT_EQ(hours("standard 00:30-16:30 UTC, off-peak 16:30-00:30 UTC"), "30-990 rest 0 zone 0");
}

TEST(a_schedule, may_be_in_the_vendors_time) {
  EXPECT_EQ(hours("peak weekdays 09:00-12:00 Beijing"), "60-240 rest 65 zone 480");
  EXPECT_EQ(hours("peak 09:00-12:00 (UTC+8)"), "60-240 rest 0 zone 480");
  EXPECT_EQ(hours("peak 09:00-12:00 UTC+8"), "60-240 rest 0 zone 480");
}

TEST(a_schedule, without_hours_is_none) {
  for (const char* text :
       {"", "always", "peak", "peak 25:00-26:00 UTC", "peak 1:00 UTC", "off-peak"})
    EXPECT_EQ(hours(text), "nothing") << text;
}

}  // namespace
}  // namespace ark::cli::worked::schedule_test
