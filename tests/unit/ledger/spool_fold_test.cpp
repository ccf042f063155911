#include "ledger/spool_fold.hpp"

#include <signal.h>
#include <sys/stat.h>

#include <fstream>
#include <thread>

#include "child.hpp"
#include "ledger/spool.hpp"
#include "ledger_fixture.hpp"

namespace ark::testing {
namespace {

using namespace std::chrono_literals;

class spool_fold_test : public ledger_fixture {
 protected:
  /// Attempts 1 to `count` begun and ended in a process that is then killed.
  void write_and_die(std::uint64_t count) {
    const pid_t child = start_child([&] {
      // An hour: all but the first commits stay in the spool.
      const auto mine = ledger::open({.path = path, .commit_interval = 1h}).value();
      const auto j = journal_of(mine);
      for (std::uint64_t id = 1; id <= count; ++id)
        if (!commit(*j, {intent(id)}) || !commit(*j, {outcome(id)})) return 1;
      return ::raise(SIGKILL);
    });
    ASSERT_EQ(wait_for(child), -SIGKILL);
    ASSERT_EQ(detail::find_spools(path).size(), 1u);
    ASSERT_LT(std::stoul(sql(path, "SELECT count(*) FROM intent")), count);
  }
};

TEST_F(spool_fold_test, what_a_killed_process_acknowledged_is_there_for_the_next_reader) {
  write_and_die(50);
  const auto reader = ledger::open({.path = path, .read_only = true}).value();
  const auto line = reader.report({}, {}).value().at(0);
  EXPECT_EQ(line.settled, 50);
  EXPECT_EQ(line.open, 0);
  EXPECT_EQ(line.cost, money_of("12.5"));
  EXPECT_TRUE(detail::find_spools(path).empty()) << "its process is gone";
  EXPECT_EQ(sql(path, "SELECT count(DISTINCT session) FROM intent"), "1") << "the writer's own";
}

TEST_F(spool_fold_test, opening_takes_it_too) {
  write_and_die(50);
  open();
  EXPECT_EQ(sql(path, "SELECT count(*) FROM outcome"), "50");
  EXPECT_TRUE(detail::find_spools(path).empty());
}

TEST_F(spool_fold_test, taken_twice_it_is_there_once) {
  write_and_die(50);
  const auto left = detail::find_spools(path).at(0).path;
  std::filesystem::copy_file(left, folder.file("copy"));
  open();
  // As if the machine had stopped between the commit and the removal.
  std::filesystem::copy_file(folder.file("copy"), left);
  const auto again = ledger::open({.path = path}).value();
  EXPECT_EQ(again.report({}, {}).value().at(0).settled, 50);
  EXPECT_EQ(sql(path, "SELECT count(*) FROM correction"), "0");
}

TEST_F(spool_fold_test, a_living_process_is_read_up_to_its_last_commit) {
  int to_child[2], to_parent[2];
  ASSERT_EQ(::pipe(to_child), 0);
  ASSERT_EQ(::pipe(to_parent), 0);
  const pid_t child = start_child([&] {
    const auto mine = ledger::open({.path = path, .commit_interval = 1h}).value();
    const auto j = journal_of(mine);
    char token = 0;
    for (std::uint64_t round = 0; round < 3; ++round) {
      for (std::uint64_t id = round * 10 + 1; id <= round * 10 + 10; ++id)
        if (!commit(*j, {intent(id)})) return 1;
      // Half of each round's, and half of the round before, whose intents others have taken.
      for (std::uint64_t id = round * 10 + 1; id <= round * 10 + 5; ++id) {
        if (!commit(*j, {outcome(id)})) return 2;
        if (round > 0 && !commit(*j, {outcome(id - 5)})) return 3;
      }
      if (::write(to_parent[1], "x", 1) != 1 || ::read(to_child[0], &token, 1) != 1) return 4;
    }
    return 0;
  });
  const auto reader = [&] { return ledger::open({.path = path, .read_only = true}); };
  char token = 0;
  ASSERT_EQ(::read(to_parent[0], &token, 1), 1);
  for (int round = 0; round < 3; ++round) {
    if (round > 0) {
      ASSERT_EQ(::write(to_child[1], "x", 1), 1);
      ASSERT_EQ(::read(to_parent[0], &token, 1), 1);
    }
    const auto line = reader().value().report({}, {}).value().at(0);
    EXPECT_EQ(line.attempts, 10 * (round + 1));
    EXPECT_EQ(line.settled, 5 + 10 * round);
    EXPECT_EQ(detail::find_spools(path).size(), 1u) << "it is still the child's";
  }
  ASSERT_EQ(::write(to_child[1], "x", 1), 1);
  EXPECT_EQ(wait_for(child), 0);
  const auto line = reader().value().report({}, {}).value().at(0);
  EXPECT_EQ(line.attempts, 30);
  EXPECT_EQ(line.settled, 25);
  EXPECT_EQ(sql(path, "SELECT count(*) FROM correction"), "0");
  EXPECT_TRUE(detail::find_spools(path).empty());
  for (const int fd : {to_child[0], to_child[1], to_parent[0], to_parent[1]}) ::close(fd);
}

TEST_F(spool_fold_test, readers_in_the_middle_of_a_burst_see_every_acknowledged_record) {
  open();
  const auto busy = ledger::open({.path = path, .commit_interval = 500us}).value();
  const auto j = journal_of(busy);
  std::atomic<std::uint64_t> acknowledged = 0;
  std::thread burst([&] {
    for (std::uint64_t id = 1; id <= 3000; ++id) {
      EXPECT_TRUE(commit(*j, {intent(id)}));
      EXPECT_TRUE(commit(*j, {outcome(id)}));
      acknowledged = id;
    }
  });
  while (acknowledged < 3000) {
    const std::uint64_t before = acknowledged;
    // Another handle: it knows of the spool from the folder alone.
    const auto lines = book.report({}, {}).value();
    const auto settled = lines.empty() ? 0 : lines[0].settled;
    ASSERT_GE(static_cast<std::uint64_t>(settled), before);
  }
  burst.join();
  EXPECT_EQ(sql(path, "SELECT count(*) FROM correction"), "0");
  EXPECT_EQ(book.report({}, {}).value().at(0).attempts, 3000);
}

TEST_F(spool_fold_test, a_spool_that_cannot_be_read_is_named_and_not_passed_over) {
  open();
  const std::string odd = path + "-spool-00000000000000ff";
  std::filesystem::create_symlink(folder.file("nowhere"), odd);
  const auto refused = ledger::open({.path = path});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find(odd), std::string::npos);
  EXPECT_FALSE(book.list({}));
  std::filesystem::remove(odd);
  EXPECT_TRUE(book.list({}));
}

TEST_F(spool_fold_test, a_ledger_that_was_replaced_takes_what_is_left) {
  write_and_die(50);
  for (const char* part : {"", "-wal", "-shm"}) std::filesystem::remove(path + part);
  open();
  // The first commits were transactions, in the ledger that is gone.
  EXPECT_GE(std::stoul(sql(path, "SELECT count(*) FROM intent")), 46u);
  EXPECT_EQ(sql(path, "SELECT count(*) FROM session WHERE pid = 0"), "1");
}

}  // namespace
}  // namespace ark::testing
