// What an operation tells observers: only where there are any.
#include "client/operation.hpp"

#include "telemetry/contents.hpp"
#include "telemetry/span.hpp"

#include <algorithm>

namespace ark {
namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;
using std::chrono::system_clock;

/// Enough for any answer that a person reads; what comes after has no gap told.
constexpr std::size_t most_gaps = 10'000;

}  // namespace

destination_facts destination_of(const prepared_call& p) {
  return {.vendor = p.row->name,
          .provider = p.row->telemetry_provider.empty() ? p.row->name : p.row->telemetry_provider,
          .tier_attribute = p.row->telemetry_tier_attribute,
          .model = p.model,
          .server_address = p.endpoint.origin.host,
          .server_port = p.endpoint.origin.port};
}

void operation::note_chunk() {
  const auto t = now();
  if (!first_chunk_) first_chunk_ = t;
  if (last_chunk_ && chunk_gaps_.size() < most_gaps)
    chunk_gaps_.push_back(duration_cast<microseconds>(t - *last_chunk_));
  last_chunk_ = t;
}

attempt_facts operation::facts_of_attempt(const attempt_outcome& outcome, int number,
                                          const error* failure) const {
  attempt_facts told{.call_id = call_id_,
                     .attempt_id = outcome.attempt_id,
                     .attempt = number,
                     .operation = call_.operation,
                     .to = destination_of(call_),
                     .streamed = call_.streamed,
                     .state = outcome.state,
                     .usage = outcome.usage,
                     .cost = outcome.cost,
                     .reply_model = outcome.reply_model,
                     .request_id = outcome.request_id,
                     .http_status = outcome.http_status,
                     .begun = outcome.ended - outcome.latency,
                     .ended = outcome.ended,
                     .asked = options_.asked};
  if (failure) {
    told.error = to_string(failure->code);
    told.error_message = failure->message;
  } else {
    told.finish = outcome.finish;
  }
  return told;
}

void operation::tell(const attempt_facts& ended) const {
  for (const auto& each : core_->observers) each->attempt_ended(ended);
}

void operation::tell_attempt(const attempt_outcome& outcome, const error* failure) {
  attempt_facts told = facts_of_attempt(outcome, number_, failure);
  if (first_chunk_) told.first_chunk = duration_cast<microseconds>(*first_chunk_ - attempt_begun_);
  told.chunk_gaps = std::exchange(chunk_gaps_, {});
  first_chunk_.reset();
  last_chunk_.reset();
  tell(told);
}

void operation::tell_call() {
  const auto ended = core_->os->wall_now();
  call_facts told{.call_id = call_id_,
                  .span_id = telemetry::call_span_id(call_id_),
                  .operation = call_.operation,
                  .to = destination_of(call_),
                  .streamed = call_.streamed,
                  .attempts = attempt_,
                  .cost = total_cost_,
                  .begun = ended - duration_cast<system_clock::duration>(now() - begun_),
                  .ended = ended,
                  .route_reason = call_.route.reason,
                  .asked = options_.asked};
  if (failure_) {
    told.error = to_string(failure_->code);
    told.error_message = failure_->message;
  }
  std::visit(
      [&](const auto& made) {
        told.usage = made.usage;
        told.reply_model = made.model;
        told.request_id = made.request_id;
      },
      made_);
  if (const auto* reply = std::get_if<ark::reply>(&made_)) {
    told.reply_id = reply->id;
    if (!failure_) told.finish = to_string(reply->finish);
    if (call_.streamed && first_content_.count() > 0) told.first_chunk = first_content_;
    const auto& telemetry = core_->options.telemetry;
    if (telemetry.capture_messages && !call_.sealed)
      told.output_messages =
          telemetry::output_messages(reply->message, told.finish, telemetry.capture_bytes);
  }
  for (const auto& each : core_->observers) each->call_ended(told);
}

}  // namespace ark
