#include "dialect/tencent/tencent_native.hpp"

#include "dialect/tencent/tencent_wire.hpp"

namespace ark::adapters {
namespace tencent {
namespace {

using ark::dialect::frame_kind;

class decoder final : public ark::dialect::stream_decoder {
 public:
  explicit decoder(const vendor& v) : completion_(v) {}

  /// What fails before the stream begins is one JSON text with `Response` in place of it.
  frame_kind feed(std::string_view, std::string_view data, reply_builder& out) override {
    if (data == "[DONE]") return frame_kind::known;
    json::reader reader;
    const auto root = reader.parse(data);
    if (!root || !root->is_object()) return frame_kind::corrupt;
    const element body = unwrapped(*root);
    // What came with an error counts: its usage settles the attempt.
    const bool known = completion_.read(body, out);
    if (!is_error(body)) return known ? frame_kind::known : frame_kind::unknown;
    out.fail(read_error(200, body, completion_.quirks()));
    return frame_kind::known;
  }

  /// There is no end mark that the vendor's SDK relies on: a finish reason, then the bytes' end.
  bool whole_at_end(reply_builder& out) override {
    if (!out.finish_seen()) return false;
    completion_.end(out);
    return true;
  }

 private:
  completion_reader completion_;
};

class family final : public ark::dialect::dialect {
 public:
  std::string_view name() const override { return "tencent"; }
  result<encoded> encode_chat(const call& c, std::string_view model, const vendor& v,
                              bool stream) const override {
    return tencent::encode_chat(c, model, v, stream);
  }
  result<reply> decode_chat(const answer& a, const vendor& v) const override;
  std::unique_ptr<ark::dialect::stream_decoder> open_stream(const vendor& v) const override {
    return std::make_unique<decoder>(v);
  }
  result<encoded> encode_embed(const embed_call& c, std::string_view model,
                               const vendor& v) const override {
    return tencent::encode_embed(c, model, v);
  }
  result<embed_reply> decode_embed(const answer& a, const vendor& v) const override {
    return tencent::decode_embed(a, v);
  }
  error decode_error(const answer& a, const vendor& v) const override {
    return decode_failure(a, v);
  }
  std::string request_id(const wire::http_head& head) const override {
    return tencent::request_id(head);
  }
};

result<reply> family::decode_chat(const answer& a, const vendor& v) const {
  json::reader reader;
  const auto root = reader.parse(a.body);
  if (!root || !root->is_object()) return not_ours(a);
  const element body = unwrapped(*root);
  if (is_error(body)) return decode_failure(a, v);
  reply_builder out;
  completion_reader completion(v);
  element choices;
  if (!json::find(body, "Choices", choices) || !completion.read(body, out)) return not_ours(a);
  completion.end(out);
  std::string id = tencent::request_id(a.head);
  if (id.empty()) id = json::text_at(body, "RequestId");
  return ark::dialect::end_whole(out, a, std::move(id));
}

}  // namespace
}  // namespace tencent

const dialect::dialect& tencent_native() {
  static const tencent::family instance;
  return instance;
}

}  // namespace ark::adapters
