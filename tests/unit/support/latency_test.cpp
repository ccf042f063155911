#include "sim/latency.hpp"

#include <gtest/gtest.h>

namespace ark::testing {

using namespace std::chrono_literals;

TEST(latency, durations_have_units) {
  EXPECT_EQ(parse_duration("150ms").value(), 150ms);
  EXPECT_EQ(parse_duration("1.5s").value(), 1500ms);
  EXPECT_EQ(parse_duration("20us").value(), 20us);
  EXPECT_EQ(parse_duration("7").value(), 7ms);
  for (const auto* bad : {"", "ms", "-1s", "1h", "nan", "1e99s"})
    EXPECT_FALSE(parse_duration(bad)) << bad;
}

TEST(latency, empty_means_at_once) {
  const latency none = latency::parse("").value();
  EXPECT_EQ(none.first(99), 0us);
  EXPECT_EQ(none.token(99), 0us);
}

TEST(latency, ranges_stay_inside_their_ends) {
  const latency l = latency::parse("50ms..60ms+1ms..3ms").value();
  for (std::uint64_t dice = 0; dice < 5000; dice += 7) {
    EXPECT_GE(l.first(dice), 50ms);
    EXPECT_LE(l.first(dice), 60ms);
    EXPECT_GE(l.token(dice), 1ms);
    EXPECT_LE(l.token(dice), 3ms);
  }
  EXPECT_NE(l.first(1), l.first(2));
}

TEST(latency, a_range_from_long_to_short_is_refused) {
  EXPECT_FALSE(latency::parse("60ms..50ms"));
  EXPECT_FALSE(latency::parse("60ms+x"));
}

}  // namespace ark::testing
