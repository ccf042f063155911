#include "ledger/budget_book.hpp"

#include "budget_fixture.hpp"

namespace ark::testing {
namespace {

using namespace std::chrono_literals;
constexpr std::int64_t day_s = 86'400;

class budget_book_test : public budget_fixture {
 protected:
  void SetUp() override { open_ledger(); }
};

TEST_F(budget_book_test, reserves_the_worst_case_and_spends_what_it_was) {
  set(limited("1"));
  ASSERT_TRUE(put({asks(1, "0.6")}));
  EXPECT_EQ(stand(), "0 0.6 0.4");
  ASSERT_TRUE(put({outcome(1, "0.25")}));
  EXPECT_EQ(stand(), "0.25 0 0.75");
  ASSERT_TRUE(put({outcome(1, "0.25")})) << "told twice";
  EXPECT_EQ(stand(), "0.25 0 0.75");
  expect_consistent();
}

TEST_F(budget_book_test, a_hard_budget_refuses_what_may_pass_it) {
  set(limited("1"));
  ASSERT_TRUE(put({asks(1, "0.6")}));
  const auto refused = put({asks(2, "0.400000000000001")});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::budget);
  EXPECT_EQ(refused.error().retry, retry_class::never);
  EXPECT_EQ(refused.error().message,
            "the budget \"b\" (1 USD) has 0.4 USD left (0 spent, 0.6 reserved) and this attempt "
            "may cost up to 0.400000000000001; it does not begin anew: ask for less, or raise it "
            "with `ark budget set`");
  EXPECT_EQ(sql(path, "SELECT count(*) FROM intent"), "1") << "a refused attempt is none";
  EXPECT_TRUE(put({asks(3, "0.4")})) << "to the last of it";
  EXPECT_EQ(stand(), "0 1 0");
}

TEST_F(budget_book_test, only_what_is_refused_is_left_out_of_a_commit) {
  set(limited("1"));
  ASSERT_TRUE(put({asks(1, "0.6")}));
  commit_result told;
  to->commit({asks(2, "0.5"), outcome(1, "0.1"), asks(3, "0.5"), asks(4, "0.5")},
             [&](const commit_result& r) { told = r; });
  ASSERT_TRUE(told.all);
  EXPECT_EQ(told.of(0).error().code, errc::budget) << "before there was room";
  EXPECT_TRUE(told.of(1));
  EXPECT_TRUE(told.of(2));
  EXPECT_EQ(told.of(3).error().code, errc::budget) << "they count among each other";
  EXPECT_EQ(stand(), "0.1 0.5 0.4");
  expect_consistent();
}

TEST_F(budget_book_test, a_soft_budget_counts_and_refuses_nothing) {
  budget b = limited("1");
  b.hard = false;
  set(b);
  ASSERT_TRUE(put({asks(1, "0.6"), asks(2, "0.6")}));
  EXPECT_EQ(stand(), "0 1.2 -0.2");
  ASSERT_TRUE(put({outcome(1, "3")}));
  EXPECT_EQ(stand(), "3 0.6 -2.6");
}

TEST_F(budget_book_test, several_budgets_hold_all_or_nothing) {
  budget all = limited("10"), team = limited("0.5");
  all.name = "all";
  team.name = "team";
  team.scope.tags = {{"team", "search"}};
  set(all);
  set(team);
  attempt_intent ours = asks(1, "0.4"), more = asks(2, "0.4"), others = asks(3, "0.4");
  ours.tags = more.tags = {{"team", "search"}};
  ASSERT_TRUE(put({ours}));
  const auto refused = put({more});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("\"team\""), std::string::npos);
  EXPECT_EQ(stand("all"), "0 0.4 9.6") << "nothing was held for the refused one";
  ASSERT_TRUE(put({others}));
  EXPECT_EQ(stand("all"), "0 0.8 9.2");
  EXPECT_EQ(stand("team"), "0 0.4 0.1");
  ASSERT_TRUE(put({outcome(1, "0.3")}));
  EXPECT_EQ(stand("all"), "0.3 0.4 9.3");
  EXPECT_EQ(stand("team"), "0.3 0 0.2");
}

TEST_F(budget_book_test, more_than_was_reserved_is_booked_in_full_and_trips) {
  set(limited("1"));
  ASSERT_TRUE(put({asks(1, "0.5")}));
  ASSERT_TRUE(put({outcome(1, "1.5")}));
  EXPECT_EQ(stand(), "1.5 0 -0.5");
  EXPECT_FALSE(put({asks(2, "0.000000000000001")}));
  EXPECT_TRUE(put({asks(3, "0")})) << "what costs nothing takes no room";
}

