#include "ledger/row_stream.hpp"

#include "chain_support.hpp"
#include "ledger/file.hpp"

namespace ark::testing {
namespace {

class row_stream_test : public chain_fixture {};

TEST_F(row_stream_test, reads_the_digest_that_was_sealed) {
  open();
  attempt_intent i = intent(1);
  i.tags = {{"team", "名"}};
  ASSERT_TRUE(commit(*to, {i, outcome(1), intent(2)}));
  auto db = detail::open_readable(path, std::chrono::milliseconds(100)).value();
  for (const auto kind : {detail::row_kind::intent, detail::row_kind::outcome}) {
    auto rows = detail::row_stream::open(db, kind, INT64_MIN, INT64_MAX).value();
    ASSERT_TRUE(rows.next().value());
    EXPECT_EQ(rows.sequence(), 1);
    EXPECT_EQ(rows.segment(), 1);
    EXPECT_TRUE(rows.is_checked());
    EXPECT_EQ(rows.stored_check(), detail::row_check(rows.digest_of_row()));
  }
  auto part = detail::row_stream::open(db, detail::row_kind::intent, 2, 2).value();
  EXPECT_TRUE(part.next().value());
  EXPECT_EQ(part.sequence(), 2);
  EXPECT_FALSE(part.next().value());
  EXPECT_FALSE(part.is_row());
}

}  // namespace
}  // namespace ark::testing
