#include "ledger/gatherer.hpp"

#include <signal.h>
#include <sys/resource.h>

#include "child.hpp"
#include "ledger_fixture.hpp"
#include "tests/support/fake_os.hpp"

namespace ark::testing {
namespace {

using namespace std::chrono_literals;

class gatherer_test : public ledger_fixture {
 protected:
  void SetUp() override {
    to_file = detail::writer::open({.path = path}).value();
    gathered = std::make_unique<detail::gatherer>(to_file, 2ms, machine);
  }
  result<void> put(std::vector<journal_record> records) {
    const commit_result done = gathered->write(records);
    return done.refused.empty() ? done.all : result<void>(done.refused.front().why);
  }
  /// Enough quick commits that the next one goes to the spool.
  void begin_spooling() {
    for (std::uint64_t id = 101; id <= 104; ++id) ASSERT_TRUE(put({intent(id)}));
  }
  std::string intents() { return sql(path, "SELECT count(*) FROM intent"); }
  std::size_t spools() { return detail::find_spools(path).size(); }

  fake_system machine;
  std::shared_ptr<detail::writer> to_file;
  std::unique_ptr<detail::gatherer> gathered;
};

TEST_F(gatherer_test, rare_commits_are_transactions) {
  for (std::uint64_t id = 1; id <= 20; ++id) {
    ASSERT_TRUE(put({intent(id)}));
    EXPECT_EQ(intents(), std::to_string(id));
    machine.advance(2ms);
  }
  EXPECT_EQ(spools(), 0u);
}

TEST_F(gatherer_test, a_few_quick_commits_make_no_spool) {
  for (std::uint64_t id = 1; id <= 4; ++id) ASSERT_TRUE(put({intent(id)}));
  EXPECT_EQ(intents(), "4");
  EXPECT_EQ(spools(), 0u);
}

TEST_F(gatherer_test, quick_commits_go_into_the_next_transaction) {
  begin_spooling();
  ASSERT_TRUE(put({intent(1)}));
  ASSERT_TRUE(put({outcome(1), intent(2)}));
  EXPECT_EQ(intents(), "4");
  EXPECT_EQ(spools(), 1u);
  machine.advance(2ms);
  ASSERT_TRUE(put({outcome(2)}));
  EXPECT_EQ(intents(), "6");
  EXPECT_EQ(sql(path, "SELECT group_concat(seq) FROM outcome"), "5,6");
  EXPECT_EQ(sql(path, "SELECT count(*) FROM intent WHERE session = (SELECT id FROM session)"), "6");
}

TEST_F(gatherer_test, the_spool_is_used_again_and_again) {
  begin_spooling();
  for (std::uint64_t id = 1001; id <= 1500; ++id) {
    ASSERT_TRUE(put({intent(id)}));
    ASSERT_TRUE(put({outcome(id)}));
    if (id % 7 == 0) machine.advance(3ms);
  }
  ASSERT_TRUE(gathered->flush());
  EXPECT_EQ(intents(), "504");
  EXPECT_EQ(sql(path, "SELECT count(*) FROM outcome"), "500");
  EXPECT_EQ(sql(path, "SELECT count(*) FROM correction"), "0");
  EXPECT_EQ(sql(path, "SELECT spooled > 900 FROM session"), "1");
}

TEST_F(gatherer_test, the_spool_is_bounded_even_if_time_stands_still) {
  begin_spooling();
  for (std::uint64_t id = 1; id <= 20; ++id) {
    attempt_intent big = intent(id);
    big.tags["big"] = std::string(60'000, 'x');
    ASSERT_TRUE(put({big}));
  }
  EXPECT_GE(std::stoi(intents()), 14);
}

TEST_F(gatherer_test, the_end_leaves_everything_in_the_ledger_and_nothing_beside_it) {
  begin_spooling();
  ASSERT_TRUE(put({intent(1)}));
  gathered.reset();
  EXPECT_EQ(intents(), "5");
  EXPECT_EQ(spools(), 0u);
}

TEST_F(gatherer_test, what_a_transaction_would_refuse_is_refused_at_once) {
  begin_spooling();
  ASSERT_TRUE(put({intent(1)}));
  EXPECT_EQ(put({intent(1)}).error().code, errc::internal) << "an id that is in the spool";
  EXPECT_EQ(put({intent(101)}).error().code, errc::internal) << "an id that is in the ledger";
  EXPECT_EQ(put({intent(3), intent(3)}).error().code, errc::internal) << "an id twice";
  attempt_intent bad = intent(2);
  bad.attempt_id = 0;
  EXPECT_EQ(put({bad}).error().code, errc::invalid_request);
  EXPECT_EQ(intents(), "6") << "101 to 104, 1, and the first one of id 3";
}

TEST_F(gatherer_test, a_locked_ledger_keeps_what_was_acknowledged_for_later) {
  gathered.reset();
  to_file = detail::writer::open({.path = path, .busy_limit = 30ms}).value();
  gathered = std::make_unique<detail::gatherer>(to_file, 2ms, machine);
  begin_spooling();
  ASSERT_TRUE(put({intent(1)}));
  auto other = sqlite::database::open(path, SQLITE_OPEN_READWRITE, 1s).value();
  ASSERT_TRUE(other.run("BEGIN IMMEDIATE"));
  machine.advance(2ms);
  EXPECT_FALSE(put({outcome(1), intent(2)})) << "intent 2 is refused, outcome 1 is kept";
  ASSERT_TRUE(other.run("COMMIT"));
  machine.advance(2ms);
  ASSERT_TRUE(put({intent(3)}));
  EXPECT_EQ(sql(path, "SELECT group_concat(attempt_id) FROM intent WHERE attempt_id < 100"), "1,3");
  EXPECT_EQ(sql(path, "SELECT count(*) FROM outcome"), "1");
}

TEST_F(gatherer_test, a_full_disk_keeps_what_was_acknowledged) {
  gathered.reset();
  to_file.reset();
  const pid_t child = start_child([&] {
    ::signal(SIGXFSZ, SIG_IGN);
    SetUp();
    begin_spooling();
    if (!put({intent(1)})) return 1;
    struct rlimit limit{};
    ::getrlimit(RLIMIT_FSIZE, &limit);
    const auto before = limit;
    limit.rlim_cur = 1;
    ::setrlimit(RLIMIT_FSIZE, &limit);
    if (!put({intent(2)})) return 2;  // the spool has its room already
    machine.advance(2ms);
    if (put({intent(3)})) return 3;
    ::setrlimit(RLIMIT_FSIZE, &before);
    if (!put({outcome(1)})) return 4;
    gathered.reset();
    return 0;
  });
  ASSERT_EQ(wait_for(child), 0);
  EXPECT_EQ(sql(path, "SELECT group_concat(attempt_id) FROM intent WHERE attempt_id < 100"), "1,2");
  EXPECT_EQ(sql(path, "SELECT count(*) FROM outcome"), "1");
}

TEST_F(gatherer_test, a_forked_child_writes_nothing_and_removes_nothing) {
  begin_spooling();
  ASSERT_TRUE(put({intent(1)}));
  const pid_t child = start_child([&] {
    const bool refused = !put({intent(2)});
    gathered.reset();
    return refused ? 0 : 1;
  });
  EXPECT_EQ(wait_for(child), 0);
  EXPECT_EQ(spools(), 1u);
  // Nor when there is nothing left to take.
  ASSERT_TRUE(gathered->flush());
  const pid_t other = start_child([&] {
    gathered.reset();
    return 0;
  });
  EXPECT_EQ(wait_for(other), 0);
  EXPECT_EQ(spools(), 1u);
  ASSERT_TRUE(put({intent(3)}));
  gathered.reset();
  EXPECT_EQ(intents(), "6");
}

}  // namespace
}  // namespace ark::testing
