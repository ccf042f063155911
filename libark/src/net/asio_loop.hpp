#pragma once
#include "net/loop.hpp"
#include "net/timer_heap.hpp"
#include "net/turns.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <optional>
#include <utility>

namespace ark::net {

/// What a loop's callbacks share, and what they keep alive: the lock, the timers, the executor.
/// It does not own the io_context, so a callback that never ran cannot keep the loop alive.
class loop_core : public std::enable_shared_from_this<loop_core> {
 public:
  /// `stays_armed`: the one Asio timer may stay armed with nothing to wait for. It saves system
  /// calls, and on an executor of the application's it would keep `io_context::run()` from
  /// returning.
  loop_core(boost::asio::any_io_executor executor, bool stays_armed);

  const boost::asio::any_io_executor& executor() const noexcept { return executor_; }
  turns& lock() noexcept { return turns_; }
  /// `f` as a turn of this loop: the only form in which anything is given to Asio.
  template <class F>
  auto turn(F f) {
    return [self = shared_from_this(), f = std::move(f)](auto&&... arguments) mutable {
      const turns::guard guard(self->turns_);
      f(std::forward<decltype(arguments)>(arguments)...);
      self->run_deferred();
    };
  }
  /// Inside a turn only.
  void defer(std::function<void()> work) { deferred_.push_back(std::move(work)); }
  /// Also by a callback that waits, before it does: what it deferred may be what it waits for.
  void run_deferred();
  void start(timer_heap::entry& e, std::chrono::nanoseconds delay);
  void stop(timer_heap::entry& e) noexcept;
  /// No timer fires any more. Before the io_context goes.
  void shut_down() noexcept;

 private:
  void arm();
  void on_timer();

  boost::asio::any_io_executor executor_;
  turns turns_;
  timer_heap timers_;
  std::deque<std::function<void()>> deferred_;
  std::optional<boost::asio::steady_timer> timer_;
  std::optional<timer_heap::time_point> armed_;  ///< when `timer_` fires
  bool stays_armed_;
};

/// A timer of a loop; as a member it costs no allocation. Safe from any thread.
class loop_timer final : public loop::timer {
 public:
  explicit loop_timer(std::shared_ptr<loop_core> core) : core_(std::move(core)) {}
  loop_timer(const loop_timer&) = delete;
  loop_timer& operator=(const loop_timer&) = delete;
  ~loop_timer() override { stop(); }
  void start(std::chrono::nanoseconds delay, std::function<void()> work) override;
  void stop() override;

 private:
  std::shared_ptr<loop_core> core_;
  timer_heap::entry entry_;
};

/// A loop made by `make_loop`: the transport needs its executor.
class asio_loop : public loop {
 public:
  virtual const std::shared_ptr<loop_core>& core() const noexcept = 0;
  void after_turn(std::function<void()> work) final {
    if (core()->lock().inside())
      core()->defer(std::move(work));
    else
      post(std::move(work));
  }
};

}  // namespace ark::net
