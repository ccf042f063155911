#include "dialect/vertex_messages/vertex_messages.hpp"

#include "base/json_reader.hpp"
#include "dialect/anthropic_messages.hpp"
#include "dialect/gemini/gemini_content.hpp"
#include "wire/url.hpp"

#include <algorithm>

namespace ark::adapters {
namespace vertex {
namespace {

constexpr std::string_view body_version = "vertex-2023-10-16";

/// The path with the model in it; the "@" before its date stays (recorded).
result<std::string> path_of(std::string_view model, bool stream) {
  auto segment = wire::encode_segment(model);
  if (!segment) return segment.error();
  for (auto at = segment->find("%40"); at != segment->npos; at = segment->find("%40", at))
    segment->replace(at, 3, "@");
  return "/publishers/anthropic/models/" + *segment +
         (stream ? ":streamRawPredict" : ":rawPredict");
}

class messages_family final : public dialect::dialect {
 public:
  std::string_view name() const override { return "vertex_messages"; }

  result<ark::dialect::encoded> encode_chat(const call& c, std::string_view model, const vendor& v,
                                            bool stream) const override;
  result<reply> decode_chat(const ark::dialect::answer& a, const vendor& v) const override;
  std::unique_ptr<ark::dialect::stream_decoder> open_stream(const vendor& v) const override {
    return anthropic_messages().open_stream(v);
  }
  result<ark::dialect::encoded> encode_embed(const embed_call& c, std::string_view model,
                                             const vendor& v) const override {
    return anthropic_messages().encode_embed(c, model, v);
  }
  result<embed_reply> decode_embed(const ark::dialect::answer& a, const vendor& v) const override {
    return anthropic_messages().decode_embed(a, v);
  }
  error decode_error(const ark::dialect::answer& a, const vendor& v) const override;
  std::string request_id(const wire::http_head& head) const override {
    auto id = anthropic_messages().request_id(head);
    if (id.empty()) id = wire::find_header(head.headers, "x-vertex-ai-received-request-id");
    return id;
  }
};

result<ark::dialect::encoded> messages_family::encode_chat(const call& c, std::string_view model,
                                                           const vendor& v, bool stream) const {
  auto path = path_of(model, stream);
  if (!path) return path.error();
  // "claude-sonnet-4@20250514": what a model can is known by its maker's id, which has a dash.
  std::string own(model);
  std::replace(own.begin(), own.end(), '@', '-');
  return encode_hosted_messages(c, own, v, stream,
                                {.target = std::move(*path),
                                 .version = body_version,
                                 .stream_type = "text/event-stream",
                                 .says_stream = true});
}

result<reply> messages_family::decode_chat(const ark::dialect::answer& a, const vendor& v) const {
  auto read = anthropic_messages().decode_chat(a, v);
  if (!read) {
    error e = read.error();
    if (e.request_id.empty()) e.request_id = request_id(a.head);
    return e;
  }
  read->request_id = request_id(a.head);
  return read;
}

/// The model's own errors name their type; the host's have Google's shape.
error messages_family::decode_error(const ark::dialect::answer& a, const vendor& v) const {
  json::reader reader;
  const auto root = reader.parse(a.body);
  if (root && json::text_at(*root, "type") == "error")
    return anthropic_messages().decode_error(a, v);
  return gemini_content().decode_error(a, v);
}

}  // namespace
}  // namespace vertex

const dialect::dialect& vertex_messages() {
  static const vertex::messages_family instance;
  return instance;
}

}  // namespace ark::adapters
