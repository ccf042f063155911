#include "dialect/anthropic_messages.hpp"
#include "dialect/bedrock_invoke/bedrock_bodies.hpp"
#include "dialect/openai_chat.hpp"
#include "dialect/quirks.hpp"
#include "wire/base64.hpp"

namespace ark::adapters::bedrock {
namespace {

using dialect::frame_kind;

/// The first event says whose they are. But for Anthropic's and Nova's, which have a terminal of
/// their own, the service's metrics in the last event end a stream (all recorded ones).
class chunk_decoder final : public dialect::stream_decoder {
 public:
  explicit chunk_decoder(const vendor& v) : vendor_(v), text_(v) {}

  frame_kind feed(std::string_view type, std::string_view data, reply_builder& out) override;
  bool whole_at_end(reply_builder& out) override;

 private:
  void open(body_kind kind);
  frame_kind converse_event(element event, reply_builder& out);
  frame_kind completion_event(element event, std::string_view text, reply_builder& out);
  frame_kind text_event(element event, reply_builder& out);

  const vendor& vendor_;
  body_kind kind_ = body_kind::other;
  std::unique_ptr<dialect::stream_decoder> inner_;
  text_reader text_;
};

void chunk_decoder::open(body_kind kind) {
  kind_ = kind;
  if (kind == body_kind::messages) inner_ = anthropic_messages().open_stream(vendor_);
  if (kind == body_kind::converse) inner_ = open_stream(vendor_);
  if (kind == body_kind::completion) inner_ = openai_chat().open_stream(vendor_);
}

frame_kind chunk_decoder::feed(std::string_view type, std::string_view data, reply_builder& out) {
  if (type.starts_with("exception:") || type.starts_with("error:")) {
    out.fail(read_stream_error(type, data, vendor_));
    return frame_kind::known;
  }
  if (type != "chunk") return frame_kind::unknown;
  json::reader reader;
  const auto parsed = reader.parse(data);
  if (!parsed) return frame_kind::corrupt;
  const auto bytes = wire::base64_decode(json::text_at(*parsed, "bytes"));
  if (!bytes) return frame_kind::corrupt;
  const auto event = reader.parse(*bytes);
  if (!event) return frame_kind::corrupt;
  if (kind_ == body_kind::other) open(kind_of(*event));
  note_guardrail(*event, out);
  switch (kind_) {
    case body_kind::messages:
      return inner_->feed("message", *bytes, out);
    case body_kind::converse:
      return converse_event(*event, out);
    case body_kind::completion:
      return completion_event(*event, *bytes, out);
    case body_kind::text:
      return text_event(*event, out);
    case body_kind::other:
      break;
  }
  out.fail(unknown_body(*event, *bytes, vendor_));
  return frame_kind::known;
}

/// {"contentBlockDelta":{...}}: what ConverseStream has as a message's type and its payload.
frame_kind chunk_decoder::converse_event(element event, reply_builder& out) {
  frame_kind kind = frame_kind::unknown;
  simdjson::dom::object members;
  if (event.get(members) != simdjson::SUCCESS) return frame_kind::corrupt;
  for (const auto [name, value] : members)
    if (!name.starts_with(service_prefix)) kind = inner_->feed(name, simdjson::minify(value), out);
  return kind;
}

/// Reasoning comes in pieces that each have both tags (recorded).
frame_kind chunk_decoder::completion_event(element event, std::string_view text,
                                           reply_builder& out) {
  element found, metrics;
  std::string_view thought;
  if (json::find_path(event, "choices.0.delta.content", found)) thought = json::as_text(found);
  const bool ended = json::find_path(event, "choices.0.finish_reason", found) && !found.is_null();
  frame_kind kind = frame_kind::known;
  if (!ended && thought.starts_with(reasoning_open) && thought.ends_with(reasoning_close)) {
    thought.remove_prefix(reasoning_open.size());
    if (thought.size() >= reasoning_close.size()) thought.remove_suffix(reasoning_close.size());
    out.started(json::text_at(event, "id"), json::text_at(event, "model"));
    out.reasoning(thought);
  } else {
    kind = inner_->feed("message", text, out);
  }
  read_stop_reason(event, vendor_, out);
  if (!json::find(event, metrics_member, metrics)) return kind;
  if (!out.reply().usage.reported) out.usage(read_usage(metrics, out));
  return inner_->feed("message", "[DONE]", out);
}

frame_kind chunk_decoder::text_event(element event, reply_builder& out) {
  element metrics;
  const bool known = text_.read(event, out);
  if (json::find(event, metrics_member, metrics)) {
    // What the service counts is what it bills.
    if (const ark::usage u = read_usage(metrics, out); u.reported) out.usage(u);
    out.done();
    return frame_kind::known;
  }
  return known ? frame_kind::known : frame_kind::unknown;
}

bool chunk_decoder::whole_at_end(reply_builder& out) {
  if (inner_) return inner_->whole_at_end(out);
  return dialect::quirk_view(vendor_).stream_without_terminal && out.finish_seen();
}

}  // namespace

std::unique_ptr<dialect::stream_decoder> open_chunks(const vendor& v) {
  return std::make_unique<chunk_decoder>(v);
}

}  // namespace ark::adapters::bedrock
