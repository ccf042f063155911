#include "wire/websocket.hpp"

#include "base/text.hpp"
#include "wire/base64.hpp"

#include <openssl/evp.h>
#include <algorithm>
#include <new>
#include <utility>

namespace ark::wire {
namespace {

constexpr std::size_t most_control_bytes = 125;
constexpr unsigned char fin_bit = 0x80, reserved_bits = 0x70, opcode_bits = 0x0f;
constexpr unsigned char mask_bit = 0x80, length_bits = 0x7f;
constexpr unsigned char length_in_2 = 126, length_in_8 = 127;

bool is_control(websocket_opcode opcode) { return static_cast<int>(opcode) >= 8; }

unsigned char byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

/// Is `token` in a list such as "keep-alive, Upgrade", whatever its case.
bool lists(std::string_view value, std::string_view token) {
  while (!value.empty()) {
    const auto comma = value.find(',');
    std::string_view one = value.substr(0, comma);
    while (!one.empty() && (one.front() == ' ' || one.front() == '\t')) one.remove_prefix(1);
    while (!one.empty() && (one.back() == ' ' || one.back() == '\t')) one.remove_suffix(1);
    if (text::lower(one) == token) return true;
    if (comma == value.npos) break;
    value.remove_prefix(comma + 1);
  }
  return false;
}

/// RFC 6455, 7.4: what may stand in a close frame.
bool is_close_code(int code) {
  if (code >= 3000) return code <= 4999;
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014);
}

error not_websocket(std::string_view why) {
  return {.code = errc::protocol,
          .message = "the server did not open the WebSocket as asked (" + std::string(why) +
                     "): check the base URL"};
}

/// How many bytes the head has that begins with these two.
std::size_t head_size(std::string_view first_two) {
  const unsigned char length = byte_at(first_two, 1) & length_bits;
  if (length == length_in_2) return 4;
  return length == length_in_8 ? 10 : 2;
}

}  // namespace

std::string websocket_key(const std::array<std::uint64_t, 2>& random) {
  std::string bytes;
  for (const std::uint64_t half : random)
    for (int shift = 0; shift < 64; shift += 8) bytes += static_cast<char>(half >> shift & 0xff);
  return base64_encode(bytes);
}

std::string websocket_accept(std::string_view key) {
  constexpr std::string_view guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  const std::string both = std::string(key) + std::string(guid);
  std::array<unsigned char, EVP_MAX_MD_SIZE> out;
  unsigned int size = 0;
  // Fails only when OpenSSL has no memory; no security hangs on this SHA-1 (RFC 6455, 10.8).
  if (EVP_Digest(both.data(), both.size(), out.data(), &size, EVP_sha1(), nullptr) != 1)
    throw std::bad_alloc();
  return base64_encode({reinterpret_cast<const char*>(out.data()), size});
}

void add_websocket_headers(header_list& headers, std::string_view key) {
  headers.push_back({"Upgrade", "websocket", false});
  headers.push_back({"Connection", "Upgrade", false});
  headers.push_back({"Sec-WebSocket-Key", std::string(key), false});
  headers.push_back({"Sec-WebSocket-Version", "13", false});
}

result<void> check_websocket_answer(const http_head& head, std::string_view key) {
  const auto value = [&](std::string_view name) { return find_header(head.headers, name); };
  if (head.status != 101) return not_websocket("its status is not 101");
  if (!lists(value("Upgrade"), "websocket")) return not_websocket("Upgrade is not websocket");
  if (!lists(value("Connection"), "upgrade")) return not_websocket("Connection is not Upgrade");
  if (value("Sec-WebSocket-Accept") != websocket_accept(key))
    return not_websocket("Sec-WebSocket-Accept is of another key");
  // None was offered.
  for (const std::string_view name : {"Sec-WebSocket-Extensions", "Sec-WebSocket-Protocol"})
    if (!value(name).empty()) return not_websocket(std::string(name) + " was not asked for");
  return {};
}

std::string websocket_frame(websocket_opcode opcode, std::string_view payload,
                            std::array<unsigned char, 4> mask) {
  if (is_control(opcode)) payload = payload.substr(0, most_control_bytes);
  std::string out;
  out.reserve(payload.size() + 14);
  const std::uint64_t size = payload.size();
  const int length_bytes = size < length_in_2 ? 0 : size <= 0xffff ? 2 : 8;
  out += static_cast<char>(fin_bit | static_cast<unsigned char>(opcode));
  out += static_cast<char>(mask_bit | (length_bytes == 0   ? static_cast<unsigned char>(size)
                                       : length_bytes == 2 ? length_in_2
                                                           : length_in_8));
  for (int i = length_bytes - 1; i >= 0; --i) out += static_cast<char>(size >> (8 * i) & 0xff);
  for (const unsigned char m : mask) out += static_cast<char>(m);
  for (std::size_t i = 0; i < payload.size(); ++i)
    out += static_cast<char>(byte_at(payload, i) ^ mask[i % 4]);
  return out;
}

error websocket_reader::fail(errc code, std::string message) {
  failure_ = error{.code = code, .retry = retry_class::maybe_billed, .message = std::move(message)};
  partial_.clear();
  message_.clear();
  return *failure_;
}

/// What can be said of a frame before its length is known, so that two bad bytes are refused alone.
result<void> websocket_reader::check_first_bytes() const {
  const auto bad = [](std::string_view why) {
    return error{.code = errc::protocol, .message = "a WebSocket frame " + std::string(why)};
  };
  const unsigned char first = byte_at(head_bytes_, 0), second = byte_at(head_bytes_, 1);
  const int opcode = first & opcode_bits;
  if ((first & reserved_bits) != 0) return bad("has reserved bits set");
  if ((opcode > 2 && opcode < 8) || opcode > 10) return bad("is of an unknown kind");
  if ((second & mask_bit) != 0) return bad("of the server is masked");
  const bool fin = (first & fin_bit) != 0;
  if (opcode >= 8 && (!fin || (second & length_bits) > most_control_bytes))
    return bad("that controls is too long or in pieces");
  if (opcode == 0 && !fragmented_) return bad("continues no message");
  if ((opcode == 1 || opcode == 2) && fragmented_) return bad("begins a message inside of another");
  return {};
}

