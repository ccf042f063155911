#include <thread>

#include "ledger_fixture.hpp"

namespace ark::testing {
namespace {

class writer_late_test : public ledger_fixture {
 protected:
  std::string corrections() {
    return sql(path, "SELECT ifnull(group_concat(kind), '') FROM correction");
  }
};

TEST_F(writer_late_test, the_same_outcome_again_is_ignored) {
  open();
  ASSERT_TRUE(commit(*to, {intent(1), outcome(1)}));
  EXPECT_TRUE(commit(*to, {outcome(1)}));
  EXPECT_TRUE(commit(*to, {outcome(1), outcome(1)}));
  EXPECT_EQ(sql(path, "SELECT count(*) FROM outcome"), "1");
  EXPECT_EQ(corrections(), "");
}

TEST_F(writer_late_test, the_first_settlement_stays_and_another_is_kept_as_a_conflict) {
  open();
  ASSERT_TRUE(commit(*to, {intent(1), outcome(1, "0.25")}));
  EXPECT_TRUE(commit(*to, {outcome(1, "0.30"), intent(2)})) << "its neighbours are not its fault";
  const auto entries = book.list({}).value();
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[0].cost, exact("0.25"));
  EXPECT_EQ(corrections(), "conflict");
  EXPECT_EQ(sql(path, "SELECT cost_micro FROM correction"), "300000");
}

// L03
TEST_F(writer_late_test, many_threads_settling_one_attempt_leave_one_row) {
  open();
  ASSERT_TRUE(commit(*to, {intent(1)}));
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) threads.emplace_back([&] { EXPECT_TRUE(commit(*to, {outcome(1)})); });
  for (auto& t : threads) t.join();
  EXPECT_EQ(sql(path, "SELECT count(*) FROM outcome"), "1");
  EXPECT_EQ(corrections(), "");
}

TEST_F(writer_late_test, a_doubt_is_resolved_once) {
  open();
  attempt_outcome doubtful = outcome(1);
  doubtful.state = attempt_state::ambiguous;
  doubtful.cost = interval("0", "0.75");
  ASSERT_TRUE(commit(*to, {intent(1), doubtful}));
  ASSERT_TRUE(commit(*to, {outcome(1, "0.3")}));
  ASSERT_TRUE(commit(*to, {outcome(1, "0.3")}));
  ASSERT_TRUE(commit(*to, {outcome(1, "0.4")}));
  EXPECT_EQ(corrections(), "resolved,conflict");
  const auto e = book.list({}).value().at(0);
  EXPECT_EQ(e.state, attempt_state::settled);
  EXPECT_EQ(e.cost, exact("0.3"));
  EXPECT_EQ(e.usage.input, 100);
  EXPECT_EQ(book.list({.state = attempt_state::ambiguous}).value().size(), 0u);
}

TEST_F(writer_late_test, an_outcome_without_intent_is_kept) {
  open();
  EXPECT_TRUE(commit(*to, {outcome(5)}));
  EXPECT_EQ(corrections(), "orphan");
  EXPECT_EQ(sql(path, "SELECT attempt_id FROM correction WHERE of_seq IS NULL"), "5");
  EXPECT_TRUE(book.list({}).value().empty());
}

TEST_F(writer_late_test, an_attempt_of_an_earlier_life_can_be_settled) {
  open();
  ASSERT_TRUE(commit(*to, {intent(1)}));
  to.reset();
  book = {};
  open();
  ASSERT_TRUE(commit(*to, {outcome(1)}));
  EXPECT_EQ(book.list({}).value().at(0).state, attempt_state::settled);
  EXPECT_EQ(corrections(), "");
}

}  // namespace
}  // namespace ark::testing
