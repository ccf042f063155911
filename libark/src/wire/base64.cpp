#include "wire/base64.hpp"

#include <array>
#include <cstdint>

namespace ark::wire {
namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::uint8_t no_digit = 64;
constexpr auto digits = [] {
  std::array<std::uint8_t, 256> table{};
  table.fill(no_digit);
  for (std::size_t i = 0; i < alphabet.size(); ++i)
    table[static_cast<std::uint8_t>(alphabet[i])] = static_cast<std::uint8_t>(i);
  return table;
}();

std::uint32_t byte_at(std::string_view text, std::size_t i) {
  return static_cast<std::uint8_t>(text[i]);
}

error bad(std::size_t at) {
  return {
      .code = errc::invalid_request,
      .message = "not base64: the character at offset " + std::to_string(at) + " cannot be there"};
}

}  // namespace

// By hand: OpenSSL's EVP_DecodeBlock takes white space and unused bits, and its lengths are ints.
void append_base64(std::string& out, std::string_view bytes) {
  const std::size_t begin = out.size();
  out.resize(begin + (bytes.size() + 2) / 3 * 4);
  char* to = out.data() + begin;
  std::size_t i = 0;
  for (; i + 3 <= bytes.size(); i += 3) {
    const auto v = byte_at(bytes, i) << 16 | byte_at(bytes, i + 1) << 8 | byte_at(bytes, i + 2);
    *to++ = alphabet[v >> 18];
    *to++ = alphabet[v >> 12 & 63];
    *to++ = alphabet[v >> 6 & 63];
    *to++ = alphabet[v & 63];
  }
  const std::size_t rest = bytes.size() - i;
  if (rest == 0) return;
  const auto v = byte_at(bytes, i) << 16 | (rest == 2 ? byte_at(bytes, i + 1) << 8 : 0);
  *to++ = alphabet[v >> 18];
  *to++ = alphabet[v >> 12 & 63];
  *to++ = rest == 2 ? alphabet[v >> 6 & 63] : '=';
  *to++ = '=';
}

std::string base64_encode(std::string_view bytes) {
  std::string out;
  append_base64(out, bytes);
  return out;
}

result<std::string> base64_decode(std::string_view text) {
  if (text.size() % 4 != 0) return bad(text.size());
  std::size_t padding = 0;
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
  const std::size_t length = text.size() - padding;
  std::string out;
  out.reserve(text.size() / 4 * 3);
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < length; ++i) {
    const std::uint8_t digit = digits[byte_at(text, i)];
    if (digit == no_digit) return bad(i);
    bits = bits << 6 | digit;
    if (i % 4 == 3) {
      out += static_cast<char>(bits >> 16);
      out += static_cast<char>(bits >> 8);
      out += static_cast<char>(bits);
      bits = 0;
    }
  }
  // Bits beyond the last whole byte must be zero, or two texts would mean the same bytes.
  if (padding == 1) {
    if ((bits & 3) != 0) return bad(length - 1);
    out += static_cast<char>(bits >> 10);
    out += static_cast<char>(bits >> 2);
  } else if (padding == 2) {
    if ((bits & 15) != 0) return bad(length - 1);
    out += static_cast<char>(bits >> 4);
  }
  return out;
}

}  // namespace ark::wire
