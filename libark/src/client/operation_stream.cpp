// The streaming side of an operation: the queue of events, back-pressure, time limits.
#include "base/limits.hpp"
#include "client/operation.hpp"

#include <algorithm>

namespace ark {

void append_events(const ark::reply& whole, std::vector<event>& out) {
  out.push_back({.kind = event_kind::started, .id = whole.id, .name = whole.model});
  int index = 0;
  for (const part& p : whole.message.parts) {
    if (const auto* t = std::get_if<text_part>(&p)) {
      out.push_back({.kind = event_kind::text, .text = t->text});
    } else if (const auto* r = std::get_if<reasoning_part>(&p)) {
      if (!r->text.empty()) out.push_back({.kind = event_kind::reasoning, .text = r->text});
    } else if (const auto* f = std::get_if<refusal_part>(&p)) {
      out.push_back({.kind = event_kind::refusal, .text = f->text});
    } else if (const auto* c = std::get_if<tool_call_part>(&p)) {
      out.push_back(
          {.kind = event_kind::tool_call_begin, .index = index, .id = c->id, .name = c->name});
      out.push_back(
          {.kind = event_kind::tool_call_arguments, .index = index, .text = c->arguments});
      out.push_back({.kind = event_kind::tool_call_end, .index = index});
      ++index;
    }
  }
  if (whole.usage.reported) out.push_back({.kind = event_kind::usage});
}

void operation::read_stream(std::string_view bytes) {
  const std::size_t content_before = driver_->content_frames();
  result<void> fed;
  {
    const std::lock_guard lock(queue_mutex_);
    fed = driver_->feed(bytes);
    take_from_driver();
  }
  if (driver_->content_frames() != content_before) {
    if (content_before == 0) {
      first_content_ = std::chrono::duration_cast<std::chrono::microseconds>(now() - begun_);
      core_->traffic.lane_of(lane_id(way_)).streamed.add(now() - attempt_begun_);
      drop_rival();
    }
    limit_phase("idle", options_.timeouts.idle);
    if (is_observed()) note_chunk();
  }
  publish();
  if (!fed) return broke_off(fed.error());
  if (driver_->builder().is_done()) {
    // The reply is whole; the connection is kept if its last bytes come soon.
    return limit_phase("drain", std::chrono::milliseconds(250));
  }
  if (options_.max_cost) check_ceiling();
}

void operation::take_from_driver() {
  std::vector<event>& made = driver_->events();
  for (const event& e : made) meter_.take(e);
  if (!call_.streamed)
    return made.clear();  // nobody takes them: the reply is all that is asked for
  for (event& e : made) {
    if (e.kind == event_kind::done) continue;  // told by finish(), when the cost is known
    queued_bytes_ += e.text.size();
    queue_.push_back(std::move(e));
  }
  made.clear();
  const bool full =
      queue_.size() >= limits::stream_queue_events || queued_bytes_ >= limits::stream_queue_bytes;
  if (full && !paused_ && exchange_) {
    paused_ = true;
    exchange_->pause();
  }
}

void operation::publish() {
  if (queue_.empty()) return;  // only the loop adds; a reader that empties it needs no news
  news_.store(true, std::memory_order_release);
  if (on_news_) on_news_();
}

void operation::check_ceiling() {
  const cost running = likely_cost(usage_so_far(), meter_, call_.basis);
  if (running.status == cost_status::exact && running.value > *options_.max_cost)
    broke_off({.code = errc::budget,
               .retry = retry_class::never,
               .message = "the stream reached max_cost " + options_.max_cost->to_string() + " " +
                          running.currency + " and was stopped"});
}

cost operation::cost_so_far() const {
  const std::lock_guard lock(queue_mutex_);
  if (finished_.load(std::memory_order_acquire)) return total_cost_;
  return running_cost(usage_so_far(), meter_, call_.basis);
}

void operation::take_events(std::vector<event>& into) {
  bool resume = false;
  {
    const std::lock_guard lock(queue_mutex_);
    into.swap(queue_);
    queued_bytes_ = 0;
    resume = std::exchange(paused_, false);
    news_.store(finished_.load(std::memory_order_acquire), std::memory_order_release);
  }
  if (!resume) return;
  core_->loop->post([self = shared_from_this()] {
    if (self->exchange_) self->exchange_->resume();
    // Time spent waiting for the caller is not the vendor's.
    if (self->phase_ == phase::reading) self->limit_phase("idle", self->options_.timeouts.idle);
  });
}

void operation::on_news(std::function<void()> told) {
  core_->loop->post([self = shared_from_this(), told = std::move(told)]() mutable {
    self->on_news_ = std::move(told);
    if (self->on_news_ && self->has_news()) self->on_news_();
  });
}

void operation::copy_so_far(ark::reply& into) const {
  const std::lock_guard lock(queue_mutex_);
  into =
      !finished_.load(std::memory_order_acquire) && driver_ ? driver_->builder().reply() : chat();
}

bool operation::content_seen() const {
  return call_.streamed && driver_ && driver_->content_frames() > 0;
}

const usage& operation::usage_so_far() const {
  static const usage none;
  return driver_ ? driver_->builder().reply().usage : none;
}

void operation::limit_phase(std::string_view name, std::chrono::milliseconds limit) {
  phase_limit_ = name;
  phase_end_ = limit.count() > 0 ? now() + limit : policy::time_point::max();
  arm();
}

void operation::await_content() { limit_phase("first_content", content_limit_); }

void operation::arm() {
  const auto due = std::min(phase_end_, deadline_.end());
  if (due == policy::time_point::max() || due >= armed_for_) return;
  armed_for_ = due;
  timer_->start(due - now(), [self = shared_from_this()] { self->timer_fired(); });
}

void operation::timer_fired() {
  armed_for_ = policy::time_point::max();
  if (phase_ == phase::finished || phase_ == phase::settling || phase_ == phase::backing_off ||
      phase_ == phase::between_questions)
    return;
  const auto t = now();
  {
    const std::lock_guard lock(queue_mutex_);
    if (paused_ && !deadline_.passed(t)) phase_end_ = deadline_.end();
  }
  if (t < phase_end_ && !deadline_.passed(t)) return arm();
  if (driver_ && driver_->builder().is_done()) {
    exchange_.reset();
    return stream_ended();
  }
  const std::string_view limit = deadline_.passed(t) ? "total" : phase_limit_;
  passed_limit_ = limit;
  error e{.code = errc::timeout, .retry = retry_class::maybe_billed};
  e.message = "the call's " + std::string(limit) +
              " time limit passed: raise it among the call's "
              "timeouts (timeouts." +
              std::string(limit) + "_ms in the configuration) if the model needs longer";
  if (phase_ == phase::fetching) {
    leave_fetches();
    e.retry = retry_class::safe;
    return finish(std::move(e));
  }
  if (phase_ == phase::connecting || phase_ == phase::reserving) {
    exchange_.reset();
    attempt_outcome outcome = new_outcome();
    account_not_sent(outcome);
    e.retry = retry_class::safe;
    return attempt_failed(std::move(e), std::move(outcome));
  }
  broke_off(std::move(e));
}

}  // namespace ark
