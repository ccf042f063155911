#include "net/turns.hpp"

#include <gtest/gtest.h>
#include <thread>

namespace ark::net {
namespace {

TEST(Turns, AWaiterWhoseConditionHoldsDoesNotJoin) {
  turns lock;
  const std::function<bool()> yes = [] { return true; };
  turns::waiter w(yes);
  EXPECT_FALSE(lock.enter(w));
}

TEST(Turns, TheFirstWaiterLeadsAndIsFinishedByATurn) {
  turns lock;
  bool ready = false;
  const std::function<bool()> condition = [&] { return ready; };
  turns::waiter w(condition);
  ASSERT_TRUE(lock.enter(w));
  EXPECT_TRUE(lock.wait_to_lead(w));
  {
    const turns::guard turn(lock);
  }
  EXPECT_FALSE(w.finished);
  {
    const turns::guard turn(lock);
    EXPECT_TRUE(lock.inside());
    ready = true;
  }
  EXPECT_TRUE(w.finished);
  EXPECT_FALSE(lock.inside());
  lock.leave(w);
}

TEST(Turns, LeadershipPassesToTheLongestWaiting) {
  turns lock;
  bool first_ready = false;
  bool second_ready = false;
  const std::function<bool()> first = [&] { return first_ready; };
  const std::function<bool()> second = [&] { return second_ready; };
  turns::waiter leader(first);
  ASSERT_TRUE(lock.enter(leader));
  ASSERT_TRUE(lock.wait_to_lead(leader));
  turns::waiter follower(second);
  ASSERT_TRUE(lock.enter(follower));
  bool led = false;
  std::thread waiting([&] {
    led = lock.wait_to_lead(follower);
    lock.leave(follower);
  });
  {
    const turns::guard turn(lock);
    first_ready = true;
  }
  lock.leave(leader);
  waiting.join();
  EXPECT_TRUE(led);
}

TEST(Turns, ATurnInsideATurnIsNotADeadlock) {
  turns lock;
  const turns::guard outer(lock);
  const turns::guard inner(lock);
  EXPECT_TRUE(lock.inside());
}

}  // namespace
}  // namespace ark::net
