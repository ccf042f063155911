#pragma once

#include <array>
#include <cstdint>

#include "split.hpp"
#include "unicode.hpp"

namespace bpe {

/// Classes of ASCII, at hand without a look into the table of all characters; the same as there.
inline constexpr std::array<std::uint8_t, 128> ascii_bits = [] {
  std::array<std::uint8_t, 128> out{};
  for (unsigned c = 0; c < 128; ++c) {
    const unsigned low = c | 0x20;
    if (low >= 'a' && low <= 'z') {
      out[c] = c == low ? cc_lower : cc_upper;
    } else if (c >= '0' && c <= '9') {
      out[c] = cc_number;
    } else if (c == ' ' || (c >= '\t' && c <= '\r')) {
      out[c] = cc_space;
    } else if (c > ' ' && c < 127) {
      out[c] = cc_punct;
    }
  }
  return out;
}();

/// One function for each kind: where the piece that starts at `p` ends. `p` is before the end of
/// the text.
struct split_steps {
  static splitter::step of(split_kind kind) noexcept;

  static const char* whole(splitter& s, const char* p) noexcept;
  static const char* gpt2(splitter& s, const char* p) noexcept;
  static const char* cl100k(splitter& s, const char* p) noexcept;
  static const char* qwen2(splitter& s, const char* p) noexcept;
  static const char* qwen3_5(splitter& s, const char* p) noexcept;
  static const char* o200k(splitter& s, const char* p) noexcept;
  static const char* tekken(splitter& s, const char* p) noexcept;
  static const char* kimi(splitter& s, const char* p) noexcept;
  static const char* deepseek_v3(splitter& s, const char* p) noexcept;
  static const char* metaspace(splitter& s, const char* p) noexcept;
};

}  // namespace bpe
