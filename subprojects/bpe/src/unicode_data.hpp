#pragma once

// Tables made by scripts/unicode_tables.js; `unicode_version` says from which Unicode.

#include <array>
#include <cstdint>
#include <span>

namespace bpe {

/// A character and its full canonical decomposition, padded with 0 (Hangul syllables apart).
struct decomposition {
  std::uint32_t code;
  std::array<std::uint32_t, 4> parts;
};

/// Two characters that NFC joins. Sorted by `first`, then `second`.
struct composition {
  std::uint32_t first;
  std::uint32_t second;
  std::uint32_t code;
};

extern const char* const unicode_version;

/// Sorted ranges: first code point << 8 | bits of `char_class`.
std::span<const std::uint32_t> class_ranges();
/// Sorted ranges: first code point << 8 | canonical combining class.
std::span<const std::uint32_t> combining_ranges();
std::span<const decomposition> decompositions();
std::span<const composition> compositions();

}  // namespace bpe
