#pragma once
#include "wire/sse.hpp"

namespace ark::wire {

/// JSON texts separated by line feeds ("application/x-ndjson"). Fed bytes in pieces of any size;
/// calls back for each line that is not blank, as an event of type "message". A CR before the LF is
/// not part of the line. Linear time, memory bounded by `max_line_bytes`; a line that lies in one
/// fed piece is passed on without a copy. The same bytes give the same events however they are cut.
class ndjson_reader {
 public:
  explicit ndjson_reader(std::size_t max_line_bytes) : max_line_bytes_(max_line_bytes) {}

  /// As sse_reader::feed: false stops for good; errc::too_large is final.
  result<void> feed(std::string_view bytes, const std::function<bool(const sse_event&)>& each);
  /// The bytes ended: a last line without line feed counts.
  result<void> finish(const std::function<bool(const sse_event&)>& each);

 private:
  enum class state : unsigned char { open, stopped, too_large };
  void take_line(std::string_view line, const std::function<bool(const sse_event&)>& each);
  void keep(std::string_view rest);
  result<void> outcome() const;

  std::size_t max_line_bytes_;
  state state_ = state::open;
  std::string partial_;   ///< a line whose end has not come
  std::string repaired_;  ///< a line that was not UTF-8
};

}  // namespace ark::wire
