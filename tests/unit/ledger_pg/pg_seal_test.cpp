#include "ledger_pg/pg_seal.hpp"

#include <gtest/gtest.h>

namespace ark::testing {
namespace {

TEST(pg_seal_test, its_hash_is_over_all_that_it_says_and_the_one_before) {
  const detail::pg_seal seal{.id = 2, .at_us = 3, .session = 4, .end = {5, {6}}};
  const auto hash = detail::hash_of(seal, {1});
  EXPECT_EQ(detail::hash_of(seal, {1}), hash);
  EXPECT_NE(detail::hash_of(seal, {2}), hash);
  for (auto change :
       {+[](detail::pg_seal& s) { ++s.id; }, +[](detail::pg_seal& s) { ++s.at_us; },
        +[](detail::pg_seal& s) { ++s.session; }, +[](detail::pg_seal& s) { ++s.end.id; },
        +[](detail::pg_seal& s) { ++s.end.hash[31]; }}) {
    auto other = seal;
    change(other);
    EXPECT_NE(detail::hash_of(other, {1}), hash);
  }
}

}  // namespace
}  // namespace ark::testing
