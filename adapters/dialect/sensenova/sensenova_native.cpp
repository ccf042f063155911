#include "dialect/sensenova/sensenova_native.hpp"

#include "dialect/openai_wire.hpp"

namespace ark::adapters {
namespace sensenova {
namespace {

using dialect::frame_kind;
using dialect::quirk_view;
using dialect::reply_builder;
using json::element;

/// Reads a frame or a whole answer: both are `data`, with a text in `delta` or in `message`.
class data_reader {
 public:
  explicit data_reader(const vendor& v) : quirks_(v) {}
  /// False: there is nothing that this family knows.
  bool read(element root, reply_builder& out);
  bool saw_choice() const noexcept { return saw_choice_; }
  const quirk_view& quirks() const noexcept { return quirks_; }

 private:
  void choice(element e, reply_builder& out);
  finish_reason meaning_of(std::string_view word) const noexcept;

  quirk_view quirks_;
  bool saw_choice_ = false;
};

bool data_reader::read(element root, reply_builder& out) {
  element data, e;
  simdjson::dom::array choices;
  if (!json::find(root, "data", data) || !data.is_object()) return false;
  out.started(json::text_at(data, "id"), json::text_at(data, "model"));
  bool known = !json::text_at(data, "id").empty();
  if (json::find(data, "usage", e)) {
    known = true;
    if (auto used = openai::read_usage(e, quirks_, out)) out.usage(*used);
  }
  if (json::find(data, "choices", e) && e.get(choices) == simdjson::SUCCESS) {
    known = true;
    for (const element item : choices) choice(item, out);
  }
  return known;
}

void data_reader::choice(element e, reply_builder& out) {
  element index;
  if (json::find(e, "index", index) && json::as_integer(index) != 0)
    return out.note("the reply has more than one choice: only the first was read");
  saw_choice_ = true;
  // Plain texts; a whole answer has no delta, a frame no message.
  out.text(json::text_at(e, "delta"));
  out.text(json::text_at(e, "message"));
  if (json::find(e, "tool_calls", index) && !index.is_null()) {
    out.unknown("tool_calls");
    out.note("the reply has tool calls, which this family does not read");
  }
  const std::string_view word = json::text_at(e, "finish_reason");
  if (!word.empty()) out.finish(meaning_of(word), word);
}

finish_reason data_reader::meaning_of(std::string_view word) const noexcept {
  if (const auto row = quirks_.finish(word)) return *row;
  if (word == "stop") return finish_reason::stop;
  if (word == "length") return finish_reason::length;
  return finish_reason::other;
}

class frame_reader final : public dialect::stream_decoder {
 public:
  explicit frame_reader(const vendor& v) : data_(v) {}

  frame_kind feed(std::string_view, std::string_view bytes, reply_builder& out) override {
    if (bytes == "[DONE]") {
      out.done();
      return frame_kind::known;
    }
    json::reader reader;
    const auto root = reader.parse(bytes);
    if (!root || !root->is_object()) return frame_kind::corrupt;
    // What came with an error counts: its usage settles the attempt.
    const bool known = data_.read(*root, out);
    if (!openai::is_error(*root, data_.quirks()))
      return known ? frame_kind::known : frame_kind::unknown;
    out.fail(openai::read_error(200, *root, data_.quirks()));
    return frame_kind::known;
  }
  bool whole_at_end(reply_builder& out) override {
    return data_.quirks().stream_without_terminal && out.finish_seen();
  }

 private:
  data_reader data_;
};

error no_embeddings(const vendor& v) {
  return {.code = errc::unsupported,
          .message = "vendor \"" + v.name + "\" has no embeddings: choose another vendor"};
}

class native_family final : public dialect::dialect {
 public:
  std::string_view name() const override { return "sensenova_native"; }
  result<ark::dialect::encoded> encode_chat(const call& c, std::string_view model, const vendor& v,
                                            bool stream) const override {
    return sensenova::encode(c, model, v, stream);
  }
  result<reply> decode_chat(const ark::dialect::answer& a, const vendor& v) const override;
  std::unique_ptr<ark::dialect::stream_decoder> open_stream(const vendor& v) const override {
    return std::make_unique<frame_reader>(v);
  }
  result<ark::dialect::encoded> encode_embed(const embed_call&, std::string_view,
                                             const vendor& v) const override {
    return no_embeddings(v);
  }
  result<embed_reply> decode_embed(const ark::dialect::answer&, const vendor& v) const override {
    return no_embeddings(v);
  }
  error decode_error(const ark::dialect::answer& a, const vendor& v) const override {
    return openai::decode_failure(a, v);
  }
  std::string request_id(const wire::http_head& head) const override {
    return openai::request_id(head);
  }
};

result<reply> native_family::decode_chat(const ark::dialect::answer& a, const vendor& v) const {
  json::reader reader;
  const auto root = reader.parse(a.body);
  data_reader data(v);
  if (root && openai::is_error(*root, data.quirks())) return openai::decode_failure(a, v);
  reply_builder out;
  if (!root || !data.read(*root, out) || !data.saw_choice()) return openai::not_ours(a);
  if (!out.finish_seen()) out.note("the reply has no finish reason");
  return ark::dialect::end_whole(out, a, request_id(a.head));
}

}  // namespace
}  // namespace sensenova

const dialect::dialect& sensenova_native() {
  static const sensenova::native_family instance;
  return instance;
}

}  // namespace ark::adapters
