#include "net/turns.hpp"

#include <algorithm>

namespace ark::net {
namespace {

/// A name for this thread that costs one instruction.
const void* this_thread_mark() noexcept {
  thread_local char mark;
  return &mark;
}

}  // namespace

turns::guard::guard(turns& owner) : owner_(owner), nested_(owner.inside()) {
  if (nested_) return;
  owner_.mutex_.lock();
  owner_.owner_.store(this_thread_mark(), std::memory_order_relaxed);
}

turns::guard::~guard() {
  if (nested_) return;
  owner_.ask_waiters();
  owner_.owner_.store(nullptr, std::memory_order_relaxed);
  owner_.mutex_.unlock();
}

bool turns::inside() const noexcept {
  return owner_.load(std::memory_order_relaxed) == this_thread_mark();
}

bool turns::enter(waiter& w) {
  const std::lock_guard lock(mutex_);
  if (w.done()) return false;
  waiters_.push_back(&w);
  return true;
}

bool turns::wait_to_lead(waiter& w) {
  std::unique_lock lock(mutex_);
  if (leader_ == nullptr) leader_ = &w;
  w.wake.wait(lock, [&] { return w.finished || leader_ == &w; });
  return !w.finished;
}

void turns::wait(waiter& w) {
  std::unique_lock lock(mutex_);
  w.wake.wait(lock, [&] { return w.finished; });
}

void turns::leave(waiter& w) noexcept {
  const std::lock_guard lock(mutex_);
  std::erase(waiters_, &w);
  if (leader_ != &w) return;
  leader_ = waiters_.empty() ? nullptr : waiters_.front();
  if (leader_ != nullptr) leader_->wake.notify_one();
}

void turns::ask_waiters() noexcept {
  std::erase_if(waiters_, [](waiter* w) {
    if (!w->done()) return false;
    w->finished = true;
    w->wake.notify_one();
    return true;
  });
}

}  // namespace ark::net
