#include "dialect/bedrock/bedrock_invoke.hpp"

#include "dialect/anthropic_messages.hpp"
#include "dialect/bedrock/bedrock_wire.hpp"
#include "wire/base64.hpp"
#include "wire/url.hpp"

namespace ark::adapters {
namespace bedrock {
namespace {

using dialect::frame_kind;

constexpr std::string_view body_version = "bedrock-2023-05-31";

error not_anthropic() {
  return {.code = errc::unsupported,
          .retry = retry_class::never,
          .message =
              "the answer is not of one of Anthropic's models: use the vendor's row for "
              "Converse, which speaks to all models"};
}

/// Events and answers of Anthropic's models name their type. The text completions of its first
/// models are another interface.
bool is_anthropic(element root) {
  const std::string_view type = json::text_at(root, "type");
  return !type.empty() && type != "completion";
}

/// {"bytes":"...","p":"..."}: an event of the model's own in base64, and padding.
class chunk_decoder final : public dialect::stream_decoder {
 public:
  explicit chunk_decoder(const vendor& v)
      : vendor_(v), inner_(anthropic_messages().open_stream(v)) {}

  frame_kind feed(std::string_view type, std::string_view data, reply_builder& out) override;
  bool whole_at_end(reply_builder& out) override { return inner_->whole_at_end(out); }

 private:
  const vendor& vendor_;
  std::unique_ptr<dialect::stream_decoder> inner_;
};

frame_kind chunk_decoder::feed(std::string_view type, std::string_view data, reply_builder& out) {
  if (type.starts_with("exception:") || type.starts_with("error:")) {
    out.fail(read_stream_error(type, data, vendor_));
    return frame_kind::known;
  }
  if (type != "chunk") return frame_kind::unknown;
  json::reader reader;
  const auto parsed = reader.parse(data);
  if (!parsed) return frame_kind::corrupt;
  const auto event = wire::base64_decode(json::text_at(*parsed, "bytes"));
  if (!event) return frame_kind::corrupt;
  if (const auto inside = reader.parse(*event); inside && !is_anthropic(*inside)) {
    out.fail(not_anthropic());
    return frame_kind::known;
  }
  return inner_->feed("message", *event, out);
}

class invoke_family final : public dialect::dialect {
 public:
  std::string_view name() const override { return "bedrock_invoke"; }

  result<ark::dialect::encoded> encode_chat(const call& c, std::string_view model, const vendor& v,
                                            bool stream) const override;
  result<reply> decode_chat(const ark::dialect::answer& a, const vendor& v) const override;
  std::unique_ptr<ark::dialect::stream_decoder> open_stream(const vendor& v) const override {
    return std::make_unique<chunk_decoder>(v);
  }
  ark::dialect::framing stream_framing() const override {
    return ark::dialect::framing::event_stream;
  }
  result<ark::dialect::encoded> encode_embed(const embed_call& c, std::string_view model,
                                             const vendor& v) const override {
    return anthropic_messages().encode_embed(c, model, v);
  }
  result<embed_reply> decode_embed(const ark::dialect::answer& a, const vendor& v) const override {
    return anthropic_messages().decode_embed(a, v);
  }
  error decode_error(const ark::dialect::answer& a, const vendor& v) const override {
    return read_error(a, v);
  }
  std::string request_id(const wire::http_head& head) const override {
    return bedrock::request_id(head);
  }
};

result<ark::dialect::encoded> invoke_family::encode_chat(const call& c, std::string_view model,
                                                         const vendor& v, bool stream) const {
  const auto segment = wire::encode_segment(model);
  if (!segment) return segment.error();
  const messages_host host{
      .target = "/model/" + *segment + (stream ? "/invoke-with-response-stream" : "/invoke"),
      .version = body_version,
      .stream_type = "application/vnd.amazon.eventstream"};
  // "us.anthropic.claude-...": what a model can is known by the vendor's own id.
  const auto own = model.find("claude");
  return encode_hosted_messages(c, own == model.npos ? model : model.substr(own), v, stream, host);
}

result<reply> invoke_family::decode_chat(const ark::dialect::answer& a, const vendor& v) const {
  json::reader reader;
  if (const auto root = reader.parse(a.body); root && !is_anthropic(*root)) {
    error e = not_anthropic();
    e.http_status = a.head.status;
    e.request_id = request_id(a.head);
    return e;
  }
  auto read = anthropic_messages().decode_chat(a, v);
  if (!read) {
    error e = read.error();
    if (e.request_id.empty()) e.request_id = request_id(a.head);
    return e;
  }
  read->request_id = request_id(a.head);
  return read;
}

}  // namespace
}  // namespace bedrock

const dialect::dialect& bedrock_invoke() {
  static const bedrock::invoke_family instance;
  return instance;
}

}  // namespace ark::adapters
