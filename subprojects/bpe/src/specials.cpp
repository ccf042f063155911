#include "specials.hpp"

#include "unicode.hpp"

namespace bpe {
namespace {

std::size_t space_before(std::string_view text, std::size_t from, std::size_t at) {
  const class_table& classes = class_table::get();
  while (at > from) {
    std::size_t start = at - 1;
    while (start > from && (static_cast<unsigned char>(text[start]) & 0xC0) == 0x80) --start;
    const decoded c = decode_utf8(text.data() + start, text.data() + at);
    if ((classes[c.code] & cc_space) == 0 || start + c.length != at) break;
    at = start;
  }
  return at;
}

std::size_t space_after(std::string_view text, std::size_t at) {
  const class_table& classes = class_table::get();
  while (at < text.size()) {
    const decoded c = decode_utf8(text.data() + at, text.data() + text.size());
    if ((classes[c.code] & cc_space) == 0) break;
    at += c.length;
  }
  return at;
}

bool word_character(std::string_view text, std::size_t at) {
  if (text[at] == '_') return true;
  const decoded c = decode_utf8(text.data() + at, text.data() + text.size());
  return (class_table::get()[c.code] & (cc_letter | cc_mark | cc_number)) != 0;
}

/// Whether letters touch `text[begin, end)`.
bool touched(std::string_view text, std::size_t begin, std::size_t end) {
  if (end < text.size() && word_character(text, end)) return true;
  if (begin == 0) return false;
  --begin;
  while (begin > 0 && (static_cast<unsigned char>(text[begin]) & 0xC0) == 0x80) --begin;
  return word_character(text, begin);
}

}  // namespace

special_finder::special_finder(const image_view& image, special mode, phase when)
    : v_(image),
      mode_(mode),
      trie_(when == phase::raw ? image.special_trie : image.normalized_trie) {
  for (const special_row& row : image.specials) {
    const bool normalized = (row.flags & special_normalized) != 0;
    if (normalized != (when == phase::normalized) || !wanted(row)) continue;
    first_[static_cast<unsigned char>(image.special_text(row)[0])] = true;
    active_ = true;
  }
}

bool special_finder::wanted(const special_row& row) const {
  if (mode_ == special::literal) return false;
  return mode_ != special::as_text || (row.flags & special_control) == 0;
}

const special_row* special_finder::longest(std::string_view text, std::size_t at) const {
  const special_row* best = nullptr;
  std::uint64_t unit = trie_.root();
  for (std::size_t i = at; i < text.size(); ++i) {
    unit = trie_.child(unit, static_cast<unsigned char>(text[i]));
    if (unit == 0) break;
    const std::uint32_t value = trie_view::value(unit);
    if (value >= v_.specials.size()) continue;
    const special_row& row = v_.specials[value];
    if (!wanted(row) || row.length != i + 1 - at) continue;
    if ((row.flags & special_whole_word) && touched(text, at, i + 1)) continue;
    best = &row;
  }
  return best;
}

special_finder::match special_finder::widen(std::string_view text, std::size_t from, std::size_t at,
                                            const special_row& row) const {
  match out{at, at + row.length, &row};
  if (row.flags & special_strip_left) out.begin = space_before(text, from, out.begin);
  if (row.flags & special_strip_right) out.end = space_after(text, out.end);
  return out;
}

special_finder::match special_finder::next(std::string_view text, std::size_t from) const {
  if (!active_) return {};
  for (std::size_t at = from; at < text.size(); ++at) {
    if (!first_[static_cast<unsigned char>(text[at])]) continue;
    if (const special_row* row = longest(text, at)) return widen(text, from, at, *row);
  }
  return {};
}

}  // namespace bpe
