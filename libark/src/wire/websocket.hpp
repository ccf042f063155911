#pragma once
#include "wire/http_types.hpp"
#include "wire/sse.hpp"

#include <ark/result.hpp>

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace ark::wire {

// The client's side of RFC 6455, without extensions and subprotocols: bytes in, bytes out. What is
// random (key, masks) is given by the caller and must be unpredictable (RFC 6455, 5.3 and 10.3).

/// The value of Sec-WebSocket-Key: 16 random bytes in base64.
std::string websocket_key(const std::array<std::uint64_t, 2>& random);
/// What a server answers to that key in Sec-WebSocket-Accept.
std::string websocket_accept(std::string_view key);
/// Adds the headers of the opening handshake.
void add_websocket_headers(header_list& headers, std::string_view key);
/// An answer of status 101: errc::protocol unless it upgrades to the WebSocket that was asked for.
result<void> check_websocket_answer(const http_head& head, std::string_view key);

/// What a frame is; the numbers are the wire's.
enum class websocket_opcode : std::uint8_t {
  continuation = 0,
  text = 1,
  binary = 2,
  close = 8,
  ping = 9,
  pong = 10
};

/// One whole (FIN) frame of a client. The payload of a control frame is cut at 125 bytes.
std::string websocket_frame(websocket_opcode opcode, std::string_view payload,
                            std::array<unsigned char, 4> mask);

constexpr int websocket_normal_close = 1000;
constexpr int websocket_no_status = 1005;  ///< never on the wire: a close frame without a code

/// A message, or a control frame. Views into what was fed or into the reader, until its next call.
struct websocket_event {
  websocket_opcode kind = websocket_opcode::text;  ///< never `continuation`
  std::string_view payload;                        ///< as it came; a close frame's code included
  int close_code = 0;                              ///< of a close frame
  std::string_view close_reason;                   ///< the server's words: untrusted text
};

/// Reads what a server sends, in pieces of any size. Fragments are joined; texts are checked to be
/// UTF-8; after a close frame nothing is read. Memory is bounded by the longest message.
class websocket_reader {
 public:
  struct limits {
    std::size_t message_bytes = 8u << 20;
    std::size_t all_bytes = 64u << 20;  ///< payloads of messages together
  };
  explicit websocket_reader(limits l) : limits_(l) {}

  /// Takes bytes off the front of `bytes` up to the end of the next message or control frame.
  /// Nothing: all were taken and more are needed. errc::protocol (a masked or reserved frame, a
  /// fragment out of place, a control frame that is long or in pieces, a text that is not UTF-8, a
  /// close code that cannot be) and errc::too_large are final.
  result<std::optional<websocket_event>> next(std::string_view& bytes);

 private:
  struct frame_head {
    websocket_opcode opcode = websocket_opcode::text;
    bool fin = false;
    std::uint64_t length = 0;
  };
  bool take_head(std::string_view& bytes);
  bool take_payload(std::string_view& bytes, std::string_view& payload);
  result<void> check_head();
  result<void> check_first_bytes() const;
  result<std::optional<websocket_event>> frame_done(std::string_view payload);
  result<std::optional<websocket_event>> message_done(std::string_view payload);
  error fail(errc code, std::string message);

  limits limits_;
  std::string head_bytes_;  ///< of a frame whose head is not whole
  std::optional<frame_head> frame_;
  std::string partial_;  ///< payload of the frame so far
  std::string message_;  ///< payloads of the fragments so far
  std::string given_;    ///< what the last event shows, where it is not what was fed
  std::optional<websocket_opcode> fragmented_;  ///< the message that `message_` begins
  std::size_t all_bytes_ = 0;
  bool closed_ = false;
  std::optional<error> failure_;
};

/// Texts of whole messages as events of type "message": each piece that is fed is one.
class message_reader {
 public:
  explicit message_reader(std::size_t max_message_bytes) : max_message_bytes_(max_message_bytes) {}

  /// As sse_reader::feed. errc::too_large is final.
  result<void> feed(std::string_view message, const std::function<bool(const sse_event&)>& each);
  result<void> finish(const std::function<bool(const sse_event&)>& each);

 private:
  std::size_t max_message_bytes_;
  bool stopped_ = false;
  result<void> outcome_;
};

}  // namespace ark::wire