TEST_F(budget_book_test, void_gives_back_and_doubt_keeps_its_most) {
  set(limited("1"));
  ASSERT_TRUE(put({asks(1, "0.5"), asks(2, "0.4")}));
  ASSERT_TRUE(
      put({ended_as(1, attempt_state::void_, {.status = cost_status::void_, .currency = "USD"})}));
  EXPECT_EQ(stand(), "0 0.4 0.6");
  ASSERT_TRUE(put({ended_as(2, attempt_state::ambiguous, interval("0.1", "0.3"))}));
  EXPECT_EQ(stand(), "0 0.3 0.7");
  EXPECT_EQ(status().in_doubt, money_of("0.3"));
  ASSERT_TRUE(put({ended_as(2, attempt_state::settled, exact("0.2"))})) << "resolved";
  EXPECT_EQ(stand(), "0.2 0 0.8");
  EXPECT_TRUE(status().in_doubt.is_zero());
  expect_consistent();
}

TEST_F(budget_book_test, corrections_move_what_is_spent) {
  set(limited("1"));
  ASSERT_TRUE(put({asks(1, "0.5"), outcome(1, "0.25")}));
  ASSERT_TRUE(correct(1, attempt_state::settled, exact("0.4")));
  EXPECT_EQ(stand(), "0.4 0 0.6");
  ASSERT_TRUE(correct(1, attempt_state::void_, {.status = cost_status::void_}));
  EXPECT_EQ(stand(), "0 0 1");
  ASSERT_TRUE(correct(1, attempt_state::ambiguous, interval("0", "0.7")));
  EXPECT_EQ(stand(), "0 0.7 0.3");
  expect_consistent();
}

TEST_F(budget_book_test, a_conflict_changes_nothing) {
  set(limited("1"));
  ASSERT_TRUE(put({asks(1, "0.5"), outcome(1, "0.25")}));
  ASSERT_TRUE(put({outcome(1, "0.9")}));
  EXPECT_EQ(stand(), "0.25 0 0.75");
}

TEST_F(budget_book_test, an_unknown_price_is_refused_unless_it_is_allowed) {
  attempt_intent unknown = asks(1, "0");
  unknown.quote = unpriced();
  set(limited("1"));
  const auto refused = put({unknown});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::budget);
  EXPECT_NE(refused.error().message.find("not known before it is sent"), std::string::npos);
  budget b = limited("1");
  b.allow_unpriced = true;
  set(b);
  ASSERT_TRUE(put({unknown}));
  EXPECT_EQ(stand(), "0 0 1");
  EXPECT_EQ(status().uncounted, 1);
  ASSERT_TRUE(put({outcome(1, "0.3")})) << "the vendor told its cost";
  EXPECT_EQ(stand(), "0.3 0 0.7");
  EXPECT_EQ(status().uncounted, 0);
}

TEST_F(budget_book_test, another_currency_needs_a_rate) {
  set(limited("1"));
  attempt_intent yuan = asks(1, "0");
  yuan.quote = exact("2", "CNY");
  const auto refused = put({yuan});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("dated exchange rate from CNY to USD"), std::string::npos);
  open_ledger({{"CNY", "USD", money_of("0.14"), "2026-11-01"}});
  ASSERT_TRUE(put({yuan}));
  EXPECT_EQ(stand(), "0 0.28 0.72");
  ASSERT_TRUE(put({ended_as(1, attempt_state::settled, exact("1", "CNY"))}));
  EXPECT_EQ(stand(), "0.14 0 0.86");
  EXPECT_EQ(sql(path, "SELECT rate FROM reservation"), "1 CNY = 0.14 USD (2026-11-01)");
}

TEST_F(budget_book_test, less_than_nothing_makes_no_room) {
  set(limited("1"));
  ASSERT_TRUE(put({asks(1, "-5"), outcome(1, "-5")}));
  EXPECT_EQ(stand(), "0 0 1");
}

TEST_F(budget_book_test, a_soft_budget_says_what_it_could_not_count) {
  budget b = limited("1");
  b.hard = false;
  set(b);
  attempt_intent yuan = asks(1, "0");
  yuan.quote = exact("2", "CNY");
  ASSERT_TRUE(put({yuan}));
  EXPECT_EQ(status().uncounted, 1);
}

TEST_F(budget_book_test, an_attempt_counts_in_the_window_in_which_it_began) {
  budget b = limited("1");
  b.period = budget_period::day;
  set(b);
  const std::int64_t to_midnight = 14 * 3600;
  ASSERT_TRUE(put({asks(1, "0.9", to_midnight - 1)}));
  EXPECT_FALSE(put({asks(2, "0.2", to_midnight - 1)}));
  ASSERT_TRUE(put({asks(3, "0.2", to_midnight)})) << "another day";
  machine.wall = at(to_midnight + 10);
  ASSERT_TRUE(put({outcome(1, "0.8")})) << "ends on the next day";
  EXPECT_EQ(stand(), "0 0.2 0.8");
  machine.wall = at();
  EXPECT_EQ(stand(), "0.8 0 0.2");
  expect_consistent();
}

