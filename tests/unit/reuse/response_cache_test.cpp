#include "reuse/response_cache_state.hpp"

#include "os/os.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/ledger/child.hpp"

#include <gtest/gtest.h>

#include <csignal>

namespace ark::detail {
namespace {

using std::chrono::seconds;

const auto noon = std::chrono::system_clock::time_point(seconds(1'800'000'000));

reply says(std::string text) {
  reply r;
  r.message = assistant(std::move(text));
  r.finish = finish_reason::stop;
  r.cost = {.status = cost_status::exact, .currency = "USD", .value = *amount::parse("0.25")};
  return r;
}

struct bench {
  testing::temporary_directory folder;
  std::string path = folder.file("replies.sqlite");
  response_cache_options options() const { return {.path = path}; }
};

TEST(response_cache, gives_what_was_kept_and_counts_what_it_saves) {
  bench b;
  response_cache_state s{b.options()};
  ASSERT_TRUE(s.keep("k", says("hi"), noon));
  const auto found = s.find("k", noon, std::nullopt);
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->text(), "hi");
  EXPECT_FALSE(*s.find("K", noon, std::nullopt));
  const auto stats = response_cache(b.options()).stats();
  ASSERT_TRUE(stats) << stats.error().message;
  EXPECT_EQ(stats->entries, 1);
  EXPECT_EQ(stats->hits, 1);
  ASSERT_EQ(stats->saved.size(), 1U);
  EXPECT_EQ(to_string(stats->saved[0]), "0.25 USD");
}

TEST(response_cache, old_answers_are_not_given) {
  bench b;
  auto o = b.options();
  o.time_to_live = seconds(60);
  response_cache_state s{o};
  ASSERT_TRUE(s.keep("k", says("hi"), noon));
  EXPECT_TRUE(*s.find("k", noon + seconds(60), std::nullopt));
  EXPECT_FALSE(*s.find("k", noon + seconds(61), std::nullopt));
  EXPECT_FALSE(*s.find("k", noon + seconds(11), seconds(10))) << "the call's own limit";
  EXPECT_FALSE(*s.find("k", noon - seconds(5), std::nullopt)) << "the clock went back";
  response_cache_state ageless{b.options()};
  EXPECT_TRUE(*ageless.find("k", noon + seconds(1'000'000), std::nullopt));
}

TEST(response_cache, a_damaged_answer_is_told_and_not_given) {
  bench b;
  {
    response_cache_state s{b.options()};
    ASSERT_TRUE(s.keep("k", says("a needle in the file"), noon));
  }
  std::string bytes = *os::read_file(b.path, 1 << 20);
  bytes.at(bytes.find("needle")) ^= 1;
  ASSERT_TRUE(os::write_file(b.path, bytes, 0600));
  response_cache_state s{b.options()};
  const auto found = s.find("k", noon, std::nullopt);
  ASSERT_FALSE(found);
  EXPECT_NE(found.error().message.find("damaged"), std::string::npos);
  EXPECT_FALSE(*s.find("k", noon, std::nullopt)) << "removed";
  ASSERT_TRUE(s.keep("k", says("anew"), noon));
  EXPECT_EQ((*s.find("k", noon, std::nullopt))->text(), "anew");
}

TEST(response_cache, a_damaged_file_is_told_and_cleared) {
  bench b;
  ASSERT_TRUE(os::write_file(b.path, std::string(5000, 'z'), 0600));
  response_cache_state s{b.options()};
  const auto found = s.find("k", noon, std::nullopt);
  ASSERT_FALSE(found);
  EXPECT_NE(found.error().message.find("ark cache clear"), std::string::npos);
  EXPECT_FALSE(s.keep("k", says("hi"), noon));
  ASSERT_TRUE(response_cache(b.options()).clear());
  ASSERT_TRUE(s.keep("k", says("hi"), noon)) << "the same handle goes on";
  EXPECT_TRUE(*s.find("k", noon, std::nullopt));
}

TEST(response_cache, another_programs_file_is_never_cleared) {
  bench b;
  {
    auto other = sqlite::database::open(b.path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, {});
    ASSERT_TRUE(other->run("CREATE TABLE precious(x)"));
  }
  EXPECT_FALSE(response_cache(b.options()).clear());
  auto other = sqlite::database::open(b.path, SQLITE_OPEN_READONLY, {});
  EXPECT_EQ(*other->integer("SELECT count(*) FROM precious"), 0);
}

TEST(response_cache, too_large_an_answer_is_not_kept) {
  bench b;
  auto o = b.options();
  o.max_bytes = 100'000;
  response_cache_state s{o};
  const auto kept = s.keep("k", says(std::string(60'000, 'x')), noon);
  ASSERT_FALSE(kept);
  EXPECT_EQ(kept.error().code, errc::too_large);
}

TEST(response_cache, what_is_removed_is_not_left_in_the_file) {
  bench b;
  response_cache_state s{b.options()};
  ASSERT_TRUE(s.keep("k", says("a needle in the file"), noon));
  EXPECT_EQ(*s.clear(), 1);
  EXPECT_EQ(os::read_file(b.path, 1 << 20)->find("needle"), std::string::npos);
}

TEST(response_cache, no_cache_is_false_and_says_so) {
  EXPECT_FALSE(response_cache());
  EXPECT_EQ(response_cache().stats().error().code, errc::not_found);
  EXPECT_EQ(response_cache().clear().error().code, errc::not_found);
}

// Processes that write and read at once, one of them killed: each reads only whole answers.
TEST(response_cache, several_processes_share_a_file) {
  bench b;
  std::vector<pid_t> children;
  for (int p = 0; p < 4; ++p)
    children.push_back(testing::start_child([&b, p] {
      auto o = b.options();
      o.max_bytes = 300'000;
      response_cache_state s{o};
      for (int i = 0; i < 100; ++i) {
        const std::string key = "k" + std::to_string(i % 10);
        const std::string text = key + std::string(static_cast<std::size_t>(1000 * p), 'x');
        // Who waits too long for the others gets an error, which is no loss; machines may be slow.
        int tries = 0;
        while (!s.keep(key, says(text), noon))
          if (++tries == 20) return 1;
        auto found = s.find(key, noon, std::nullopt);
        for (tries = 0; !found && tries < 20; ++tries) found = s.find(key, noon, std::nullopt);
        if (!found) return 2;
        if (*found && !(*found)->text().starts_with(key)) return 3;
      }
      return 0;
    }));
  const pid_t doomed = testing::start_child([&b]() -> int {
    response_cache_state s{b.options()};
    for (;;) (void)s.keep("doomed", says(std::string(50'000, 'd')), noon);
  });
  for (const pid_t each : children) EXPECT_EQ(testing::wait_for(each), 0);
  ::kill(doomed, SIGKILL);
  EXPECT_EQ(testing::wait_for(doomed), -SIGKILL);
  response_cache_state s{b.options()};
  for (int i = 0; i < 10; ++i)
    EXPECT_TRUE(s.find("k" + std::to_string(i), noon, std::nullopt)) << "sound";
  EXPECT_TRUE(s.keep("after", says("ok"), noon));
}

}  // namespace
}  // namespace ark::detail
