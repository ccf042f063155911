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
