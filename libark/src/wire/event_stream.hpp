#pragma once
#include "wire/sse.hpp"

#include <cstdint>
#include <vector>

namespace ark::wire {

// Binary messages of "application/vnd.amazon.eventstream": total length, headers' length, CRC of
// both; headers; payload; CRC of all. Source: the "Amazon Event Stream Specification" of the Smithy
// documents (read 2026-11), and the vectors of its two implementations.

/// What a header's value is; the numbers are the wire's.
enum class event_value : std::uint8_t {
  boolean_true,
  boolean_false,
  int8,
  int16,
  int32,
  int64,
  bytes,
  text,
  timestamp,  ///< milliseconds since 1970
  uuid        ///< 16 bytes
};

struct event_header {
  std::string_view name;
  event_value type = event_value::text;
  std::int64_t number = 0;  ///< of numbers, timestamps and booleans
  std::string_view bytes;   ///< of bytes, text and uuid
};

/// Views into the message that was parsed.
struct event_message {
  std::vector<event_header> headers;
  std::string_view payload;
};

constexpr std::size_t event_prelude_bytes = 12;
constexpr std::size_t most_event_header_bytes = 128u << 10;
constexpr std::size_t most_event_message_bytes = 24u << 20;

/// The size of the message that begins with these twelve bytes. errc::protocol: a wrong checksum or
/// an impossible length; errc::too_large: above the format's own limits.
result<std::size_t> event_message_size(std::string_view prelude);
/// One whole message: exactly `event_message_size` bytes. errc::protocol for a wrong checksum, a
/// header cut short, without name or of no known type.
result<event_message> parse_event_message(std::string_view bytes);

/// A stream of them, fed in pieces of any size. Calls back with the payload as an event's data;
/// its type is `:event-type`, or "exception:TYPE" or "error:CODE" for what the vendor calls so (the
/// payload of an error is its `:error-message`). Linear time, memory bounded by `max_event_bytes`.
class event_stream_reader {
 public:
  explicit event_stream_reader(std::size_t max_event_bytes) : max_event_bytes_(max_event_bytes) {}

  /// As sse_reader::feed. Errors are final and name the message by its number, from 1.
  result<void> feed(std::string_view bytes, const std::function<bool(const sse_event&)>& each);
  /// The bytes ended; half a message is not passed on, as its checksum has not come.
  result<void> finish(const std::function<bool(const sse_event&)>& each);

 private:
  using callback = std::function<bool(const sse_event&)>;
  result<void> take(std::string_view message, const callback& each);
  std::string_view fill(std::string_view bytes, std::size_t size);
  result<std::size_t> size_of(std::string_view prelude) const;

  std::size_t max_event_bytes_;
  std::string partial_;  ///< a message whose end has not come
  std::string type_, repaired_;
  std::size_t messages_ = 0;
  bool stopped_ = false;
  result<void> outcome_;
};

}  // namespace ark::wire
