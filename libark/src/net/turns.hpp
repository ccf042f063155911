#pragma once
#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <vector>

namespace ark::net {

/// The lock under which every callback of a loop runs, and the callers that wait for one of them.
/// After each turn (a callback) all waiters' conditions are asked, under that lock; a waiter whose
/// condition holds is woken by its own condition variable. One waiter may be the leader, the one
/// that runs callbacks for everybody. Thread safe.
class turns {
 public:
  struct waiter {
    explicit waiter(const std::function<bool()>& condition) : done(condition) {}
    const std::function<bool()>& done;
    bool finished = false;
    std::condition_variable wake{};
  };

  /// One turn, from construction to destruction. Inside a turn of the same thread it only counts
  /// as a further turn (a callback that itself waits).
  class guard {
   public:
    explicit guard(turns& owner);
    ~guard();
    guard(const guard&) = delete;
    guard& operator=(const guard&) = delete;

   private:
    turns& owner_;
    bool nested_;
  };

  /// Is this thread inside a turn?
  bool inside() const noexcept;
  /// Joins the waiters unless `w.done()` holds already (then false).
  bool enter(waiter& w);
  /// Sleeps until `w.finished` (false) or until `w` became the leader (true).
  bool wait_to_lead(waiter& w);
  /// Sleeps until `w.finished`, never leads.
  void wait(waiter& w);
  /// `w` waits no more; if it led, the longest-waiting other one leads now.
  void leave(waiter& w) noexcept;

 private:
  void ask_waiters() noexcept;

  std::mutex mutex_;
  std::atomic<const void*> owner_{nullptr};  ///< the thread that is in a turn
  std::vector<waiter*> waiters_;             ///< unfinished, the longest-waiting first
  waiter* leader_ = nullptr;
};

}  // namespace ark::net
