#include "client/stream_state.hpp"

#include <ark/stream.hpp>

namespace ark {
namespace detail {

stream_state::stream_state(std::shared_ptr<core> c, std::shared_ptr<running_call> op)
    : core_(std::move(c)), op_(std::move(op)) {}

stream_state::~stream_state() {
  if (waiting_) --*core_->waiting;
  if (op_->is_finished()) return;
  op_->cancel();
  // On an executor of the application's, that thread may be this one: it settles when it runs.
  if (core_->options.executor.impl) return;
  core_->loop->run_until([this] { return op_->is_finished(); });
}

bool stream_state::refill() {
  if (next_ < ready_.size()) return true;
  ready_.clear();
  next_ = 0;
  // Asked before the queue is taken: what comes after a finish is in the queue by then.
  const bool finished = op_->is_finished();
  op_->take_events(ready_);
  return !ready_.empty() || finished;
}

result<std::optional<event>> stream_state::take() {
  if (next_ < ready_.size()) return std::optional<event>(std::move(ready_[next_++]));
  if (op_->failure()) {
    failure_ = op_->failure();
    return *failure_;
  }
  return std::optional<event>{};
}

result<std::optional<event>> stream_state::next() {
  if (!refill()) {
    do core_->loop->run_until([this] { return op_->has_news(); });
    while (!refill());
  }
  return take();
}

void stream_state::next_async(std::function<void(result<std::optional<event>>)> handler) {
  ++*core_->waiting;
  bool subscribe = false;
  {
    const std::lock_guard lock(tell_mutex_);
    waiting_ = std::move(handler);
    if (telling_) return;  // asked from inside a handler: the events at hand cost no turn each
    subscribe = !std::exchange(subscribed_, true);
  }
  // The stream may be gone when the news comes: its destruction cancels, and then nobody is told.
  auto told = [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->tell();
  };
  if (subscribe) return op_->on_news(std::move(told));
  core_->loop->post(std::move(told));
}

void stream_state::tell() {
  std::unique_lock lock(tell_mutex_);
  if (telling_) return;  // a handler that waits itself
  while (waiting_ && refill()) {
    telling_ = true;
    const auto handler = std::exchange(waiting_, nullptr);
    auto next = take();
    --*core_->waiting;
    lock.unlock();
    handler(std::move(next));
    lock.lock();
  }
  telling_ = false;
}

const reply& stream_state::so_far() {
  op_->copy_so_far(so_far_);
  return so_far_;
}

}  // namespace detail

stream::stream(std::shared_ptr<detail::stream_state> state) noexcept : state_(std::move(state)) {}
stream::stream(stream&&) noexcept = default;
stream& stream::operator=(stream&&) noexcept = default;
stream::~stream() = default;

result<std::optional<event>> stream::next() { return state_->next(); }

void stream::next_async(std::function<void(result<std::optional<event>>)> handler) {
  state_->next_async(std::move(handler));
}

result<reply> stream::collect() {
  for (;;) {
    auto each = next();
    if (!each) return each.error();
    if (!*each || (*each)->kind == event_kind::done) return so_far();
  }
}

const reply& stream::so_far() const { return state_->so_far(); }
cost stream::cost_so_far() const { return state_->cost_so_far(); }
void stream::cancel() { state_->cancel(); }
const std::optional<error>& stream::failure() const { return state_->failure(); }

stream::iterator& stream::iterator::operator++() {
  if (auto each = owner_->next(); each && *each)
    current_ = std::move(**each);
  else
    owner_ = nullptr;
  return *this;
}

}  // namespace ark
