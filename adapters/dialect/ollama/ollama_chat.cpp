#include "dialect/ollama/ollama_chat.hpp"

#include "dialect/ollama/ollama_wire.hpp"

namespace ark::adapters {
namespace ollama {
namespace {

class decoder final : public dialect::stream_decoder {
 public:
  explicit decoder(const vendor& v) : vendor_(v), lines_(v) {}
  dialect::frame_kind feed(std::string_view, std::string_view data, reply_builder& out) override {
    json::reader reader;
    const auto line = reader.parse(data);
    return line ? lines_.read(*line, out) : dialect::frame_kind::corrupt;
  }
  bool whole_at_end(reply_builder& out) override {
    return quirk_view(vendor_).stream_without_terminal && out.finish_seen();
  }

 private:
  const vendor& vendor_;
  line_reader lines_;
};

class family final : public dialect::dialect {
 public:
  std::string_view name() const override { return "ollama_chat"; }
  ark::dialect::framing stream_framing() const override { return ark::dialect::framing::ndjson; }

  result<ark::dialect::encoded> encode_chat(const call& c, std::string_view model, const vendor& v,
                                            bool stream) const override {
    return encode(c, model, v, stream);
  }
  result<reply> decode_chat(const answer& a, const vendor& v) const override;
  std::unique_ptr<ark::dialect::stream_decoder> open_stream(const vendor& v) const override {
    return std::make_unique<decoder>(v);
  }
  result<ark::dialect::encoded> encode_embed(const embed_call& c, std::string_view model,
                                             const vendor& v) const override {
    return ollama::encode_embed(c, model, v);
  }
  result<embed_reply> decode_embed(const answer& a, const vendor& v) const override {
    return ollama::decode_embed(a, v);
  }
  error decode_error(const answer& a, const vendor& v) const override {
    return decode_failure(a, v);
  }
  std::string request_id(const wire::http_head& head) const override {
    return ollama::request_id(head);
  }
};

result<reply> family::decode_chat(const answer& a, const vendor& v) const {
  json::reader reader;
  const auto root = reader.parse(a.body);
  if (!root) return not_ours(a, root.error().message);
  if (is_error(*root)) return decode_failure(a, v);
  reply_builder out;
  line_reader lines(v);
  if (lines.read(*root, out) != ark::dialect::frame_kind::known)
    return not_ours(a, "not of this family: it has no message");
  if (!out.is_done() && !out.failure())
    return not_ours(a, "not whole: the vendor does not say that it is done");
  if (out.failure()) return *out.failure();
  out.reply().request_id = request_id(a.head);
  return std::move(out.reply());
}

}  // namespace
}  // namespace ollama

const dialect::dialect& ollama_chat() {
  static const ollama::family instance;
  return instance;
}

}  // namespace ark::adapters
