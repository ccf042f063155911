#include "dialect/frame_driver.hpp"

#include "base/json_reader.hpp"

#include <algorithm>

namespace ark::dialect {
namespace {

bool is_content(const event& e) {
  switch (e.kind) {
    case event_kind::text:
    case event_kind::reasoning:
    case event_kind::refusal:
    case event_kind::tool_call_begin:
    case event_kind::tool_call_arguments:
      return true;
    case event_kind::started:
    case event_kind::tool_call_end:
    case event_kind::usage:
    case event_kind::unknown:
    case event_kind::done:
      return false;
  }
  return false;
}

using frame_reader = std::variant<wire::sse_reader, wire::ndjson_reader, wire::event_stream_reader,
                                  wire::message_reader>;

frame_reader open_reader(const dialect& d, const frame_driver::limits& l) {
  switch (d.stream_framing()) {
    case framing::ndjson:
      return wire::ndjson_reader(l.frame_bytes);
    case framing::event_stream:
      return wire::event_stream_reader(l.frame_bytes);
    case framing::messages:
      return wire::message_reader(l.frame_bytes);
    case framing::sse:
      break;
  }
  return wire::sse_reader(l.frame_bytes);
}

}  // namespace

frame_driver::frame_driver(const dialect& d, const vendor& v, limits l)
    : builder_(&events_, l.reply), decoder_(d.open_stream(v)), reader_(open_reader(d, l)) {}

frame_kind frame_driver::read(const wire::sse_event& frame) {
  if (!open_frame_) return decoder_->feed(frame.type, frame.data, builder_);
  const auto opened = open_frame_(frame.data);
  if (opened) return decoder_->feed(frame.type, *opened, builder_);
  builder_.fail(opened.error());
  return frame_kind::known;
}

bool frame_driver::take(const wire::sse_event& frame) {
  ++frames_;
  const std::size_t before = events_.size();
  switch (read(frame)) {
    case frame_kind::known:
      break;
    case frame_kind::unknown:
      builder_.unknown(frame.type);
      break;
    case frame_kind::corrupt:
      if (ended_) break;  // cut in the middle of a frame: truncated, as the end will say
      builder_.fail({.code = errc::protocol,
                     .retry = retry_class::maybe_billed,
                     .message = "frame " + std::to_string(frames_) +
                                " of the stream is not the vendor's JSON"});
      break;
  }
  const auto first_new = events_.begin() + static_cast<std::ptrdiff_t>(before);
  if (std::any_of(first_new, events_.end(), is_content)) ++content_frames_;
  return !builder_.is_done() && !builder_.failure();
}

/// What stood outside of the frames: an error without `data:`, or a whole answer of a server that
/// does not stream. Anything else there changes nothing.
void frame_driver::take_stray(std::string_view text) {
  constexpr std::string_view mark = "error:";
  const bool is_error = text.starts_with(mark);
  if (is_error) text.remove_prefix(mark.size());
  const std::size_t before = events_.size();
  read({is_error ? "error" : "message", text, {}});
  if (events_.size() > before) ++content_frames_;
}

result<void> frame_driver::outcome(const result<void>& framing) {
  if (!framing) builder_.fail(framing.error());
  if (builder_.failure()) return *builder_.failure();
  return {};
}

result<void> frame_driver::feed(std::string_view bytes) {
  if (builder_.is_done()) return {};
  if (builder_.failure()) return *builder_.failure();
  const json::readable_bytes readable(bytes);
  // A vector that grows moves each event twice. Frames are rarely shorter; small pieces need none.
  constexpr std::size_t short_frame_bytes = 256;
  events_.reserve(events_.size() + bytes.size() / short_frame_bytes);
  return outcome(std::visit(
      [&](auto& reader) {
        return reader.feed(bytes, [this](const wire::sse_event& e) { return take(e); });
      },
      reader_));
}

result<void> frame_driver::finish() {
  if (builder_.is_done()) return {};
  if (builder_.failure()) return *builder_.failure();
  ended_ = true;
  const auto framing = std::visit(
      [this](auto& reader) {
        return reader.finish([this](const wire::sse_event& e) { return take(e); });
      },
      reader_);
  if (builder_.is_done()) return {};
  if (auto read = outcome(framing); !read) return read;
  if (const auto* events = std::get_if<wire::sse_reader>(&reader_))
    if (!events->stray().empty()) take_stray(events->stray());
  if (builder_.failure()) return *builder_.failure();
  if (decoder_->whole_at_end(builder_)) builder_.done();
  if (!builder_.is_done())
    builder_.fail({.code = errc::truncated,
                   .retry = retry_class::maybe_billed,
                   .message = "the stream ended after " + std::to_string(frames_) +
                              " frames without the vendor's end mark"});
  return outcome({});
}

}  // namespace ark::dialect
