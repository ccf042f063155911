#pragma once
#include "net/transport.hpp"

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace ark::testing {

/// A loop with its own time: work runs when a test (or a waiting call) runs it; timers fire when
/// nothing else is left, and then the time jumps to theirs. No clock, no thread.
class fake_loop final : public net::loop {
 public:
  using clock = std::chrono::steady_clock;

  void post(std::function<void()> work) override { queue_.push_back(std::move(work)); }
  void after_turn(std::function<void()> work) override { queue_.push_front(std::move(work)); }
  std::unique_ptr<timer> make_timer() override { return std::make_unique<fake_timer>(*this); }
  void run_until(const std::function<bool()>& done) override {
    while (!done())
      if (!step()) return;
  }
  /// Runs what is queued; timers stay.
  void drain() {
    while (!queue_.empty()) step();
  }
  /// Drops what is queued, as a loop does that ends: it may hold what holds the loop.
  void end() {
    while (!queue_.empty()) std::exchange(queue_, {}).clear();
  }
  void advance(std::chrono::nanoseconds by) {
    const auto target = now + by;
    drain();
    for (fake_timer* due = earliest(); due && due->at <= target; due = earliest()) {
      fire(*due);
      drain();
    }
    now = target;
  }
  clock::time_point now{};

 private:
  struct fake_timer final : timer {
    explicit fake_timer(fake_loop& l) : owner(l) { owner.timers_.push_back(this); }
    ~fake_timer() override { std::erase(owner.timers_, this); }
    void start(std::chrono::nanoseconds delay, std::function<void()> w) override {
      at = owner.now + delay;
      work = std::move(w);
    }
    void stop() override { work = nullptr; }
    fake_loop& owner;
    clock::time_point at{};
    std::function<void()> work{};
  };

  fake_timer* earliest() const {
    fake_timer* found = nullptr;
    for (fake_timer* t : timers_)
      if (t->work && (!found || t->at < found->at)) found = t;
    return found;
  }
  void fire(fake_timer& t) {
    now = std::max(now, t.at);
    std::exchange(t.work, nullptr)();
  }
  bool step() {
    if (!queue_.empty()) {
      const auto work = std::move(queue_.front());
      queue_.pop_front();
      work();
      return true;
    }
    fake_timer* due = earliest();
    if (!due) return false;
    fire(*due);
    return true;
  }

  std::deque<std::function<void()>> queue_;
  std::vector<fake_timer*> timers_;
};

/// A transport that answers from a script: each exchange takes the next entry.
class fake_transport final : public net::transport {
 public:
  struct answer {
    int status = 200;
    wire::header_list headers{{"content-type", "text/event-stream", false}};
    std::vector<std::string> pieces{};  ///< of the body, one loop turn each
    /// Set: ends so instead of well. `request_begun` false means: it never connected.
    std::optional<net::exchange_failure> failure{};
    bool hangs = false;  ///< after its pieces nothing comes any more
  };

  explicit fake_transport(std::shared_ptr<fake_loop> l) : loop_(std::move(l)) {}

  std::unique_ptr<net::exchange> start(net::exchange_request request,
                                       net::exchange_handler& handler) override;
  counters count() const override { return {.requests = requests.size()}; }

  std::deque<answer> answers;
  std::vector<net::exchange_request> requests;
  int aborted = 0;
  int paused = 0;

 private:
  struct running;

  std::shared_ptr<fake_loop> loop_;
};

}  // namespace ark::testing
