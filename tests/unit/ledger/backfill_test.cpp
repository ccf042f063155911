#include "ledger/backfill.hpp"

#include "chain_support.hpp"

namespace ark::testing {
namespace {

class backfill_test : public chain_fixture {};

TEST_F(backfill_test, an_older_ledger_is_chained_and_summed_as_it_lies) {
  open();
  random_ledger(3).record(book, 1500);
  const auto before = book.report({"day", "tag:team"}, {}).value();
  close();
  make_older();
  open();
  const auto check = book.verify({.threads = 3}).value();
  EXPECT_TRUE(check.good()) << words_of(check);
  EXPECT_GT(check.older, 1);
  EXPECT_EQ(check.older + 1, check.segments) << "what was open is booked as lost at opening";
  EXPECT_EQ(book.report({"day", "tag:team"}, {}).value().size(), before.size());
  // It goes on, with outcomes for attempts from before.
  random_ledger(4).record(book, 0);
  ASSERT_TRUE(commit(*to, {intent(1 << 20), outcome(1 << 20)}));
  EXPECT_TRUE(book.verify().value().good());
}

TEST_F(backfill_test, L08_rows_from_before_are_guarded_from_then_on) {
  record_ten();
  make_older();
  open();
  close();
  ASSERT_TRUE(verify().good());
  sql(path, "UPDATE intent SET tenant = 'x' WHERE seq = 3");
  EXPECT_NE(words_of(verify()).find("intent rows 1 to 10 of segment 1"), std::string::npos);
  sql(path, "UPDATE intent SET tenant = NULL WHERE seq = 3");
  ASSERT_TRUE(verify().good());
  // A row that pretends to be from before.
  sql(path,
      "INSERT INTO intent(begun_us, attempt_id, attempt, quote_status) VALUES(1, 1, 1, 'exact')");
  EXPECT_FALSE(verify().good());
}

}  // namespace
}  // namespace ark::testing
