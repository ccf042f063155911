#include "net/loop.hpp"

#include "net/asio_loop.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>

namespace ark::net {

loop_core::loop_core(boost::asio::any_io_executor executor, bool stays_armed)
    : executor_(std::move(executor)), timer_(executor_), stays_armed_(stays_armed) {}

void loop_core::start(timer_heap::entry& e, std::chrono::nanoseconds delay) {
  // Far futures would overflow the clock: a century is never.
  constexpr std::chrono::hours never{24 * 365 * 100};
  timers_.start(
      e, std::chrono::steady_clock::now() + std::min<std::chrono::nanoseconds>(delay, never));
  arm();
}

void loop_core::stop(timer_heap::entry& e) noexcept {
  timers_.stop(e);
  if (stays_armed_ || !timers_.empty() || !armed_ || !timer_) return;
  armed_.reset();
  timer_->cancel();
}

void loop_core::shut_down() noexcept {
  const turns::guard guard(turns_);
  timer_.reset();
}

void loop_core::run_deferred() {
  while (!deferred_.empty()) {
    // Taken out first: it may throw, or defer more.
    const auto work = std::move(deferred_.front());
    deferred_.pop_front();
    work();
  }
}

void loop_core::arm() {
  const auto earliest = timers_.earliest();
  // An earlier wake-up than needed does no harm: it arms again. So most starts cost no system call.
  if (!earliest || !timer_ || (armed_ && *armed_ <= *earliest)) return;
  armed_ = earliest;
  timer_->expires_at(*earliest);
  timer_->async_wait(turn([this](const boost::system::error_code& failure) {
    if (!failure) on_timer();
  }));
}

void loop_core::on_timer() {
  armed_.reset();
  const auto now = std::chrono::steady_clock::now();
  while (timer_heap::entry* e = timers_.pop_due(now)) {
    // The work may destroy its own timer, or start it again.
    const auto work = std::move(e->work);
    work();
  }
  arm();
}

// The guards make timers safe from any thread; inside a turn they cost next to nothing.
void loop_timer::start(std::chrono::nanoseconds delay, std::function<void()> work) {
  const turns::guard guard(core_->lock());
  entry_.work = std::move(work);
  core_->start(entry_, delay);
}

void loop_timer::stop() {
  const turns::guard guard(core_->lock());
  core_->stop(entry_);
  entry_.work = nullptr;
}

namespace {

/// Run by the callers that wait for it.
class caller_loop final : public asio_loop {
 public:
  caller_loop()
      // No concurrency hint of 1: it would hide what a callback posts from the callback's own wait.
      : work_(context_.get_executor()),
        core_(std::make_shared<loop_core>(context_.get_executor(), true)) {}
  ~caller_loop() override { core_->shut_down(); }

  void post(std::function<void()> work) override {
    boost::asio::post(context_, core_->turn(std::move(work)));
  }
  std::unique_ptr<timer> make_timer() override { return std::make_unique<loop_timer>(core_); }
  const std::shared_ptr<loop_core>& core() const noexcept override { return core_; }

  void run_until(const std::function<bool()>& done) override {
    turns& lock = core_->lock();
    if (lock.inside()) {  // a callback waits: it leads already, so it runs on from here
      for (core_->run_deferred(); !done(); core_->run_deferred()) context_.run_one();
      return;
    }
    turns::waiter me(done);
    if (!lock.enter(me)) return;
    const membership member{lock, me};
    if (!lock.wait_to_lead(me)) return;
    // Only turns write `finished`, and now only this thread runs turns.
    while (!me.finished) context_.run_one();
  }

 private:
  /// Leaves whatever way the wait ends; a callback of the application's may throw.
  struct membership {
    turns& lock;
    turns::waiter& me;
    ~membership() { lock.leave(me); }
  };

  boost::asio::io_context context_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  std::shared_ptr<loop_core> core_;
};

/// On the application's executor, behind a strand.
class executor_loop final : public asio_loop {
 public:
  explicit executor_loop(const boost::asio::any_io_executor& executor)
      : core_(std::make_shared<loop_core>(boost::asio::make_strand(executor), false)) {}
  ~executor_loop() override { core_->shut_down(); }

  void post(std::function<void()> work) override {
    boost::asio::post(core_->executor(), core_->turn(std::move(work)));
  }
  std::unique_ptr<timer> make_timer() override { return std::make_unique<loop_timer>(core_); }
  const std::shared_ptr<loop_core>& core() const noexcept override { return core_; }

  void run_until(const std::function<bool()>& done) override {
    turns& lock = core_->lock();
    if (lock.inside()) return;  // the strand is busy with us: what we wait for could never come
    turns::waiter me(done);
    if (lock.enter(me)) lock.wait(me);
  }

 private:
  std::shared_ptr<loop_core> core_;
};

}  // namespace

std::shared_ptr<loop> make_loop(const executor_handle& executor) {
  if (!executor.impl) return std::make_shared<caller_loop>();
  // ark::on (ark/asio.hpp) is the only maker of handles and puts this type into them.
  return std::make_shared<executor_loop>(
      *static_cast<const boost::asio::any_io_executor*>(executor.impl.get()));
}

}  // namespace ark::net
