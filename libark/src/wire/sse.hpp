#pragma once
#include <ark/result.hpp>

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace ark::wire {

/// One server-sent event. Views into the reader or the bytes fed: valid during the call only.
struct sse_event {
  std::string_view type;  ///< "message" when the stream does not name one
  std::string_view data;
  std::string_view last_event_id;
};

/// Server-sent events, per the WHATWG HTML standard ("Interpreting an event stream"). Fed bytes in
/// pieces of any size; calls back for each event. Linear time, memory bounded by `max_event_bytes`.
/// Comments are skipped (but counted: they are the vendors' pings). An event whose lines all lie in
/// one fed piece is passed on without a copy.
class sse_reader {
 public:
  explicit sse_reader(std::size_t max_event_bytes) : max_event_bytes_(max_event_bytes) {}

  /// `each(const sse_event&) -> bool`; false stops, and the rest of `bytes` is dropped.
  /// Error: errc::too_large, which is final.
  result<void> feed(std::string_view bytes, const std::function<bool(const sse_event&)>& each);
  /// The bytes ended without a blank line: most vendors' last frame counts all the same, so an
  /// unfinished event with data is passed on (the standard would drop it; see the README).
  result<void> finish(const std::function<bool(const sse_event&)>& each);

  int retry_ms() const noexcept { return retry_ms_; }  ///< -1: never set
  std::size_t comments() const noexcept { return comments_; }
  const std::string& last_event_id() const noexcept { return last_event_id_; }

 private:
  std::size_t max_event_bytes_;
  std::string last_event_id_;
  int retry_ms_ = -1;
  std::size_t comments_ = 0;
  // The rest of the state belongs to whoever implements the reader.
};

}  // namespace ark::wire
