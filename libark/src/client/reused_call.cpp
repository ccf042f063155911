#include "client/reused_call.hpp"

#include "base/limits.hpp"
#include "base/text.hpp"
#include "telemetry/span.hpp"

#include <algorithm>

namespace ark {

using std::chrono::duration_cast;
using std::chrono::microseconds;

reused_call::reused_call(std::shared_ptr<core> c, options o, ark::reply kept)
    : core_(std::move(c)),
      options_(std::move(o)),
      id_(core_->os->random_u64() | 1),
      begun_(core_->os->steady_now()),
      deadline_(begun_, options_.total),
      kept_(std::move(kept)) {}

reused_call::reused_call(std::shared_ptr<core> c, options o, std::shared_ptr<flight> own,
                         std::string flight_key)
    : core_(std::move(c)),
      options_(std::move(o)),
      id_(core_->os->random_u64() | 1),
      begun_(core_->os->steady_now()),
      deadline_(begun_, options_.total),
      flight_key_(std::move(flight_key)),
      flight_(std::move(own)) {}

void reused_call::start(std::function<void()> finished) {
  on_finished_ = std::move(finished);
  {
    const std::lock_guard lock(core_->active_mutex);
    core_->active.emplace(id_, shared_from_this());
  }
  core_->loop->post([self = shared_from_this()] { self->begin(); });
}

void reused_call::begin() {
  if (cancelled_) return finish(error{.code = errc::cancelled, .message = "the caller cancelled"});
  if (kept_) {
    {
      const std::lock_guard lock(queue_mutex_);
      made_ = std::move(*kept_);
      chat().usage = {.reported = true};
      chat().notes = std::move(options_.notes);
      if (options_.streamed) append_events(chat(), queue_);
    }
    return finish_free(std::nullopt, "cache");
  }
  timer_ = core_->loop->make_timer();
  if (options_.total.count() > 0)
    timer_->start(deadline_.remaining(core_->os->steady_now()), [self = shared_from_this()] {
      self->give_up({.code = errc::timeout,
                     .message = "the call's total time limit passed: raise it among the call's "
                                "timeouts (timeouts.total_ms in the configuration) if the model "
                                "needs longer"});
    });
  bool fresh = true;
  {
    const std::lock_guard lock(queue_mutex_);
    if (!flight_key_.empty()) {
      std::shared_ptr<flight>& known = core_->flights[flight_key_];
      fresh = known == nullptr;
      (fresh ? known : flight_) = fresh ? flight_ : known;
    }
    pays_ = fresh;
  }
  flight_->join(shared_from_this());
  if (fresh) flight_->start();
}

void reused_call::cancel() {
  core_->loop->post([self = shared_from_this()] {
    self->cancelled_ = true;
    self->give_up({.code = errc::cancelled, .message = "the caller cancelled the call"});
  });
}

void reused_call::give_up(error e) {
  // Before it began, begin() looks; what is on its way into the ledger comes to its end.
  if (is_finished() || settling_ || timer_ == nullptr || gave_up_) return;
  gave_up_ = std::move(e);
  if (flight_->leave(*this)) finish(gave_up_);
}

void reused_call::landed(const std::optional<error>& failure, const ark::reply& made, bool pays) {
  if (is_finished()) return;
  {
    const std::lock_guard lock(queue_mutex_);
    made_ = made;
  }
  if (failure && gave_up_) return finish(gave_up_);
  if (pays) return finish(failure);
  finish_free(failure, "flight");
}

void reused_call::finish_free(std::optional<error> failure, std::string_view route) {
  {
    const std::lock_guard lock(queue_mutex_);
    settling_ = true;
    chat().cost = {.status = cost_status::exact, .currency = options_.currency};
    chat().usage = {.reported = true};
    chat().route = options_.route;
    chat().reused = route;
    chat().attempts = 1;
    chat().latency = duration_cast<microseconds>(core_->os->steady_now() - begun_);
    if (kept_) chat().first_content = chat().latency;
  }
  call_id_ = text::hex(id_) + text::hex(core_->os->random_u64());
  tell(failure, route);
  if (!core_->recorder->has_journal()) return finish(std::move(failure));
  put_on_record(std::move(failure), route);
}

/// As a call that cost nothing: no attempt was made for it.
void reused_call::tell(const std::optional<error>& failure, std::string_view route) const {
  if (!options_.asked) return;
  const auto ended = core_->os->wall_now();
  const ark::reply& got = chat();
  call_facts told{.call_id = call_id_,
                  .span_id = telemetry::call_span_id(call_id_),
                  .operation = "chat",
                  .to = options_.to,
                  .streamed = options_.streamed,
                  .usage = got.usage,
                  .cost = got.cost,
                  .reply_id = got.id,
                  .reply_model = got.model,
                  .begun = ended - duration_cast<std::chrono::system_clock::duration>(got.latency),
                  .ended = ended,
                  .route_reason = std::string(route),
                  .asked = options_.asked};
  if (failure) {
    told.error = to_string(failure->code);
    told.error_message = failure->message;
  } else {
    told.finish = to_string(got.finish);
  }
  for (const auto& each : core_->observers) each->call_ended(told);
}

void reused_call::put_on_record(std::optional<error> failure, std::string_view route) {
  const auto now = core_->os->wall_now();
  const std::uint64_t attempt = core_->os->random_u64() | 1;
  const attribution& who = options_.attribution;
  core_->recorder->record(
      attempt_intent{.attempt_id = attempt,
                     .call_id = call_id_,
                     .begun = now,
                     .vendor = options_.route.vendor,
                     .model = options_.route.model,
                     .operation = "chat",
                     .quote = chat().cost,
                     .tenant = who.tenant,
                     .user = who.user,
                     .task = who.task,
                     .run = who.run,
                     .tags = who.tags,
                     .route = std::string(route),
                     .prompt_id = who.prompt_id,
                     .prompt_version = who.prompt_version,
                     .inputs_hash = who.inputs_hash},
      // One commit, and no budget refuses what costs nothing: the outcome's answer is that of both.
      [](const result<void>&) {});
  attempt_outcome outcome{.attempt_id = attempt, .ended = now, .cost = chat().cost};
  outcome.latency = chat().latency;
  if (failure) {
    outcome.state = attempt_state::void_;
    outcome.cost.status = cost_status::void_;
    outcome.finish = to_string(failure->code);
  } else {
    outcome.usage = chat().usage;
    outcome.reply_model = chat().model;
    outcome.finish = to_string(chat().finish);
  }
  core_->recorder->record(std::move(outcome), [self = shared_from_this(),
                                               failure](const result<void>& recorded) {
    if (!recorded) {
      const std::lock_guard lock(self->queue_mutex_);
      self->chat().notes.push_back("the ledger has not recorded this answer, which cost nothing: " +
                                   recorded.error().message);
    }
    self->finish(failure);
  });
}

void reused_call::finish(std::optional<error> failure) {
  timer_.reset();
  failure_ = std::move(failure);
  {
    const std::lock_guard lock(queue_mutex_);
    flight_.reset();
    if (options_.streamed && !failure_) queue_.push_back({.kind = event_kind::done});
  }
  {
    const std::lock_guard lock(core_->active_mutex);
    core_->active.erase(id_);
  }
  finished_.store(true, std::memory_order_release);
  news_.store(true, std::memory_order_release);
  if (on_news_) on_news_();
  if (auto told = std::move(on_finished_)) told();
}

bool reused_call::has_room() const {
  if (!options_.streamed) return true;
  const std::lock_guard lock(queue_mutex_);
  return queue_.size() < limits::stream_queue_events && queued_bytes_ < limits::stream_queue_bytes;
}

void reused_call::deliver(const std::vector<event>& fresh) {
  if (!options_.streamed) return;
  {
    const std::lock_guard lock(queue_mutex_);
    for (const event& e : fresh) queued_bytes_ += e.text.size();
    queue_.insert(queue_.end(), fresh.begin(), fresh.end());
  }
  news_.store(true, std::memory_order_release);
  if (on_news_) on_news_();
}

void reused_call::take_events(std::vector<event>& into) {
  std::shared_ptr<flight> from;
  {
    const std::lock_guard lock(queue_mutex_);
    into.swap(queue_);
    queued_bytes_ = 0;
    from = flight_;
    news_.store(finished_.load(std::memory_order_acquire), std::memory_order_release);
  }
  if (from && !into.empty()) core_->loop->post([from] { from->pull(); });
}

void reused_call::on_news(std::function<void()> told) {
  core_->loop->post([self = shared_from_this(), told = std::move(told)]() mutable {
    self->on_news_ = std::move(told);
    if (self->on_news_ && self->has_news()) self->on_news_();
  });
}

void reused_call::copy_so_far(ark::reply& into) const {
  const std::lock_guard lock(queue_mutex_);
  if (flight_ && !settling_)
    flight_->call()->copy_so_far(into);
  else
    into = chat();
}

cost reused_call::cost_so_far() const {
  const std::lock_guard lock(queue_mutex_);
  if (flight_ && pays_) return flight_->call()->cost_so_far();
  if (!flight_ && finished_.load(std::memory_order_acquire)) return chat().cost;
  return {.status = cost_status::exact, .currency = options_.currency};
}

}  // namespace ark
