#include "dialect/bedrock/bedrock_wire.hpp"
#include "dialect/quirks.hpp"

#include <algorithm>

namespace ark::adapters::bedrock {
namespace {

using dialect::frame_kind;

/// messageStart, content blocks, messageStop, metadata: the last two make a stream whole, as all
/// recorded ones have both; a stream that ends between them has lost its usage.
class decoder final : public dialect::stream_decoder {
 public:
  explicit decoder(const vendor& v) : vendor_(v) {}

  frame_kind feed(std::string_view type, std::string_view data, reply_builder& out) override;
  bool whole_at_end(reply_builder& out) override;

 private:
  frame_kind feed_block(std::string_view type, element event, reply_builder& out);

  const vendor& vendor_;
  block_reader blocks_;
  bool stopped_ = false, counted_ = false;
};

frame_kind decoder::feed(std::string_view type, std::string_view data, reply_builder& out) {
  if (type.starts_with("exception:") || type.starts_with("error:")) {
    out.fail(read_stream_error(type, data, vendor_));
    return frame_kind::known;
  }
  json::reader reader;
  const auto parsed = reader.parse(data);
  if (!parsed || !parsed->is_object()) return frame_kind::corrupt;
  if (type.starts_with("contentBlock")) return feed_block(type, *parsed, out);
  if (type == "messageStop") {
    blocks_.end_all(out);
    read_stop(*parsed, vendor_, out);
    stopped_ = true;
  } else if (type == "metadata") {
    read_metadata(*parsed, out);
    counted_ = true;
  } else {
    // A messageStart says "assistant" only: the wire has neither an id nor the model.
    return type == "messageStart" ? frame_kind::known : frame_kind::unknown;
  }
  if (stopped_ && counted_) out.done();
  return frame_kind::known;
}

frame_kind decoder::feed_block(std::string_view type, element event, reply_builder& out) {
  element at, body;
  if (!json::find(event, "contentBlockIndex", at)) return frame_kind::corrupt;
  const auto index =
      static_cast<int>(std::clamp<std::int64_t>(json::as_integer(at, -1), -1, 1 << 30));
  if (type == "contentBlockStop") {
    blocks_.end(index, out);
  } else if (type == "contentBlockStart") {
    if (!json::find(event, "start", body)) return frame_kind::corrupt;
    blocks_.begin(index, body, out);
  } else if (type == "contentBlockDelta") {
    if (!json::find(event, "delta", body)) return frame_kind::corrupt;
    if (!blocks_.delta(index, body, out)) return frame_kind::unknown;
  } else {
    return frame_kind::unknown;
  }
  return frame_kind::known;
}

bool decoder::whole_at_end(reply_builder& out) {
  if (!dialect::quirk_view(vendor_).stream_without_terminal || !out.finish_seen()) return false;
  blocks_.end_all(out);
  return true;
}

}  // namespace

std::unique_ptr<dialect::stream_decoder> open_stream(const vendor& v) {
  return std::make_unique<decoder>(v);
}

}  // namespace ark::adapters::bedrock
