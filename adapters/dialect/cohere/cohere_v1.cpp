#include "dialect/cohere/cohere_v1.hpp"

#include "dialect/cohere/cohere_chat.hpp"
#include "dialect/cohere/cohere_wire.hpp"

namespace ark::adapters {
namespace cohere {
namespace {

using ark::dialect::frame_kind;

/// A chat's older replies count apart from what they bill.
void note_token_count(element root, const usage& billed, reply_builder& out) {
  element found;
  if (!json::find_path(root, "token_count.total_tokens", found)) return;
  const std::int64_t counted = json::as_integer(found);
  const std::int64_t sum = billed.input_total() + billed.output_total();
  if (counted != sum)
    out.note("the vendor counts " + std::to_string(counted) + " tokens and bills " +
             std::to_string(sum));
}

/// All of a reply but its text: of a whole one, or what ends a stream.
void read_v1_frame(element root, reply_builder& out) {
  element meta;
  // A stream begins with this id of a chat; other texts have one id of their own.
  const std::string_view generation = json::text_at(root, "generation_id");
  out.started(generation.empty() ? json::text_at(root, "id") : generation, {});
  for (const std::string_view name : {"citations", "search_results", "tool_calls"})
    if (is_filled_list(root, name)) out.note("the reply's " + std::string(name) + " are not kept");
  if (!json::find(root, "meta", meta)) return;
  if (const auto u = read_usage(meta, out)) {
    out.usage(*u);
    note_token_count(root, *u, out);
  }
  if (is_filled_list(meta, "warnings"))
    out.note("the vendor's answer has warnings, which are not kept");
}

/// `{text, finish_reason, meta}` of a chat, `{generations[{text, finish_reason}], meta}` of
/// completions. False: neither.
bool read_v1_reply(element root, const vendor& v, reply_builder& out) {
  element text, generated;
  simdjson::dom::array list;
  if (json::find(root, "text", text) && text.is_string()) {
    read_v1_frame(root, out);
    out.text(json::as_text(text));
    read_end(root, v, out);
    return true;
  }
  if (!json::find(root, "generations", generated) || generated.get(list)) return false;
  read_v1_frame(root, out);
  if (list.size() > 1) out.note("the vendor made several choices: this reply is the first one");
  if (list.size() == 0) return true;
  const element first = list.at(0);
  out.text(json::text_at(first, "text"));
  read_end(first, v, out);
  return true;
}

class v1_decoder final : public ark::dialect::stream_decoder {
 public:
  explicit v1_decoder(const vendor& v) : vendor_(v) {}
  frame_kind feed(std::string_view, std::string_view data, reply_builder& out) override;
  bool whole_at_end(reply_builder&) override { return false; }

 private:
  const vendor& vendor_;
};

frame_kind v1_decoder::feed(std::string_view, std::string_view data, reply_builder& out) {
  json::reader reader;
  const auto root = reader.parse(data);
  if (!root || !root->is_object()) return frame_kind::corrupt;
  const std::string_view kind = json::text_at(*root, "event_type");
  element response;
  if (kind == "stream-start") {
    out.started(json::text_at(*root, "generation_id"), {});
  } else if (kind == "text-generation") {
    if (element index; json::find(*root, "index", index) && json::as_integer(index) != 0) {
      out.note("the vendor made several choices: this reply is the first one");
      return frame_kind::known;
    }
    out.text(json::text_at(*root, "text"));
  } else if (kind == "stream-end") {
    // The response repeats the text.
    if (json::find(*root, "response", response)) read_v1_frame(response, out);
    read_end(*root, vendor_, out);
    out.done();
  } else if (kind == "citation-generation") {
    out.note("the reply's citations are not kept");
  } else if (kind == "search-results") {
    out.note("the reply's search_results are not kept");
  } else if (kind.empty() && !json::text_at(*root, "message").empty()) {
    out.fail(read_error(200, data, vendor_));
  } else if (kind != "search-queries-generation") {
    return frame_kind::unknown;
  }
  return frame_kind::known;
}

/// Embeddings and errors are those of version 2, but for the path and one form of the vectors.
class v1_family final : public ark::dialect::dialect {
 public:
  std::string_view name() const override { return "cohere_v1"; }
  ark::dialect::framing stream_framing() const override { return ark::dialect::framing::ndjson; }
  result<encoded> encode_chat(const call& c, std::string_view model, const vendor& v,
                              bool stream) const override {
    return encode_v1(c, model, v, stream);
  }
  result<reply> decode_chat(const answer& a, const vendor& v) const override;
  std::unique_ptr<ark::dialect::stream_decoder> open_stream(const vendor& v) const override {
    return std::make_unique<v1_decoder>(v);
  }
  result<encoded> encode_embed(const embed_call& c, std::string_view model,
                               const vendor& v) const override {
    return cohere::encode_embed(c, model, v, "/v1/embed");
  }
  result<embed_reply> decode_embed(const answer& a, const vendor& v) const override {
    return cohere::decode_embed(a, v);
  }
  error decode_error(const answer& a, const vendor& v) const override {
    return decode_failure(a, v);
  }
  std::string request_id(const wire::http_head& head) const override {
    return cohere::request_id(head);
  }
};

result<reply> v1_family::decode_chat(const answer& a, const vendor& v) const {
  json::reader reader;
  const auto root = reader.parse(a.body);
  if (!root || !root->is_object()) return not_ours(a);
  if (!json::text_at(*root, "message").empty()) return decode_failure(a, v);
  reply_builder out;
  if (!read_v1_reply(*root, v, out)) return not_ours(a);
  return ark::dialect::end_whole(out, a, cohere::request_id(a.head));
}

}  // namespace
}  // namespace cohere

const dialect::dialect& cohere_v1() {
  static const cohere::v1_family instance;
  return instance;
}

}  // namespace ark::adapters
