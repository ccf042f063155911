#include "client/operation.hpp"

#include "base/limits.hpp"
#include "base/text.hpp"
#include "client/authorize.hpp"
#include "client/operation_hedge.hpp"

#include <algorithm>
#include <array>

namespace ark {
namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;
using std::chrono::milliseconds;

/// One id of a random other one (splitmix64): the kernel is asked once a call, not once an attempt.
std::uint64_t scrambled(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

/// A vendor may quote the key that it refused, and errors are printed and logged. The very text of
/// the key is looked for: keys have no common form.
void hide_text(error& e, std::string_view key) {
  constexpr std::size_t shortest_key = 8;  // shorter ones are placeholders, part of any word
  if (key.size() < shortest_key) return;
  for (std::string* text : {&e.message, &e.vendor_message, &e.vendor_code, &e.request_id})
    for (auto at = text->find(key); at != text->npos; at = text->find(key, at))
      text->replace(at, key.size(), "***");
}

/// A signed target proves who sent it until it expires; a key stands at the end of one.
void hide_query(error& e, std::string_view target, auth_kind auth) {
  const auto question = target.find('?');
  if (question == target.npos) return;
  hide_text(e, target.substr(question + 1));
  if (auth == auth_kind::query) hide_text(e, target.substr(target.rfind('=') + 1));
}

void hide_key(error& e, const prepared_call& sent, const wire::header_list& signed_headers) {
  constexpr std::string_view scheme = "Bearer ";
  const bool is_signed = static_cast<bool>(sent.sign);
  for (const auto& header : is_signed ? signed_headers : sent.request.headers) {
    std::string_view key = header.value;
    if (key.starts_with(scheme)) key.remove_prefix(scheme.size());
    if (header.is_secret) hide_text(e, key);
  }
  if (!is_signed) return;
  for (const std::string_view part : secret_parts(sent.signing_key)) hide_text(e, part);
}

}  // namespace

operation::operation(std::shared_ptr<core> c, prepared_call p, operation_options o)
    : core_(std::move(c)),
      call_(std::move(p)),
      options_(std::move(o)),
      id_(core_->os->random_u64() | 1),
      call_id_(text::hex(id_) + text::hex(core_->os->random_u64())),
      begun_(now()),
      deadline_(begun_, options_.timeouts.total),
      first_quote_(call_.basis.quote),
      task_id_(call_.task_id),
      notes_(std::move(call_.notes)) {}

operation::~operation() = default;

void operation::start(std::function<void()> finished) {
  on_finished_ = std::move(finished);
  {
    const std::lock_guard lock(core_->active_mutex);
    core_->active.emplace(id_, shared_from_this());
  }
  core_->loop->post([self = shared_from_this()] {
    self->timer_ = self->core_->loop->make_timer();
    self->plan_attempt();
  });
}

void operation::cancel() {
  core_->loop->post([self = shared_from_this()] { self->do_cancel(); });
}

void operation::plan_attempt() {
  if (phase_ == phase::finished) return;
  if (cancelled_) return do_cancel();
  if (!admit() || fetch_missing()) return;
  admitted_ = false;
  attempt_id_ = next_attempt_id();
  number_ = attempt_;
  ++tries_;
  stage_ = {};
  enter_traffic();
  phase_ = phase::reserving;
  stale_socket_ = false;
  head_ = {};
  body_.clear();
  {
    const std::lock_guard lock(queue_mutex_);
    driver_.reset();
    meter_ = {};
  }
  attempt_begun_ = now();
  first_content_ = {};
  if (call_.free_of_charge || !core_->recorder->has_journal()) return send();
  core_->recorder->record(make_intent(), [self = shared_from_this()](const result<void>& recorded) {
    if (self->phase_ != phase::reserving) return;
    if (recorded) return self->send();
    error e = recorded.error();
    // A budget's refusal is an answer, not a failure of the ledger.
    if (e.code != errc::budget) {
      e.code = errc::ledger;
      e.message = "the ledger could not record the attempt, so nothing was sent: " + e.message;
    }
    self->unbook_rates();
    self->finish(std::move(e));
  });
}

std::uint64_t operation::next_attempt_id() {
  return scrambled(id_ + static_cast<std::uint64_t>(++attempt_)) | 1;
}

void operation::send() {
  phase_ = phase::connecting;
  stage_.on(policy::attempt_event::recorded);
  auto request = make_request(sent_);
  if (!request) {
    attempt_outcome outcome = new_outcome();
    account_not_sent(outcome);
    return attempt_failed(request.error(), std::move(outcome));
  }
  // Armed once for the whole attempt in the usual case; on_sent() only moves `phase_end_`.
  await_content();
  stage_.on(policy::attempt_event::handed_over);
  exchange_ = core_->transport->start(std::move(*request), *this);
  await_hedge();
}

result<net::exchange_request> operation::make_request(sent_parts& sent) {
  net::exchange_request out{.origin = call_.endpoint.origin, .request = call_.request};
  if (call_.sealed) {
    auto sealed = seal_request(call_, certificate_.reveal_secret(), *core_->os, opens_);
    if (!sealed) return sealed.error();
    out.request = std::move(*sealed);
  }
  if (call_.sign) {
    const secret& key = call_.temporary_key ? temporary_key_ : call_.signing_key;
    const signing_moment moment{core_->os->wall_now(), core_->os->random_u64()};
    if (auto ok = call_.sign(key, moment, out.request); !ok) return ok.error();
    sent.headers = out.request.headers;
    if (out.request.target != call_.request.target) sent.target = out.request.target;
    sent.proof = body_proof(*call_.row, out.request.body);
  }
  out.connect_timeout = deadline_.cut(options_.timeouts.connect, now());
  out.tls_timeout = deadline_.cut(options_.timeouts.tls, now());
  out.max_body_bytes = core_->options.network.max_reply_bytes;
  out.max_message_bytes = core_->options.network.max_event_bytes;
  out.allow_private = call_.endpoint.allow_private;
  out.vendor = call_.row->name;
  return out;
}

void operation::on_sending() {
  phase_ = phase::sending;
  sending_begun_ = now();
  stage_.on(policy::attempt_event::left);
}

void operation::on_sent() {
  phase_ = phase::waiting;
  await_content();
}

void operation::on_head(wire::http_head head) {
  head_ = std::move(head);
  if (head_.status >= 200 && head_.status <= 299) stage_.on(policy::attempt_event::taken);
  learn_rates();
  // What comes of a WebSocket is read as a stream, whoever reads the reply.
  const bool is_good = call_.request.websocket
                           ? head_.status == 101
                           : call_.streamed && head_.status >= 200 && head_.status <= 299;
  if (!is_good) return;
  // A vendor that ignores `stream`, or an error object in a 200, comes as plain JSON; in a stream
  // of lines that is a line like any other, and its type may say JSON (recorded of ollama.com).
  if (!call_.request.websocket && call_.family->stream_framing() != dialect::framing::ndjson &&
      wire::find_header(head_.headers, "content-type").starts_with("application/json"))
    return;
  open_stream();
}

void operation::open_stream() {
  const std::lock_guard lock(queue_mutex_);
  driver_.emplace(*call_.family, *call_.row,
                  dialect::frame_driver::limits{
                      .frame_bytes = core_->options.network.max_event_bytes, .reply = {}});
  if (!call_.sealed) return;
  if (call_.sealed->form == dialect::sealing::texts)
    driver_->builder().open_text_with(
        [this](std::string_view text) { return open_answer(opens_, text); });
  else
    driver_->open_frames_with(
        [this](std::string_view json) { return open_member(*call_.sealed, opens_, json); });
}

/// Server-sent events under a type that says JSON (recorded behind a gateway).
bool operation::begins_as_events(std::string_view bytes) const {
  return call_.streamed && head_.status >= 200 && head_.status <= 299 &&
         call_.family->stream_framing() == dialect::framing::sse &&
         (bytes.starts_with("data:") || bytes.starts_with("event:"));
}

void operation::on_body(std::string_view bytes) {
  if (phase_ == phase::finished || phase_ == phase::settling) return;
  phase_ = phase::reading;
  // What is asked over a WebSocket is asked when it is open.
  if (head_.status == 101) stage_.on(policy::attempt_event::taken);
  stage_.on(policy::attempt_event::came);
  if (!driver_ && body_.empty() && begins_as_events(bytes)) open_stream();
  if (!driver_ || options_.keep_raw) body_.append(bytes);
  if (driver_) return read_stream(bytes);
  limit_phase("idle", options_.timeouts.idle);
}

void operation::on_end(std::optional<net::exchange_failure> failure) {
  exchange_.reset();
  if (phase_ == phase::finished || phase_ == phase::settling) return;
  if (!failure) return driver_ ? stream_ended() : answer_whole();
  // The terminal frame came before the connection broke: the reply is whole all the same.
  if (driver_ && driver_->builder().is_done()) return stream_ended();
  if (!failure->request_begun) {
    attempt_outcome outcome = new_outcome();
    account_not_sent(outcome);
    failure->error.retry =
        failure->error.retry == retry_class::never ? retry_class::never : retry_class::safe;
    return attempt_failed(std::move(failure->error), std::move(outcome));
  }
  stale_socket_ = is_stale(*failure);
  if (failure->error.retry != retry_class::never) failure->error.retry = retry_class::maybe_billed;
  broke_off(std::move(failure->error));
}

/// The connection had been closed before the request came: a reset, and sooner than any vendor
/// answers. A vendor that works for a while and then resets may bill.
bool operation::is_stale(const net::exchange_failure& failure) const {
  constexpr auto soon = milliseconds(500);
  return failure.reused && failure.reset && !failure.response_begun &&
         now() - sending_begun_ <= soon;
}

void operation::answer_whole() {
  const dialect::answer a{head_, body_};
  if (head_.status >= 200 && head_.status <= 299) return decode_answer();
  error e = head_.status >= 300 && head_.status <= 399 ? redirected()
            : call_.read_error                         ? call_.read_error(a)
                                                       : call_.family->decode_error(a, *call_.row);
  e.http_status = head_.status;
  if (e.request_id.empty()) e.request_id = call_.family->request_id(head_);
  attempt_outcome outcome = new_outcome();
  account_rejected(outcome, e, call_.basis);
  attempt_failed(std::move(e), std::move(outcome));
}

error operation::redirected() const {
  return {.code = errc::protocol,
          .retry = retry_class::never,
          .message = call_.endpoint.origin.to_string() +
                     " answered with a redirect, which is not followed (the key stays with its "
                     "origin): set the vendor's base URL to where it leads",
          .vendor_message = std::string(wire::find_header(head_.headers, "location"))};
}

result<any_reply> operation::read_sealed() const {
  if (call_.sealed->form == dialect::sealing::input) {
    const auto plain = open_member(*call_.sealed, opens_, body_);
    if (!plain) return plain.error();
    return call_.read(dialect::answer{head_, *plain});
  }
  auto decoded = call_.read(dialect::answer{head_, body_});
  if (!decoded) return decoded;
  if (auto ok = open_reply(opens_, *std::get_if<ark::reply>(&*decoded)); !ok) return ok.error();
  return decoded;
}

void operation::decode_answer() {
  if (task_goes_on()) return;
  auto decoded = call_.sealed ? read_sealed() : call_.read(dialect::answer{head_, body_});
  if (!decoded) {
    error failed = decoded.error();
    failed.http_status = head_.status;
    if (failed.request_id.empty()) failed.request_id = call_.family->request_id(head_);
    if (task_ended_) failed.message += " (task " + task_id_ + ")";
    return broke_off(std::move(failed));
  }
  {
    const std::lock_guard lock(queue_mutex_);
    made_ = std::move(*decoded);
  }
  drop_rival();
  if (first_content_.count() == 0) first_content_ = duration_cast<microseconds>(now() - begun_);
  attempt_outcome outcome = new_outcome();
  if (const auto* chat_made = std::get_if<ark::reply>(&made_)) {
    outcome.finish = to_string(chat_made->finish);
    if (call_.streamed) {
      const std::lock_guard lock(queue_mutex_);
      append_events(*chat_made, queue_);
    }
  }
  std::visit(
      [&](const auto& made) {
        outcome.reply_model = made.model;
        account_reply(outcome, made.usage);
        attempt_succeeded(made.usage);
      },
      made_);
  close_stage(outcome);
  if (is_observed()) tell_attempt(outcome, nullptr);
  settle(std::move(outcome), [self = shared_from_this()] { self->finish(std::nullopt); });
}

void operation::stream_ended() {
  const auto finished = [this] {
    const std::lock_guard lock(queue_mutex_);
    auto whole = driver_->finish();
    take_from_driver();
    if (whole) made_ = driver_->builder().reply();
    return whole;
  };
  if (const auto whole = finished(); !whole) {
    publish();
    return broke_off(whole.error());
  }
  attempt_outcome outcome = new_outcome();
  outcome.finish = to_string(chat().finish);
  outcome.reply_model = chat().model;
  account_reply(outcome, chat().usage);
  attempt_succeeded(chat().usage);
  close_stage(outcome);
  drop_rival();
  publish();
  if (is_observed()) tell_attempt(outcome, nullptr);
  settle(std::move(outcome), [self = shared_from_this()] { self->finish(std::nullopt); });
}

void operation::broke_off(error e) {
  exchange_.reset();
  attempt_outcome outcome = new_outcome();
  account_broken(outcome, usage_so_far(), call_.basis);
  // An end without the terminal is a broken connection to the one who reads it.
  const bool by_vendor =
      driver_ && driver_->builder().failure().has_value() && e.code != errc::truncated;
  narrow(outcome.cost, usage_so_far(), meter_, by_vendor, call_.basis);
  attempt_failed(std::move(e), std::move(outcome));
}

void operation::hide_keys(error& e, const sent_parts& sent) const {
  hide_key(e, call_, sent.headers);
  hide_query(e, sent.target, call_.row->auth);
  hide_text(e, sent.proof);
  hide_text(e, temporary_key_.reveal_secret());
}

void operation::attempt_failed(error e, attempt_outcome outcome) {
  if (is_asking()) {
    if (ask_again(e)) return;
    task_lost(e, outcome);
  }
  e.attempt = number_;
  const bool again = call_.free_of_charge && !call_.once;
  if (again && e.retry == retry_class::maybe_billed) e.retry = retry_class::safe;
  hide_keys(e, sent_);
  outcome.finish = to_string(e.code);
  close_stage(outcome);
  attempt_refused(e, outcome.state);
  outcome.error = e.message;
  may_be_billed_ = may_be_billed_ || outcome.state != attempt_state::void_;
  if (e.http_status != 0) outcome.http_status = e.http_status;
  if (!e.request_id.empty() && task_id_.empty()) outcome.request_id = e.request_id;
  if (is_observed()) tell_attempt(outcome, &e);
  settle(std::move(outcome),
         [self = shared_from_this(), e = std::move(e)] { self->retry_or_finish(e); });
}

void operation::settle(attempt_outcome outcome, std::function<void()> then) {
  phase_ = phase::settling;
  timer_->stop();
  armed_for_ = policy::time_point::max();
  const cost attempt_cost =
      call_.free_of_charge ? cost{.status = cost_status::void_} : outcome.cost;
  if (call_.free_of_charge || !core_->recorder->has_journal()) {
    settled({}, attempt_cost);
    return then();
  }
  core_->recorder->record(std::move(outcome), [self = shared_from_this(), attempt_cost,
                                               then = std::move(then)](const result<void>& r) {
    self->settled(r, attempt_cost);
    if (self->beside_ == 0) return then();
    self->after_beside_ = then;
  });
}

void operation::settled(const result<void>& recorded, const cost& attempt_cost) {
  add_cost(total_cost_, attempt_cost);
  // The answer is paid for: it is given, and what the ledger lacks is said.
  if (!recorded)
    notes_.push_back("the ledger has not recorded this attempt's outcome yet: " +
                     recorded.error().message);
}

void operation::retry_or_finish(const error& e) {
  const bool other_runs = rival_ && !rival_->goes_on && (rival_->exchange || rival_->has_ended);
  if (other_runs && !cancelled_) return take_rival_over();
  drop_rival();
  const policy::failed_attempt failed{
      .error = e,
      .attempts_made = tries_,
      .content_seen = content_seen(),
      .stale_socket = stale_socket_,
      .stale_retries = stale_retries_,
      .may_pay_again =
          policy::may_pay_again(options_.retry, options_.max_cost, total_cost_, call_.basis.quote),
      .within_caps =
          policy::within_caps(options_.retry, options_.max_cost, total_cost_, call_.basis.quote),
      .billed_before = total_cost_.status != cost_status::void_};
  // What the vendor makes already is not begun again.
  if (cancelled_ || !task_id_.empty()) return finish(e);
  again_ = "retry: attempt " + std::to_string(number_) + " failed (" +
           std::string(to_string(e.code)) + ")";
  if (renew_key(e) || take_other_way(e)) return plan_attempt();
  const auto wait =
      policy::next_attempt(options_.retry, failed, deadline_, now(), core_->os->random_u64());
  if (!wait) return fall_back_or_finish(e);
  if (!stale_socket_ && !draw_on_budget(e)) {
    error last = e;
    last.message += "; it was not sent again, as the retry budget of " + call_.row->name +
                    " is used up: too many of its calls fail";
    return fall_back_or_finish(std::move(last));
  }
  if (stale_socket_) ++stale_retries_;
  notes_.push_back("attempt " + std::to_string(number_) + " failed (" +
                   std::string(to_string(e.code)) + ") and was made again");
  back_off(*wait);
}

void operation::do_cancel() {
  cancelled_ = true;
  error e{.code = errc::cancelled,
          .retry = retry_class::never,
          .message = "the caller cancelled the call",
          .attempt = attempt_};
  switch (phase_) {
    case phase::finished:
    case phase::settling:
      return;
    case phase::fetching:
      leave_fetches();
      return finish(std::move(e));
    case phase::idle:
    case phase::backing_off:
      return finish(std::move(e));
    case phase::reserving:
    case phase::connecting: {
      exchange_.reset();
      attempt_outcome outcome = new_outcome();
      account_not_sent(outcome);
      return attempt_failed(std::move(e), std::move(outcome));
    }
    case phase::sending:
    case phase::waiting:
    case phase::reading:
    case phase::between_questions:
      return broke_off(std::move(e));
  }
}

void operation::complete() {
  const auto common = [this](auto& made) {
    made.cost = total_cost_;
    made.route = call_.route;
    // Some vendors have it in the body only.
    if (auto id = call_.family->request_id(head_); !id.empty()) made.request_id = std::move(id);
    if constexpr (requires { made.task_id; }) made.task_id = task_id_;
    made.attempts = std::max(attempt_, 1);
    made.latency = duration_cast<microseconds>(now() - begun_);
    std::move(notes_.begin(), notes_.end(), std::back_inserter(made.notes));
  };
  const bool texts_only = call_.sealed && call_.sealed->form == dialect::sealing::texts;
  if (texts_only && !failure_ && !chat().message.reasoning().empty())
    notes_.emplace_back("the model's reasoning came in clear: end-to-end encryption leaves it out");
  std::visit(common, made_);
}

void operation::finish(std::optional<error> failure) {
  drop_rival();
  if (beside_ > 0) {
    // Nobody runs the loop for a call that is over: all its attempts are on record before.
    phase_ = phase::settling;
    exchange_.reset();
    after_beside_ = [self = shared_from_this(), failure = std::move(failure)]() mutable {
      self->finish(std::move(failure));
    };
    return;
  }
  phase_ = phase::finished;
  exchange_.reset();
  timer_.reset();
  hedge_timer_.reset();
  leave_traffic(policy::health::unsaid);
  if (std::exchange(admitted_, false)) unbook_rates();
  failure_ = std::move(failure);
  {
    const std::lock_guard lock(queue_mutex_);
    if (failure_ && driver_) made_ = driver_->builder().reply();
    keep_contents();
    complete();
    if (auto* chat_made = std::get_if<ark::reply>(&made_)) {
      chat_made->first_content = first_content_;
      if (options_.keep_raw) chat_made->raw = std::move(body_);
    }
    if (call_.streamed && !failure_) queue_.push_back({.kind = event_kind::done});
  }
  if (is_observed()) tell_call();
  {
    const std::lock_guard lock(core_->active_mutex);
    core_->active.erase(id_);
  }
  finished_.store(true, std::memory_order_release);
  news_.store(true, std::memory_order_release);
  if (on_news_) on_news_();
  if (auto told = std::move(on_finished_)) told();
}

void operation::account_reply(attempt_outcome& outcome, const usage& used) {
  if (call_.free_of_charge) return;
  constexpr std::size_t longest_name = 100;  // the vendor's text
  const price_basis basis = billed_basis(outcome.reply_model);
  const std::string why = account_whole(outcome, used, basis);
  if (outcome.cost.status != cost_status::unknown) return;
  if (basis.model == nullptr && call_.basis.model != nullptr)
    notes_.push_back("no price is known for " + outcome.reply_model.substr(0, longest_name) +
                     ", which answered instead of " + call_.model + ": the cost is unknown");
  else if (!why.empty())
    notes_.push_back("the cost is unknown: " + why);
}

price_basis operation::billed_basis(std::string_view replied) const {
  price_basis basis = call_.basis;
  basis.model = catalog::billed_model(*core_->book, call_.row->name, call_.model, replied);
  return basis;
}

attempt_intent operation::make_intent() {
  return {.attempt_id = attempt_id_,
          .call_id = call_id_,
          .attempt = attempt_,
          .begun = core_->os->wall_now(),
          .vendor = call_.row->name,
          .model = call_.model,
          .operation = call_.operation,
          .quote = call_.basis.quote,
          .tenant = options_.attribution.tenant,
          .user = options_.attribution.user,
          .task = options_.attribution.task,
          .run = options_.attribution.run,
          .tags = options_.attribution.tags,
          .route = again_.empty() ? call_.route.reason : again_,
          .prompt_id = options_.attribution.prompt_id,
          .prompt_version = options_.attribution.prompt_version,
          .inputs_hash = options_.attribution.inputs_hash,
          .lease = lease()};
}

/// What is waited for at most, and a minute for what comes after it.
microseconds operation::lease() const {
  constexpr microseconds longest = std::chrono::hours(24), after = std::chrono::minutes(1);
  const auto left = deadline_.remaining(now());
  return left >= longest ? longest : duration_cast<microseconds>(left) + after;
}

attempt_outcome operation::new_outcome() const {
  attempt_outcome out;
  out.attempt_id = attempt_id_;
  out.ended = core_->os->wall_now();
  out.http_status = head_.status;
  out.request_id = task_id_.empty() ? call_.family->request_id(head_) : task_id_;
  out.latency = duration_cast<microseconds>(now() - attempt_begun_);
  if (first_content_.count() > 0)
    out.first_content = first_content_ - duration_cast<microseconds>(attempt_begun_ - begun_);
  return out;
}

}  // namespace ark
