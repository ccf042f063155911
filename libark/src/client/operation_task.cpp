// What a vendor makes in the background is asked for until it is there. The attempt is the call
// that began it: that costs money, and is never repeated; questions are free.
#include "base/limits.hpp"
#include "client/operation.hpp"
#include "policy/questions.hpp"
#include "wire/http_time.hpp"

namespace ark {

bool operation::task_goes_on() {
  if (!call_.next) return false;
  auto next = call_.next(dialect::answer{head_, body_});
  // Only a question is asked again: what begins a task never is.
  if (next && *next && (*next)->id.empty() && task_id_.empty())
    next = error{.code = errc::protocol,
                 .retry = retry_class::maybe_billed,
                 .message = call_.row->name + " accepted the call and did not say what to ask for"};
  if (!next) {
    error failed = next.error();
    failed.http_status = head_.status;
    broke_off(std::move(failed));
    return true;
  }
  task_ended_ = !next->has_value() && !task_id_.empty();
  if (!next->has_value()) return false;
  ask_next(std::move(**next));
  return true;
}

void operation::ask_next(task_question question) {
  // The wall clock stands for the vendor's: a date is rare, and the wait has bounds.
  const auto wanted = wire::retry_after(
      head_.headers, std::chrono::floor<std::chrono::milliseconds>(core_->os->wall_now()));
  lost_questions_ = 0;
  if (!question.id.empty()) {
    task_id_ = std::move(question.id);
    call_.request = std::move(question.request);
    if (question.origin != call_.endpoint.origin) call_.endpoint.allow_private = false;
    call_.endpoint.origin = std::move(question.origin);
  }
  if (question.at_once) return ask();
  wait_to_ask(policy::next_question(questions_++, wanted));
}

void operation::wait_to_ask(policy::duration wait) {
  exchange_.reset();
  phase_ = phase::between_questions;
  armed_for_ = policy::time_point::max();
  timer_->start(std::min(wait, deadline_.remaining(now())),
                [self = shared_from_this()] { self->ask(); });
}

void operation::ask() {
  if (phase_ == phase::finished) return;
  stale_socket_ = false;
  head_ = {};
  body_.clear();
  if (!deadline_.passed(now())) return send();
  broke_off({.code = errc::timeout,
             .retry = retry_class::maybe_billed,
             .message = "the call's total time limit passed: raise it among the call's timeouts "
                        "(timeouts.total_ms in the configuration)"});
}

bool operation::ask_again(const error& e) {
  if (cancelled_ || e.retry == retry_class::never) return false;
  error lost = e;
  if (lost.retry == retry_class::maybe_billed) lost.retry = retry_class::safe;
  const policy::failed_attempt failed{.error = lost, .attempts_made = ++lost_questions_};
  const retry_policy patient{.max_attempts = limits::lost_questions,
                             .base = options_.retry.base,
                             .cap = options_.retry.cap};
  const auto wait =
      policy::next_attempt(patient, failed, deadline_, now(), core_->os->random_u64());
  if (!wait) return false;
  notes_.push_back("a question for the task failed (" + std::string(to_string(e.code)) +
                   ") and was asked again");
  wait_to_ask(*wait);
  return true;
}

void operation::task_lost(error& e, attempt_outcome& outcome) {
  outcome = new_outcome();
  account_broken(outcome, {}, call_.basis);
  if (!call_.task_id.empty()) {
    e.message += " (task " + task_id_ + ")";
    return;
  }
  if (e.retry != retry_class::never) e.retry = retry_class::maybe_billed;
  e.message += "; the vendor may still be making it, and bill it: ask for the task " + task_id_ +
               " later (task_id)";
}

}  // namespace ark
