#include "ledger/committer.hpp"

#include <atomic>
#include <future>

#include "ledger_fixture.hpp"

namespace ark::testing {
namespace {

class committer_test : public ledger_fixture {
 protected:
  /// As `commit`, waiting for another thread's answer.
  static result<void> commit_and_wait(journal& j, std::vector<journal_record> records) {
    std::promise<result<void>> answer;
    j.commit(std::move(records), [&](const commit_result& r) { answer.set_value(r.all); });
    return answer.get_future().get();
  }
};

TEST_F(committer_test, done_comes_after_the_row_and_from_another_thread) {
  open(durability::power);
  std::promise<std::pair<std::thread::id, std::string>> seen;
  to->commit({intent(1)}, [&](const commit_result& r) {
    EXPECT_TRUE(r);
    seen.set_value({std::this_thread::get_id(), sql(path, "SELECT count(*) FROM intent")});
  });
  const auto [thread, rows] = seen.get_future().get();
  EXPECT_NE(thread, std::this_thread::get_id());
  EXPECT_EQ(rows, "1");
}

TEST_F(committer_test, many_producers_lose_nothing) {
  open(durability::power);
  std::vector<std::thread> producers;
  for (std::uint64_t p = 0; p < 8; ++p)
    producers.emplace_back([&, p] {
      for (std::uint64_t n = 1; n <= 25; ++n) {
        const std::uint64_t id = p * 1000 + n;
        EXPECT_TRUE(commit_and_wait(*to, {intent(id)}));
        EXPECT_TRUE(commit_and_wait(*to, {outcome(id)}));
      }
    });
  for (auto& t : producers) t.join();
  const auto line = book.report({}, {}).value().at(0);
  EXPECT_EQ(line.settled, 200);
  EXPECT_EQ(line.open, 0);
}

// L20
TEST_F(committer_test, no_producer_waits_much_longer_than_the_others) {
  open(durability::power);
  std::atomic<std::chrono::nanoseconds> longest{std::chrono::nanoseconds(0)};
  std::vector<std::thread> producers;
  for (std::uint64_t p = 0; p < 4; ++p)
    producers.emplace_back([&, p] {
      for (std::uint64_t n = 1; n <= 50; ++n) {
        const auto begun = std::chrono::steady_clock::now();
        EXPECT_TRUE(commit_and_wait(*to, {intent(p * 1000 + n)}));
        const std::chrono::nanoseconds took = std::chrono::steady_clock::now() - begun;
        for (auto seen = longest.load(); seen < took && !longest.compare_exchange_weak(seen, took);)
          continue;
      }
    });
  for (auto& t : producers) t.join();
  // One commit under way and one's own: two writes to the disk. Generous, for a busy machine.
  EXPECT_LT(longest.load(), std::chrono::seconds(2));
}

TEST_F(committer_test, closing_commits_what_is_left) {
  open(durability::power);
  std::atomic<int> answered = 0;
  for (std::uint64_t id = 1; id <= 1500; ++id)
    to->commit({intent(id)}, [&](const commit_result& r) { answered += r ? 1 : 0; });
  to.reset();
  book = {};
  EXPECT_EQ(answered, 1500);
  EXPECT_EQ(sql(path, "SELECT count(*) FROM intent"), "1500");
}

TEST_F(committer_test, an_unfit_intent_fails_alone_and_order_is_kept) {
  open(durability::power);
  attempt_intent bad = intent(2);
  bad.attempt_id = 0;
  std::promise<bool> one, two, three;
  to->commit({intent(1)}, [&](const commit_result& r) { one.set_value(static_cast<bool>(r)); });
  to->commit({bad, outcome(1)},
             [&](const commit_result& r) { two.set_value(static_cast<bool>(r)); });
  to->commit({intent(3)}, [&](const commit_result& r) { three.set_value(static_cast<bool>(r)); });
  EXPECT_TRUE(one.get_future().get());
  EXPECT_FALSE(two.get_future().get());
  EXPECT_TRUE(three.get_future().get());
  EXPECT_EQ(book.list({.state = attempt_state::settled}).value().size(), 1u);
  EXPECT_EQ(sql(path, "SELECT count(*) FROM correction"), "0");
}

TEST_F(committer_test, the_last_owner_may_be_an_answer) {
  open(durability::power);
  std::promise<void> dropped;
  auto last = std::make_shared<std::shared_ptr<journal>>(std::move(to));
  book = {};
  journal& raw = **last;
  raw.commit({intent(1)}, [last = std::move(last), &dropped](const commit_result&) mutable {
    last.reset();
    dropped.set_value();
  });
  dropped.get_future().get();
  EXPECT_EQ(sql(path, "SELECT count(*) FROM intent"), "1");
}

}  // namespace
}  // namespace ark::testing
