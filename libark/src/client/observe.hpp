#pragma once
#include "telemetry/contents.hpp"

#include <ark/call.hpp>
#include <ark/telemetry.hpp>

#include <memory>
#include <string>

namespace ark {

/// What an observer hears of a call's request. Of what the kind of call has; prompts only where
/// telemetry was asked for them and the call is not sealed.
template <class C>
std::shared_ptr<const request_facts> facts_of(const C& c, const telemetry_options& options) {
  auto out = std::make_shared<request_facts>();
  out->tenant = c.tenant;
  out->user = c.user;
  out->task = c.task;
  out->run = c.run;
  out->tags = c.tags;
  out->traceparent = options.traceparent;
  out->tracestate = options.tracestate;
  if constexpr (requires { c.traceparent; }) {
    if (!c.traceparent.empty()) {
      out->traceparent = c.traceparent;
      out->tracestate = c.tracestate;
    }
  }
  if constexpr (requires { c.messages; }) {
    out->max_tokens = c.max_tokens;
    out->seed = c.seed;
    out->temperature = c.temperature;
    out->top_p = c.top_p;
    out->stop = c.stop;
    out->prompt_id = c.prompt_id;
    out->prompt_version = c.prompt_version;
    if (c.response_format.kind != response_format_kind::text) out->output_type = "json";
    if (options.capture_messages && !c.end_to_end_encryption) {
      out->input_messages = telemetry::input_messages(c.messages, options.capture_bytes);
      out->system_instructions = telemetry::system_instructions(c.messages, options.capture_bytes);
    }
  }
  return out;
}

}  // namespace ark
