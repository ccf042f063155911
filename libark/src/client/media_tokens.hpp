#pragma once
#include <ark/message.hpp>

#include <cstdint>

/// Bounds for what no tokenizer counts. Pure.
namespace ark {

/// An image costs at most as many tokens, whatever its size: OpenAI bills 2,833 and 5,667 for each
/// of at most 8 tiles for gpt-4o-mini (its guide "Images and vision", 2026), and every other vendor
/// here less. Recorded of it: 36,848 for an image by URL, 8,512 for one of less than 300 bytes.
inline constexpr std::int64_t most_image_tokens = 49'152;

/// How many bytes of a request's body the part's content takes, in base64; 0 where it is elsewhere
/// (a URL, a file of the vendor's), and for parts that are no media.
std::int64_t inline_bytes(const part& p) noexcept;

/// Most tokens that a part of media can be; 0 for other parts. What is elsewhere and no image is as
/// long as a context window: nothing else bounds it. A token of sound or video is at least one of
/// its bytes; a document that is no text may be shown to the model as a picture of its page
/// besides.
std::int64_t most_media_tokens(const part& p) noexcept;

}  // namespace ark