/// Does the payload stay within the limits?
result<void> websocket_reader::check_head() {
  if (is_control(frame_->opcode)) return {};
  const std::uint64_t length = frame_->length;
  if (length > limits_.message_bytes || message_.size() + length > limits_.message_bytes)
    return fail(errc::too_large, "a WebSocket message is longer than the limit of " +
                                     std::to_string(limits_.message_bytes) + " bytes");
  if (length > limits_.all_bytes || all_bytes_ + length > limits_.all_bytes)
    return fail(errc::too_large, "the answer is longer than the limit of " +
                                     std::to_string(limits_.all_bytes) +
                                     " bytes: ask for less, or raise max_reply_bytes");
  all_bytes_ += length;
  return {};
}

/// True when the head is whole.
bool websocket_reader::take_head(std::string_view& bytes) {
  // Two bytes say how long the head is.
  while (head_bytes_.size() < 2 || head_bytes_.size() < head_size(head_bytes_)) {
    if (bytes.empty()) return false;
    const std::size_t wanted = head_bytes_.size() < 2 ? 2 : head_size(head_bytes_);
    const std::string_view taken = bytes.substr(0, wanted - head_bytes_.size());
    head_bytes_ += taken;
    bytes.remove_prefix(taken.size());
    if (head_bytes_.size() == 2 && !check_first_bytes()) break;
  }
  frame_head head{.opcode = static_cast<websocket_opcode>(byte_at(head_bytes_, 0) & opcode_bits),
                  .fin = (byte_at(head_bytes_, 0) & fin_bit) != 0,
                  .length = static_cast<std::uint64_t>(byte_at(head_bytes_, 1) & length_bits)};
  if (head_bytes_.size() > 2) head.length = 0;
  for (std::size_t i = 2; i < head_bytes_.size(); ++i)
    head.length = head.length << 8 | byte_at(head_bytes_, i);
  frame_ = head;
  return true;
}

/// True when the payload is whole; `payload` is a view into what was fed if it came in one piece.
bool websocket_reader::take_payload(std::string_view& bytes, std::string_view& payload) {
  const std::size_t missing = static_cast<std::size_t>(frame_->length) - partial_.size();
  payload = bytes.substr(0, missing);
  bytes.remove_prefix(payload.size());
  const bool whole = payload.size() == missing;
  if (whole && partial_.empty()) return true;
  partial_ += payload;
  if (!whole) return false;
  given_ = std::exchange(partial_, {});
  payload = given_;
  return true;
}

result<std::optional<websocket_event>> websocket_reader::message_done(std::string_view payload) {
  const websocket_opcode kind = fragmented_.value_or(frame_->opcode);
  if (!frame_->fin || fragmented_) {
    message_ += payload;
    fragmented_ = kind;
    if (!frame_->fin) return std::optional<websocket_event>();
    given_ = std::exchange(message_, {});
    payload = given_;
    fragmented_.reset();
  }
  if (kind == websocket_opcode::text && !text::is_utf8(payload))
    return fail(errc::protocol, "a WebSocket message is not UTF-8");
  return std::optional(websocket_event{.kind = kind, .payload = payload, .close_reason = {}});
}

result<std::optional<websocket_event>> websocket_reader::frame_done(std::string_view payload) {
  if (!is_control(frame_->opcode)) return message_done(payload);
  websocket_event event{.kind = frame_->opcode, .payload = payload, .close_reason = {}};
  if (event.kind != websocket_opcode::close) return std::optional(event);
  closed_ = true;
  event.close_code = websocket_no_status;
  if (payload.empty()) return std::optional(event);
  event.close_code = payload.size() < 2 ? 0 : byte_at(payload, 0) << 8 | byte_at(payload, 1);
  event.close_reason = payload.substr(std::min<std::size_t>(2, payload.size()));
  if (!is_close_code(event.close_code) || !text::is_utf8(event.close_reason))
    return fail(errc::protocol, "the close frame of the WebSocket is malformed");
  return std::optional(event);
}

result<std::optional<websocket_event>> websocket_reader::next(std::string_view& bytes) {
  if (failure_) return *failure_;
  while (!closed_) {
    if (!frame_) {
      if (!take_head(bytes)) break;
      if (const auto ok = check_first_bytes(); !ok)
        return fail(ok.error().code, ok.error().message);
      head_bytes_.clear();
      if (auto ok = check_head(); !ok) return ok.error();
    }
    std::string_view payload;
    if (!take_payload(bytes, payload)) break;
    auto event = frame_done(payload);
    frame_.reset();
    if (!event || *event) return event;
  }
  if (closed_) bytes = {};
  return std::optional<websocket_event>();
}

result<void> message_reader::feed(std::string_view message,
                                  const std::function<bool(const sse_event&)>& each) {
  if (stopped_ || !outcome_) return outcome_;
  if (message.size() > max_message_bytes_)
    outcome_ = error{.code = errc::too_large,
                     .message = "a message of the stream is longer than the limit of " +
                                std::to_string(max_message_bytes_) + " bytes"};
  else
    stopped_ = !each({"message", message, {}});
  return outcome_;
}

result<void> message_reader::finish(const std::function<bool(const sse_event&)>&) {
  stopped_ = true;
  return outcome_;
}

}  // namespace ark::wire
