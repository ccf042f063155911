#pragma once
#include <chrono>
#include <functional>
#include <memory>

#include <ark/client.hpp>

namespace ark::net {

/// Where the library's callbacks run: one at a time, in order, never two at once. Either on an
/// executor of the application's, or on the threads of the callers that wait (one of them leads and
/// runs everybody's work, the others sleep; when the leader's own wait is over it hands on).
/// No threads are started. Thread safe.
class loop {
 public:
  virtual ~loop() = default;
  /// Runs `work` later, after what is queued now.
  virtual void post(std::function<void()> work) = 0;
  /// Runs `work` when the callback that runs now has returned, before anything else; outside of a
  /// callback as `post`. Costs no turn of the loop.
  virtual void after_turn(std::function<void()> work) = 0;
  /// Runs `work` after `delay` unless cancelled. The timer cancels when it is destroyed; it must be
  /// destroyed on the loop.
  class timer {
   public:
    virtual ~timer() = default;
    /// (Re)starts it; what was waiting is cancelled.
    virtual void start(std::chrono::nanoseconds delay, std::function<void()> work) = 0;
    virtual void stop() = 0;
  };
  virtual std::unique_ptr<timer> make_timer() = 0;

  /// Blocks until `done()` is true (asked on this thread after each turn, under the loop's lock
  /// against callbacks). With an application's executor it only waits to be woken.
  virtual void run_until(const std::function<bool()>& done) = 0;
};

/// A loop on `executor`, or one that its waiting callers run if there is none.
std::shared_ptr<loop> make_loop(const executor_handle& executor);

}  // namespace ark::net
