#include "dialect/bedrock/bedrock_converse.hpp"

#include "dialect/bedrock/bedrock_wire.hpp"
#include "dialect/quirks.hpp"
#include "dialect/token_count.hpp"

namespace ark::adapters {
namespace bedrock {
namespace {

finish_reason finish_of(std::string_view word) {
  if (word == "end_turn" || word == "stop_sequence") return finish_reason::stop;
  if (word == "max_tokens" || word == "model_context_window_exceeded") return finish_reason::length;
  if (word == "tool_use") return finish_reason::tool_calls;
  if (word == "guardrail_intervened" || word == "content_filtered")
    return finish_reason::content_filter;
  return finish_reason::other;
}

class converse_family final : public dialect::dialect {
 public:
  std::string_view name() const override { return "bedrock_converse"; }

  result<ark::dialect::encoded> encode_chat(const call& c, std::string_view model, const vendor& v,
                                            bool stream) const override {
    return encode(c, model, v, stream);
  }
  result<reply> decode_chat(const ark::dialect::answer& a, const vendor& v) const override;
  std::unique_ptr<ark::dialect::stream_decoder> open_stream(const vendor& v) const override {
    return bedrock::open_stream(v);
  }
  ark::dialect::framing stream_framing() const override {
    return ark::dialect::framing::event_stream;
  }
  result<ark::dialect::encoded> encode_embed(const embed_call& c, std::string_view model,
                                             const vendor& v) const override {
    return bedrock::encode_embed(c, model, v);
  }
  result<embed_reply> decode_embed(const ark::dialect::answer& a, const vendor&) const override {
    return bedrock::decode_embed(a);
  }
  result<ark::dialect::encoded> encode_count(const call& c, std::string_view model,
                                             const vendor& v) const override {
    return bedrock::encode_count(c, model, v);
  }
  result<token_count_reply> decode_count(const ark::dialect::answer& a,
                                         const vendor&) const override {
    return ark::dialect::read_token_count(a, "inputTokens", request_id(a.head));
  }
  error decode_error(const ark::dialect::answer& a, const vendor& v) const override {
    return read_error(a, v);
  }
  std::string request_id(const wire::http_head& head) const override {
    return bedrock::request_id(head);
  }
};

result<reply> converse_family::decode_chat(const ark::dialect::answer& a, const vendor& v) const {
  const auto not_a_reply = [&](std::string message) {
    return error{.code = errc::protocol,
                 .retry = retry_class::maybe_billed,
                 .http_status = a.head.status,
                 .message = std::move(message),
                 .request_id = request_id(a.head)};
  };
  json::reader reader;
  const auto root = reader.parse(a.body);
  if (!root) return not_a_reply("the vendor's answer is " + root.error().message);
  element content;
  simdjson::dom::array blocks;
  const bool has_output = json::find_path(*root, "output.message.content", content);
  if (!has_output && !json::text_at(*root, "message").empty()) {
    error e = decode_error(a, v);
    if (e.retry != retry_class::never) e.retry = retry_class::maybe_billed;
    return e;
  }
  if (!has_output || content.get(blocks) != simdjson::SUCCESS)
    return not_a_reply("the vendor's answer is not a message: it has no list of content");
  reply_builder out;
  block_reader reading;
  int index = 0;
  for (const element block : blocks) reading.whole(index++, block, out);
  read_metadata(*root, out);
  read_stop(*root, v, out);
  out.done();
  if (out.failure()) return *out.failure();
  out.reply().request_id = request_id(a.head);
  return std::move(out.reply());
}

}  // namespace

void read_stop(element holder, const vendor& v, reply_builder& out) {
  element fields;
  if (json::find(holder, "additionalModelResponseFields", fields) && !fields.is_null())
    out.note("the reply's additionalModelResponseFields are not kept");
  const std::string_view word = json::text_at(holder, "stopReason");
  if (word.empty()) return;
  out.finish(dialect::quirk_view(v).finish(word).value_or(finish_of(word)), word);
  if (word == "guardrail_intervened")
    out.note("a guardrail blocked the answer or changed words in it");
}

}  // namespace bedrock

const dialect::dialect& bedrock_converse() {
  static const bedrock::converse_family instance;
  return instance;
}

}  // namespace ark::adapters
