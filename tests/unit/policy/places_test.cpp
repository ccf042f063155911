#include "policy/places.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace ark::policy::places_test {
namespace {

using std::chrono::milliseconds;
const time_point t0{};

TEST(places, round_robin_where_all_are_equal) {
  const std::vector<place_state> three(3);
  for (std::size_t i = 0; i < 7; ++i) EXPECT_EQ(choose_place(three, i, t0), i % 3);
}

TEST(places, the_one_with_the_least_in_flight) {
  const std::vector<place_state> p = {{.in_flight = 2}, {.in_flight = 1}, {.in_flight = 3}};
  EXPECT_EQ(choose_place(p, 0, t0), 1U);
}

TEST(places, weights_share_the_load) {
  std::vector<place_state> p = {{.weight = 3}, {.weight = 1}};
  for (std::size_t i = 0; i < 40; ++i) ++p[*choose_place(p, i, t0)].in_flight;
  EXPECT_EQ(p[0].in_flight, 30);
  EXPECT_EQ(p[1].in_flight, 10);
}

TEST(places, those_that_are_aside_are_passed_over) {
  std::vector<place_state> p(2);
  p[0].aside_until = t0 + milliseconds(10);
  EXPECT_EQ(choose_place(p, 0, t0), 1U);
  EXPECT_EQ(choose_place(p, 0, t0 + milliseconds(10)), 0U);
  p[1].aside_until = t0 + milliseconds(5);
  EXPECT_FALSE(choose_place(p, 0, t0));
  EXPECT_EQ(first_back(p), 1U);
}

TEST(places, no_places_no_choice) { EXPECT_FALSE(choose_place({}, 3, t0)); }

TEST(places, what_puts_one_aside_and_for_how_long) {
  EXPECT_EQ(aside_after({.code = errc::rate_limit, .retry_after = milliseconds(700)}),
            milliseconds(700));
  EXPECT_EQ(aside_after({.code = errc::rate_limit}), milliseconds(1000));
  EXPECT_EQ(aside_after({.code = errc::quota, .http_status = 402}), std::chrono::minutes(5));
  EXPECT_EQ(aside_after({.code = errc::auth, .http_status = 401}), std::chrono::minutes(5));
  EXPECT_EQ(aside_after({.code = errc::auth}), duration::zero()) << "no vendor said so";
  EXPECT_EQ(aside_after({.code = errc::server, .http_status = 500}), duration::zero());
}

}  // namespace
}  // namespace ark::policy::places_test
