#include "sim/answer.hpp"
#include "sim/dice.hpp"
#include "sim/tokens.hpp"

namespace ark::testing {

namespace {

namespace bj = boost::json;

bj::object usage_object(const billed_tokens& t) {
  const std::int64_t prompt = t.input + t.cache_read;
  const std::int64_t completion = t.output + t.reasoning;
  return {{"prompt_tokens", prompt},
          {"completion_tokens", completion},
          {"total_tokens", prompt + completion},
          {"prompt_tokens_details", {{"cached_tokens", t.cache_read}, {"audio_tokens", 0}}},
          {"completion_tokens_details",
           {{"reasoning_tokens", t.reasoning},
            {"audio_tokens", 0},
            {"accepted_prediction_tokens", 0},
            {"rejected_prediction_tokens", 0}}}};
}

std::string call_id(const answer_context& context, std::size_t index) {
  return "call_" +
         token_text(mix(context.seed, static_cast<std::uint64_t>(context.number) * 64 + index), 24);
}

/// Builds the chunks of one stream.
class chunk_writer {
 public:
  chunk_writer(const chat_request& request, const answer_context& context, answer& out)
      : request_(request), context_(context), out_(out) {
    id_ =
        "chatcmpl-" + token_text(mix(context.seed, static_cast<std::uint64_t>(context.number)), 29);
  }
  void delta(bj::object delta, bj::value finish = nullptr) {
    bj::array choices{bj::object{{"index", 0},
                                 {"delta", std::move(delta)},
                                 {"logprobs", nullptr},
                                 {"finish_reason", std::move(finish)}}};
    push(std::move(choices), nullptr);
  }
  void push(bj::array choices, bj::value usage) {
    bj::object chunk{{"id", id_},
                     {"object", "chat.completion.chunk"},
                     {"created", context_.created},
                     {"model", request_.model},
                     {"service_tier", "default"},
                     {"system_fingerprint", "fp_simulated"},
                     {"choices", std::move(choices)}};
    if (request_.include_usage && !context_.no_usage) chunk["usage"] = std::move(usage);
    out_.frames.push_back({"data: " + bj::serialize(chunk) + "\n\n", output, reasoning});
  }
  std::int64_t output = 0;
  std::int64_t reasoning = 0;

 private:
  const chat_request& request_;
  const answer_context& context_;
  answer& out_;
  std::string id_;
};

void stream_call(chunk_writer& chunks, const made_call& call, const std::string& id, int index) {
  const auto entry = [&](bj::object function) {
    return bj::object{{"index", index}, {"function", std::move(function)}};
  };
  auto first = entry({{"name", call.name}, {"arguments", ""}});
  first["id"] = id;
  first["type"] = "function";
  chunks.output += count_tokens(call.name + call.arguments) - count_tokens(call.arguments);
  chunks.delta({{"tool_calls", bj::array{first}}});
  for (const auto piece : token_pieces(call.arguments)) {
    ++chunks.output;
    chunks.delta({{"tool_calls", bj::array{entry({{"arguments", piece}})}}});
  }
}

void write_stream(const chat_request& request, const generation& made,
                  const answer_context& context, answer& out) {
  chunk_writer chunks(request, context, out);
  const bool refused = made.end == generation::ending::refusal;
  chunks.delta({{"role", "assistant"},
                {"content", made.calls.empty() ? bj::value("") : nullptr},
                {"refusal", nullptr}});
  for (const auto piece : token_pieces(made.reasoning)) {
    ++chunks.reasoning;
    chunks.delta({{"reasoning_content", piece}});
  }
  chunks.reasoning = made.tokens.reasoning;
  for (const auto piece : token_pieces(made.text)) {
    ++chunks.output;
    chunks.delta({{refused ? "refusal" : "content", piece}});
  }
  for (std::size_t i = 0; i < made.calls.size(); ++i)
    stream_call(chunks, made.calls[i], call_id(context, i), static_cast<int>(i));
  chunks.output = made.tokens.output;
  chunks.delta({}, bj::value(finish_word(wire_family::openai, made.end)));
  if (request.include_usage && !context.no_usage) chunks.push({}, usage_object(made.tokens));
  if (!context.no_terminal)
    out.frames.push_back({"data: [DONE]\n\n", made.tokens.output, made.tokens.reasoning});
}

bj::object whole_message(const generation& made, const answer_context& context) {
  const bool refused = made.end == generation::ending::refusal;
  bj::object message{{"role", "assistant"},
                     {"content", made.text},
                     {"refusal", nullptr},
                     {"annotations", bj::array{}}};
  if (refused) {
    message["refusal"] = made.text;
    message["content"] = nullptr;
  }
  if (!made.reasoning.empty()) message["reasoning_content"] = made.reasoning;
  if (made.calls.empty()) return message;
  if (made.text.empty()) message["content"] = nullptr;
  bj::array calls;
  for (std::size_t i = 0; i < made.calls.size(); ++i)
    calls.push_back(
        {{"id", call_id(context, i)},
         {"type", "function"},
         {"function", {{"name", made.calls[i].name}, {"arguments", made.calls[i].arguments}}}});
  message["tool_calls"] = std::move(calls);
  return message;
}

}  // namespace

answer openai_chat_answer(const chat_request& request, const generation& made,
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
  bj::object reply{
      {"id",
       "chatcmpl-" + token_text(mix(context.seed, static_cast<std::uint64_t>(context.number)), 29)},
      {"object", "chat.completion"},
      {"created", context.created},
      {"model", request.model},
      {"choices",
       bj::array{bj::object{{"index", 0},
                            {"message", whole_message(made, context)},
                            {"logprobs", nullptr},
                            {"finish_reason", finish_word(wire_family::openai, made.end)}}}},
      {"service_tier", "default"},
      {"system_fingerprint", "fp_simulated"}};
  if (!context.no_usage) reply["usage"] = usage_object(made.tokens);
  out.body = bj::serialize(reply);
  return out;
}

std::string openai_error_frame() {
  return "data: {\"error\":{\"message\":\"The server had an error while processing your request. "
         "Sorry about that!\",\"type\":\"server_error\",\"param\":null,\"code\":null}}\n\n";
}

}  // namespace ark::testing
