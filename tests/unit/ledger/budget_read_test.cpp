#include "budget_fixture.hpp"

namespace ark::testing {
namespace {

using namespace std::chrono_literals;

class budget_read_test : public budget_fixture {
 protected:
  void SetUp() override { open_ledger(); }
};

TEST_F(budget_read_test, everything_of_a_budget_is_kept) {
  budget b = limited("12.000000000000345", "CNY");
  b.name = "研究";
  b.period = budget_period::rolling;
  b.length = 90min;
  b.utc_offset = -150min;
  b.scope = {.vendor = "v",
             .model = "m\"x",
             .tenant = "t",
             .user = "u",
             .task = "k",
             .run = "r",
             .tags = {{"a", "1"}, {"b", ""}}};
  b.hard = false;
  b.allow_unpriced = true;
  b.hold_lost = true;
  b.thresholds = {50, 100};
  set(b);
  open_ledger();
  const auto all = state->budgets().value();
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].budget, b);
}

TEST_F(budget_read_test, status_is_of_the_window_of_now) {
  budget b = limited("1");
  b.period = budget_period::month;
  set(b);
  ASSERT_TRUE(put({asks(1, "0.5"), outcome(1, "0.5")}));
  EXPECT_EQ(status().begins, at(-(20 * 86'400 + 10 * 3600)));
  EXPECT_EQ(status().ends, at(9 * 86'400 + 14 * 3600));
  machine.advance(240h);
  EXPECT_EQ(stand(), "0 0 1");
  b.name = "c";
  b.period = budget_period::total;
  set(b);
  EXPECT_EQ(status("c").begins, std::nullopt);
}

TEST_F(budget_read_test, a_rolling_status_is_of_its_length) {
  budget b = limited("1");
  b.period = budget_period::rolling;
  b.length = 1h;
  set(b);
  ASSERT_TRUE(put({asks(1, "0.25"), outcome(1, "0.25")}));
  ASSERT_TRUE(put({asks(2, "0.5", 1800), outcome(2, "0.5")}));
  machine.wall = at(1800);
  EXPECT_EQ(stand(), "0.75 0 0.25");
  machine.wall = at(3700);
  EXPECT_EQ(stand(), "0.5 0 0.5");
  EXPECT_EQ(status().ends, std::nullopt);
}

TEST_F(budget_read_test, history_has_changes_and_windows) {
  budget b = limited("1");
  b.period = budget_period::day;
  set(b);
  ASSERT_TRUE(put({asks(1, "0.5"), outcome(1, "0.5")}));
  machine.advance(24h);
  b.limit.value = money_of("2");
  set(b);
  ASSERT_TRUE(put({asks(2, "0.7", 86'400)}));
  ASSERT_TRUE(state->remove_budget("b"));
  const budget_history h = state->history_of("b").value();
  ASSERT_EQ(h.versions.size(), 3u);
  EXPECT_EQ(h.versions[0].at, at());
  EXPECT_EQ(h.versions[0].budget.limit.value, money_of("1"));
  EXPECT_EQ(h.versions[1].at, at(86'400));
  EXPECT_EQ(h.versions[1].budget.limit.value, money_of("2"));
  EXPECT_TRUE(h.versions[2].removed);
  ASSERT_EQ(h.windows.size(), 2u);
  EXPECT_EQ(h.windows[0].spent, money_of("0.5"));
  EXPECT_EQ(h.windows[1].reserved, money_of("0.7"));
  EXPECT_EQ(h.windows[1].begins, at(14 * 3600));
  EXPECT_EQ(state->history_of("other").error().code, errc::not_found);
}

TEST_F(budget_read_test, a_damaged_budget_is_told) {
  set(limited("1"));
  for (const char* harm :
       {"UPDATE budget SET scope = '['", "UPDATE budget SET scope = '{}', thresholds = '{'",
        "UPDATE budget SET thresholds = '[]', period = 'year'"}) {
    sql(path, harm);
    EXPECT_EQ(state->budgets().error().code, errc::ledger) << harm;
  }
}

}  // namespace
}  // namespace ark::testing
