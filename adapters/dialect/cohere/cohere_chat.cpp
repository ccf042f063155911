#include "dialect/cohere/cohere_chat.hpp"

#include "dialect/cohere/cohere_wire.hpp"
#include "dialect/quirks.hpp"
#include "dialect/token_count.hpp"

#include <algorithm>

namespace ark::adapters {
namespace cohere {
namespace {

using ark::dialect::frame_kind;

class decoder final : public ark::dialect::stream_decoder {
 public:
  explicit decoder(const vendor& v) : vendor_(v) {}

  frame_kind feed(std::string_view type, std::string_view data, reply_builder& out) override;
  bool whole_at_end(reply_builder& out) override {
    return out.finish_seen() && ark::dialect::quirk_view(vendor_).stream_without_terminal;
  }

 private:
  frame_kind feed_content(std::string_view kind, element frame, reply_builder& out);
  frame_kind feed_tool_call(std::string_view kind, element frame, reply_builder& out);
  frame_kind feed_end(element frame, reply_builder& out);

  const vendor& vendor_;
  int content_index_ = -1;
};

int index_of(element frame) {
  element found;
  if (!json::find(frame, "index", found)) return 0;
  return static_cast<int>(std::clamp<std::int64_t>(json::as_integer(found), 0, 1 << 30));
}

/// The stream's end mark after message-end, which is the terminal (recorded: always both).
bool is_end_mark(std::string_view data) { return data == "[DONE]"; }

frame_kind decoder::feed(std::string_view type, std::string_view data, reply_builder& out) {
  if (is_end_mark(data)) return frame_kind::known;
  json::reader reader;
  const auto root = reader.parse(data);
  if (!root || !root->is_object()) return frame_kind::corrupt;
  const std::string_view own = json::text_at(*root, "type");
  const std::string_view kind = own.empty() ? type : own;
  if (kind == "message-start") {
    out.started(json::text_at(*root, "id"), {});
  } else if (kind.starts_with("content-")) {
    return feed_content(kind, *root, out);
  } else if (kind.starts_with("tool-call-")) {
    return feed_tool_call(kind, *root, out);
  } else if (kind == "tool-plan-delta") {
    element message;
    if (!json::find_path(*root, "delta.message", message)) return frame_kind::corrupt;
    out.reasoning(json::text_at(message, "tool_plan"));
  } else if (kind == "message-end") {
    return feed_end(*root, out);
  } else if (kind == "citation-start") {
    if (element said; json::find_path(*root, "delta.message", said)) read_citations(said, out);
  } else if (kind == "error" || (own.empty() && !json::text_at(*root, "message").empty())) {
    out.fail(read_error(200, data, vendor_));
  } else if (kind != "citation-end" && kind != "debug") {
    return frame_kind::unknown;
  }
  return frame_kind::known;
}

frame_kind decoder::feed_content(std::string_view kind, element frame, reply_builder& out) {
  if (kind == "content-end") return frame_kind::known;
  if (kind != "content-start" && kind != "content-delta") return frame_kind::unknown;
  element part;
  if (!json::find_path(frame, "delta.message.content", part)) return frame_kind::corrupt;
  const int index = index_of(frame);
  if (kind == "content-start" || index != content_index_) out.break_part();
  content_index_ = index;
  cohere::read_logprobs(frame, out);
  return read_content(part, out) ? frame_kind::known : frame_kind::unknown;
}

frame_kind decoder::feed_tool_call(std::string_view kind, element frame, reply_builder& out) {
  const int index = index_of(frame);
  if (kind == "tool-call-end") {
    out.tool_end(index);
    return frame_kind::known;
  }
  if (kind != "tool-call-start" && kind != "tool-call-delta") return frame_kind::unknown;
  // One object under the name of a list (recorded).
  element call, function;
  if (!json::find_path(frame, "delta.message.tool_calls", call) ||
      !json::find(call, "function", function))
    return frame_kind::corrupt;
  if (kind == "tool-call-start")
    out.tool_begin(index, json::text_at(call, "id"), json::text_at(function, "name"));
  out.tool_arguments(index, json::text_at(function, "arguments"));
  return frame_kind::known;
}

frame_kind decoder::feed_end(element frame, reply_builder& out) {
  element delta;
  if (!json::find(frame, "delta", delta)) return frame_kind::corrupt;
  place_citations(out);
  read_end(delta, vendor_, out);
  out.done();
  return frame_kind::known;
}

class family final : public ark::dialect::dialect {
 public:
  std::string_view name() const override { return "cohere_chat"; }
  result<encoded> encode_chat(const call& c, std::string_view model, const vendor& v,
                              bool stream) const override {
    return cohere::encode_chat(c, model, v, stream);
  }
  result<reply> decode_chat(const answer& a, const vendor& v) const override;
  std::unique_ptr<ark::dialect::stream_decoder> open_stream(const vendor& v) const override {
    return std::make_unique<decoder>(v);
  }
  result<encoded> encode_embed(const embed_call& c, std::string_view model,
                               const vendor& v) const override {
    return cohere::encode_embed(c, model, v, "/v2/embed");
  }
  result<embed_reply> decode_embed(const answer& a, const vendor& v) const override {
    return cohere::decode_embed(a, v);
  }
  result<encoded> encode_rerank(const rerank_call& c, std::string_view model,
                                const vendor& v) const override {
    return cohere::encode_rerank(c, model, v);
  }
  result<rerank_reply> decode_rerank(const answer& a, const vendor& v,
                                     std::size_t documents) const override {
    return cohere::decode_rerank(a, v, documents);
  }
  result<encoded> encode_count(const call& c, std::string_view model,
                               const vendor& v) const override {
    return cohere::encode_count(c, model, v);
  }
  result<token_count_reply> decode_count(const answer& a, const vendor&) const override {
    return ark::dialect::read_token_count(a, "tokens", cohere::request_id(a.head));
  }
  error decode_error(const answer& a, const vendor& v) const override {
    return decode_failure(a, v);
  }
  std::string request_id(const wire::http_head& head) const override {
    return cohere::request_id(head);
  }
};

result<reply> family::decode_chat(const answer& a, const vendor& v) const {
  json::reader reader;
  const auto root = reader.parse(a.body);
  if (!root || !root->is_object()) return not_ours(a);
  // A text as message is an error's.
  if (!json::text_at(*root, "message").empty()) return decode_failure(a, v);
  reply_builder out;
  if (!read_reply(*root, v, out)) return not_ours(a);
  return ark::dialect::end_whole(out, a, cohere::request_id(a.head));
}

}  // namespace
}  // namespace cohere

const dialect::dialect& cohere_chat() {
  static const cohere::family instance;
  return instance;
}

}  // namespace ark::adapters
