#include "dialect/text_completion/text_completion.hpp"

#include "dialect/openai_chat.hpp"
#include "dialect/openai_wire.hpp"
#include "dialect/prompt.hpp"

#include <algorithm>

namespace ark::adapters {
namespace completion {
namespace {

using ark::dialect::answer;
using ark::dialect::encoded;
using ark::dialect::parameter_gate;
using ark::dialect::quirk_view;

constexpr std::string_view family_parameters[] = {"best_of",
                                                  "echo",
                                                  "frequency_penalty",
                                                  "logit_bias",
                                                  "logprobs",
                                                  "max_tokens",
                                                  "n",
                                                  "presence_penalty",
                                                  "seed",
                                                  "stop",
                                                  "suffix",
                                                  "temperature",
                                                  "top_p",
                                                  "user"};
constexpr std::string_view reserved[] = {"model", "prompt", "stream", "stream_options"};
constexpr std::string_view output_limits[] = {"max_tokens"};
constexpr std::string_view answers[] = {"n", "best_of"};

/// The limit is that of one answer, and all that are made are billed.
std::optional<std::int64_t> output_bound(const parameter_gate& gate) {
  const auto limit = gate.largest_of(output_limits);
  const std::int64_t count = std::max<std::int64_t>(gate.largest_of(answers).value_or(1), 1);
  std::int64_t all = 0;
  if (!limit || __builtin_mul_overflow(*limit, count, &all)) return std::nullopt;
  return all;
}

result<encoded> encode(const call& c, std::string_view model, const vendor& v, bool stream) {
  const quirk_view quirks(v);
  auto target = openai::target_of(quirks, v.chat_path, "/completions", model, "completions");
  if (!target) return target.error();
  if (auto plain = ark::dialect::check_plain(c, v); !plain) return plain.error();
  const auto prompt = ark::dialect::prompt_of(c, v);
  if (!prompt) return prompt.error();
  encoded made;
  made.request.target = std::move(*target);
  json::writer out(made.request.body);
  out.begin_object();
  if (!quirks.drops("model")) out.key("model").string(model);
  out.key("prompt").string(*prompt);
  parameter_gate gate(quirks, family_parameters, out, made.notes);
  ark::dialect::write_sampling(c, {}, gate, out);
  if (!c.end_user.empty()) gate.text("user", c.end_user);
  gate.extras(c.extra, reserved);
  if (auto ended = gate.finish(); !ended) return ended.error();
  made.max_output_tokens = output_bound(gate);
  if (stream) {
    out.key("stream").boolean(true);
    if (!quirks.no_stream_options)
      out.key("stream_options").begin_object().key("include_usage").boolean(true).end_object();
  }
  out.end_object();
  made.request.headers.push_back({"content-type", "application/json"});
  made.request.headers.push_back({"accept", stream ? "text/event-stream" : "application/json"});
  quirks.add_headers(made.request.headers);
  return made;
}

error no_embeddings(const vendor& v) {
  return {.code = errc::unsupported,
          .message = "vendor \"" + v.name + "\" has no embeddings: choose another vendor"};
}

/// Answers and errors are those of the chat family, but for the name of the text.
class family final : public dialect::dialect {
 public:
  std::string_view name() const override { return "text_completion"; }
  result<encoded> encode_chat(const call& c, std::string_view model, const vendor& v,
                              bool stream) const override {
    return encode(c, model, v, stream);
  }
  result<reply> decode_chat(const answer& a, const vendor& v) const override {
    return openai_chat().decode_chat(a, v);
  }
  std::unique_ptr<ark::dialect::stream_decoder> open_stream(const vendor& v) const override {
    return openai_chat().open_stream(v);
  }
  result<encoded> encode_embed(const embed_call&, std::string_view,
                               const vendor& v) const override {
    return no_embeddings(v);
  }
  result<embed_reply> decode_embed(const answer&, const vendor& v) const override {
    return no_embeddings(v);
  }
  error decode_error(const answer& a, const vendor& v) const override {
    return openai_chat().decode_error(a, v);
  }
  std::string request_id(const wire::http_head& head) const override {
    return openai_chat().request_id(head);
  }
};

}  // namespace
}  // namespace completion

const dialect::dialect& text_completion() {
  static const completion::family instance;
  return instance;
}

}  // namespace ark::adapters
