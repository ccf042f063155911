#include "telemetry/exporter.hpp"

#include "telemetry/otlp.hpp"
#include "telemetry/span.hpp"
#include "telemetry/targets.hpp"

#include <algorithm>

namespace ark::telemetry {

result<std::shared_ptr<exporter>> exporter::make(telemetry_options options, parts p) {
  std::optional<target> to[2];
  if (options.traces) {
    auto t = target_of(options, signal::traces);
    if (!t) return t.error();
    to[0] = std::move(*t);
  }
  if (options.metrics) {
    auto t = target_of(options, signal::metrics);
    if (!t) return t.error();
    to[1] = std::move(*t);
  }
  return std::make_shared<exporter>(std::move(options), std::move(p), std::move(to[0]),
                                    std::move(to[1]));
}

exporter::exporter(telemetry_options options, parts p, std::optional<target> traces,
                   std::optional<target> points)
    : options_(std::move(options)),
      parts_(std::move(p)),
      metrics_(options_.max_series),
      queue_(options_.max_queue_spans, options_.max_queue_bytes),
      since_(parts_.os->wall_now()) {
  const auto open = [this](std::optional<target>& to) {
    return to ? std::make_unique<channel>(parts_.loop, parts_.transport, *parts_.os, std::move(*to))
              : nullptr;
  };
  traces_ = open(traces);
  points_ = open(points);
}

void exporter::attempt_ended(const attempt_facts& attempt) noexcept {
  metrics_.add(attempt);
  dirty_ = points_ != nullptr;
  if (traces_) add(encode_attempt_span(attempt));
  schedule();
}

void exporter::call_ended(const call_facts& call) noexcept {
  metrics_.add(call);
  dirty_ = points_ != nullptr;
  if (traces_) add(encode_call_span(call));
  schedule();
}

void exporter::add(std::optional<std::string> span) {
  if (!span) return;
  const bool was_full = full_;
  full_ = !queue_.push(std::move(*span));
  if (full_ && was_full) {
    const std::lock_guard lock(mutex_);
    ++counts_.spans_dropped;
  } else if (full_) {
    dropped(1, "the queue is full");
  }
  note_waiting();
}

void exporter::note_waiting() {
  const std::lock_guard lock(mutex_);
  counts_.spans_waiting = queue_.size() + in_flight_;
}

void exporter::schedule() {
  if (traces_ && queue_.size() >= options_.max_batch_spans && !traces_->is_busy()) send_spans();
  if (armed_ || (queue_.empty() && !dirty_)) return;
  if (!timer_) timer_ = parts_.loop->make_timer();
  armed_ = true;
  timer_->start(options_.schedule, [weak = weak_from_this()] {
    const auto self = weak.lock();
    if (!self) return;
    self->armed_ = false;
    self->pump(true);
  });
}

void exporter::pump(bool whatever_waits) {
  const std::size_t enough = whatever_waits ? 1 : options_.max_batch_spans;
  if (traces_ && !traces_->is_busy() && queue_.size() >= std::max<std::size_t>(enough, 1))
    send_spans();
  if (points_ && !points_->is_busy() && dirty_ && whatever_waits) send_points();
}

void exporter::send_spans() {
  const auto batch = queue_.take(options_.max_batch_spans);
  in_flight_ = batch.size();
  traces_->send(traces_request(options_, batch),
                [this, n = batch.size()](const channel::outcome& how) { spans_ended(n, how); });
}

void exporter::send_points() {
  std::string body = metrics_request(options_, metrics_, since_, parts_.os->wall_now());
  dirty_ = false;
  if (body.empty()) return;
  points_->send(std::move(body), [this](const channel::outcome& how) { points_ended(how); });
}

void exporter::spans_ended(std::size_t n, const channel::outcome& how) {
  const auto self = shared_from_this();  // a flusher may hold the last other one
  in_flight_ = 0;
  const auto rejected = std::min(n, static_cast<std::size_t>(how.rejected));
  {
    const std::lock_guard lock(mutex_);
    counts_.retries += static_cast<std::uint64_t>(how.retries);
    if (how.delivered) {
      counts_.spans_sent += n - rejected;
      counts_.spans_rejected += rejected;
    }
  }
  if (!how.delivered)
    dropped(n, how.problem);
  else if (!how.problem.empty())
    tell(how.problem);
  pump(!flushers_.empty());
  schedule();
  note_waiting();
  tell_flushers();
}

void exporter::points_ended(const channel::outcome& how) {
  const auto self = shared_from_this();
  {
    const std::lock_guard lock(mutex_);
    counts_.retries += static_cast<std::uint64_t>(how.retries);
    ++(how.delivered ? counts_.metric_exports : counts_.metric_exports_failed);
    counts_.points_rejected += static_cast<std::uint64_t>(how.rejected);
  }
  // Sums are cumulative: the next export, after the next call, has what this one had.
  if (!how.delivered) tell("an export of metrics failed: " + how.problem);
  if (how.delivered && !how.problem.empty()) tell(how.problem);
  pump(!flushers_.empty());
  tell_flushers();
}

void exporter::dropped(std::size_t n, const std::string& problem) {
  {
    const std::lock_guard lock(mutex_);
    counts_.spans_dropped += n;
  }
  tell(std::to_string(n) + (n == 1 ? " span was dropped: " : " spans were dropped: ") + problem);
}

void exporter::tell(const std::string& problem) {
  {
    const std::lock_guard lock(mutex_);
    counts_.last_problem = problem;
  }
  if (options_.on_problem)
    options_.on_problem(error{.code = errc::network, .message = "telemetry: " + problem});
}

telemetry_counts exporter::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

bool exporter::is_idle() const {
  return queue_.empty() && !dirty_ && !(traces_ && traces_->is_busy()) &&
         !(points_ && points_->is_busy());
}

void exporter::flush(std::chrono::milliseconds limit, std::function<void()> done) {
  parts_.loop->post([self = shared_from_this(), limit, done = std::move(done)]() mutable {
    self->begin_flush(limit, false, std::move(done));
  });
}

void exporter::close(std::function<void()> done) {
  parts_.loop->post([self = shared_from_this(), done = std::move(done)]() mutable {
    self->begin_flush(self->options_.close_timeout, true, std::move(done));
  });
}

void exporter::begin_flush(std::chrono::milliseconds limit, bool closing,
                           std::function<void()> done) {
  const auto f = std::make_shared<flusher>();
  f->done = std::move(done);
  f->timer = parts_.loop->make_timer();
  flushers_.push_back(f);
  // Holds this until the end: the client may be gone.
  f->timer->start(limit,
                  [self = shared_from_this(), f, closing] { self->flush_ended(f, closing); });
  if (closing) {
    const auto deadline = parts_.os->steady_now() + limit;
    for (channel* each : {traces_.get(), points_.get()})
      if (each) each->hurry(deadline);
  }
  pump(true);
  tell_flushers();
}

void exporter::flush_ended(const std::shared_ptr<flusher>& f, bool closing) {
  if (closing) {
    const std::size_t left = queue_.take(queue_.size()).size();
    note_waiting();
    if (left > 0) dropped(left, "the client was closed before they were sent");
    dirty_ = false;
    for (channel* each : {traces_.get(), points_.get()})
      if (each) each->give_up("the client was closed before it was sent");
  }
  if (std::erase(flushers_, f) == 0) return;  // it ended meanwhile
  f->timer.reset();
  f->done();
}

void exporter::tell_flushers() {
  if (flushers_.empty() || !is_idle()) return;
  const auto all = std::exchange(flushers_, {});
  for (const auto& f : all) {
    f->timer.reset();
    f->done();
  }
  if (timer_) timer_->stop();
  armed_ = false;
  for (channel* each : {traces_.get(), points_.get()})
    if (each) each->relax();
}

}  // namespace ark::telemetry
