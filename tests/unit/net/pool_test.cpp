#include "net/pool.hpp"

#include <gtest/gtest.h>

namespace ark::net {
namespace {

using namespace std::chrono_literals;
using int_pool = pool<int>;
const int_pool::time_point start{};

struct fake_waiter : pool_waiter {
  bool place_free() override {
    ++asked;
    return wants;
  }
  int asked = 0;
  bool wants = true;
};

TEST(Pool, GivesTheYoungestFirst) {
  int_pool p(0, 1h);
  for (const int id : {1, 2, 3}) {
    ASSERT_TRUE(p.open("a"));
    p.put("a", id, start);
  }
  EXPECT_EQ(p.take("a", start), 3);
  EXPECT_EQ(p.take("a", start), 2);
  EXPECT_EQ(p.take("b", start), std::nullopt);
  EXPECT_EQ(p.idle_count(), 1u);
}

TEST(Pool, DropsWhatIsTooOld) {
  int_pool p(0, 110s);
  p.open("a");
  p.put("a", 1, start);
  p.open("a");
  p.put("a", 2, start + 100s);
  EXPECT_EQ(p.take("a", start + 111s), 2);
  EXPECT_EQ(p.take("a", start + 111s), std::nullopt);
}

TEST(Pool, SweepsOtherOriginsWhenSomethingComesBack) {
  int_pool p(0, 100s);
  p.open("old");
  p.put("old", 1, start);
  p.open("new");
  p.put("new", 2, start + 300s);
  EXPECT_EQ(p.idle_count(), 1u);
}

TEST(Pool, TheLimitCountsIdleAndBusyOnes) {
  int_pool p(2, 1h);
  EXPECT_TRUE(p.open("a"));
  EXPECT_TRUE(p.open("a"));
  EXPECT_FALSE(p.open("a"));
  EXPECT_TRUE(p.open("b"));
  p.put("a", 1, start);
  EXPECT_FALSE(p.open("a"));
  EXPECT_EQ(p.take("a", start), 1);
  p.closed("a");
  EXPECT_TRUE(p.open("a"));
}

TEST(Pool, CallsTheNextWaiterWhoStillWants) {
  int_pool p(1, 1h);
  p.open("a");
  const auto first = std::make_shared<fake_waiter>();
  first->wants = false;
  auto gone = std::make_shared<fake_waiter>();
  const auto last = std::make_shared<fake_waiter>();
  p.wait("a", first);
  p.wait("a", gone);
  p.wait("a", last);
  gone.reset();
  p.closed("a");
  EXPECT_EQ(first->asked, 1);
  EXPECT_EQ(last->asked, 1);
  p.put("a", 1, start);
  EXPECT_EQ(last->asked, 1);
}

TEST(Pool, ClearingKeepsTheCountOfBusyOnes) {
  int_pool p(2, 1h);
  p.open("a");
  p.open("a");
  p.put("a", 1, start);
  p.clear();
  EXPECT_EQ(p.idle_count(), 0u);
  EXPECT_TRUE(p.open("a"));
  EXPECT_FALSE(p.open("a"));
}

}  // namespace
}  // namespace ark::net
