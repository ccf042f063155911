#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ark::testing {

/// The simulator's tokenizer: four bytes are a token, rounded up. Real tokenizers differ; what a
/// test may rely on is that the same text always counts the same.
std::int64_t count_tokens(std::string_view text) noexcept;
/// The text in pieces of one token, never inside a UTF-8 character.
std::vector<std::string_view> token_pieces(std::string_view text);
/// The first `tokens` pieces of the text.
std::string_view first_tokens(std::string_view text, std::int64_t tokens);

struct image_size {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
};
/// Size of a PNG, GIF, JPEG or WebP (VP8X) image from its first bytes.
std::optional<image_size> image_dimensions(std::string_view bytes) noexcept;
/// Decodes base64 leniently (white space and padding skipped); nothing on a foreign character.
std::optional<std::string> decode_base64(std::string_view text);

/// OpenAI's published tile rule: 85, and 170 for each 512-pixel tile unless `low_detail`.
std::int64_t openai_image_tokens(std::optional<image_size> size, bool low_detail) noexcept;
/// Anthropic's published rule: width * height / 750, at most 1,600.
std::int64_t anthropic_image_tokens(std::optional<image_size> size) noexcept;

}  // namespace ark::testing
