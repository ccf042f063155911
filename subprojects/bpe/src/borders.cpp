#include "borders.hpp"

#include "nfc.hpp"
#include "unicode.hpp"

namespace bpe {
namespace {

constexpr std::uint32_t joiner = 0x200D;

bool is_flag_letter(std::uint32_t code) { return code >= 0x1F1E6 && code <= 0x1F1FF; }

/// Whether a character belongs to the one before it.
bool extends(std::uint32_t code) {
  if (code == joiner || (class_table::get()[code] & cc_mark)) return true;
  if (code >= 0x1F3FB && code <= 0x1F3FF) return true;  // skin tones
  if (code >= 0xE0020 && code <= 0xE007F) return true;  // tags
  return code >= 0x1160 && code <= 0x11FF;              // later letters of a Hangul syllable
}

std::size_t character_start(std::string_view text, std::size_t at) {
  std::size_t start = at - 1;
  for (int i = 0; i < 3 && start > 0; ++i) {
    if ((static_cast<unsigned char>(text[start]) & 0xC0) != 0x80) break;
    --start;
  }
  const decoded c = decode_utf8(text.data() + start, text.data() + at);
  return start + c.length == at ? start : at - 1;
}

std::uint32_t code_at(std::string_view text, std::size_t at) {
  return decode_utf8(text.data() + at, text.data() + text.size()).code;
}

/// Whether a cut at `at`, between two characters, cuts a user-perceived one.
bool cuts(std::string_view text, std::size_t at) {
  const std::uint32_t next = code_at(text, at);
  if (extends(next)) return true;
  std::size_t before = character_start(text, at);
  const std::uint32_t previous = code_at(text, before);
  if (previous == joiner || (previous == '\r' && next == '\n')) return true;
  if (!is_flag_letter(previous) || !is_flag_letter(next)) return false;
  bool odd = true;
  while (before > 0) {
    before = character_start(text, before);
    if (!is_flag_letter(code_at(text, before))) break;
    odd = !odd;
  }
  return odd;
}

bool is_border(std::string_view text, std::size_t at) {
  const class_table& classes = class_table::get();
  const std::uint32_t next = code_at(text, at);
  if (next == '\'' || (classes[next] & (cc_space | cc_punct)) == 0) return false;
  // Kimi keeps Han characters in one piece, of which some are signs (U+2E80).
  if (classes[next] & cc_han) return false;
  const decoded c = decode_utf8(text.data() + at, text.data() + text.size());
  if (!c.valid || !nfc_inert(text.substr(at, c.length))) return false;
  const std::uint32_t previous = code_at(text, character_start(text, at));
  return (classes[previous] & (cc_letter | cc_number)) != 0;
}

}  // namespace

std::size_t last_border(split_kind kind, std::string_view text) noexcept {
  if (kind == split_kind::none) return 0;
  if (kind == split_kind::metaspace) {
    // Words stand alone: a cut before a space that follows something else.
    for (std::size_t at = text.size(); at > 1; --at) {
      const char before = text[at - 2];
      if (text[at - 1] == ' ' && before != ' ' && before != '\x81' && before != '>') return at - 1;
    }
    return 0;
  }
  for (std::size_t at = text.size(); at > 1;) {
    at = character_start(text, at);
    if (at > 0 && is_border(text, at)) return at;
  }
  return 0;
}

std::size_t safe_cut(std::string_view text, std::size_t at) noexcept {
  if (at >= text.size()) return text.size();
  // Back to the start of the sequence that `at` is in.
  for (std::size_t back = 1; back <= 3 && back <= at; ++back) {
    const decoded c = decode_utf8(text.data() + at - back, text.data() + text.size());
    if (c.valid && c.length > back) {
      at -= back;
      break;
    }
  }
  while (at > 0 && cuts(text, at)) at = character_start(text, at);
  return at;
}

}  // namespace bpe
