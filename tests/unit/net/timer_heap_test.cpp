#include "net/timer_heap.hpp"

#include <gtest/gtest.h>
#include <random>

namespace ark::net {
namespace {

timer_heap::time_point at(int ms) {
  return timer_heap::time_point{} + std::chrono::milliseconds(ms);
}

TEST(TimerHeap, GivesDueEntriesInOrder) {
  timer_heap heap;
  std::vector<timer_heap::entry> entries(5);
  const int due[] = {50, 10, 30, 20, 40};
  for (std::size_t i = 0; i < 5; ++i) heap.start(entries[i], at(due[i]));
  EXPECT_EQ(heap.earliest(), at(10));
  EXPECT_EQ(heap.pop_due(at(9)), nullptr);
  EXPECT_EQ(heap.pop_due(at(25)), &entries[1]);
  EXPECT_EQ(heap.pop_due(at(25)), &entries[3]);
  EXPECT_EQ(heap.pop_due(at(25)), nullptr);
  EXPECT_EQ(heap.earliest(), at(30));
}

TEST(TimerHeap, StartingAgainMovesAndStoppingTwiceIsFine) {
  timer_heap heap;
  timer_heap::entry a, b;
  heap.start(a, at(10));
  heap.start(b, at(20));
  heap.start(a, at(30));
  EXPECT_EQ(heap.earliest(), at(20));
  heap.stop(b);
  heap.stop(b);
  EXPECT_FALSE(b.waiting());
  EXPECT_EQ(heap.earliest(), at(30));
  heap.stop(a);
  EXPECT_TRUE(heap.empty());
  EXPECT_EQ(heap.earliest(), std::nullopt);
}

TEST(TimerHeap, KeepsOrderThroughRandomStartsAndStops) {
  std::mt19937 random(7);
  timer_heap heap;
  std::vector<timer_heap::entry> entries(200);
  for (int round = 0; round < 5000; ++round) {
    timer_heap::entry& e = entries[random() % entries.size()];
    if (random() % 3 == 0) {
      heap.stop(e);
    } else {
      heap.start(e, at(static_cast<int>(random() % 1000)));
    }
  }
  std::size_t waiting = 0;
  for (const auto& e : entries) waiting += e.waiting() ? 1u : 0u;
  timer_heap::time_point last{};
  std::size_t popped = 0;
  while (timer_heap::entry* e = heap.pop_due(at(1000))) {
    EXPECT_LE(last, e->due);
    last = e->due;
    ++popped;
  }
  EXPECT_EQ(popped, waiting);
}

}  // namespace
}  // namespace ark::net