TEST_F(budget_book_test, the_refusal_says_when_there_is_room_again) {
  budget b = limited("1");
  b.period = budget_period::day;
  b.utc_offset = 8h;
  set(b);
  ASSERT_TRUE(put({asks(1, "1")}));
  EXPECT_NE(put({asks(2, "1")}).error().message.find("(1 USD a day)"), std::string::npos);
  EXPECT_NE(put({asks(2, "1")}).error().message.find("begins anew at 2026-11-21T16:00:00Z"),
            std::string::npos);
  b.period = budget_period::rolling;
  b.utc_offset = 0h;
  b.length = 1h;
  set(b);
  EXPECT_NE(put({asks(2, "1", 600)}).error().message.find("comes back from 2026-11-21T11:01:00Z"),
            std::string::npos)
      << put({asks(2, "1", 600)}).error().message;
  EXPECT_FALSE(put({asks(3, "1", 3659)}));
  EXPECT_TRUE(put({asks(4, "1", 3660)}));
}

TEST_F(budget_book_test, a_clock_that_jumps_back_loses_and_doubles_nothing) {
  budget b = limited("1");
  b.period = budget_period::day;
  set(b);
  ASSERT_TRUE(put({asks(1, "0.5", day_s)}));
  machine.wall = at();
  ASSERT_TRUE(put({asks(2, "0.7")})) << "of the day before";
  ASSERT_TRUE(put({outcome(1, "0.4")}));
  EXPECT_EQ(stand(), "0 0.7 0.3");
  EXPECT_FALSE(put({asks(3, "0.7", day_s)})) << "the later day knows what it has";
  ASSERT_TRUE(put({outcome(2, "0.7")}));
  EXPECT_EQ(sql(path, "SELECT sum(spent_micro) FROM budget_window"), "1100000");
  expect_consistent();
}

TEST_F(budget_book_test, thresholds_are_told_once_for_each_window) {
  budget b = limited("1");
  b.period = budget_period::day;
  b.thresholds = {50, 80, 100};
  set(b);
  const auto spend = [&](std::uint64_t id, std::string_view cost, std::int64_t seconds = 0) {
    ASSERT_TRUE(put({asks(id, cost, seconds), outcome(id, cost)}));
  };
  spend(1, "0.49");
  EXPECT_TRUE(alerts.empty());
  spend(2, "0.01");
  ASSERT_EQ(alerts.size(), 1u);
  EXPECT_EQ(alerts[0].percent, 50);
  EXPECT_EQ(alerts[0].spent, money_of("0.5"));
  EXPECT_EQ(alerts[0].begins, at(-10 * 3600));
  spend(3, "0.1");
  EXPECT_EQ(alerts.size(), 1u);
  const auto second = opened();
  to = second;
  spend(4, "0.4");
  ASSERT_EQ(alerts.size(), 3u) << "by whoever passes it";
  EXPECT_EQ(alerts[1].percent, 80);
  EXPECT_EQ(alerts[2].percent, 100);
  spend(5, "0.6", day_s);
  EXPECT_EQ(alerts.size(), 4u) << "a new window";
  EXPECT_EQ(state->history_of("b").value().alerts.size(), 4u);
}

TEST_F(budget_book_test, thresholds_of_a_rolling_window_arm_again) {
  budget b = limited("1");
  b.period = budget_period::rolling;
  b.length = 1h;
  b.thresholds = {50};
  set(b);
  ASSERT_TRUE(put({asks(1, "0.6"), outcome(1, "0.6")}));
  ASSERT_TRUE(put({asks(2, "0.1", 1800), outcome(2, "0.1")}));
  EXPECT_EQ(alerts.size(), 1u);
  ASSERT_TRUE(put({asks(3, "0.6", 7200), outcome(3, "0.6")}));
  EXPECT_EQ(alerts.size(), 2u);
}

TEST_F(budget_book_test, a_failed_commit_reserves_and_tells_nothing) {
  budget b = limited("1");
  b.thresholds = {10};
  set(b);
  sql(path, "CREATE TRIGGER no BEFORE INSERT ON outcome BEGIN SELECT RAISE(ABORT, 'no'); END");
  EXPECT_FALSE(put({asks(1, "0.5"), outcome(1, "0.5")}));
  EXPECT_TRUE(alerts.empty());
  sql(path, "DROP TRIGGER no");
  EXPECT_EQ(stand(), "0 0 1");
  expect_consistent();
}

TEST_F(budget_book_test, attempts_that_concern_no_budget_hold_nothing) {
  budget b = limited("1");
  b.scope.vendor = "anthropic";
  set(b);
  ASSERT_TRUE(put({asks(1, "5"), outcome(1, "5")}));
  EXPECT_EQ(sql(path, "SELECT count(*) FROM reservation"), "0");
}

}  // namespace
}  // namespace ark::testing
