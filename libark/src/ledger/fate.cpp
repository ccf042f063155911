#include "ledger/fate.hpp"

#include <utility>

#include "ledger/budget_rules.hpp"
#include "ledger/record.hpp"

namespace ark::detail {
namespace {

bool same(const ledger_entry& has, const attempt_outcome& given) {
  return has.state == given.state && has.cost == given.cost && has.usage == given.usage &&
         has.request_id == given.request_id && has.finish == given.finish &&
         has.http_status == given.http_status && has.reply_model == given.reply_model;
}

/// What is booked, as the outcome that would book it again.
attempt_outcome outcome_of(ledger_entry&& e) {
  return {.attempt_id = 0,
          .state = e.state,
          .ended = e.ended.value_or(e.begun),
          .usage = std::move(e.usage),
          .cost = std::move(e.cost),
          .reply_model = std::move(e.reply_model),
          .finish = std::move(e.finish),
          .request_id = std::move(e.request_id),
          .http_status = e.http_status,
          .latency = e.latency,
          .first_content = e.first_content,
          .lines = std::move(e.lines),
          .computed = std::move(e.computed),
          .error = std::move(e.error)};
}

}  // namespace

std::string_view kind_of_late(const ledger_entry& booked, const attempt_outcome& given) {
  if (same(booked, given)) return {};
  // What the attempt's own program tells after all is better than what was assumed when it seemed
  // lost, and what was decided about it then.
  const bool resolves =
      (booked.state == attempt_state::ambiguous || booked.finish == finish_lost) &&
      (given.state == attempt_state::settled || given.state == attempt_state::void_ ||
       booked.finish == finish_lost);
  return resolves ? "resolved" : "conflict";
}

std::optional<corrected_outcome> apply(ledger_entry&& booked,
                                       const attempt_correction& correction) {
  if (correction.only_in_doubt && booked.state != attempt_state::ambiguous) return std::nullopt;
  attempt_outcome now = outcome_of(std::move(booked));
  if (now.state == correction.outcome.state && now.cost == correction.outcome.cost &&
      (correction.keeps_usage || now.usage == correction.outcome.usage))
    return std::nullopt;
  now.state = correction.outcome.state;
  now.cost = correction.outcome.cost;
  if (!correction.keeps_usage) now.usage = correction.outcome.usage;
  now.lines = correction.outcome.lines;
  now.computed = correction.outcome.computed;
  auto repaired = repair(now);
  if (!repaired) return corrected_outcome{std::move(now), correction.reason};
  return corrected_outcome{std::move(repaired->outcome),
                           repaired->note.empty() ? correction.reason : std::move(repaired->note)};
}

error cannot_correct(std::int64_t sequence) {
  return {.code = errc::invalid_request,
          .message = "entry " + std::to_string(sequence) +
                     " cannot be corrected: it is not in the ledger, or has no outcome yet"};
}

}  // namespace ark::detail
