#include "sim/tokens.hpp"

#include <algorithm>

namespace ark::testing {

namespace {

constexpr std::size_t bytes_per_token = 4;

bool is_continuation(char c) noexcept { return (static_cast<unsigned char>(c) & 0xC0u) == 0x80u; }

std::uint32_t byte_at(std::string_view s, std::size_t i) noexcept {
  return static_cast<unsigned char>(s[i]);
}
std::uint32_t big16(std::string_view s, std::size_t i) noexcept {
  return byte_at(s, i) << 8 | byte_at(s, i + 1);
}
std::uint32_t big32(std::string_view s, std::size_t i) noexcept {
  return big16(s, i) << 16 | big16(s, i + 2);
}
std::uint32_t little16(std::string_view s, std::size_t i) noexcept {
  return byte_at(s, i) | byte_at(s, i + 1) << 8;
}

/// Walks the markers up to the first start-of-frame (C0..CF but DHT, JPG and DAC).
std::optional<image_size> jpeg_dimensions(std::string_view s) noexcept {
  std::size_t i = 2;
  while (i + 9 < s.size()) {
    if (byte_at(s, i) != 0xFF) return std::nullopt;
    const std::uint32_t marker = byte_at(s, i + 1);
    const bool start_of_frame =
        marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
    if (start_of_frame) return image_size{big16(s, i + 7), big16(s, i + 5)};
    i += 2 + big16(s, i + 2);
  }
  return std::nullopt;
}

}  // namespace

std::int64_t count_tokens(std::string_view text) noexcept {
  return static_cast<std::int64_t>((text.size() + bytes_per_token - 1) / bytes_per_token);
}

std::vector<std::string_view> token_pieces(std::string_view text) {
  std::vector<std::string_view> pieces;
  std::size_t begin = 0;
  while (begin < text.size()) {
    std::size_t end = std::min(begin + bytes_per_token, text.size());
    while (end < text.size() && is_continuation(text[end])) ++end;
    pieces.push_back(text.substr(begin, end - begin));
    begin = end;
  }
  return pieces;
}

std::string_view first_tokens(std::string_view text, std::int64_t tokens) {
  std::size_t length = 0;
  for (const auto piece : token_pieces(text)) {
    if (tokens-- <= 0) break;
    length += piece.size();
  }
  return text.substr(0, length);
}

std::optional<image_size> image_dimensions(std::string_view s) noexcept {
  if (s.size() >= 24 && s.substr(0, 8) == std::string_view("\x89PNG\r\n\x1a\n", 8))
    return image_size{big32(s, 16), big32(s, 20)};
  if (s.size() >= 10 && s.substr(0, 4) == "GIF8") return image_size{little16(s, 6), little16(s, 8)};
  if (s.size() >= 30 && s.substr(0, 4) == "RIFF" && s.substr(12, 4) == "VP8X")
    return image_size{1 + (little16(s, 24) | byte_at(s, 26) << 16),
                      1 + (little16(s, 27) | byte_at(s, 29) << 16)};
  if (s.size() >= 4 && s.substr(0, 2) == "\xFF\xD8") return jpeg_dimensions(s);
  return std::nullopt;
}

std::optional<std::string> decode_base64(std::string_view text) {
  std::string out;
  out.reserve(text.size() / 4 * 3);
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    std::uint32_t value = 0;
    if (c >= 'A' && c <= 'Z')
      value = static_cast<std::uint32_t>(c - 'A');
    else if (c >= 'a' && c <= 'z')
      value = static_cast<std::uint32_t>(c - 'a' + 26);
    else if (c >= '0' && c <= '9')
      value = static_cast<std::uint32_t>(c - '0' + 52);
    else if (c == '+' || c == '-')
      value = 62;
    else if (c == '/' || c == '_')
      value = 63;
    else if (c == '=' || c == '\n' || c == '\r' || c == ' ')
      continue;
    else
      return std::nullopt;
    bits = bits << 6 | value;
    if (++count % 4 != 1) out += static_cast<char>(bits >> (6 - 2 * ((count + 3) % 4)) & 0xFFu);
  }
  return out;
}

std::int64_t openai_image_tokens(std::optional<image_size> size, bool low_detail) noexcept {
  if (low_detail) return 85;
  const image_size s = size.value_or(image_size{1024, 1024});
  const auto tiles = static_cast<std::int64_t>((s.width + 511) / 512) *
                     static_cast<std::int64_t>((s.height + 511) / 512);
  return 85 + 170 * std::min<std::int64_t>(tiles, 64);
}

std::int64_t anthropic_image_tokens(std::optional<image_size> size) noexcept {
  const image_size s = size.value_or(image_size{1092, 1092});
  const std::int64_t pixels = static_cast<std::int64_t>(s.width) * s.height;
  return std::clamp<std::int64_t>((pixels + 749) / 750, 1, 1600);
}

}  // namespace ark::testing
