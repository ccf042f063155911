#include "dialect/skywork/skywork_chat.hpp"

#include "dialect/error_table.hpp"
#include "dialect/frame_driver.hpp"
#include "dialect/skywork/skywork_wire.hpp"

namespace ark::adapters {
namespace skywork {
namespace {

using ark::dialect::frame_kind;

constexpr std::int64_t text_frame = 1, last_frame = 2;

/// The type of a card that is the answer itself; none was seen in most clients.
bool is_answer(std::string_view card_type) {
  return card_type.empty() || card_type == "markdown" || card_type == "text";
}

class frame_reader final : public ark::dialect::stream_decoder {
 public:
  explicit frame_reader(const vendor& v) : quirks_(v) {}

  frame_kind feed(std::string_view, std::string_view bytes, reply_builder& out) override {
    if (bytes == "[DONE]") return end(out);
    json::reader reader;
    const auto root = reader.parse(bytes);
    if (!root || !root->is_object()) return frame_kind::corrupt;
    if (is_error(*root)) {
      out.fail(read_error(200, *root, quirks_));
      return frame_kind::known;
    }
    const bool known = read_arguments(*root, out);
    const std::int64_t type = json::integer_at(*root, "type");
    if (type == last_frame) return end(out);
    return known || type == text_frame ? frame_kind::known : frame_kind::unknown;
  }
  bool whole_at_end(reply_builder&) override { return false; }

 private:
  frame_kind end(reply_builder& out) {
    text_.end(out);
    out.finish(finish_reason::stop, "");
    out.note("the vendor does not say why the answer ended: it may have been cut at max_tokens");
    out.done();
    return frame_kind::known;
  }
  bool read_arguments(element root, reply_builder& out);
  void read_message(element m, std::string_view card_type, bool first, reply_builder& out);

  quirk_view quirks_;
  text_joiner text_;
};

/// The answer is the first message; beside it there are cards of other types, and suggestions.
bool frame_reader::read_arguments(element root, reply_builder& out) {
  element arguments;
  simdjson::dom::array list;
  if (!json::find(root, "arguments", arguments) || arguments.get(list) != simdjson::SUCCESS)
    return false;
  bool first = true;
  for (const element argument : list) {
    element messages;
    simdjson::dom::array items;
    if (!json::find(argument, "messages", messages) || messages.get(items) != simdjson::SUCCESS)
      continue;
    for (const element m : items) {
      read_message(m, json::text_at(root, "card_type"), first, out);
      first = false;
    }
  }
  return true;
}

void frame_reader::read_message(element m, std::string_view card_type, bool first,
                                reply_builder& out) {
  constexpr std::size_t longest_type = 40;
  element text;
  const std::string_view own = json::text_at(m, "card_type");
  const std::string_view type = own.empty() ? card_type : own;
  if (!is_answer(type))
    return out.note("cards of the type \"" + std::string(type.substr(0, longest_type)) +
                    "\" were left out: this family reads text only");
  if (!first || !json::find(m, "text", text) || !text.is_string())
    return out.note("suggestions and other messages beside the answer were left out");
  out.text(text_.fresh(json::as_text(text), out));
}

error no_embeddings(const vendor& v) {
  return {.code = errc::unsupported,
          .message = "vendor \"" + v.name + "\" has no embeddings: choose another vendor"};
}

class chat_family final : public ark::dialect::dialect {
 public:
  std::string_view name() const override { return "skywork_chat"; }
  result<ark::dialect::encoded> encode_chat(const call& c, std::string_view model, const vendor& v,
                                            bool) const override {
    return encode(c, model, v);
  }
  result<reply> decode_chat(const answer& a, const vendor& v) const override;
  std::unique_ptr<ark::dialect::stream_decoder> open_stream(const vendor& v) const override {
    return std::make_unique<frame_reader>(v);
  }
  result<ark::dialect::encoded> encode_embed(const embed_call&, std::string_view,
                                             const vendor& v) const override {
    return no_embeddings(v);
  }
  result<embed_reply> decode_embed(const answer&, const vendor& v) const override {
    return no_embeddings(v);
  }
  error decode_error(const answer& a, const vendor& v) const override {
    return decode_failure(a, v);
  }
  std::string request_id(const wire::http_head& head) const override {
    return std::string(wire::find_header(head.headers, "x-request-id"));
  }
};

/// The service streams whatever is asked for: the body is a stream, which is read to its end.
result<reply> chat_family::decode_chat(const answer& a, const vendor& v) const {
  ark::dialect::frame_driver stream(*this, v, {});
  auto read = stream.feed(a.body);
  if (read) read = stream.finish();
  const std::string id = request_id(a.head);
  if (!read && read.error().code == errc::truncated && stream.frames() == 0)
    return ark::dialect::unreadable(a.head.status, a.body,
                                    "not of the Skywork family: check the base URL", id);
  if (!read) {
    error e = read.error();
    e.http_status = a.head.status;
    if (e.request_id.empty()) e.request_id = id;
    return e;
  }
  reply made = std::move(stream.builder().reply());
  made.request_id = id;
  return made;
}

}  // namespace
}  // namespace skywork

const dialect::dialect& skywork_chat() {
  static const skywork::chat_family instance;
  return instance;
}

}  // namespace ark::adapters
