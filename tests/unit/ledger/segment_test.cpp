#include "ledger/segment.hpp"

#include "chain_support.hpp"

namespace ark::testing {
namespace {

using detail::row_kind;
class segment_test : public chain_fixture {};

detail::digest some(std::int64_t number) {
  detail::sha256 sum;
  sum.add(number);
  return sum.finish();
}

TEST_F(segment_test, the_order_in_which_rows_came_does_not_matter) {
  detail::segment_rows a, b, c;
  a.add(1, some(1));
  a.add(2, some(2));
  b.add(2, some(2));
  c.add(1, some(1));
  b.add(std::move(c));
  EXPECT_EQ(b.first(), 1);
  EXPECT_EQ(b.last(), 2);
  EXPECT_EQ(a.finish(), b.finish());
  a.add(3, some(2));
  EXPECT_NE(a.finish(), b.finish());
}

TEST_F(segment_test, its_hash_is_over_all_that_it_says) {
  const detail::segment base{.id = 3, .at_us = 7, .counts = {1, 0, 0}, .rows = {some(1)}};
  std::vector<detail::segment> others(5, base);
  others[0].id = 4;
  others[1].at_us = 8;
  others[2].counts[2] = 1;
  others[3].rows[0] = some(2);
  others[4].rows[1] = some(1);
  for (const auto& other : others)
    EXPECT_NE(detail::hash_of(other, some(9)), detail::hash_of(base, some(9)));
  EXPECT_NE(detail::hash_of(base, some(8)), detail::hash_of(base, some(9)));
}

TEST_F(segment_test, older_rows_are_chained_so_many_at_a_time) {
  EXPECT_EQ(detail::backfill_segment(1), 1);
  EXPECT_EQ(detail::backfill_segment(1024), 1);
  EXPECT_EQ(detail::backfill_segment(1025), 2);
  EXPECT_EQ(detail::backfill_segment(-5), 1);
}

TEST_F(segment_test, a_transaction_is_a_segment) {
  open();
  ASSERT_TRUE(commit(*to, {intent(1), outcome(1), intent(2)}));
  ASSERT_TRUE(commit(*to, {outcome(2)}));
  EXPECT_EQ(sql(path, "SELECT group_concat(intents||'/'||outcomes) FROM segment"), "2/1,0/1");
  EXPECT_EQ(sql(path, "SELECT group_concat(segment) FROM intent"), "1,1");
  EXPECT_EQ(sql(path, "SELECT intents_hash IS NULL FROM segment WHERE id = 2"), "1");
  // What adds no row makes none.
  ASSERT_TRUE(commit(*to, {outcome(2)}));
  EXPECT_EQ(sql(path, "SELECT max(id) FROM segment"), "2");
  EXPECT_EQ(book.head().value().segment, 2);
}

}  // namespace
}  // namespace ark::testing
