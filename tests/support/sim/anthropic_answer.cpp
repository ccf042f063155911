#include "sim/answer.hpp"
#include "sim/dice.hpp"
#include "sim/tokens.hpp"

namespace ark::testing {

namespace {

namespace bj = boost::json;

bj::object usage_object(const billed_tokens& t, std::int64_t output) {
  return {{"input_tokens", t.input},
          {"cache_creation_input_tokens", t.cache_write_5m + t.cache_write_1h},
          {"cache_read_input_tokens", t.cache_read},
          {"cache_creation",
           {{"ephemeral_5m_input_tokens", t.cache_write_5m},
            {"ephemeral_1h_input_tokens", t.cache_write_1h}}},
          {"output_tokens", output},
          {"service_tier", "standard"}};
}

bj::object final_usage(const billed_tokens& t) {
  bj::object usage = usage_object(t, t.output + t.reasoning);
  if (t.reasoning > 0) usage["output_tokens_details"] = {{"thinking_tokens", t.reasoning}};
  return usage;
}

std::string id_of(std::string_view prefix, const answer_context& context, std::uint64_t salt) {
  const auto bits = mix(context.seed + salt, static_cast<std::uint64_t>(context.number));
  return std::string(prefix) + "01" + token_text(bits, 22);
}

std::string signature_of(const generation& made) {
  return "sim" + token_text(hash_text(made.reasoning), 40) + "==";
}

bj::object message_object(const chat_request& request, const answer_context& context) {
  return {{"id", id_of("msg_", context, 0)}, {"type", "message"},      {"role", "assistant"},
          {"model", request.model},          {"content", bj::array{}}, {"stop_reason", nullptr},
          {"stop_sequence", nullptr}};
}

/// Builds the events of one stream: `event:` and `data:` pairs.
class event_writer {
 public:
  explicit event_writer(answer& out) : out_(out) {}
  void event(const bj::object& payload) {
    const std::string type(payload.at("type").get_string());
    out_.frames.push_back(
        {"event: " + type + "\ndata: " + bj::serialize(payload) + "\n\n", output, reasoning});
  }
  void begin(bj::object block) {
    event(
        {{"type", "content_block_start"}, {"index", index_}, {"content_block", std::move(block)}});
    if (index_ == 0) event({{"type", "ping"}});
  }
  void delta(bj::object delta) {
    event({{"type", "content_block_delta"}, {"index", index_}, {"delta", std::move(delta)}});
  }
  void end() { event({{"type", "content_block_stop"}, {"index", index_++}}); }
  std::int64_t output = 0;
  std::int64_t reasoning = 0;

 private:
  answer& out_;
  int index_ = 0;
};

void stream_thinking(event_writer& events, const generation& made) {
  events.begin({{"type", "thinking"}, {"thinking", ""}, {"signature", ""}});
  for (const auto piece : token_pieces(made.reasoning)) {
    ++events.reasoning;
    events.delta({{"type", "thinking_delta"}, {"thinking", piece}});
  }
  events.delta({{"type", "signature_delta"}, {"signature", signature_of(made)}});
  events.end();
}

void stream_call(event_writer& events, const made_call& call, const std::string& id) {
  events.output += count_tokens(call.name + call.arguments) - count_tokens(call.arguments);
  events.begin({{"type", "tool_use"}, {"id", id}, {"name", call.name}, {"input", bj::object{}}});
  events.delta({{"type", "input_json_delta"}, {"partial_json", ""}});
  for (const auto piece : token_pieces(call.arguments)) {
    ++events.output;
    events.delta({{"type", "input_json_delta"}, {"partial_json", piece}});
  }
  events.end();
}

bj::object ending_delta(const generation& made) {
  bj::object delta{{"stop_reason", finish_word(wire_family::anthropic, made.end)},
                   {"stop_sequence", nullptr}};
  if (made.end == generation::ending::stop_sequence) delta["stop_sequence"] = made.stop_sequence;
  return delta;
}

void write_stream(const chat_request& request, const generation& made,
                  const answer_context& context, answer& out) {
  event_writer events(out);
  bj::object message = message_object(request, context);
  if (!context.no_usage) message["usage"] = usage_object(made.tokens, 1);
  events.event({{"type", "message_start"}, {"message", std::move(message)}});
  if (!made.reasoning.empty()) stream_thinking(events, made);
  events.reasoning = made.tokens.reasoning;
  if (!made.text.empty()) {
    events.begin({{"type", "text"}, {"text", ""}});
    for (const auto piece : token_pieces(made.text)) {
      ++events.output;
      events.delta({{"type", "text_delta"}, {"text", piece}});
    }
    events.end();
  }
  for (std::size_t i = 0; i < made.calls.size(); ++i)
    stream_call(events, made.calls[i], id_of("toolu_", context, i + 1));
  events.output = made.tokens.output;
  bj::object last{{"type", "message_delta"}, {"delta", ending_delta(made)}};
  if (!context.no_usage) last["usage"] = final_usage(made.tokens);
  events.event(last);
  if (!context.no_terminal) events.event({{"type", "message_stop"}});
}

bj::array content_blocks(const generation& made, const answer_context& context) {
  bj::array blocks;
  if (!made.reasoning.empty())
    blocks.push_back(
        {{"type", "thinking"}, {"thinking", made.reasoning}, {"signature", signature_of(made)}});
  if (!made.text.empty()) blocks.push_back({{"type", "text"}, {"text", made.text}});
  for (std::size_t i = 0; i < made.calls.size(); ++i)
    blocks.push_back({{"type", "tool_use"},
                      {"id", id_of("toolu_", context, i + 1)},
                      {"name", made.calls[i].name},
                      {"input", bj::parse(made.calls[i].arguments)}});
  return blocks;
}

}  // namespace

answer anthropic_messages_answer(const chat_request& request, const generation& made,
                                 const answer_context& context) {
  answer out;
  out.streaming = request.stream;
  if (request.stream) {
    out.headers.emplace_back("content-type", "text/event-stream; charset=utf-8");
    out.headers.emplace_back("cache-control", "no-cache");
    write_stream(request, made, context, out);
    return out;
  }
  out.headers.emplace_back("content-type", "application/json");
  bj::object reply = message_object(request, context);
  reply["content"] = content_blocks(made, context);
  for (auto& member : ending_delta(made)) reply[member.key()] = member.value();
  if (!context.no_usage) reply["usage"] = final_usage(made.tokens);
  out.body = bj::serialize(reply);
  return out;
}

std::string anthropic_error_frame() {
  return "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\","
         "\"message\":\"Overloaded\"}}\n\n";
}

}  // namespace ark::testing
