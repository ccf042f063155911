#include "ledger/verify_rows.hpp"

#include "chain_support.hpp"
#include "ledger/file.hpp"

namespace ark::testing {
namespace {

class verify_rows_test : public chain_fixture {};

TEST_F(verify_rows_test, an_outcome_without_an_intent_is_told_and_the_rest_is_read) {
  record_ten();
  sql(path, "DELETE FROM intent WHERE seq IN (4, 10)");
  auto db = detail::open_readable(path, std::chrono::milliseconds(100)).value();
  detail::segment_marks marks(20);
  detail::row_verifier rows(db, marks);
  ASSERT_TRUE(rows.run({}));
  EXPECT_EQ(rows.rows[0], 8);
  EXPECT_EQ(rows.rows[1], 10);
  ledger_check check;
  std::move(rows.found).give(check);
  EXPECT_EQ(words_of(check),
            "entry 4 has an outcome and no intent\n"
            "entry 10 has an outcome and no intent\n");
}

TEST_F(verify_rows_test, a_range_leaves_the_others_rows_alone) {
  record_ten();
  auto db = detail::open_readable(path, std::chrono::milliseconds(100)).value();
  detail::segment_marks marks(20);
  detail::row_verifier rows(db, marks);
  ASSERT_TRUE(rows.run({.first = 3, .last = 5}));
  EXPECT_EQ(rows.rows[0], 3);
  EXPECT_EQ(rows.rows[1], 3);
  std::int64_t attempts = 0;
  for (const auto& [place, line] : rows.sums.lines()) attempts += line.attempts;
  EXPECT_EQ(attempts, 3);
}

}  // namespace
}  // namespace ark::testing
