#include <fcntl.h>
#include <signal.h>

#include <map>
#include <set>
#include <thread>

#include "tests/integration/ledger_pg/store_fixture.hpp"
#include "tests/unit/ledger/chain_support.hpp"
#include "tests/unit/ledger/child.hpp"

/// The server is killed and restarted while several processes write.
namespace ark::testing {
namespace {

using namespace std::chrono_literals;

constexpr int processes = 4;
constexpr int threads = 4;
constexpr int kills = 3;

/// Writes until the pipe `stop` is closed; tells each acknowledged record's id through `acks`: an
/// intent's as it is, its outcome's negative.
int write_until_told(const std::string& place, int acks, int stop, std::uint64_t first) {
  const auto book = ledger::open({.path = place}).value();
  const auto to = journal_of(book);
  std::atomic<bool> over = false;
  std::vector<std::thread> all;
  for (int t = 0; t < threads; ++t)
    all.emplace_back([&, t] {
      for (std::uint64_t id = first + static_cast<std::uint64_t>(t) * 1'000'000; !over; ++id) {
        const auto number = static_cast<std::int64_t>(id);
        if (!put(*to, {intent(id)})) continue;
        if (::write(acks, &number, sizeof number) != sizeof number) return;
        if (!put(*to, {outcome(id)})) continue;
        const std::int64_t ended = -number;
        if (::write(acks, &ended, sizeof ended) != sizeof ended) return;
      }
    });
  char none = 0;
  while (::read(stop, &none, 1) > 0) {
  }
  over = true;
  for (auto& t : all) t.join();
  return 0;
}

TEST(restart_test, a_killed_server_loses_nothing_acknowledged_and_has_nothing_twice) {
  pg_server* server = the_server();
  if (server == nullptr) GTEST_SKIP() << "skipped: postgresql is not installed";
  server->wipe();
  ASSERT_TRUE(ledger::open({.path = server->name()})
                  .value()
                  .set_budget({.name = "all", .limit = {money_of("1000000"), "USD"}}));
  int acks[2], stop[2];
  // Not for the server, which is started meanwhile.
  ASSERT_EQ(::pipe2(acks, O_CLOEXEC), 0);
  ASSERT_EQ(::pipe2(stop, O_CLOEXEC), 0);
  std::vector<pid_t> children;
  for (int c = 0; c < processes; ++c)
    children.push_back(start_child([&, c] {
      ::close(stop[1]);
      ::close(acks[0]);
      return write_until_told(server->name(), acks[1], stop[0],
                              static_cast<std::uint64_t>(c + 1) * 100'000'000);
    }));
  ::close(acks[1]);
  ::close(stop[0]);
  std::vector<std::int64_t> acknowledged;
  std::thread reader([&] {
    std::int64_t id = 0;
    while (::read(acks[0], &id, sizeof id) == sizeof id) acknowledged.push_back(id);
  });
  for (int k = 0; k < kills; ++k) {
    std::this_thread::sleep_for(1500ms);
    server->kill();
    server->begin();
  }
  std::this_thread::sleep_for(1500ms);
  ::close(stop[1]);
  for (const pid_t child : children) EXPECT_EQ(wait_for(child), 0);
  reader.join();
  ::close(acks[0]);

  const auto book = ledger::open({.path = server->name()}).value();
  std::map<std::int64_t, attempt_state> there;
  std::size_t rows = 0;
  ASSERT_TRUE(book.scan({}, [&](const ledger_entry& e) {
    there[std::stoll(e.call_id.substr(5))] = e.state;
    ++rows;
    return true;
  }));
  EXPECT_EQ(there.size(), rows) << "an attempt is there twice";
  std::set<std::int64_t> intents;
  for (const std::int64_t id : acknowledged) {
    ASSERT_TRUE(there.contains(std::abs(id))) << "lost: " << id;
    if (id < 0) {
      EXPECT_EQ(there[-id], attempt_state::settled) << id;
    } else {
      intents.insert(id);
    }
  }
  for (const auto& [id, state] : there) {
    EXPECT_NE(state, attempt_state::sending) << id << ": an outcome was lost";
    if (!intents.contains(id)) {
      EXPECT_EQ(state, attempt_state::void_) << id;
    }
  }
  EXPECT_EQ(server->ask("SELECT count(*) FROM ark.correction"), "0");
  const auto budget = book.budgets().value().at(0);
  EXPECT_EQ(budget.spent, book.report({}, {}).value().at(0).cost);
  EXPECT_TRUE(budget.reserved.is_zero()) << budget.reserved.to_string();
  const auto check = book.verify().value();
  EXPECT_TRUE(check.good()) << words_of(check);
  EXPECT_GT(acknowledged.size(), 1000u);
  RecordProperty("acknowledged", static_cast<int>(acknowledged.size()));
}

}  // namespace
}  // namespace ark::testing
