#include "dialect/spark/spark_ws.hpp"

#include "dialect/error_table.hpp"
#include "dialect/openai_wire.hpp"
#include "dialect/spark/spark_wire.hpp"

namespace ark::adapters {
namespace spark {
namespace {

using dialect::frame_kind;
using dialect::quirk_view;
using dialect::reply_builder;
using json::element;

/// `status` of the last frame of a reply.
constexpr std::int64_t last_status = 2;
/// The status of the HTTP answer that a socket's frames come behind.
constexpr int switched = 101;

class frame_reader final : public dialect::stream_decoder {
 public:
  explicit frame_reader(const vendor& v) : quirks_(v) {}

  frame_kind feed(std::string_view, std::string_view bytes, reply_builder& out) override {
    json::reader reader;
    const auto root = reader.parse(bytes);
    if (!root || !root->is_object()) return frame_kind::corrupt;
    return read(*root, switched, out);
  }
  bool whole_at_end(reply_builder& out) override {
    return quirks_.stream_without_terminal && out.finish_seen();
  }

  /// `http_status`: of the answer that the frame came in or behind.
  frame_kind read(element root, int http_status, reply_builder& out);

 private:
  void read_payload(element payload, reply_builder& out);
  void read_text(element item, reply_builder& out);
  void read_call(element call, reply_builder& out);

  quirk_view quirks_;
  int calls_ = 0;
};

frame_kind frame_reader::read(element root, int http_status, reply_builder& out) {
  element header, payload, choices;
  const bool has_header = json::find(root, "header", header) && header.is_object();
  const bool has_payload = json::find(root, "payload", payload) && payload.is_object();
  if (!has_header && !has_payload) return frame_kind::unknown;
  if (has_header) {
    const std::string_view sid = json::text_at(header, "sid");
    if (!sid.empty()) out.reply().request_id = sid;
    out.started(sid, {});
  }
  // What came with an error counts: its usage settles the attempt.
  if (has_payload) read_payload(payload, out);
  if (is_error(root)) {
    out.fail(read_error(http_status, root, quirks_));
    return frame_kind::known;
  }
  std::int64_t status = has_header ? json::integer_at(header, "status", -1) : -1;
  if (status < 0 && has_payload && json::find(payload, "choices", choices))
    status = json::integer_at(choices, "status", -1);
  if (status != last_status) return frame_kind::known;
  // The wire has no reason: a text that max_tokens cut ends as any other.
  out.finish(calls_ > 0 ? finish_reason::tool_calls : finish_reason::stop, "");
  out.done();
  return frame_kind::known;
}

void frame_reader::read_payload(element payload, reply_builder& out) {
  element choices, list, used;
  simdjson::dom::array items;
  if (json::find(payload, "choices", choices) && json::find(choices, "text", list) &&
      list.get(items) == simdjson::SUCCESS)
    for (const element item : items) read_text(item, out);
  if (json::find_path(payload, "usage.text", used))
    if (auto usage = openai::read_usage(used, quirks_, out)) out.usage(*usage);
}

void frame_reader::read_text(element item, reply_builder& out) {
  element call;
  if (json::integer_at(item, "index") != 0)
    return out.note("the reply has more than one choice: only the first was read");
  const std::string_view type = json::text_at(item, "content_type");
  out.reasoning(json::text_at(item, "reasoning_content"));
  if (type.empty() || type == "text") {
    out.text(json::text_at(item, "content"));
  } else {
    out.unknown(type);
    out.note("the reply has content that is no text, which this family does not read");
  }
  if (json::find(item, "function_call", call) && call.is_object()) read_call(call, out);
}

/// A call comes whole and without an id; one is made, so that its result can name it.
void frame_reader::read_call(element call, reply_builder& out) {
  element arguments;
  const std::string_view name = json::text_at(call, "name");
  if (name.empty()) return out.note("the reply has a function call without a name: it was skipped");
  const int index = calls_++;
  out.tool_begin(index, "call_" + std::to_string(index), name);
  if (json::find(call, "arguments", arguments) && !arguments.is_null()) {
    if (arguments.is_string())
      out.tool_arguments(index, json::as_text(arguments));
    else
      out.tool_arguments(index, std::string(simdjson::minify(arguments)));
  }
  out.tool_end(index);
}

error no_embeddings(const vendor& v) {
  return {.code = errc::unsupported,
          .message = "vendor \"" + v.name + "\" has no embeddings: choose another vendor"};
}

class spark_family final : public dialect::dialect {
 public:
  std::string_view name() const override { return "spark_ws"; }
  result<ark::dialect::encoded> encode_chat(const call& c, std::string_view model, const vendor& v,
                                            bool) const override {
    return spark::encode(c, model, v);
  }
  result<reply> decode_chat(const ark::dialect::answer& a, const vendor& v) const override;
  std::unique_ptr<ark::dialect::stream_decoder> open_stream(const vendor& v) const override {
    return std::make_unique<frame_reader>(v);
  }
  ark::dialect::framing stream_framing() const override { return ark::dialect::framing::messages; }
  result<ark::dialect::encoded> encode_embed(const embed_call&, std::string_view,
                                             const vendor& v) const override {
    return no_embeddings(v);
  }
  result<embed_reply> decode_embed(const ark::dialect::answer&, const vendor& v) const override {
    return no_embeddings(v);
  }
  error decode_error(const ark::dialect::answer& a, const vendor& v) const override {
    return decode_failure(a, v);
  }
  std::string request_id(const wire::http_head&) const override { return {}; }  // frames have it
};

/// A 2xx answer is none to a handshake; an error may be in it, or all of a reply in one frame.
result<reply> spark_family::decode_chat(const ark::dialect::answer& a, const vendor& v) const {
  json::reader reader;
  const auto root = reader.parse(a.body);
  reply_builder out;
  if (root && root->is_object()) frame_reader(v).read(*root, a.head.status, out);
  if (!out.is_done() && !out.failure())
    return ark::dialect::unreadable(a.head.status, a.body,
                                    "not of the Spark family: check the base URL", {});
  const std::string id = out.reply().request_id;
  return ark::dialect::end_whole(out, a, id);
}

}  // namespace
}  // namespace spark

const dialect::dialect& spark_ws() {
  static const spark::spark_family instance;
  return instance;
}

}  // namespace ark::adapters
