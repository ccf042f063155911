#include "ledger/lost.hpp"

#include <signal.h>

#include "budget_fixture.hpp"
#include "child.hpp"
#include "ledger/record.hpp"

namespace ark::testing {
namespace {

using namespace std::chrono_literals;

class lost_test : public budget_fixture {
 protected:
  /// A process that begins attempts and is killed.
  void kill_after(const std::vector<journal_record>& records,
                  std::chrono::microseconds interval = {}) {
    const pid_t child = start_child([&] {
      const auto mine = ledger::open({.path = path, .commit_interval = interval}).value();
      for (const auto& r : records)
        if (!commit(*journal_of(mine), {r})) return 1;
      ::kill(::getpid(), SIGKILL);
      return 2;
    });
    ASSERT_EQ(wait_for(child), -SIGKILL);
  }
  /// As if what was begun so far was another machine's.
  void move_elsewhere() { sql(path, "UPDATE session SET host = 'elsewhere'"); }
  std::string state_of(std::int64_t sequence) {
    return std::string(to_string(entry(sequence).state));
  }
};

TEST_F(lost_test, what_a_dead_process_left_open_is_in_doubt) {
  open_ledger();
  kill_after({asks(1, "0.5"), outcome(1, "0.25"), asks(2, "0.5")});
  open_ledger();
  const ledger_entry lost = entry(2);
  EXPECT_EQ(lost.state, attempt_state::ambiguous);
  EXPECT_EQ(lost.cost.status, cost_status::interval);
  EXPECT_EQ(lost.cost.low, amount{});
  EXPECT_EQ(lost.cost.high, money_of("0.5"));
  EXPECT_EQ(lost.finish, "lost");
  EXPECT_EQ(lost.note, "its process died before it told the outcome; it may have been billed");
  EXPECT_EQ(state_of(1), "settled");
}

TEST_F(lost_test, what_has_no_quote_is_in_doubt_without_an_interval) {
  open_ledger();
  attempt_intent i = asks(1, "0");
  i.quote = unpriced();
  kill_after({i});
  open_ledger();
  EXPECT_EQ(entry(1).state, attempt_state::ambiguous);
  EXPECT_EQ(entry(1).cost.status, cost_status::unknown);
}

TEST_F(lost_test, a_reader_finds_them_too) {
  open_ledger();
  kill_after({asks(1, "0.5")});
  const auto reader = ledger::open({.path = path, .read_only = true}).value();
  EXPECT_EQ(reader.list({}).value().at(0).state, attempt_state::ambiguous);
}

TEST_F(lost_test, an_outcome_in_a_dead_processs_spool_comes_first) {
  open_ledger();
  std::vector<journal_record> records;
  for (std::uint64_t id = 1; id <= 6; ++id) {
    records.emplace_back(asks(id, "0.5"));
    records.emplace_back(outcome(id, "0.25"));
  }
  kill_after(records, 1h);
  ASSERT_NE(sql(path, "SELECT count(*) FROM outcome"), "6") << "nothing is spooled";
  open_ledger();
  for (std::int64_t seq = 1; seq <= 6; ++seq) EXPECT_EQ(state_of(seq), "settled");
  EXPECT_EQ(sql(path, "SELECT count(*) FROM correction"), "0");
}

TEST_F(lost_test, a_living_process_is_waited_for_however_long) {
  open_ledger();
  ASSERT_TRUE(put({asks(1, "0.5")}));
  machine.advance(240h);
  const auto other = opened();
  EXPECT_EQ(state_of(1), "sending");
}

TEST_F(lost_test, another_machines_attempt_is_waited_for_until_its_lease_is_over) {
  open_ledger();
  ASSERT_TRUE(put({asks(1, "0.5")}));
  attempt_intent none = asks(2, "0.5");
  none.lease = {};
  ASSERT_TRUE(put({none}));
  move_elsewhere();
  machine.wall = at(299);
  EXPECT_TRUE(opened());
  EXPECT_EQ(state_of(1), "sending");
  machine.wall = at(300);
  EXPECT_TRUE(opened());
  EXPECT_EQ(state_of(1), "ambiguous");
  EXPECT_EQ(entry(1).note,
            "no outcome was told until its lease was over at 2026-11-21T10:05:00Z; it may have "
            "been billed");
  EXPECT_EQ(state_of(2), "sending") << "without a lease: the longest there is";
  machine.wall = at(86'460);
  EXPECT_TRUE(opened());
  EXPECT_EQ(state_of(2), "ambiguous");
}

TEST_F(lost_test, another_boot_or_container_is_another_machine) {
  open_ledger();
  ASSERT_TRUE(put({asks(1, "0.5")}));
  for (const char* change : {"UPDATE session SET boot_id = 'before', pid = 1",
                             "UPDATE session SET pid_space = 'other'"}) {
    sql(path, change);
    EXPECT_TRUE(opened());
    EXPECT_EQ(state_of(1), "sending") << change;
  }
}

TEST_F(lost_test, a_pid_that_was_given_to_another_is_not_the_process) {
  open_ledger();
  ASSERT_TRUE(put({asks(1, "0.5")}));
  sql(path, "UPDATE session SET process_start = process_start - 1");
  EXPECT_TRUE(opened());
  EXPECT_EQ(state_of(1), "ambiguous");
}

TEST_F(lost_test, a_batch_needs_no_process) {
  open_ledger();
  attempt_intent batch = asks(1, "0.5");
  batch.operation = "batch";
  batch.lease = 48h;
  batch.begun = std::chrono::system_clock::now();
  kill_after({batch});
  machine.wall = batch.begun + 47h;
  open_ledger();
  EXPECT_EQ(state_of(1), "sending");
  machine.wall = batch.begun + 48h;
  open_ledger();
  EXPECT_EQ(state_of(1), "ambiguous");
}

TEST_F(lost_test, what_was_only_thought_lost_tells_the_truth_later) {
  open_ledger();
  set(limited("1"));
  const auto slow = state;
  ASSERT_TRUE(put({asks(1, "0.5")}));
  move_elsewhere();
  machine.wall = at(301);
  const auto other = opened();
  EXPECT_EQ(state_of(1), "ambiguous");
  ASSERT_TRUE(commit(*slow, {outcome(1, "0.25")}));
  EXPECT_EQ(state_of(1), "settled");
  EXPECT_EQ(stand(), "0.25 0 0.75");
  expect_consistent();
}

TEST_F(lost_test, the_truth_beats_what_was_decided_about_it) {
  open_ledger();
  const auto slow = state;
  ASSERT_TRUE(put({asks(1, "0.5")}));
  move_elsewhere();
  machine.wall = at(301);
  const auto other = opened();
  ASSERT_TRUE(correct(1, attempt_state::void_, {.status = cost_status::void_}));
  EXPECT_EQ(state_of(1), "void");
  ASSERT_TRUE(commit(*slow, {outcome(1, "0.25")}));
  EXPECT_EQ(state_of(1), "settled");
  EXPECT_EQ(entry(1).cost.value, money_of("0.25"));
}

TEST_F(lost_test, sweeps_at_the_same_time_book_it_once) {
  open_ledger();
  set(limited("10"));
  std::vector<journal_record> many;
  for (std::uint64_t id = 1; id <= 50; ++id) many.emplace_back(asks(id, "0.1"));
  kill_after(many);
  std::vector<pid_t> sweepers;
  for (int i = 0; i < 8; ++i)
    sweepers.push_back(start_child([&] { return ledger::open({.path = path}) ? 0 : 1; }));
  for (const pid_t s : sweepers) EXPECT_EQ(wait_for(s), 0);
  EXPECT_EQ(sql(path, "SELECT count(*) FROM outcome WHERE finish = 'lost'"), "50");
  EXPECT_EQ(sql(path, "SELECT count(*) FROM correction"), "0");
  expect_consistent();
}

TEST_F(lost_test, sweeps_begin_where_everything_before_has_ended) {
  open_ledger();
  for (std::uint64_t id = 1; id <= 1100; ++id)
    ASSERT_TRUE(put({asks(id, "0.1"), outcome(id, "0.1")}));
  ASSERT_TRUE(put({asks(2000, "0.1")}));
  EXPECT_TRUE(opened());
  EXPECT_EQ(sql(path, "SELECT value FROM ledger_mark WHERE name = 'ended'"), "1100");
  sql(path, "UPDATE session SET process_start = 1");
  EXPECT_TRUE(opened());
  EXPECT_EQ(state_of(1101), "ambiguous");
}

TEST_F(lost_test, a_doubt_of_its_own_is_the_truth_too_and_keeps_the_reservation) {
  open_ledger();
  set(limited("1"));
  const auto slow = state;
  ASSERT_TRUE(put({asks(1, "0.5")}));
  move_elsewhere();
  machine.wall = at(301);
  const auto other = opened();
  ASSERT_TRUE(commit(*slow, {ended_as(1, attempt_state::ambiguous, interval("0.1", "0.3"))}));
  EXPECT_EQ(entry(1).cost.high, money_of("0.3"));
  EXPECT_EQ(stand(), "0 0.3 0.7");
  machine.wall = at(100'000);
  EXPECT_EQ(stand(), "0 0.3 0.7") << "it is not lost any more: no lease gives it back";
  ASSERT_TRUE(commit(*slow, {outcome(1, "0.25")}));
  EXPECT_EQ(stand(), "0.25 0 0.75");
  expect_consistent();
}

}  // namespace
}  // namespace ark::testing
