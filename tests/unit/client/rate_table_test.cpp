#include "client/rate_table.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/temporary_directory.hpp"

#include <set>
#include <thread>

namespace ark::rate_table_test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::temporary_directory;
const policy::time_point t0{seconds(1000)};
constexpr policy::duration any = std::chrono::hours(1);

TEST(rate_table, a_slot_is_found_again) {
  rate_table t;
  const auto id = rate_id("v", "m", "k");
  EXPECT_EQ(t.find(id, t0), nullptr);
  rate_slot& s = t.take(id, t0);
  EXPECT_EQ(&t.take(id, t0), &s);
  EXPECT_EQ(t.find(id, t0), &s);
}

TEST(rate_table, ids_differ_in_each_part) {
  const std::set<std::uint64_t> ids = {rate_id("v", "m", "k"), rate_id("v", "", "k"),
                                       rate_id("vm", "", "k"), rate_id("v", "m", "k2"),
                                       rate_id("v", "mk", "")};
  EXPECT_EQ(ids.size(), 5U);
  EXPECT_FALSE(ids.contains(0));
}

TEST(rate_table, a_full_one_forgets_what_was_used_longest_ago) {
  rate_table t;
  const std::size_t many = rate_table::count * 4;
  for (std::size_t i = 1; i <= many; ++i)
    configure(t.take(i * 0x9e3779b97f4a7c15ULL, t0 + milliseconds(i)), {.requests_per_minute = 1});
  std::size_t known = 0;
  for (std::size_t i = 1; i <= many; ++i) known += t.find(i * 0x9e3779b97f4a7c15ULL, t0) != nullptr;
  EXPECT_LE(known, rate_table::count);
  EXPECT_GE(known, rate_table::count / 2);
  EXPECT_NE(t.find(many * 0x9e3779b97f4a7c15ULL, t0), nullptr) << "the newest is there";
  rate_slot& fresh = t.take(7, t0 + seconds(1000));
  EXPECT_EQ(book(fresh, {}, t0, any), policy::duration::zero()) << "no limits of who was there";
}

TEST(rate_table, all_limits_must_have_room_or_nothing_is_booked) {
  rate_table t;
  rate_slot& s = t.take(1, t0);
  configure(s, {.requests_per_minute = 10, .tokens_per_minute = 100});
  const rate_need all{.input_tokens = 60, .output_tokens = 40};
  EXPECT_EQ(book(s, all, t0, seconds(0)), policy::duration::zero());
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(book(s, all, t0, seconds(0)));
  EXPECT_EQ(book(s, {}, t0, seconds(0)), policy::duration::zero())
      << "the refused ones took no requests";
  correct(s, all, {.input_tokens = 5, .output_tokens = 5});
  EXPECT_EQ(book(s, {.input_tokens = 90}, t0, seconds(0)), policy::duration::zero());
}

TEST(rate_table, retry_after_blocks_until_then) {
  rate_table t;
  rate_slot& s = t.take(1, t0);
  learn(s, {}, milliseconds(1500), t0);
  EXPECT_EQ(book(s, {}, t0, any), milliseconds(1500));
  EXPECT_FALSE(book(s, {}, t0, seconds(1)));
  EXPECT_EQ(book(s, {}, t0 + milliseconds(1500), any), policy::duration::zero());
  learn(s, {}, std::chrono::hours(5), t0);
  EXPECT_EQ(book(s, {}, t0, any), policy::duration::zero()) << "hours are for the vendor to say";
}

TEST(rate_table, headers_teach_their_own_limits) {
  rate_table t;
  rate_slot& s = t.take(1, t0);
  learn(s,
        {{wire::rate_kind::output_tokens, seconds(0), 1000, 0, seconds(60)},
         {wire::rate_kind::requests, std::chrono::hours(24), 10, 0, std::chrono::hours(10)}},
        {}, t0);
  EXPECT_EQ(book(s, {.input_tokens = 500}, t0, any), policy::duration::zero());
  EXPECT_EQ(book(s, {.output_tokens = 500}, t0, any), seconds(30));
}

TEST(rate_table, threads_never_pass_a_limit) {
  rate_table t;
  rate_slot& s = t.take(1, t0);
  configure(s, {.requests_per_minute = 1000});
  std::atomic<int> sent{0};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i)
      threads.emplace_back([&] {
        for (int n = 0; n < 1000; ++n) sent += book(s, {}, t0, seconds(0)).has_value();
      });
  }
  EXPECT_EQ(sent.load(), 1000);
}

TEST(rate_table, processes_share_a_file_and_may_be_killed) {
  const temporary_directory dir;
  const auto file = dir.file("rates");
  const auto worker = [&](bool dies) {
    const auto child = ::fork();
    if (child != 0) return child;
    auto t = rate_table::open(file);
    if (!t) ::_exit(100);
    rate_slot& s = (*t)->take(rate_id("v", "m", "k"), t0);
    configure(s, {.requests_per_minute = 100});
    int sent = 0;
    for (int n = 0; n < 40; ++n) sent += book(s, {}, t0, seconds(0)).has_value();
    if (dies) ::kill(::getpid(), SIGKILL);
    ::_exit(sent);
  };
  const pid_t killed = worker(true);
  int status = 0;
  ::waitpid(killed, &status, 0);
  std::vector<pid_t> children;
  for (int i = 0; i < 4; ++i) children.push_back(worker(false));
  int sent = 40;  // by the one that was killed
  for (const pid_t c : children) {
    ::waitpid(c, &status, 0);
    ASSERT_TRUE(WIFEXITED(status));
    sent += WEXITSTATUS(status);
  }
  EXPECT_EQ(sent, 100);
}

TEST(rate_table, a_file_of_another_kind_is_refused) {
  const temporary_directory dir;
  {
    auto other = os::shared_file::open(dir.file("rates"), rate_table::bytes);
    ASSERT_TRUE(other);
    static_cast<std::uint64_t*>(other->memory())[0] = 42;
  }
  const auto t = rate_table::open(dir.file("rates"));
  ASSERT_FALSE(t);
  EXPECT_EQ(t.error().code, errc::config);
  EXPECT_NE(t.error().message.find("remove it"), std::string::npos);
}

}  // namespace
}  // namespace ark::rate_table_test
