#include "dialect/dashscope/dashscope_native.hpp"

#include "dialect/dashscope/dashscope_wire.hpp"

namespace ark::adapters {
namespace dashscope {
namespace {

using ark::dialect::frame_kind;

class decoder final : public ark::dialect::stream_decoder {
 public:
  explicit decoder(const vendor& v) : output_(v, false) {}

  /// `event:result` with a chunk, `event:error` with an error; the vendor's SDK also knows
  /// `event:done`.
  frame_kind feed(std::string_view type, std::string_view data, reply_builder& out) override {
    if (data == "[DONE]" || (type == "done" && data.empty())) return frame_kind::known;
    json::reader reader;
    const auto root = reader.parse(data);
    if (!root || !root->is_object()) return frame_kind::corrupt;
    // What came with an error counts: its usage settles the attempt.
    const bool known = output_.read(*root, out);
    if (type == "error" || is_error(*root)) {
      out.fail(read_error(200, *root, output_.quirks()));
      return frame_kind::known;
    }
    return known ? frame_kind::known : frame_kind::unknown;
  }

  /// The family has no end mark. A finish reason is one, but the bytes' end is waited for: with
  /// several choices more chunks follow the first one's.
  bool whole_at_end(reply_builder& out) override {
    if (!out.finish_seen()) return false;
    output_.end(out);
    return true;
  }

 private:
  output_reader output_;
};

class family final : public ark::dialect::dialect {
 public:
  std::string_view name() const override { return "dashscope"; }
  result<encoded> encode_chat(const call& c, std::string_view model, const vendor& v,
                              bool stream) const override {
    return dashscope::encode_chat(c, model, v, stream);
  }
  result<reply> decode_chat(const answer& a, const vendor& v) const override;
  std::unique_ptr<ark::dialect::stream_decoder> open_stream(const vendor& v) const override {
    return std::make_unique<decoder>(v);
  }
  result<encoded> encode_embed(const embed_call& c, std::string_view model,
                               const vendor& v) const override {
    return dashscope::encode_embed(c, model, v);
  }
  result<embed_reply> decode_embed(const answer& a, const vendor& v) const override {
    return dashscope::decode_embed(a, v);
  }
  error decode_error(const answer& a, const vendor& v) const override {
    return decode_failure(a, v);
  }
  std::string request_id(const wire::http_head& head) const override {
    return dashscope::request_id(head);
  }
};

result<reply> family::decode_chat(const answer& a, const vendor& v) const {
  json::reader reader;
  const auto root = reader.parse(a.body);
  if (!root || !root->is_object()) return not_ours(a);
  if (is_error(*root)) return decode_failure(a, v);
  reply_builder out;
  output_reader output(v, true);
  element body;
  if (!json::find(*root, "output", body) || !output.read(*root, out)) return not_ours(a);
  output.end(out);
  std::string id = dashscope::request_id(a.head);
  if (id.empty()) id = json::text_at(*root, "request_id");
  return ark::dialect::end_whole(out, a, std::move(id));
}

}  // namespace
}  // namespace dashscope

const dialect::dialect& dashscope_native() {
  static const dashscope::family instance;
  return instance;
}

}  // namespace ark::adapters
