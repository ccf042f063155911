#include "ledger_fixture.hpp"

namespace ark::testing {
namespace {

class ledger_test : public ledger_fixture {};

TEST_F(ledger_test, no_ledger_is_an_error_and_has_no_journal) {
  EXPECT_FALSE(book);
  EXPECT_EQ(journal_of(book), nullptr);
  EXPECT_EQ(book.list({}).error().code, errc::ledger);
  EXPECT_EQ(book.report({"day"}, {}).error().code, errc::ledger);
}

TEST_F(ledger_test, an_attempt_is_open_then_settled) {
  open();
  ASSERT_TRUE(commit(*to, {intent(7)}));
  auto entries = book.list({}).value();
  ASSERT_EQ(entries.size(), 1u);
  EXPECT_EQ(entries[0].state, attempt_state::sending);
  EXPECT_FALSE(entries[0].ended);
  EXPECT_EQ(entries[0].quote, exact("0.5"));
  EXPECT_FALSE(entries[0].usage.reported);

  ASSERT_TRUE(commit(*to, {outcome(7)}));
  entries = book.list({}).value();
  ASSERT_EQ(entries.size(), 1u);
  EXPECT_EQ(entries[0].state, attempt_state::settled);
  EXPECT_EQ(entries[0].cost, exact("0.25"));
  EXPECT_EQ(entries[0].ended, at(2));
  EXPECT_EQ(entries[0].request_id, "req-7");
}

TEST_F(ledger_test, a_second_handle_reads_what_is_committed) {
  open();
  ASSERT_TRUE(commit(*to, {intent(1), outcome(1)}));
  const auto reader = ledger::open({.path = path, .read_only = true}).value();
  EXPECT_EQ(reader.list({}).value().size(), 1u);
  EXPECT_EQ(commit(*journal_of(reader), {intent(2)}).error().code, errc::ledger);
}

TEST_F(ledger_test, reading_what_does_not_exist_is_not_found_and_makes_nothing) {
  const auto opened = ledger::open({.path = path, .read_only = true});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, errc::not_found);
  EXPECT_FALSE(std::filesystem::exists(folder.file("state")));
}

TEST_F(ledger_test, the_journal_outlives_the_handle) {
  open();
  book = {};
  ASSERT_TRUE(commit(*to, {intent(1)}));
  EXPECT_EQ(sql(path, "SELECT count(*) FROM intent"), "1");
}

}  // namespace
}  // namespace ark::testing
