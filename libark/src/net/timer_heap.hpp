#pragma once
#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

namespace ark::net {

/// Deadlines in order, without a clock of its own: a binary heap whose entries know their place, so
/// that stopping one is O(log n) and starting one allocates nothing once the heap has grown.
/// Not thread safe.
class timer_heap {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  /// One deadline. Its owner keeps it alive while it is in the heap.
  struct entry {
    time_point due{};
    std::function<void()> work{};
    std::size_t place = none;
    static constexpr std::size_t none = static_cast<std::size_t>(-1);
    bool waiting() const noexcept { return place != none; }
  };

  /// Adds `e` (moves it, if it waits already).
  void start(entry& e, time_point due);
  /// Takes `e` out; fine if it does not wait.
  void stop(entry& e) noexcept;
  /// The earliest deadline.
  std::optional<time_point> earliest() const noexcept;
  /// Takes out the earliest entry that is due at `now`; null if there is none.
  entry* pop_due(time_point now) noexcept;
  bool empty() const noexcept { return heap_.empty(); }

 private:
  void put(std::size_t place, entry* e) noexcept;
  void rise(std::size_t place) noexcept;
  void sink(std::size_t place) noexcept;

  std::vector<entry*> heap_;
};

}  // namespace ark::net
