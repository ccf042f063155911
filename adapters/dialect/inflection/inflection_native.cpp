#include "dialect/inflection/inflection_native.hpp"

#include "base/text.hpp"
#include "dialect/openai_wire.hpp"

namespace ark::adapters {
namespace inflection {
namespace {

using ark::dialect::frame_kind;
using ark::dialect::quirk_view;
using ark::dialect::reply_builder;
using json::element;

/// A whole answer and a piece of a stream have the same form. False: neither.
bool read_text(element root, reply_builder& out) {
  element text, calls;
  simdjson::dom::array items;
  if (!json::find(root, "text", text) || !text.is_string()) return false;
  out.text(json::as_text(text));
  if (json::find(root, "tool_calls", calls) && calls.get(items) == simdjson::SUCCESS &&
      items.size() > 0)
    out.note("the reply has tool calls, which this family does not read");
  return true;
}

void end(reply_builder& out) {
  out.finish(finish_reason::stop, "");
  out.note("the vendor does not say why the answer ended: it may have been cut at max_tokens");
}

/// The JSON of a line, which may be one of server-sent events or stand alone: the document shows
/// JSON only, clients read one or the other. "" if the line has none.
std::string_view json_of(std::string_view line) {
  constexpr std::string_view data = "data:";
  line = text::trim(line);
  if (line.starts_with(data)) return text::trim(line.substr(data.size()));
  for (const std::string_view field : {":", "event:", "id:", "retry:"})
    if (line.starts_with(field)) return {};
  return line;
}

class line_reader final : public ark::dialect::stream_decoder {
 public:
  explicit line_reader(const vendor& v) : quirks_(v) {}

  frame_kind feed(std::string_view, std::string_view line, reply_builder& out) override {
    const std::string_view bytes = json_of(line);
    if (bytes.empty()) return frame_kind::known;
    if (bytes == "[DONE]") {
      end(out);
      out.done();
      return frame_kind::known;
    }
    json::reader reader;
    const auto root = reader.parse(bytes);
    cut_ = !root || !root->is_object();
    if (cut_) return frame_kind::corrupt;
    if (openai::is_error(*root, quirks_)) {
      out.fail(openai::read_error(200, *root, quirks_));
      return frame_kind::known;
    }
    if (!read_text(*root, out)) return frame_kind::unknown;
    saw_text_ = true;
    return frame_kind::known;
  }
  /// The end of the bytes is the vendor's terminal, unless it came in the middle of a line.
  bool whole_at_end(reply_builder& out) override {
    if (!saw_text_ || cut_) return false;
    end(out);
    return true;
  }

 private:
  quirk_view quirks_;
  bool saw_text_ = false, cut_ = false;
};

error no_embeddings(const vendor& v) {
  return {.code = errc::unsupported,
          .message = "vendor \"" + v.name + "\" has no embeddings: choose another vendor"};
}

class native_family final : public ark::dialect::dialect {
 public:
  std::string_view name() const override { return "inflection_native"; }
  result<ark::dialect::encoded> encode_chat(const call& c, std::string_view model, const vendor& v,
                                            bool stream) const override {
    return encode(c, model, v, stream);
  }
  result<reply> decode_chat(const ark::dialect::answer& a, const vendor& v) const override;
  std::unique_ptr<ark::dialect::stream_decoder> open_stream(const vendor& v) const override {
    return std::make_unique<line_reader>(v);
  }
  ark::dialect::framing stream_framing() const override { return ark::dialect::framing::ndjson; }
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
  if (root && openai::is_error(*root, quirk_view(v))) return openai::decode_failure(a, v);
  reply_builder out;
  if (!root || !read_text(*root, out)) return openai::not_ours(a);
  end(out);
  return ark::dialect::end_whole(out, a, request_id(a.head));
}

}  // namespace
}  // namespace inflection

const dialect::dialect& inflection_native() {
  static const inflection::native_family instance;
  return instance;
}

}  // namespace ark::adapters
