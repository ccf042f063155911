#pragma once
// A call and an attempt with every fact set.
#include <ark/telemetry.hpp>

namespace ark::testing {

inline constexpr std::chrono::system_clock::time_point some_moment{
    std::chrono::seconds{1767225600}};

inline std::shared_ptr<request_facts> some_request() {
  auto out = std::make_shared<request_facts>();
  out->max_tokens = 100;
  out->seed = 7;
  out->temperature = 0.5;
  out->top_p = 0.9;
  out->stop = {"END"};
  out->output_type = "json";
  out->prompt_id = "triage";
  out->prompt_version = "3";
  out->tenant = "acme";
  out->task = "support";
  out->tags = {{"team", "a"}};
  return out;
}

inline destination_facts some_destination() {
  return {.vendor = "toy",
          .provider = "toy.cloud",
          .tier_attribute = "toy.tier",
          .model = "m1",
          .server_address = "api.toy.test",
          .server_port = 443};
}

inline usage some_usage() {
  usage u;
  u.input = 10;
  u.cache_read = 60;
  u.cache_write_5m = 30;
  u.output = 5;
  u.reasoning = 3;
  u.service_tier = "flex";
  u.reported = true;
  return u;
}

inline cost exact_cost(std::string_view text, std::string currency = "USD") {
  const amount value = *amount::parse(text);
  return {.status = cost_status::exact,
          .currency = std::move(currency),
          .value = value,
          .low = value,
          .high = value,
          .price_hash = "p1"};
}

inline cost interval_cost(std::string_view low, std::string_view high) {
  return {.status = cost_status::interval,
          .currency = "USD",
          .low = *amount::parse(low),
          .high = *amount::parse(high)};
}

inline call_facts some_call() {
  call_facts c;
  c.call_id = "0123456789abcdef00000000000000aa";
  c.span_id = 0x0123456789abcdef;
  c.operation = "chat";
  c.to = some_destination();
  c.streamed = true;
  c.attempts = 2;
  c.usage = some_usage();
  c.cost = exact_cost("0.00435");
  c.reply_id = "r-1";
  c.reply_model = "m1-2026";
  c.request_id = "q-1";
  c.finish = "stop";
  c.begun = some_moment;
  c.ended = some_moment + std::chrono::milliseconds(1500);
  c.first_chunk = std::chrono::milliseconds(250);
  c.route_reason = "named by the caller";
  c.asked = some_request();
  return c;
}

inline attempt_facts some_attempt() {
  attempt_facts a;
  a.call_id = "0123456789abcdef00000000000000aa";
  a.attempt_id = 0xfeed;
  a.attempt = 2;
  a.operation = "chat";
  a.to = some_destination();
  a.streamed = true;
  a.usage = some_usage();
  a.cost = exact_cost("0.00435");
  a.reply_model = "m1-2026";
  a.request_id = "q-1";
  a.finish = "stop";
  a.http_status = 200;
  a.begun = some_moment;
  a.ended = some_moment + std::chrono::milliseconds(1000);
  a.first_chunk = std::chrono::milliseconds(200);
  a.chunk_gaps = {std::chrono::milliseconds(15), std::chrono::milliseconds(30)};
  a.asked = some_request();
  return a;
}

}  // namespace ark::testing
