#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bpe {

/// Bits of a character's class. A character has at most one of upper, lower, other_letter, mark,
/// number.
enum char_class : std::uint8_t {
  cc_upper = 1,         ///< Lu, Lt
  cc_lower = 2,         ///< Ll
  cc_other_letter = 4,  ///< Lm, Lo
  cc_mark = 8,          ///< M
  cc_number = 16,       ///< N
  cc_space = 32,        ///< White_Space
  cc_punct = 64,        ///< P, S
  cc_han = 128,         ///< Script=Han
  cc_letter = cc_upper | cc_lower | cc_other_letter,
};

inline constexpr std::uint32_t replacement_character = 0xFFFD;

/// A decoded character. Each byte that is not part of valid UTF-8 reads as U+FFFD of length 1.
struct decoded {
  std::uint32_t code = replacement_character;
  std::uint32_t length = 1;
  bool valid = false;
};

/// Decodes the character at `p` (`p < end`).
decoded decode_utf8(const char* p, const char* end) noexcept;

/// Appends a code point as UTF-8.
void append_utf8(std::string& out, std::uint32_t code);

/// Classes of all code points: two levels, made once from the ranges (about 60 KB).
class class_table {
 public:
  static const class_table& get();
  std::uint8_t operator[](std::uint32_t code) const noexcept {
    return blocks_[static_cast<std::size_t>(index_[code >> 7]) * 128 + (code & 127)];
  }

 private:
  class_table();
  std::array<std::uint16_t, 0x110000 / 128> index_{};
  std::vector<std::uint8_t> blocks_;
};

/// Byte length of an incomplete but so far valid UTF-8 sequence at the end of `text` (0 to 3).
std::size_t incomplete_tail(std::string_view text) noexcept;

}  // namespace bpe
