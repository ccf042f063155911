// A second attempt beside one that is late: whichever brings content first goes on, the other one
// is cancelled and costs what it may.
#include "client/operation_hedge.hpp"

#include "policy/fallback.hpp"

namespace ark {
namespace {

error given_up(std::string_view message) {
  return {.code = errc::cancelled, .message = std::string(message)};
}

}  // namespace

void operation::rival::on_sending() {
  if (goes_on) return op.on_sending();
  stage.on(policy::attempt_event::left);
  left = op.now();
}

void operation::rival::on_sent() {
  if (goes_on) op.on_sent();
}

void operation::rival::on_head(wire::http_head h) {
  const bool good = h.status >= 200 && h.status <= 299;
  if (good) stage.on(policy::attempt_event::taken);
  if (goes_on) return op.on_head(std::move(h));
  head = std::move(h);
  if (good && op.call_.streamed)
    driver.emplace(*op.call_.family, *op.call_.row,
                   dialect::frame_driver::limits{
                       .frame_bytes = op.core_->options.network.max_event_bytes, .reply = {}});
}

void operation::rival::on_body(std::string_view bytes) {
  stage.on(policy::attempt_event::came);
  if (goes_on) return op.on_body(bytes);
  body.append(bytes);
  if (!driver) return;
  // It is read only until it has content.
  const auto fed = driver->feed(bytes);
  driver->events().clear();
  if (driver->content_frames() > 0) return op.rival_is_first();
  if (fed) return;
  unreadable = fed.error();
  exchange.reset();
  has_ended = true;
  op.rival_failed();
}

void operation::rival::on_end(std::optional<net::exchange_failure> why) {
  if (goes_on) return op.on_end(std::move(why));
  exchange.reset();
  has_ended = true;
  failure = std::move(why);
  const bool good = !failure && head.status >= 200 && head.status <= 299;
  if (good && !driver) {
    // An error may stand under a good status: the attempt before is not given up for that.
    if (const auto read = op.call_.read(dialect::answer{head, body}); !read)
      unreadable = read.error();
  } else if (good) {
    if (const auto whole = driver->finish(); !whole) unreadable = whole.error();
  }
  if (good && !unreadable) return op.rival_is_first();
  op.rival_failed();
}

void operation::await_hedge() {
  hedge_timer_.reset();
  if (!options_.hedge || rival_ || hedged_ || call_.operation != "chat" || call_.sealed ||
      call_.request.websocket || call_.next || call_.temporary_key)
    return;
  const lane& known = core_->traffic.lane_of(lane_id(way_));
  const auto delay = policy::hedge_delay(call_.streamed ? known.streamed : known.whole);
  if (!delay) return;
  hedge_timer_ = core_->loop->make_timer();
  hedge_timer_->start(*delay,
                      [self = shared_from_this(), delay = *delay] { self->begin_rival(delay); });
}

bool operation::may_hedge() const {
  if (phase_ != phase::connecting && phase_ != phase::sending && phase_ != phase::waiting &&
      phase_ != phase::reading)
    return false;
  if (cancelled_ || rival_ || hedged_ || (driver_ && driver_->content_frames() > 0)) return false;
  if (!options_.max_cost && !options_.retry.max_billed_cost) return true;
  // Both may be billed in full.
  cost both = total_cost_;
  add_cost(both, call_.basis.quote);
  return policy::may_pay_again(
      {.allow_billed = true, .max_billed_cost = options_.retry.max_billed_cost}, options_.max_cost,
      both, call_.basis.quote);
}

void operation::begin_rival(policy::duration after) {
  if (!may_hedge() || !draw_on_budget({.code = errc::overloaded})) return;
  const auto wait = book_rates();
  if (!wait) return;
  if (*wait > policy::duration::zero()) return unbook_rates();
  hedged_ = true;
  rival_ = std::make_unique<rival>(*this);
  rival_->attempt_id = next_attempt_id();
  rival_->number = attempt_;
  rival_->begun = now();
  const auto ms = std::chrono::ceil<std::chrono::milliseconds>(after).count();
  notes_.push_back("no content after " + std::to_string(ms) + " ms, the 95th percentile: attempt " +
                   std::to_string(attempt_) + " was made beside the one before");
  if (!core_->recorder->has_journal()) return send_rival();
  attempt_intent intent = make_intent();
  intent.attempt_id = rival_->attempt_id;
  intent.route = "hedge: no content of the attempt before after " + std::to_string(ms) + " ms";
  core_->recorder->record(std::move(intent), [self = shared_from_this(), id = rival_->attempt_id](
                                                 const result<void>& recorded) {
    if (!self->rival_ || self->rival_->attempt_id != id) return;
    if (recorded) return self->send_rival();
    self->notes_.push_back("it was not sent: " + recorded.error().message);
    self->unbook_rates();
    self->let_go(std::move(self->rival_));
  });
}

void operation::send_rival() {
  rival_->stage.on(policy::attempt_event::recorded);
  auto request = make_request(rival_->sent);
  if (!request) return drop_rival();
  rival_->stage.on(policy::attempt_event::handed_over);
  rival_->exchange = core_->transport->start(std::move(*request), *rival_);
}

/// What an attempt that is given up may cost.
void operation::account_dropped(attempt_outcome& outcome, policy::attempt_machine& stage,
                                const usage& so_far) const {
  outcome.finish = to_string(errc::cancelled);
  if (stage.on(policy::attempt_event::kept_back)) {
    stage.on(policy::attempt_event::refused);
    return account_not_sent(outcome);
  }
  stage.on(policy::attempt_event::lost);
  account_broken(outcome, so_far, call_.basis);
}

attempt_outcome operation::rival_outcome() const {
  attempt_outcome out;
  out.attempt_id = rival_->attempt_id;
  out.ended = core_->os->wall_now();
  out.http_status = rival_->head.status;
  out.request_id = call_.family->request_id(rival_->head);
  out.latency = std::chrono::duration_cast<std::chrono::microseconds>(now() - rival_->begun);
  return out;
}

void operation::drop_rival() {
  hedge_timer_.reset();
  if (!rival_ || rival_->goes_on) return;
  rival_->exchange.reset();
  attempt_outcome outcome = rival_outcome();
  const usage so_far = rival_->driver ? rival_->driver->builder().reply().usage : usage{};
  account_dropped(outcome, rival_->stage, so_far);
  record_beside(std::move(outcome), rival_->number,
                given_up("it was cancelled with the attempt that it was made beside"));
  let_go(std::move(rival_));
}

void operation::rival_failed() {
  attempt_outcome outcome = rival_outcome();
  error e;
  if (rival_->unreadable) {
    e = std::move(*rival_->unreadable);
    account_broken(outcome, {}, call_.basis);
  } else if (rival_->failure) {
    e = std::move(rival_->failure->error);
    account_dropped(outcome, rival_->stage, {});
    if (!rival_->failure->request_begun) account_not_sent(outcome);
  } else {
    const dialect::answer a{rival_->head, rival_->body};
    e = call_.read_error ? call_.read_error(a) : call_.family->decode_error(a, *call_.row);
    e.http_status = rival_->head.status;
    account_rejected(outcome, e, call_.basis);
  }
  outcome.finish = to_string(e.code);
  hide_keys(e, rival_->sent);
  outcome.error = e.message;
  notes_.push_back("it failed (" + std::string(to_string(e.code)) + ")");
  record_beside(std::move(outcome), rival_->number, e);
  let_go(std::move(rival_));
}

void operation::rival_is_first() {
  // While the other one is being settled it waits: it is asked for when that is done.
  if (phase_ == phase::settling || phase_ == phase::finished) return;
  exchange_.reset();
  lane& known = core_->traffic.lane_of(lane_id(way_));
  // It would have been later still: without it the percentile would creep down.
  (call_.streamed ? known.streamed : known.whole).add(now() - attempt_begun_);
  attempt_outcome outcome = new_outcome();
  account_dropped(outcome, stage_, usage_so_far());
  record_beside(std::move(outcome), number_, given_up("the later attempt was the sooner one"));
  notes_.emplace_back("the later attempt was the sooner one; the one before was cancelled");
  take_rival_over();
}

void operation::take_rival_over() {
  hedge_timer_.reset();
  const auto taken = rival_.get();
  taken->goes_on = true;
  taken->driver.reset();
  attempt_id_ = taken->attempt_id;
  number_ = taken->number;
  attempt_begun_ = taken->begun;
  stage_ = taken->stage;
  sent_ = std::move(taken->sent);
  exchange_ = std::move(taken->exchange);
  stale_socket_ = false;
  head_ = {};
  body_.clear();
  {
    const std::lock_guard lock(queue_mutex_);
    driver_.reset();
    meter_ = {};
  }
  phase_ = taken->left ? phase::waiting : phase::connecting;
  sending_begun_ = taken->left.value_or(now());
  if (!in_traffic_) enter_traffic();
  await_content();
  if (taken->head.status != 0) on_head(std::move(taken->head));
  const std::string seen = std::move(taken->body);
  if (!seen.empty()) on_body(seen);
  if (taken->has_ended) on_end(std::move(taken->failure));
}

void operation::let_go(std::unique_ptr<rival> gone) {
  gone->exchange.reset();
  // One of its own functions may be what runs.
  core_->loop->post([kept = std::shared_ptr<rival>(std::move(gone))] {});
}

void operation::record_beside(attempt_outcome outcome, int number, const error& why) {
  if (is_observed()) tell(facts_of_attempt(outcome, number, &why));
  const cost attempt_cost = outcome.cost;
  may_be_billed_ = may_be_billed_ || outcome.state != attempt_state::void_;
  if (!core_->recorder->has_journal()) return settled({}, attempt_cost);
  ++beside_;
  core_->recorder->record(std::move(outcome),
                          [self = shared_from_this(), attempt_cost](const result<void>& r) {
                            self->settled(r, attempt_cost);
                            if (--self->beside_ > 0 || !self->after_beside_) return;
                            std::exchange(self->after_beside_, {})();
                          });
}

}  // namespace ark
