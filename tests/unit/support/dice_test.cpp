#include "sim/dice.hpp"

#include <gtest/gtest.h>
#include <set>

namespace ark::testing {

TEST(dice, text_hash_is_the_published_fnv1a) {
  EXPECT_EQ(hash_text(""), 0xcbf29ce484222325u);
  EXPECT_EQ(hash_text("a"), 0xaf63dc4c8601ec8cu);
  EXPECT_EQ(hash_text("foobar"), 0x85944171f73967e8u);
}

TEST(dice, mixed_numbers_differ_and_lie_in_the_unit_interval) {
  std::set<std::uint64_t> seen;
  double sum = 0;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    seen.insert(mix(7, i));
    const double x = unit_interval(mix(7, i));
    EXPECT_GE(x, 0);
    EXPECT_LT(x, 1);
    sum += x;
  }
  EXPECT_EQ(seen.size(), 1000u);
  EXPECT_NEAR(sum / 1000, 0.5, 0.05);
}

TEST(dice, token_text_has_the_length_and_depends_on_its_bits) {
  EXPECT_EQ(token_text(1, 24).size(), 24u);
  EXPECT_EQ(token_text(1, 24), token_text(1, 24));
  EXPECT_NE(token_text(1, 24), token_text(2, 24));
}

}  // namespace ark::testing
