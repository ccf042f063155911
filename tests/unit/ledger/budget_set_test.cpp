#include "budget_fixture.hpp"

namespace ark::testing {
namespace {

using namespace std::chrono_literals;

class budget_set_test : public budget_fixture {
 protected:
  void SetUp() override { open_ledger(); }
  std::string versions() { return sql(path, "SELECT count(*) FROM budget"); }
};

TEST_F(budget_set_test, another_limit_keeps_what_was_counted) {
  set(limited("1"));
  ASSERT_TRUE(put({asks(1, "0.5"), outcome(1, "0.4"), asks(2, "0.3")}));
  set(limited("2"));
  EXPECT_EQ(stand(), "0.4 0.3 1.3");
  ASSERT_TRUE(put({outcome(2, "0.2")})) << "reserved under the older version";
  EXPECT_EQ(stand(), "0.6 0 1.4");
  set(limited("0.5"));
  EXPECT_EQ(stand(), "0.6 0 -0.1");
  EXPECT_EQ(put({asks(3, "0.1")}).error().code, errc::budget);
  expect_consistent();
}

TEST_F(budget_set_test, the_same_again_is_no_change) {
  set(limited("1"));
  set(limited("1"));
  EXPECT_EQ(versions(), "1");
}

TEST_F(budget_set_test, a_window_counts_what_it_holds_already) {
  ASSERT_TRUE(put({asks(1, "0.5"), outcome(1, "0.4")}));
  ASSERT_TRUE(put({asks(2, "0.3", -86'400), outcome(2, "0.3")})) << "yesterday";
  ASSERT_TRUE(put({asks(3, "0.2")})) << "open";
  ASSERT_TRUE(put({asks(4, "0.1"), ended_as(4, attempt_state::ambiguous, interval("0", "0.1"))}));
  ASSERT_TRUE(
      put({asks(5, "0.1"), ended_as(5, attempt_state::void_, {.status = cost_status::void_})}));
  ASSERT_TRUE(put({asks(6, "0.5"), outcome(6, "0.5")}));
  ASSERT_TRUE(correct(6, attempt_state::settled, exact("0.05")));
  budget b = limited("1");
  b.period = budget_period::day;
  set(b);
  EXPECT_EQ(stand(), "0.45 0.3 0.25");
  EXPECT_EQ(status().in_doubt, money_of("0.1"));
  ASSERT_TRUE(put({outcome(3, "0.2")})) << "reserved by the counting, settled as any other";
  EXPECT_EQ(stand(), "0.65 0.1 0.25");
  expect_consistent();
}

TEST_F(budget_set_test, a_total_counts_from_when_it_was_set) {
  ASSERT_TRUE(put({asks(1, "0.5"), outcome(1, "0.5")}));
  set(limited("1"));
  EXPECT_EQ(stand(), "0 0 1");
  ASSERT_TRUE(put({asks(2, "0.5"), outcome(2, "0.25")}));
  budget b = limited("1");
  b.scope.vendor = "openai";
  set(b);
  EXPECT_EQ(stand(), "0.25 0 0.75") << "another scope, the same beginning";
  ASSERT_TRUE(state->remove_budget("b"));
  set(limited("1"));
  EXPECT_EQ(stand(), "0 0 1") << "a new one of the name";
}

TEST_F(budget_set_test, another_scope_counts_anew) {
  budget b = limited("1");
  b.period = budget_period::month;
  set(b);
  attempt_intent tagged = asks(1, "0.2");
  tagged.tags = {{"team", "search"}};
  ASSERT_TRUE(put({tagged, outcome(1, "0.2"), asks(2, "0.3"), outcome(2, "0.3")}));
  EXPECT_EQ(stand(), "0.5 0 0.5");
  b.scope.tags = {{"team", "search"}};
  set(b);
  EXPECT_EQ(stand(), "0.2 0 0.8");
  expect_consistent();
}

TEST_F(budget_set_test, what_makes_no_sense_is_refused_and_nothing_is_set) {
  EXPECT_EQ(state->set_budget({.name = "x"}).error().code, errc::invalid_request);
  EXPECT_EQ(versions(), "0");
}

TEST_F(budget_set_test, what_is_removed_limits_nothing) {
  set(limited("0.1"));
  EXPECT_FALSE(put({asks(1, "0.5")}));
  ASSERT_TRUE(state->remove_budget("b"));
  EXPECT_TRUE(put({asks(1, "0.5")}));
  EXPECT_EQ(state->remove_budget("b").error().code, errc::not_found);
  EXPECT_TRUE(state->budgets().value().empty());
  EXPECT_EQ(state->history_of("b").value().versions.size(), 2u);
}

TEST_F(budget_set_test, binds_every_process_that_has_the_file) {
  const auto other = opened();
  ASSERT_TRUE(commit(*other, {asks(1, "0.5")}));
  set(limited("0.1"));
  EXPECT_EQ(commit(*other, {asks(2, "0.5")}).error().code, errc::budget);
}

TEST_F(budget_set_test, what_others_have_in_their_spools_is_counted) {
  const auto busy = detail::ledger_state::open({.path = path, .commit_interval = 1h}, machine);
  for (std::uint64_t id = 1; id <= 8; ++id) ASSERT_TRUE(commit(**busy, {asks(id, "0.1")}));
  ASSERT_NE(sql(path, "SELECT count(*) FROM intent"), "8") << "nothing is spooled";
  budget b = limited("2");
  b.period = budget_period::day;
  set(b);
  EXPECT_EQ(stand(), "0 0.8 1.2");
  // It does not know of the budget yet, and may spool some more: counted when they are taken.
  ASSERT_TRUE(commit(**busy, {asks(9, "0.1")}));
  EXPECT_EQ(stand(), "0 0.9 1.1");
  machine.advance(2h);
  EXPECT_EQ(commit(**busy, {asks(10, "5", 7200)}).error().code, errc::budget);
  EXPECT_EQ(commit(**busy, {asks(11, "5", 7200)}).error().code, errc::budget)
      << "never by way of the spool";
  for (std::uint64_t id = 1; id <= 9; ++id) ASSERT_TRUE(commit(**busy, {outcome(id, "0.1")}));
  EXPECT_EQ(stand(), "0.9 0 1.1");
  expect_consistent();
}

TEST_F(budget_set_test, a_read_only_ledger_sets_nothing) {
  const auto reader = ledger::open({.path = path, .read_only = true}).value();
  EXPECT_EQ(reader.set_budget(limited("1")).error().code, errc::ledger);
  EXPECT_EQ(reader.remove_budget("b").error().code, errc::ledger);
  EXPECT_TRUE(reader.budgets().value().empty());
}

TEST_F(budget_set_test, one_that_could_not_be_set_limits_nothing) {
  ASSERT_TRUE(put({asks(1, "0.5"), outcome(1, "0.4")}));
  sql(path,
      "CREATE TRIGGER broken BEFORE INSERT ON reservation BEGIN SELECT RAISE(ABORT, 'no'); END");
  budget b = limited("1");
  b.period = budget_period::day;
  EXPECT_FALSE(state->set_budget(b)) << "what the day holds cannot be counted";
  sql(path, "DROP TRIGGER broken");
  // Another process sets one, which gets the number that the failed one had.
  const auto other = opened();
  b.limit.value = money_of("0.6");
  ASSERT_TRUE(other->set_budget(b));
  EXPECT_EQ(put({asks(2, "0.3")}).error().code, errc::budget) << "0.4 of 0.6 is spent";
  EXPECT_TRUE(put({asks(3, "0.2")}));
}

}  // namespace
}  // namespace ark::testing
