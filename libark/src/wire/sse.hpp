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
  std::string_view data;  ///< UTF-8: what was ill-formed is U+FFFD
  std::string_view last_event_id;
};

/// Server-sent events, per the WHATWG HTML standard ("Interpreting an event stream"). Fed bytes in
/// pieces of any size; calls back for each event. Linear time, memory bounded by twice
/// `max_event_bytes`. Comments are skipped (but counted: they are the vendors' pings). An event
/// whose lines all lie in one fed piece is passed on without a copy, if it has one data line.
/// The same bytes give the same events and errors however they are cut.
class sse_reader {
 public:
  /// `max_event_bytes` bounds each line, and the sum of an event's data.
  explicit sse_reader(std::size_t max_event_bytes) : max_event_bytes_(max_event_bytes) {}

  /// `each(const sse_event&) -> bool`; false stops the reader for good: the rest of `bytes` and
  /// what is fed later is dropped. Error: errc::too_large, which is final.
  result<void> feed(std::string_view bytes, const std::function<bool(const sse_event&)>& each);
  /// The bytes ended without a blank line: most vendors' last frame counts all the same, so an
  /// unfinished event with data is passed on (the standard would drop it; see the README).
  result<void> finish(const std::function<bool(const sse_event&)>& each);

  /// Lines that are no field of the standard, joined by line feeds, at most 64 KiB of them: some
  /// servers put an error there without `data:`, or answer with one JSON text instead of a stream.
  const std::string& stray() const noexcept { return stray_; }
  int retry_ms() const noexcept { return retry_ms_; }  ///< -1: never set
  std::size_t comments() const noexcept { return comments_; }
  const std::string& last_event_id() const noexcept { return last_event_id_; }

 private:
  using callback = std::function<bool(const sse_event&)>;
  enum class state : unsigned char { open, stopped, too_large };

  void take_line(std::string_view line, const callback& each);
  bool take_field(std::string_view name, std::string_view value);
  void keep_stray(std::string_view line);
  void add_data(std::string_view value);
  void dispatch(const callback& each);
  void keep(std::string_view rest);
  void store();
  std::string_view skip_mark(std::string_view bytes);
  result<void> outcome() const;

  std::size_t max_event_bytes_;
  std::string last_event_id_;
  int retry_ms_ = -1;
  std::size_t comments_ = 0;

  state state_ = state::open;
  bool at_start_ = true;  ///< a byte order mark may come
  bool skip_lf_ = false;  ///< the piece before ended in CR
  bool has_data_ = false;
  bool piece_is_utf8_ = false;  ///< the piece being fed: its lines need no check of their own
  std::string partial_;         ///< a line whose end has not come
  std::string id_buffer_;
  std::string stray_;
  // The event being read: views into the piece being fed, or stores; one of each pair is empty.
  std::string_view data_, type_;
  std::string data_store_, type_store_;
};

}  // namespace ark::wire
