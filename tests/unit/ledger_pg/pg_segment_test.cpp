#include "ledger_pg/pg_segment.hpp"

#include <gtest/gtest.h>

namespace ark::testing {
namespace {

TEST(pg_segment_test, each_session_begins_its_chain_in_its_own_way) {
  EXPECT_NE(detail::chain_start(1), detail::chain_start(2));
  const detail::pg_chain chain(7);
  EXPECT_EQ(chain.head().id, 0);
  EXPECT_EQ(chain.head().hash, detail::chain_start(7));
}

TEST(pg_segment_test, a_sealed_row_has_its_checksum_last) {
  detail::pg_chain chain(7);
  detail::row row;
  row.text("a");
  row.integer(5);
  detail::row_digest digest;
  digest.cells(row.cells());
  chain.seal(row, detail::row_kind::intent, 1);
  ASSERT_EQ(row.cells().size(), 3u);
  EXPECT_EQ(row.cells()[2].number, detail::row_check(digest.finish()));
  EXPECT_EQ(chain.place({}).size(), 2u);
}

/// A connection that is not there takes what is queued and sends nothing.
TEST(pg_segment_test, only_rows_that_were_added_make_a_segment) {
  detail::pg_chain chain(7);
  pg::connection nowhere;
  const auto segment_of = [&](std::uint64_t added) {
    chain.begin();
    for (std::uint64_t key = 1; key <= 2; ++key) {
      detail::row row;
      row.integer(static_cast<std::int64_t>(key));
      chain.seal(row, detail::row_kind::outcome, key);
      if (key <= added) chain.added(detail::row_kind::outcome, key, 10);
    }
    chain.added(detail::row_kind::outcome, 99, 11);  // never sealed here
    chain.queue(nowhere, 5);
    return chain.take_made();
  };
  EXPECT_FALSE(segment_of(0));
  const auto one = segment_of(1), two = segment_of(2);
  ASSERT_TRUE(one && two);
  EXPECT_EQ(one->id, 1);
  EXPECT_NE(one->hash, two->hash);
  EXPECT_EQ(segment_of(1), one) << "a transaction that is made again makes the same";
  chain.committed(*one);
  EXPECT_EQ(segment_of(1)->id, 2);
}

}  // namespace
}  // namespace ark::testing
