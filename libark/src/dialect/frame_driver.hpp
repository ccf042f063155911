#pragma once
#include "dialect/dialect.hpp"
#include "wire/event_stream.hpp"
#include "wire/ndjson.hpp"
#include "wire/sse.hpp"
#include "wire/websocket.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace ark::dialect {

/// What is the same for every stream: framing, unknown frames, corrupt frames, an error object
/// inside a 200, an end without the vendor's terminal (`truncated`, never `done`), size limits.
/// Pure: fed bytes, says events. One stream each; not thread safe. `v` must outlive it.
class frame_driver {
 public:
  struct limits {
    std::size_t frame_bytes = 8u << 20;
    reply_builder::limits reply;
  };
  frame_driver(const dialect& d, const vendor& v, limits l);
  frame_driver(const frame_driver&) = delete;  // the builder points at the events
  frame_driver& operator=(const frame_driver&) = delete;

  /// The vendor's frames come sealed: `open` gives the JSON to read for the JSON that came. Its
  /// error is the stream's.
  void open_frames_with(std::function<result<std::string>(std::string_view)> open) {
    open_frame_ = std::move(open);
  }

  /// More of the body, in pieces of any size (with framing::messages: one message). After an error
  /// nothing is read any more.
  result<void> feed(std::string_view bytes);
  /// The body ended: done, or errc::truncated.
  result<void> finish();

  /// Events since the last call; the caller takes them away (swap) and may give the vector back.
  std::vector<event>& events() noexcept { return events_; }
  reply_builder& builder() noexcept { return builder_; }
  const reply_builder& builder() const noexcept { return builder_; }
  /// Content (not a ping) has come: the first-content and idle timeouts ask.
  bool saw_content() const noexcept { return content_frames_ > 0; }
  /// Frames with text, reasoning, refusal or parts of tool calls in them.
  std::size_t content_frames() const noexcept { return content_frames_; }
  std::size_t frames() const noexcept { return frames_; }

 private:
  bool take(const wire::sse_event& frame);
  frame_kind read(const wire::sse_event& frame);
  void take_stray(std::string_view text);
  result<void> outcome(const result<void>& framing);

  std::vector<event> events_;
  reply_builder builder_;
  std::unique_ptr<stream_decoder> decoder_;
  std::function<result<std::string>(std::string_view)> open_frame_;
  std::variant<wire::sse_reader, wire::ndjson_reader, wire::event_stream_reader,
               wire::message_reader>
      reader_;
  std::size_t frames_ = 0, content_frames_ = 0;
  bool ended_ = false;  ///< no more bytes will come
};

}  // namespace ark::dialect
