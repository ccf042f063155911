#include "cli/interrupt.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <future>

namespace ark::cli {
namespace {

TEST(interrupt, signal_cancels_once_on_another_thread) {
  std::promise<std::thread::id> cancelled;
  interrupt_scope scope{[&] { cancelled.set_value(std::this_thread::get_id()); }};
  EXPECT_FALSE(interrupt_scope::interrupted());
  ASSERT_EQ(std::raise(SIGINT), 0);
  auto where = cancelled.get_future();
  ASSERT_EQ(where.wait_for(std::chrono::seconds{10}), std::future_status::ready);
  EXPECT_NE(where.get(), std::this_thread::get_id());
  EXPECT_TRUE(interrupt_scope::interrupted());
}

TEST(interrupt, without_a_signal_nothing_is_called) {
  std::atomic<bool> called = false;
  {
    interrupt_scope scope{[&] { called = true; }};
  }
  EXPECT_FALSE(called);
}

TEST(interrupt, second_signal_leaves_with_130) {
  EXPECT_EXIT(
      {
        interrupt_scope scope{[] {}};
        std::raise(SIGINT);
        std::raise(SIGINT);
      },
      ::testing::ExitedWithCode(130), "");
}

TEST(interrupt, a_terminal_that_went_away_cancels_and_may_say_so_twice) {
  // Whoever runs the tests may ignore it (nohup), and what is ignored is inherited.
  std::signal(SIGHUP, SIG_DFL);
  std::promise<void> cancelled;
  interrupt_scope scope{[&] { cancelled.set_value(); }};
  ASSERT_EQ(std::raise(SIGHUP), 0);
  ASSERT_EQ(std::raise(SIGHUP), 0);
  EXPECT_EQ(cancelled.get_future().wait_for(std::chrono::seconds{10}), std::future_status::ready);
}

TEST(interrupt, a_signal_that_nohup_ignores_stays_ignored) {
  std::signal(SIGHUP, SIG_IGN);
  std::atomic<bool> called = false;
  {
    interrupt_scope scope{[&] { called = true; }};
    ASSERT_EQ(std::raise(SIGHUP), 0);
    EXPECT_FALSE(interrupt_scope::interrupted());
  }
  EXPECT_EQ(std::signal(SIGHUP, SIG_DFL), SIG_IGN);
  EXPECT_FALSE(called);
}

TEST(interrupt, outside_of_a_scope_signals_end_the_process) {
  EXPECT_EXIT(
      {
        {
          interrupt_scope scope{[] {}};
        }
        std::raise(SIGTERM);
      },
      ::testing::KilledBySignal(SIGTERM), "");
}

}  // namespace
}  // namespace ark::cli
