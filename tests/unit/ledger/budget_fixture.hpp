#pragma once
#include <algorithm>
#include <optional>

#include "ledger/state.hpp"
#include "ledger_fixture.hpp"
#include "tests/support/fake_os.hpp"

namespace ark::testing {

inline budget limited(std::string_view limit, std::string currency = "USD") {
  return {.name = "b", .limit = {money_of(limit), std::move(currency)}};
}

inline attempt_intent asks(std::uint64_t id, std::string_view most, std::int64_t seconds = 0) {
  attempt_intent i = intent(id, seconds);
  i.quote = exact(most);
  i.lease = std::chrono::minutes(5);
  return i;
}

inline attempt_outcome ended_as(std::uint64_t id, attempt_state state, cost c) {
  attempt_outcome o = outcome(id);
  o.state = state;
  o.cost = std::move(c);
  return o;
}

inline cost unpriced() { return {}; }

/// A ledger on a machine whose clocks are the test's, at 2026-11-21T10:00:00Z.
class budget_fixture : public ledger_fixture {
 protected:
  budget_fixture() { machine.wall = at(); }
  void open_ledger(std::vector<exchange_rate> rates = {}) {
    state = opened(std::move(rates));
    to = state;
  }
  std::shared_ptr<detail::ledger_state> opened(std::vector<exchange_rate> rates = {}) {
    return detail::ledger_state::open(
               {.path = path,
                .commit_interval = {},
                .rates = std::move(rates),
                .on_threshold = [this](const budget_alert& a) { alerts.push_back(a); }},
               machine)
        .value();
  }
  result<void> put(std::vector<journal_record> records) { return commit(*to, std::move(records)); }
  void set(const budget& b) { ASSERT_TRUE(state->set_budget(b)); }
  budget_status status(std::string_view name = "b") {
    const auto all = state->budgets().value();
    const auto it =
        std::find_if(all.begin(), all.end(), [&](const auto& s) { return s.budget.name == name; });
    EXPECT_NE(it, all.end()) << name;
    return it == all.end() ? budget_status{} : *it;
  }
  /// "spent reserved left" of the budget's window of now.
  std::string stand(std::string_view name = "b") {
    const budget_status s = status(name);
    return s.spent.to_string() + " " + s.reserved.to_string() + " " + s.left.to_string();
  }
  ledger_entry entry(std::int64_t sequence) {
    std::optional<ledger_entry> found;
    EXPECT_TRUE(state->scan({}, [&](const ledger_entry& e) {
      if (e.sequence == sequence) found = e;
      return true;
    }));
    return found.value_or(ledger_entry{});
  }
  result<void> correct(std::int64_t sequence, attempt_state how, cost c) {
    attempt_correction made{.sequence = sequence, .keeps_usage = true, .reason = "a test"};
    made.outcome.state = how;
    made.outcome.cost = std::move(c);
    return put({made});
  }
  /// The windows are what the reservations add up to.
  void expect_consistent() {
    EXPECT_EQ(
        sql(path,
            "SELECT count(*) FROM budget_window w LEFT JOIN (SELECT line, start_us, "
            "sum(spent_micro) * 1000000000 + sum(spent_femto) AS spent, "
            "sum(iif(state IN ('open','doubt','lost'), held_micro * 1000000000 + held_femto, 0)) "
            "AS held FROM reservation GROUP BY 1, 2) r USING (line, start_us) "
            "WHERE w.spent_micro * 1000000000 + w.spent_femto IS NOT ifnull(r.spent, 0) OR "
            "w.reserved_micro * 1000000000 + w.reserved_femto IS NOT ifnull(r.held, 0)"),
        "0");
  }

  fake_system machine;
  std::vector<budget_alert> alerts;
  std::shared_ptr<detail::ledger_state> state;
};

}  // namespace ark::testing
