#include "ledger/writer.hpp"

#include <signal.h>
#include <sys/resource.h>

#include <atomic>
#include <fstream>
#include <future>
#include <thread>

#include "child.hpp"
#include "ledger_fixture.hpp"

namespace ark::testing {
namespace {

class writer_test : public ledger_fixture {};

TEST_F(writer_test, an_intent_is_in_the_file_before_done) {
  open();
  bool seen = false;
  to->commit({intent(1)}, [&](const commit_result& r) {
    ASSERT_TRUE(r);
    seen = sql(path, "SELECT count(*) FROM intent") == "1";
  });
  EXPECT_TRUE(seen);
}

TEST_F(writer_test, an_unfit_intent_fails_for_itself) {
  open();
  attempt_intent bad = intent(3);
  bad.tags["big"] = std::string(70'000, 'x');
  commit_result answer;
  to->commit({intent(1), bad, intent(2)}, [&](const commit_result& r) { answer = r; });
  EXPECT_FALSE(answer);
  EXPECT_TRUE(answer.of(0));
  EXPECT_EQ(answer.of(1).error().code, errc::invalid_request);
  EXPECT_TRUE(answer.of(2));
  EXPECT_EQ(sql(path, "SELECT group_concat(attempt_id) FROM intent"), "1,2");
}

TEST_F(writer_test, an_unfit_intent_does_not_take_an_outcome_with_it) {
  open();
  ASSERT_TRUE(commit(*to, {intent(1)}));
  attempt_intent bad = intent(2);
  bad.attempt_id = 0;
  EXPECT_FALSE(commit(*to, {bad, outcome(1)}));
  EXPECT_EQ(book.list({}).value().at(0).state, attempt_state::settled);
}

TEST_F(writer_test, two_open_attempts_with_one_id_are_refused) {
  open();
  ASSERT_TRUE(commit(*to, {intent(1)}));
  EXPECT_EQ(commit(*to, {intent(1)}).error().code, errc::internal);
  EXPECT_EQ(sql(path, "SELECT count(*) FROM intent"), "1");
}

TEST_F(writer_test, the_session_says_who_wrote) {
  open();
  EXPECT_EQ(sql(path, "SELECT count(*) FROM session"), "0") << "reading leaves no trace";
  ASSERT_TRUE(commit(*to, {intent(1)}));
  ASSERT_TRUE(commit(*to, {intent(2)}));
  EXPECT_EQ(sql(path, "SELECT pid FROM session"), std::to_string(::getpid()));
  EXPECT_EQ(sql(path, "SELECT count(*) FROM intent JOIN session ON session.id = intent.session"),
            "2");
}

TEST_F(writer_test, a_forked_child_is_told_to_open_its_own) {
  open();
  ASSERT_TRUE(commit(*to, {intent(1)}));
  const pid_t child = start_child([&] {
    const auto refused = commit(*to, {intent(2)});
    return !refused && refused.error().message.find("fork()") != std::string::npos ? 0 : 1;
  });
  EXPECT_EQ(wait_for(child), 0);
  EXPECT_TRUE(commit(*to, {intent(3)}));
}

/// In a process of its own: the limit and the signal are the whole process's.
int run_into_a_full_disk(const std::string& path) {
  ::signal(SIGXFSZ, SIG_IGN);
  auto w = detail::writer::open({.path = path}).value();
  std::vector<journal_record> first = {intent(1), intent(2)};
  if (!w->write(first)) return 1;
  struct rlimit limit{};
  ::getrlimit(RLIMIT_FSIZE, &limit);
  const auto before = limit;
  limit.rlim_cur = 1;
  ::setrlimit(RLIMIT_FSIZE, &limit);
  std::vector<journal_record> second = {outcome(1), intent(3)};
  const auto full = w->write(second);
  if (full || full.all.error().code != errc::ledger) return 2;
  if (full.all.error().message.find("disk full") == std::string::npos) return 3;
  std::vector<journal_record> third = {intent(4), outcome(2)};
  if (w->write(third)) return 4;
  if (w->kept() != 2) return 5;
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::vector<journal_record> fourth = {intent(5)};
  if (!w->write(fourth)) return 6;
  return w->kept() == 0 ? 0 : 7;
}

// L10
TEST_F(writer_test, a_full_disk_is_told_and_outcomes_are_kept_for_the_next_commit) {
  ASSERT_EQ(wait_for(start_child([&] { return run_into_a_full_disk(path); })), 0);
  EXPECT_EQ(sql(path, "SELECT group_concat(attempt_id) FROM intent"), "1,2,5")
      << "what was not sent is not in the ledger";
  EXPECT_EQ(sql(path, "SELECT count(*) FROM outcome WHERE state = 'settled'"), "2");
  EXPECT_EQ(sql(path, "PRAGMA integrity_check"), "ok");
}

TEST_F(writer_test, what_a_full_disk_kept_back_is_written_at_the_end) {
  const pid_t child = start_child([&] {
    ::signal(SIGXFSZ, SIG_IGN);
    auto w = detail::writer::open({.path = path}).value();
    std::vector<journal_record> first = {intent(1)};
    if (!w->write(first)) return 1;
    struct rlimit limit{};
    ::getrlimit(RLIMIT_FSIZE, &limit);
    const auto before = limit;
    limit.rlim_cur = 1;
    ::setrlimit(RLIMIT_FSIZE, &limit);
    std::vector<journal_record> second = {outcome(1)};
    if (w->write(second)) return 2;
    ::setrlimit(RLIMIT_FSIZE, &before);
    w.reset();
    return 0;
  });
  ASSERT_EQ(wait_for(child), 0);
  EXPECT_EQ(sql(path, "SELECT count(*) FROM outcome"), "1");
}

TEST_F(writer_test, a_locked_file_is_an_error_after_the_limit_and_loses_nothing) {
  auto w =
      detail::writer::open({.path = path, .busy_limit = std::chrono::milliseconds(30)}).value();
  std::vector<journal_record> first = {intent(1)};
  ASSERT_TRUE(w->write(first));
  auto other = sqlite::database::open(path, SQLITE_OPEN_READWRITE, std::chrono::seconds(1)).value();
  ASSERT_TRUE(other.run("BEGIN IMMEDIATE"));
  std::vector<journal_record> second = {outcome(1)};
  const auto refused = w->write(second);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.all.error().message.find("locked for too long"), std::string::npos);
  ASSERT_TRUE(other.run("COMMIT"));
  std::vector<journal_record> none;
  EXPECT_TRUE(w->write(none));
  EXPECT_EQ(sql(path, "SELECT count(*) FROM outcome"), "1");
}

// L12
TEST_F(writer_test, a_damaged_file_is_not_appended_to) {
  {
    auto w = detail::writer::open({.path = path}).value();
    std::vector<journal_record> first = {intent(1)};
    ASSERT_TRUE(w->write(first));
  }
  sql(path, "PRAGMA wal_checkpoint(TRUNCATE)");
  auto w = detail::writer::open({.path = path}).value();
  const std::string leaf = sql(path, "SELECT rootpage FROM sqlite_schema WHERE name = 'intent'");
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp((std::stoll(leaf) - 1) * 4096);
  file << std::string(4096, '\xff');
  file.close();
  // Another connection's commit, so that this one reads its pages anew.
  sql(path, "INSERT INTO session VALUES(1, 1, 1, '', '', 1, '', 0, '')");
  std::vector<journal_record> records = {intent(2)};
  const auto refused = w->write(records);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.all.error().message.find("damaged"), std::string::npos);
  EXPECT_EQ(w->write(records).all.error(), refused.all.error()) << "and it stays so";
}

/// Threat L20: writers with a connection each. Not timed: nobody is passed over for long.
TEST_F(writer_test, L20_four_writers_take_turns) {
  open();
  constexpr int writers = 4, commits = 150;
  std::atomic<int> ready = 0;
  std::vector<std::thread> threads;
  for (int w = 0; w < writers; ++w)
    threads.emplace_back([&, w] {
      const auto own =
          ledger::open({.path = path, .durability = durability::full, .commit_interval = {}})
              .value();
      const auto own_journal = journal_of(own);
      ++ready;
      while (ready < writers) std::this_thread::yield();
      for (int i = 0; i < commits; ++i) {
        std::promise<bool> done;
        own_journal->commit({intent(static_cast<std::uint64_t>(w * commits + i + 1))},
                            [&](const commit_result& r) { done.set_value(bool(r)); });
        EXPECT_TRUE(done.get_future().get());
      }
    });
  for (auto& t : threads) t.join();
  EXPECT_EQ(sql(path, "SELECT count(*) FROM intent"), "600");
  // The longest row of commits by others between two of one writer, while all were at work.
  const std::string longest = sql(path, R"sql(
    WITH mine AS (SELECT seq, lead(seq) OVER (PARTITION BY session ORDER BY seq) AS next FROM intent),
         ends AS (SELECT max(seq) AS last FROM intent GROUP BY session)
    SELECT max(next - seq) FROM mine WHERE next <= (SELECT min(last) FROM ends))sql");
  EXPECT_LT(std::stoi(longest), 150) << "one after the other would be 4";
}

TEST_F(writer_test, an_outcome_whose_intent_failed_with_it_is_not_kept) {
  auto w =
      detail::writer::open({.path = path, .busy_limit = std::chrono::milliseconds(30)}).value();
  std::vector<journal_record> first = {intent(1)};
  ASSERT_TRUE(w->write(first));
  auto other = sqlite::database::open(path, SQLITE_OPEN_READWRITE, std::chrono::seconds(1)).value();
  ASSERT_TRUE(other.run("BEGIN IMMEDIATE"));
  std::vector<journal_record> both = {intent(2), outcome(2), outcome(1)};
  EXPECT_FALSE(w->write(both));
  EXPECT_EQ(w->kept(), 1u);
  ASSERT_TRUE(other.run("COMMIT"));
  std::vector<journal_record> none;
  EXPECT_TRUE(w->write(none));
  EXPECT_EQ(sql(path, "SELECT group_concat(seq) FROM outcome"), "1");
  EXPECT_EQ(sql(path, "SELECT count(*) FROM correction"), "0");
}

}  // namespace
}  // namespace ark::testing
