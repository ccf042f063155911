#include "dialect/anthropic_wire.hpp"

#include <algorithm>

namespace ark::adapters::anthropic {
namespace {

using dialect::frame_kind;
using json::as_integer;
using json::as_text;

class decoder final : public dialect::stream_decoder {
 public:
  explicit decoder(const vendor& v) : vendor_(v) {}

  frame_kind feed(std::string_view type, std::string_view data, reply_builder& out) override;
  bool whole_at_end(reply_builder& out) override;

 private:
  frame_kind feed_block(std::string_view kind, element frame, reply_builder& out);
  frame_kind feed_message(std::string_view kind, element frame, reply_builder& out);

  const vendor& vendor_;
  usage_fields usage_;
  block_reader blocks_;
};

frame_kind decoder::feed(std::string_view type, std::string_view data, reply_builder& out) {
  // Gateways that speak several families end all their streams so.
  if (data == "[DONE]") return frame_kind::known;
  json::reader reader;
  const auto parsed = reader.parse(data);
  if (!parsed || !parsed->is_object()) return frame_kind::corrupt;
  std::string_view kind = type;
  if (element e; json::find(*parsed, "type", e)) kind = as_text(e);
  if (kind.substr(0, 14) == "content_block_") return feed_block(kind, *parsed, out);
  if (kind == "ping") return frame_kind::known;
  if (kind == "error") {
    out.fail(read_error(200, data, vendor_));
    return frame_kind::known;
  }
  if (kind != "message_start" && kind != "message_delta" && kind != "message_stop")
    return frame_kind::unknown;
  return feed_message(kind, *parsed, out);
}

frame_kind decoder::feed_block(std::string_view kind, element frame, reply_builder& out) {
  element at, body;
  if (!json::find(frame, "index", at)) return frame_kind::corrupt;
  const auto index = static_cast<int>(std::clamp<std::int64_t>(as_integer(at, -1), -1, 1 << 30));
  if (kind == "content_block_stop") {
    blocks_.end(index, out);
  } else if (kind == "content_block_delta") {
    if (!json::find(frame, "delta", body)) return frame_kind::corrupt;
    if (!blocks_.delta(index, body, out)) return frame_kind::unknown;
  } else if (kind == "content_block_start") {
    if (!json::find(frame, "content_block", body)) return frame_kind::corrupt;
    blocks_.begin(index, body, out);
  } else {
    return frame_kind::unknown;
  }
  return frame_kind::known;
}

frame_kind decoder::feed_message(std::string_view kind, element frame, reply_builder& out) {
  element part, usage;
  if (kind == "message_start") {
    if (!json::find(frame, "message", part)) return frame_kind::corrupt;
    read_start(part, out);
    if (json::find(part, "usage", usage)) usage_.merge(usage, out);
  } else if (kind == "message_delta") {
    if (json::find(frame, "usage", usage)) usage_.merge(usage, out);
    if (json::find(frame, "delta", part)) read_stop(part, vendor_, out);
  } else {
    blocks_.end_all(out);
    out.done();
  }
  return frame_kind::known;
}

bool decoder::whole_at_end(reply_builder& out) {
  const bool allowed = std::any_of(vendor_.quirks.begin(), vendor_.quirks.end(), [](const auto& q) {
    return std::holds_alternative<quirk::stream_without_terminal>(q);
  });
  if (!allowed || !out.finish_seen()) return false;
  blocks_.end_all(out);
  return true;
}

}  // namespace

std::unique_ptr<dialect::stream_decoder> open_stream(const vendor& v) {
  return std::make_unique<decoder>(v);
}

}  // namespace ark::adapters::anthropic
