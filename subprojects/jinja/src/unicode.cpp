#include "unicode.hpp"

#include <algorithm>

#include "unicode_data.hpp"

namespace jinja::unicode {
namespace {

using data::table;

std::uint16_t properties_of(char32_t c) noexcept {
  const auto all = data::runs();
  const auto next =
      std::upper_bound(all.begin(), all.end(), c,
                       [](char32_t point, const data::run& r) { return point < r.first; });
  return std::prev(next)->properties;
}

bool has(char32_t c, std::uint16_t property) noexcept { return (properties_of(c) & property) != 0; }

void map_one(std::string& to, char32_t c, table how) {
  const auto several = data::expansions(how);
  const auto e =
      std::lower_bound(several.begin(), several.end(), c,
                       [](const data::expansion& x, char32_t point) { return x.from < point; });
  if (e != several.end() && e->from == c) {
    for (const std::uint32_t point : e->to)
      if (point != 0) append(to, point);
    return;
  }
  const auto all = data::mappings(how);
  const auto m =
      std::lower_bound(all.begin(), all.end(), c,
                       [](const data::mapping& x, char32_t point) { return x.last < point; });
  if (m != all.end() && c >= m->first && (c - m->first) % m->step == 0)
    c = static_cast<char32_t>(static_cast<std::int64_t>(c) + m->delta);
  append(to, c);
}

/// A capital sigma at the end of a word has a small form of its own (Unicode 3.13, Final_Sigma).
bool is_final_sigma(std::string_view text, std::size_t at, std::size_t behind) noexcept {
  bool before = false;
  while (at > 0) {
    do --at;
    while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80);
    std::size_t end = at;
    const char32_t c = decode(text, end);
    if (has(c, data::case_ignorable)) continue;
    before = has(c, data::cased);
    break;
  }
  if (!before) return false;
  while (behind < text.size()) {
    const char32_t c = decode(text, behind);
    if (!has(c, data::case_ignorable)) return !has(c, data::cased);
  }
  return true;
}

constexpr char32_t capital_sigma = 0x3a3, final_sigma = 0x3c2;

void lower_one(std::string& to, std::string_view text, std::size_t at, std::size_t behind,
               char32_t c) {
  if (c == capital_sigma && is_final_sigma(text, at, behind))
    append(to, final_sigma);
  else
    map_one(to, c, table::lower);
}

std::string mapped(std::string_view text, table how) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    const char32_t c = decode(text, at);
    if (how == table::lower)
      lower_one(out, text, begin, at, c);
    else
      map_one(out, c, how);
  }
  return out;
}

}  // namespace

char32_t decode(std::string_view text, std::size_t& at) noexcept {
  const auto byte = [&](std::size_t i) -> unsigned {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const unsigned first = byte(at);
  const std::size_t begin = at++;
  if (first < 0x80) return first;
  const int more = first >= 0xf0 && first < 0xf5 ? 3 : first >= 0xe0 ? 2 : first >= 0xc2 ? 1 : 0;
  if (more == 0 || first >= 0xf5) return 0xfffd;
  char32_t c = first & (0x3fU >> more);
  for (int i = 1; i <= more; ++i) {
    const unsigned b = byte(begin + static_cast<std::size_t>(i));
    if ((b & 0xc0) != 0x80) return 0xfffd;
    c = c << 6 | (b & 0x3f);
  }
  if ((more == 2 && c < 0x800) || (more == 3 && (c < 0x10000 || c > 0x10ffff))) return 0xfffd;
  at = begin + static_cast<std::size_t>(more) + 1;
  return c;
}

void append(std::string& to, char32_t c) {
  if (c < 0x80) {
    to += static_cast<char>(c);
  } else if (c < 0x800) {
    to += static_cast<char>(0xc0 | c >> 6);
    to += static_cast<char>(0x80 | (c & 0x3f));
  } else if (c < 0x10000) {
    to += static_cast<char>(0xe0 | c >> 12);
    to += static_cast<char>(0x80 | (c >> 6 & 0x3f));
    to += static_cast<char>(0x80 | (c & 0x3f));
  } else {
    to += static_cast<char>(0xf0 | c >> 18);
    to += static_cast<char>(0x80 | (c >> 12 & 0x3f));
    to += static_cast<char>(0x80 | (c >> 6 & 0x3f));
    to += static_cast<char>(0x80 | (c & 0x3f));
  }
}

bool is_ascii(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<signed char>(c) >= 0; });
}

