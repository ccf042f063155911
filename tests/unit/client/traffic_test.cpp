#include "client/traffic.hpp"

#include <gtest/gtest.h>

namespace ark::traffic_test {
namespace {

TEST(traffic, remembers_models_and_is_bounded) {
  traffic t;
  t.lane_of("a/b").whole.add(std::chrono::milliseconds(5));
  EXPECT_TRUE(t.lane_of("a/b").whole.quantile(0.5, 1));
  EXPECT_FALSE(t.lane_of("a/c").whole.quantile(0.5, 1));
  for (std::size_t i = 0; i < traffic::most_lanes; ++i) t.lane_of(std::to_string(i));
  EXPECT_FALSE(t.lane_of("a/b").whole.quantile(0.5, 1)) << "begun anew";
}

}  // namespace
}  // namespace ark::traffic_test
