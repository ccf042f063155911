#include "telemetry/span.hpp"

#include "base/text.hpp"
#include "telemetry/attributes.hpp"
#include "telemetry/trace_context.hpp"

#include <algorithm>
#include <charconv>

namespace ark::telemetry {
namespace {

// Of trace.proto.
constexpr std::int64_t kind_client = 3;
constexpr std::int64_t status_error = 2;
constexpr std::int64_t flag_sampled = 0x01;
constexpr std::int64_t flag_knows_remote = 0x100;
constexpr std::int64_t flag_parent_is_remote = 0x200;

double in_seconds(std::chrono::microseconds t) { return static_cast<double>(t.count()) / 1e6; }

/// A span's place in its trace and in time.
struct span_frame {
  std::string_view trace_id, parent_id, trace_state, name;
  std::uint64_t span_id = 0;
  std::int64_t flags = 0;
  std::chrono::system_clock::time_point begun, ended;
};

void begin_span(json::writer& w, const span_frame& f) {
  w.begin_object();
  w.key("traceId").string(f.trace_id).key("spanId").string(text::hex(f.span_id));
  if (!f.parent_id.empty()) w.key("parentSpanId").string(f.parent_id);
  if (!f.trace_state.empty()) w.key("traceState").string(f.trace_state);
  w.key("flags").number(f.flags);
  w.key("name").string(f.name).key("kind").number(kind_client);
  w.key("startTimeUnixNano").string(unix_nanoseconds(f.begun));
  w.key("endTimeUnixNano").string(unix_nanoseconds(std::max(f.begun, f.ended)));
  w.key("attributes").begin_array();
}

void end_span(json::writer& w, std::string_view error, std::string_view message) {
  w.end_array();
  w.key("status").begin_object();
  if (!error.empty()) w.key("code").number(status_error).key("message").string(message);
  w.end_object().end_object();
}

void add_server(attribute_writer& a, const destination_facts& to) {
  if (to.server_address.empty()) return;
  a.text("server.address", to.server_address).integer("server.port", to.server_port);
}

void add_request(attribute_writer& a, const request_facts& asked) {
  if (asked.max_tokens) a.integer("gen_ai.request.max_tokens", *asked.max_tokens);
  if (asked.temperature) a.number("gen_ai.request.temperature", *asked.temperature);
  if (asked.top_p) a.number("gen_ai.request.top_p", *asked.top_p);
  if (asked.seed) a.integer("gen_ai.request.seed", *asked.seed);
  if (!asked.stop.empty()) a.texts("gen_ai.request.stop_sequences", asked.stop);
  a.text_if("gen_ai.output.type", asked.output_type);
  a.text_if("gen_ai.prompt.name", asked.prompt_id);
  a.text_if("gen_ai.prompt.version", asked.prompt_version);
}

void add_count(attribute_writer& a, std::string_view key, std::int64_t tokens) {
  if (tokens != 0) a.integer(key, tokens);
}

/// The conventions' totals: input with what a cache served or took, output with reasoning.
void add_usage(attribute_writer& a, const usage& u) {
  if (!u.reported) return;
  a.integer("gen_ai.usage.input_tokens", u.input_total());
  a.integer("gen_ai.usage.output_tokens", u.output_total());
  add_count(a, "gen_ai.usage.cache_read.input_tokens", u.cache_read);
  add_count(a, "gen_ai.usage.cache_creation.input_tokens",
            u.cache_write + u.cache_write_5m + u.cache_write_1h);
  add_count(a, "gen_ai.usage.reasoning.output_tokens", u.reasoning);
  add_count(a, "gen_ai.usage.audio.input_tokens", u.input_audio);
  add_count(a, "gen_ai.usage.image.input_tokens", u.input_image);
  add_count(a, "gen_ai.usage.video.input_tokens", u.input_video);
  add_count(a, "gen_ai.usage.audio.output_tokens", u.output_audio);
}

/// Exact amounts are decimal text; the double is for tools that add up numbers.
void add_cost(attribute_writer& a, const std::string& prefix, const cost& c) {
  a.text(prefix + "status", to_string(c.status));
  if (c.status == cost_status::unknown) return;
  a.text_if(prefix + "currency", c.currency);
  if (c.status == cost_status::interval) {
    a.text(prefix + "low", c.low.to_string()).text(prefix + "high", c.high.to_string());
  } else {
    const std::string exact = c.value.to_string();
    double approximate = 0;
    std::from_chars(exact.data(), exact.data() + exact.size(), approximate);
    a.text(prefix + "value", exact).number(prefix + "value_double", approximate);
  }
  a.text_if(prefix + "price_hash", c.price_hash);
}

void add_attribution(attribute_writer& a, const request_facts& asked) {
  a.text_if("ark.tenant", asked.tenant).text_if("ark.user", asked.user);
  a.text_if("ark.task", asked.task).text_if("ark.run", asked.run);
  for (const auto& [name, value] : asked.tags) a.text("ark.tag." + name, value);
}

void add_answer(attribute_writer& a, const call_facts& call) {
  a.text_if("gen_ai.response.id", call.reply_id);
  a.text_if("gen_ai.response.model", call.reply_model);
  if (!call.finish.empty()) a.texts("gen_ai.response.finish_reasons", {call.finish});
  if (call.streamed && call.first_chunk)
    a.number("gen_ai.response.time_to_first_chunk", in_seconds(*call.first_chunk));
  add_usage(a, call.usage);
  if (!call.usage.service_tier.empty()) {
    a.text("ark.response.service_tier", call.usage.service_tier);
    if (!call.to.tier_attribute.empty()) a.text(call.to.tier_attribute, call.usage.service_tier);
  }
}

void add_contents(attribute_writer& a, const call_facts& call) {
  a.text_if("gen_ai.system_instructions", call.asked->system_instructions);
  a.text_if("gen_ai.input.messages", call.asked->input_messages);
  a.text_if("gen_ai.output.messages", call.output_messages);
}

}  // namespace

std::string_view operation_name(std::string_view operation) noexcept {
  if (operation == "embed") return "embeddings";
  if (operation == "image" || operation == "video" || operation == "speech")
    return "generate_content";
  return operation;
}

std::uint64_t call_span_id(std::string_view call_id) noexcept {
  std::uint64_t id = 0;
  const auto first = call_id.substr(0, 16);
  std::from_chars(first.data(), first.data() + first.size(), id, 16);
  return id == 0 ? 1 : id;
}

std::optional<std::string> encode_call_span(const call_facts& call) {
  const request_facts& asked = *call.asked;
  const auto parent = parse_traceparent(asked.traceparent);
  if (parent && !parent->sampled) return std::nullopt;
  const std::string name = std::string(operation_name(call.operation)) + ' ' + call.to.model;
  std::string out;
  json::writer w(out);
  begin_span(w, {.trace_id = parent ? parent->trace_id : call.call_id,
                 .parent_id = parent ? parent->span_id : std::string_view{},
                 .trace_state = parent ? asked.tracestate : std::string_view{},
                 .name = name,
                 .span_id = call_span_id(call.call_id),
                 .flags = flag_sampled | flag_knows_remote | (parent ? flag_parent_is_remote : 0),
                 .begun = call.begun,
                 .ended = call.ended});
  attribute_writer a(w);
  a.text("gen_ai.operation.name", operation_name(call.operation));
  a.text("gen_ai.provider.name", call.to.provider);
  a.text_if("gen_ai.request.model", call.to.model);
  if (call.streamed) a.boolean("gen_ai.request.stream", true);
  add_server(a, call.to);
  add_request(a, asked);
  add_answer(a, call);
  a.text_if("error.type", call.error);
  a.text("ark.vendor", call.to.vendor).text("ark.call.id", call.call_id);
  a.integer("ark.call.attempts", call.attempts);
  a.text_if("ark.call.route_reason", call.route_reason);
  a.text_if("ark.response.request_id", call.request_id);
  add_cost(a, "ark.cost.", call.cost);
  add_attribution(a, asked);
  add_contents(a, call);
  end_span(w, call.error, call.error_message);
  return out;
}

std::optional<std::string> encode_attempt_span(const attempt_facts& attempt) {
  const request_facts& asked = *attempt.asked;
  const auto remote = parse_traceparent(asked.traceparent);
  if (remote && !remote->sampled) return std::nullopt;
  const std::string name = "attempt " + std::to_string(attempt.attempt) + ' ' + attempt.to.model;
  const std::string parent = text::hex(call_span_id(attempt.call_id));
  std::string out;
  json::writer w(out);
  begin_span(w, {.trace_id = remote ? remote->trace_id : attempt.call_id,
                 .parent_id = parent,
                 .trace_state = remote ? asked.tracestate : std::string_view{},
                 .name = name,
                 .span_id = attempt.attempt_id,
                 .flags = flag_sampled | flag_knows_remote,
                 .begun = attempt.begun,
                 .ended = attempt.ended});
  attribute_writer a(w);
  a.text("ark.vendor", attempt.to.vendor).text("ark.model", attempt.to.model);
  a.text_if("ark.reply_model", attempt.reply_model);
  add_server(a, attempt.to);
  a.text("ark.call.id", attempt.call_id);
  a.integer("ark.attempt.number", attempt.attempt);
  a.text("ark.attempt.state", to_string(attempt.state));
  if (attempt.attempt > 1) a.integer("http.request.resend_count", attempt.attempt - 1);
  if (attempt.http_status != 0) a.integer("http.response.status_code", attempt.http_status);
  a.text_if("error.type", attempt.error);
  a.text_if("ark.attempt.request_id", attempt.request_id);
  a.text_if("ark.attempt.finish", attempt.finish);
  if (attempt.streamed && attempt.first_chunk)
    a.number("ark.attempt.time_to_first_chunk", in_seconds(*attempt.first_chunk));
  if (attempt.usage.reported) {
    a.integer("ark.attempt.input_tokens", attempt.usage.input_total());
    a.integer("ark.attempt.output_tokens", attempt.usage.output_total());
  }
  add_cost(a, "ark.attempt.cost.", attempt.cost);
  end_span(w, attempt.error, attempt.error_message);
  return out;
}

}  // namespace ark::telemetry
