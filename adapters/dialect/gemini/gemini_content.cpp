#include "dialect/gemini/gemini_content.hpp"

#include "dialect/gemini/gemini_wire.hpp"

namespace ark::adapters {
namespace gemini {
namespace {

using ark::dialect::frame_kind;

class stream_reader final : public ark::dialect::stream_decoder {
 public:
  explicit stream_reader(const vendor& v) : vendor_(v), answers_(v) {}

  frame_kind feed(std::string_view, std::string_view data, reply_builder& out) override {
    // Gateways that speak several families end all their streams so.
    if (data == "[DONE]") return frame_kind::known;
    json::reader reader;
    const auto root = reader.parse(data);
    return root ? read(*root, out) : frame_kind::corrupt;
  }

  /// The family has no terminal frame: a finish reason was said, and the bytes ended.
  bool whole_at_end(reply_builder& out) override {
    if (!out.finish_seen()) return false;
    answers_.end(out);
    return true;
  }

  /// One answer, or the list of answers that a stream without `alt=sse` is (recorded).
  frame_kind read(element root, reply_builder& out) {
    simdjson::dom::array list;
    if (root.get(list)) return read_one(root, out);
    frame_kind kind = list.size() > 0 ? frame_kind::known : frame_kind::unknown;
    for (const element item : list)
      if (const auto one = read_one(item, out); one != frame_kind::known) kind = one;
    return kind;
  }
  const answer_reader& answers() const noexcept { return answers_; }

 private:
  frame_kind read_one(element root, reply_builder& out) {
    if (!root.is_object()) return frame_kind::corrupt;
    const bool known = answers_.read(root, out);
    // What came with an error counts: its usage settles the attempt.
    if (!is_error(root)) return known ? frame_kind::known : frame_kind::unknown;
    out.fail(read_error(200, root, vendor_));
    return frame_kind::known;
  }

  const vendor& vendor_;
  answer_reader answers_;
};

result<reply> decode_whole(const ark::dialect::answer& a, const vendor& v) {
  json::reader reader;
  const auto root = reader.parse(a.body);
  if (!root) return not_ours(a);
  if (is_error(*root)) return decode_failure(a, v);
  reply_builder out;
  stream_reader answers(v);
  const frame_kind kind = answers.read(*root, out);
  if (!out.failure() && (kind != frame_kind::known || !answers.answers().saw_candidate()))
    return not_ours(a);
  if (!answers.whole_at_end(out)) out.note("the reply has no finish reason");
  return ark::dialect::end_whole(out, a, request_id(a.head));
}

class family final : public dialect::dialect {
 public:
  std::string_view name() const override { return "gemini_content"; }
  result<ark::dialect::encoded> encode_chat(const call& c, std::string_view model, const vendor& v,
                                            bool stream) const override {
    return gemini::encode_chat(c, model, v, stream);
  }
  result<reply> decode_chat(const ark::dialect::answer& a, const vendor& v) const override {
    return decode_whole(a, v);
  }
  std::unique_ptr<ark::dialect::stream_decoder> open_stream(const vendor& v) const override {
    return std::make_unique<stream_reader>(v);
  }
  result<ark::dialect::encoded> encode_embed(const embed_call& c, std::string_view model,
                                             const vendor& v) const override {
    return gemini::encode_embed(c, model, v);
  }
  result<embed_reply> decode_embed(const ark::dialect::answer& a, const vendor& v) const override {
    return gemini::decode_embed(a, v);
  }
  result<ark::dialect::encoded> encode_count(const call& c, std::string_view model,
                                             const vendor& v) const override {
    return gemini::encode_count(c, model, v);
  }
  result<token_count_reply> decode_count(const ark::dialect::answer& a,
                                         const vendor& v) const override {
    return gemini::decode_count(a, v);
  }
  error decode_error(const ark::dialect::answer& a, const vendor& v) const override {
    return decode_failure(a, v);
  }
  std::string request_id(const wire::http_head& head) const override {
    return gemini::request_id(head);
  }
};

}  // namespace
}  // namespace gemini

const dialect::dialect& gemini_content() {
  static const gemini::family instance;
  return instance;
}

}  // namespace ark::adapters