std::size_t length(std::string_view text) noexcept {
  if (is_ascii(text)) return text.size();
  std::size_t n = 0;
  for (std::size_t at = 0; at < text.size(); ++n) decode(text, at);
  return n;
}

std::size_t offset_of(std::string_view text, std::size_t index) noexcept {
  std::size_t at = 0;
  for (; index > 0 && at < text.size(); --index) decode(text, at);
  return at;
}

bool is_space(char32_t c) noexcept {
  if (c < 0x80) return c == ' ' || (c >= 9 && c <= 13) || (c >= 0x1c && c <= 0x1f);
  return has(c, data::space);
}
bool is_alpha(char32_t c) noexcept {
  if (c < 0x80) return (c | 32) >= 'a' && (c | 32) <= 'z';
  return has(c, data::alpha);
}
bool is_decimal(char32_t c) noexcept { return has(c, data::decimal); }
bool is_digit(char32_t c) noexcept { return has(c, data::digit); }
bool is_numeric(char32_t c) noexcept { return has(c, data::numeric); }
bool is_upper(char32_t c) noexcept { return has(c, data::upper); }
bool is_lower(char32_t c) noexcept { return has(c, data::lower); }
bool is_title(char32_t c) noexcept { return has(c, data::title); }
bool is_cased(char32_t c) noexcept { return has(c, data::cased); }
bool is_printable(char32_t c) noexcept { return has(c, data::printable); }
bool is_word(char32_t c) noexcept {
  if (c < 0x80) return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '_';
  return has(c, data::alpha | data::decimal | data::digit | data::numeric);
}
bool is_identifier_start(char32_t c) noexcept {
  if (c < 0x80) return is_alpha(c) || c == '_';
  return has(c, data::id_start);
}
bool is_identifier_part(char32_t c) noexcept {
  if (c < 0x80) return is_word(c);
  return has(c, data::id_part);
}

int decimal_value(char32_t c) noexcept {
  // Ten decimal digits are a run, whose zero stands at ...0 or ...6; but for the mathematical ones.
  constexpr char32_t mathematical = 0x1d7ce, mathematical_last = 0x1d7ff;
  if (c >= mathematical && c <= mathematical_last) return static_cast<int>((c - mathematical) % 10);
  char32_t zero = c;
  while (c - zero < 9 && is_decimal(zero - 1)) --zero;
  return static_cast<int>(c - zero);
}

std::string upper(std::string_view text) { return mapped(text, table::upper); }
std::string lower(std::string_view text) { return mapped(text, table::lower); }
std::string casefold(std::string_view text) { return mapped(text, table::fold); }

std::string title(std::string_view text) {
  std::string out;
  bool inside = false;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    const char32_t c = decode(text, at);
    if (inside)
      lower_one(out, text, begin, at, c);
    else
      map_one(out, c, table::title);
    inside = is_cased(c);
  }
  return out;
}

std::string capitalize(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    const char32_t c = decode(text, at);
    if (begin == 0)
      map_one(out, c, table::title);
    else
      lower_one(out, text, begin, at, c);
  }
  return out;
}

std::string swapcase(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    const char32_t c = decode(text, at);
    if (is_upper(c))
      lower_one(out, text, begin, at, c);
    else if (is_lower(c))
      map_one(out, c, table::upper);
    else
      append(out, c);
  }
  return out;
}

std::string_view trimmed(std::string_view text, bool left, bool right) noexcept {
  std::size_t begin = 0, end = text.size();
  while (left && begin < end) {
    std::size_t next = begin;
    if (!is_space(decode(text, next))) break;
    begin = next;
  }
  while (right && end > begin) {
    std::size_t last = end - 1;
    while (last > begin && (static_cast<unsigned char>(text[last]) & 0xc0) == 0x80) --last;
    std::size_t behind = last;
    if (!is_space(decode(text, behind)) || behind != end) break;
    end = last;
  }
  return text.substr(begin, end - begin);
}

}  // namespace jinja::unicode
