#include "ledger/verify_segments.hpp"

#include "chain_support.hpp"
#include "ledger/file.hpp"
#include "ledger/row_stream.hpp"

namespace ark::testing {
namespace {

class verify_segments_test : public chain_fixture {};

TEST_F(verify_segments_test, a_segment_whose_rows_lie_in_two_hands_is_put_together) {
  open();
  ASSERT_TRUE(commit(*to, {intent(1), intent(2), intent(3)}));
  auto db = detail::open_readable(path, std::chrono::milliseconds(100)).value();
  detail::segment_marks marks(1);
  detail::findings found;
  detail::segment_matcher left(db, detail::row_kind::intent, marks, found);
  detail::segment_matcher right(db, detail::row_kind::intent, marks, found);
  ASSERT_TRUE(left.prepare() && right.prepare());
  auto rows = detail::row_stream::open(db, detail::row_kind::intent, 1, 3).value();
  for (int i = 1; i <= 3; ++i) {
    ASSERT_TRUE(rows.next().value());
    auto& into = i < 3 ? left : right;
    ASSERT_TRUE(into.add(1, rows.sequence(), rows.digest_of_row()));
  }
  EXPECT_FALSE(marks.is_dealt_with(1, detail::row_kind::intent));
  left.take(std::move(right.waiting()));
  EXPECT_TRUE(marks.is_dealt_with(1, detail::row_kind::intent));
  left.tell_incomplete();
  ledger_check check;
  std::move(found).give(check);
  EXPECT_TRUE(check.good()) << words_of(check);
}

TEST_F(verify_segments_test, a_gap_and_a_missing_end_are_told) {
  record_ten();
  sql(path, "DELETE FROM segment WHERE id IN (4, 5, 20)");
  auto db = detail::open_readable(path, std::chrono::milliseconds(100)).value();
  detail::segment_marks marks(20);
  detail::findings found;
  std::int64_t older = 0;
  ASSERT_TRUE(detail::walk_chain(db, 1, 20, marks, found, older));
  ledger_check check;
  std::move(found).give(check);
  EXPECT_EQ(words_of(check), "segments are gone: 4 to 5\nsegments are gone: 20\n");
  EXPECT_EQ(older, 0);
}

}  // namespace
}  // namespace ark::testing
