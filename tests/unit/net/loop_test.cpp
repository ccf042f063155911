#include "net/loop.hpp"

#include <gtest/gtest.h>
#include <ark/asio.hpp>
#include <atomic>
#include <boost/asio/thread_pool.hpp>
#include <thread>

namespace ark::net {
namespace {

using namespace std::chrono_literals;

TEST(Loop, RunsWhatWasPostedInOrderOnTheWaitingThread) {
  const auto loop = make_loop({});
  std::string order;
  const auto self = std::this_thread::get_id();
  std::thread::id ran_on;
  loop->post([&] { order += 'a'; });
  loop->post([&] {
    order += 'b';
    ran_on = std::this_thread::get_id();
    loop->post([&] { order += 'c'; });
  });
  EXPECT_EQ(order, "");
  loop->run_until([&] { return order.size() == 3; });
  EXPECT_EQ(order, "abc");
  EXPECT_EQ(ran_on, self);
}

TEST(Loop, WhatIsDeferredRunsBeforeWhatWasPosted) {
  const auto loop = make_loop({});
  std::string order;
  loop->after_turn([&] { order += '1'; });  // no turn runs: as if posted
  loop->post([&] {
    loop->after_turn([&] {
      order += 'b';
      loop->after_turn([&] { order += 'c'; });
    });
    order += 'a';
  });
  loop->post([&] { order += 'd'; });
  loop->run_until([&] { return order.size() == 5; });
  EXPECT_EQ(order, "1abcd");
}

TEST(Loop, ACallbackThatWaitsGetsWhatItDeferred) {
  const auto loop = make_loop({});
  bool ran = false;
  bool waited = false;
  loop->post([&] {
    loop->after_turn([&] { ran = true; });
    loop->run_until([&] { return ran; });
    waited = true;
  });
  loop->run_until([&] { return waited; });
  EXPECT_TRUE(ran);
}

TEST(Loop, WhatThrowsDoesNotTakeTheOtherDeferredWorkWithIt) {
  const auto loop = make_loop({});
  bool ran = false;
  loop->post([&] {
    loop->after_turn([] { throw std::runtime_error("of the application"); });
    loop->after_turn([&] { ran = true; });
  });
  EXPECT_THROW(loop->run_until([&] { return ran; }), std::runtime_error);
  loop->post([] {});
  loop->run_until([&] { return ran; });
  EXPECT_TRUE(ran);
}

TEST(Loop, DoesNotWaitForWhatIsTrueAlready) {
  make_loop({})->run_until([] { return true; });
}

TEST(Loop, TimersFireInOrderAndCanBeStoppedAndStartedAgain) {
  const auto loop = make_loop({});
  std::string order;
  const auto a = loop->make_timer();
  const auto b = loop->make_timer();
  const auto c = loop->make_timer();
  a->start(4ms, [&] { order += 'a'; });
  b->start(1ms, [&] { order += 'b'; });
  c->start(2ms, [&] { order += 'c'; });
  c->stop();
  b->start(8ms, [&] { order += 'B'; });
  loop->run_until([&] { return order.size() == 2; });
  EXPECT_EQ(order, "aB");
}

TEST(Loop, ATimerMayRestartOrDestroyItselfInItsWork) {
  const auto loop = make_loop({});
  int fired = 0;
  auto timer = loop->make_timer();
  std::function<void()> again = [&] {
    if (++fired < 3) return timer->start(0ns, again);
    timer.reset();
  };
  timer->start(0ns, again);
  loop->run_until([&] { return !timer; });
  EXPECT_EQ(fired, 3);
}

TEST(Loop, ALongDelayDoesNotOverflow) {
  const auto loop = make_loop({});
  const auto timer = loop->make_timer();
  bool fired = false;
  timer->start(std::chrono::nanoseconds::max(), [&] { fired = true; });
  bool posted = false;
  loop->post([&] { posted = true; });
  loop->run_until([&] { return posted; });
  EXPECT_FALSE(fired);
}

TEST(Loop, ACallbackMayWaitItself) {
  const auto loop = make_loop({});
  bool inner = false;
  bool outer = false;
  loop->post([&] {
    loop->post([&] { inner = true; });
    loop->run_until([&] { return inner; });
    outer = true;
  });
  loop->run_until([&] { return outer; });
  EXPECT_TRUE(inner);
}

TEST(Loop, AnExceptionOfACallbackLeavesTheLoopUsable) {
  const auto loop = make_loop({});
  loop->post([] { throw std::runtime_error("the application's"); });
  EXPECT_THROW(loop->run_until([] { return false; }), std::runtime_error);
  bool ran = false;
  loop->post([&] { ran = true; });
  loop->run_until([&] { return ran; });
}

TEST(Loop, DropsWhatNobodyRan) {
  const auto token = std::make_shared<int>(1);
  {
    const auto loop = make_loop({});
    loop->post([token] {});
    const auto timer = loop->make_timer();
    timer->start(1h, [token] {});
  }
  EXPECT_EQ(token.use_count(), 1);
}

/// Each thread waits again and again for work that it posted itself, sometimes through a timer or
/// through another thread's turn: a lost wake-up would hang, a missing lock would tear `inside`.
void wait_from_many_threads(loop& l, int threads, int waits) {
  std::atomic<int> inside{0};
  std::atomic<bool> overlapped{false};
  auto one = [&](int seed) {
    const auto timer = l.make_timer();
    for (int i = 0; i < waits; ++i) {
      bool done = false;
      auto work = [&] {
        if (inside.fetch_add(1) != 0) overlapped = true;
        done = true;
        inside.fetch_sub(1);
      };
      if ((i + seed) % 16 == 0) {
        l.post([&] { timer->start(std::chrono::microseconds(20), work); });
      } else if ((i + seed) % 3 == 0) {
        l.post([&] { l.post(work); });
      } else {
        l.post(work);
      }
      l.run_until([&] { return done; });
    }
  };
  std::vector<std::thread> all;
  for (int t = 0; t < threads; ++t) all.emplace_back(one, t);
  for (std::thread& t : all) t.join();
  EXPECT_FALSE(overlapped);
}

TEST(Loop, ManyThreadsWaitAndNoWakeUpIsLost) { wait_from_many_threads(*make_loop({}), 8, 2000); }

TEST(Loop, OnAnExecutorManyThreadsWaitAndCallbacksStaySerial) {
  boost::asio::thread_pool pool(3);
  {
    const auto loop = make_loop(on(pool.get_executor()));
    wait_from_many_threads(*loop, 8, 500);
  }
  pool.join();
}

TEST(Loop, OnAnExecutorNothingKeepsItsContextBusy) {
  boost::asio::thread_pool pool(1);
  const auto loop = make_loop(on(pool.get_executor()));
  bool ran = false;
  loop->post([&] { ran = true; });
  loop->run_until([&] { return ran; });
  const auto timer = loop->make_timer();
  timer->start(1h, [] {});
  timer->stop();
  pool.join();  // hangs if the stopped timer still counts as work
}

TEST(Loop, OnAnExecutorACallbackThatWaitsIsTurnedAway) {
  boost::asio::thread_pool pool(1);
  const auto loop = make_loop(on(pool.get_executor()));
  bool returned = false;
  loop->post([&] {
    loop->run_until([] { return false; });
    returned = true;
  });
  loop->run_until([&] { return returned; });
  pool.join();
}

}  // namespace
}  // namespace ark::net
