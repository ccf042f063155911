#include "ledger/rollup.hpp"

#include "chain_support.hpp"

namespace ark::testing {
namespace {

class rollup_test : public chain_fixture {
 protected:
  std::string sum(const std::string& what, const std::string& where) {
    return sql(path, "SELECT " + what + " FROM spending WHERE " + where);
  }
};

TEST_F(rollup_test, follows_an_attempt_from_open_to_settled_to_corrected) {
  open();
  attempt_intent i = intent(1);
  i.tags = {{"team", "search"}};
  i.tenant = "acme";
  const std::string plain = "dimension = ''";
  ASSERT_TRUE(commit(*to, {i}));
  EXPECT_EQ(sum("open||'/'||high_micro", plain), "1/500000");
  attempt_outcome doubtful = outcome(1);
  doubtful.state = attempt_state::ambiguous;
  doubtful.cost = interval("0", "0.75");
  ASSERT_TRUE(commit(*to, {doubtful}));
  EXPECT_EQ(sum("open||'/'||ambiguous||'/'||high_micro", plain), "0/1/750000");
  ASSERT_TRUE(commit(*to, {outcome(1)}));
  EXPECT_EQ(sum("ambiguous||'/'||settled||'/'||cost_micro", plain), "0/1/250000");
  ASSERT_TRUE(book.correct({{.sequence = 1, .cost = exact("0.3", "EUR"), .reason = "the bill"}}));
  EXPECT_EQ(sum("currency||cost_micro", plain), "EUR300000") << "it moved to another key";
  for (const char* dimension : {"tag:team", "tenant"})
    EXPECT_EQ(sum("cost_micro", "dimension = '" + std::string(dimension) + "'"), "300000");
  EXPECT_TRUE(book.verify().value().good());
}

TEST_F(rollup_test, knows_attempts_that_another_process_began) {
  open();
  attempt_intent i = intent(1);
  i.tags = {{"team", "search"}};
  ASSERT_TRUE(commit(*to, {i}));
  close();
  open();
  ASSERT_TRUE(commit(*to, {outcome(1)}));
  EXPECT_EQ(sum("settled||'/'||open", "dimension = 'tag:team'"), "1/0");
  EXPECT_TRUE(book.verify().value().good());
}

TEST_F(rollup_test, a_failed_transaction_leaves_no_trace_in_it) {
  open();
  ASSERT_TRUE(commit(*to, {intent(1)}));
  attempt_intent other = intent(2);
  other.model = "another";
  sql(path,
      "CREATE TRIGGER broken BEFORE INSERT ON intent WHEN NEW.call_id = 'call-3' "
      "BEGIN SELECT RAISE(ABORT, 'no'); END");
  EXPECT_FALSE(commit(*to, {other, intent(3)}));
  EXPECT_EQ(sum("count(*)", "1"), "1");
  ASSERT_TRUE(commit(*to, {other, outcome(1), outcome(2)}));
  EXPECT_EQ(sum("group_concat(settled)", "dimension = ''"), "1,1");
  EXPECT_TRUE(book.verify().value().good());
}

TEST_F(rollup_test, a_sum_that_leaves_64_bits_is_switched_off_and_reports_stay_right) {
  open();
  for (std::uint64_t id = 1; id <= 3; ++id)
    ASSERT_TRUE(commit(*to, {intent(id), outcome(id, "9000000000000")}));
  EXPECT_EQ(sql(path, "SELECT off FROM rollup_dimension WHERE id = 0"), "1");
  EXPECT_EQ(book.report({"day"}, {}).value().at(0).cost.to_string(), "27000000000000");
  EXPECT_TRUE(book.verify().value().good());
}

TEST_F(rollup_test, is_made_anew_from_the_rows) {
  open();
  random_ledger(7).record(book, 100);
  sql(path, "UPDATE rollup SET cost_micro = cost_micro + 1, attempts = 9");
  const auto bad = book.verify().value();
  EXPECT_FALSE(bad.good());
  EXPECT_EQ(bad.findings[0].what, ledger_finding::kind::rollup);
  sql(path, "DELETE FROM rollup WHERE day = (SELECT min(day) FROM rollup)");
  EXPECT_NE(words_of(book.verify().value()).find("is gone"), std::string::npos);
  ASSERT_TRUE(book.rebuild_rollups());
  EXPECT_TRUE(book.verify().value().good());
}

}  // namespace
}  // namespace ark::testing
