#include <signal.h>

#include <atomic>
#include <map>
#include <set>
#include <thread>

#include "budget_fixture.hpp"
#include "child.hpp"

namespace ark::testing {
namespace {

class state_test : public ledger_fixture {};

TEST_F(state_test, threads_write_and_read_at_once) {
  open();
  std::atomic<bool> stop = false;
  std::thread reader([&] {
    while (!stop) {
      EXPECT_TRUE(book.report({"day", "model"}, {}));
      EXPECT_TRUE(book.scan({.newest_first = true}, [](const ledger_entry&) { return false; }));
    }
  });
  std::vector<std::thread> writers;
  for (std::uint64_t w = 0; w < 4; ++w)
    writers.emplace_back([&, w] {
      for (std::uint64_t n = 1; n <= 100; ++n) {
        EXPECT_TRUE(commit(*to, {intent(w * 1000 + n)}));
        EXPECT_TRUE(commit(*to, {outcome(w * 1000 + n)}));
      }
    });
  for (auto& t : writers) t.join();
  stop = true;
  reader.join();
  EXPECT_EQ(book.report({}, {}).value().at(0).settled, 400);
}

TEST_F(state_test, several_handles_of_one_process_share_a_file) {
  open();
  const auto second = ledger::open({.path = path}).value();
  ASSERT_TRUE(commit(*to, {intent(1)}));
  ASSERT_TRUE(commit(*journal_of(second), {intent(2)}));
  ASSERT_TRUE(commit(*to, {outcome(1)}));
  EXPECT_EQ(book.list({}).value().size(), 2u);
}

TEST_F(state_test, many_processes_may_make_the_file_at_once) {
  for (int round = 0; round < 10; ++round) {
    path = folder.file("new" + std::to_string(round) + "/ledger.db");
    std::vector<pid_t> children;
    for (std::uint64_t c = 1; c <= 4; ++c)
      children.push_back(start_child([&] {
        const auto mine = ledger::open({.path = path}).value();
        return commit(*journal_of(mine), {intent(c)}) ? 0 : 1;
      }));
    for (const pid_t child : children) EXPECT_EQ(wait_for(child), 0);
    EXPECT_EQ(sql(path, "SELECT count(*) FROM intent"), "4");
  }
}

/// Writes until it is killed; tells each acknowledged record's id through `acks`.
int write_until_killed(const std::string& path, int acks, std::uint64_t first) {
  const auto book = ledger::open({.path = path}).value();
  const auto to = journal_of(book);
  for (std::uint64_t id = first;; ++id) {
    if (!commit(*to, {intent(id)})) return 1;
    const std::int64_t begun = static_cast<std::int64_t>(id);
    if (::write(acks, &begun, sizeof begun) != sizeof begun) return 2;
    if (!commit(*to, {outcome(id)})) return 3;
    const std::int64_t ended = -begun;
    if (::write(acks, &ended, sizeof ended) != sizeof ended) return 4;
  }
}

TEST_F(state_test, killed_writers_lose_nothing_that_was_acknowledged) {
  std::vector<std::int64_t> acknowledged;
  for (int round = 0; round < 3; ++round) {
    int pipe[2];
    ASSERT_EQ(::pipe(pipe), 0);
    std::vector<pid_t> children;
    for (int c = 0; c < 4; ++c) {
      const auto first = static_cast<std::uint64_t>(round * 4 + c + 1) * 1'000'000;
      children.push_back(start_child([&] { return write_until_killed(path, pipe[1], first); }));
    }
    ::close(pipe[1]);
    // Kill each at its own moment, counted in acknowledgements.
    std::size_t heard = 0;
    std::size_t killed = 0;
    std::int64_t id = 0;
    while (::read(pipe[0], &id, sizeof id) == sizeof id) {
      acknowledged.push_back(id);
      if (++heard % 150 == 0 && killed < children.size()) ::kill(children[killed++], SIGKILL);
    }
    ::close(pipe[0]);
    for (const pid_t child : children) EXPECT_EQ(wait_for(child), -SIGKILL);
  }
  ASSERT_GE(acknowledged.size(), 3u * 600u);
  EXPECT_EQ(sql(path, "PRAGMA integrity_check"), "ok");
  open();
  std::map<std::int64_t, bool> settled;
  for (const auto& e : book.list({}).value())
    settled[std::stoll(e.call_id.substr(5))] = e.state == attempt_state::settled;
  for (const std::int64_t id : acknowledged) {
    ASSERT_TRUE(settled.contains(std::abs(id))) << id;
    if (id < 0) {
      EXPECT_TRUE(settled[-id]) << id;
    }
  }
  // At most the record on its way when the signal came is there beyond what was acknowledged.
  const auto rows =
      std::stoull(sql(path,
                      "SELECT (SELECT count(*) FROM intent) + (SELECT count(*) FROM outcome "
                      "WHERE finish <> 'lost')"));
  EXPECT_LE(rows, acknowledged.size() + 12);
}

class clock_test : public budget_fixture {};

TEST_F(clock_test, a_wall_clock_that_jumps_loses_nothing_and_doubts_nobody_who_lives) {
  open_ledger();
  std::uint64_t id = 0;
  constexpr std::int64_t year_s = 365 * 86'400;
  for (const std::int64_t jump : {0L, 2 * year_s, -year_s, 0L, -5 * year_s, 10 * year_s}) {
    machine.wall = at(jump);
    ASSERT_TRUE(put({asks(++id, "0.5", jump)}));
    machine.wall = at(-jump);
    // Whoever opens it then looks for attempts of the dead.
    const auto other = opened();
    ASSERT_TRUE(put({outcome(id)}));
  }
  std::set<std::int64_t> days;
  std::int64_t sequence = 0;
  ASSERT_TRUE(state->scan({}, [&](const ledger_entry& e) {
    EXPECT_EQ(e.sequence, ++sequence);
    EXPECT_EQ(e.state, attempt_state::settled);
    days.insert(std::chrono::floor<std::chrono::days>(e.begun).time_since_epoch().count());
    return true;
  }));
  EXPECT_EQ(sequence, 6);
  EXPECT_EQ(days.size(), 5u);
  EXPECT_EQ(state->report({"day"}, {}).value().size(), 5u);
  const auto check = state->verify({}).value();
  EXPECT_TRUE(check.good());
  EXPECT_EQ(sql(path, "SELECT count(*) FROM correction"), "0");
}

}  // namespace
}  // namespace ark::testing
