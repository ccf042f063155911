#include "split_steps.hpp"

namespace bpe {
namespace {

constexpr std::uint8_t cased = cc_upper | cc_lower;
constexpr std::uint8_t uncased = cc_other_letter | cc_mark;  // [\p{Lm}\p{Lo}\p{M}]
constexpr std::uint8_t not_symbol = cc_space | cc_letter | cc_number;

struct seen {
  std::uint8_t bits;
  std::uint32_t length;
};

/// The text that a step may look at.
struct view {
  const class_table& classes;
  const char* end;

  seen peek(const char* p) const noexcept {
    const auto byte = static_cast<unsigned char>(*p);
    if (byte < 0x80) return {ascii_bits[byte], 1};
    // U+5000 to U+9FFF: all are letters of no case and of script Han.
    if (byte >= 0xE5 && byte <= 0xE9 && end - p >= 3 && (p[1] & 0xC0) == 0x80 &&
        (p[2] & 0xC0) == 0x80) {
      return {cc_other_letter | cc_han, 3};
    }
    const decoded c = decode_utf8(p, end);
    return {classes[c.code], c.length};
  }
  std::uint8_t bits_at(const char* p) const noexcept { return p < end ? peek(p).bits : 0; }

  /// The end of the longest run of characters from `p` that have a bit of `mask`.
  template <std::uint8_t mask>
  const char* run(const char* p) const noexcept {
    while (p < end) {
      const seen c = peek(p);
      if ((c.bits & mask) == 0) break;
      p += c.length;
    }
    return p;
  }
  /// The end of the longest run of characters from `p` that have no bit of `mask`.
  template <std::uint8_t mask>
  const char* run_without(const char* p) const noexcept {
    while (p < end) {
      const seen c = peek(p);
      if ((c.bits & mask) != 0) break;
      p += c.length;
    }
    return p;
  }
};

bool is_newline(char c) { return c == '\n' || c == '\r'; }

/// `(?i:'s|'t|'re|'ve|'m|'ll|'d)?` at `p`; U+017F folds to s.
const char* contraction(const char* p, const char* end) noexcept {
  if (end - p < 2 || *p != '\'') return p;
  const char first = static_cast<char>(p[1] | 0x20);
  if (p[1] >= 'A' && (first == 's' || first == 't' || first == 'm' || first == 'd')) return p + 2;
  if (end - p < 3) return p;
  if (p[1] == '\xC5' && p[2] == '\xBF') return p + 3;
  if (p[1] < 'A' || p[2] < 'A') return p;
  const char second = static_cast<char>(p[2] | 0x20);
  const bool pair = (first == 'r' && second == 'e') || (first == 'v' && second == 'e') ||
                    (first == 'l' && second == 'l');
  return pair ? p + 3 : p;
}

/// `\p{N}{1,limit}`
template <int limit>
const char* digits(const view& v, const char* p) noexcept {
  for (int i = 0; i < limit && p < v.end; ++i) {
    const seen c = v.peek(p);
    if ((c.bits & cc_number) == 0) break;
    p += c.length;
  }
  return p;
}

/// `\s*[\r\n]+|\s+(?!\S)|\s+`, or without its first part. `p` is at a space.
template <bool lines>
const char* spaces(const view& v, const char* p) noexcept {
  const char* at = p;
  const char* last = p;
  const char* line = nullptr;
  while (at < v.end) {
    const seen c = v.peek(at);
    if ((c.bits & cc_space) == 0) break;
    last = at;
    at += c.length;
    if (lines && is_newline(*last)) line = at;
  }
  if (line != nullptr) return line;
  return at == v.end || last == p ? at : last;
}

enum class trailing { nothing, lines, lines_and_slashes };

template <trailing kind>
const char* trail(const char* p, const char* end) noexcept {
  if constexpr (kind == trailing::nothing) return p;
  while (p < end && (is_newline(*p) || (kind == trailing::lines_and_slashes && *p == '/'))) ++p;
  return p;
}

/// ` ?[^\s\p{L}\p{N}]+[\r\n/]*`, then spaces. `mask`: what the bracket leaves out.
template <trailing kind, std::uint8_t mask>
const char* symbols_or_spaces(const view& v, const char* p) noexcept {
  const char* from = *p == ' ' ? p + 1 : p;
  const char* at = v.run_without<mask>(from);
  if (at != from) return trail<kind>(at, v.end);
  return spaces < kind != trailing::nothing > (v, p);
}

/// cl100k and its kin. `letters`: what makes a word.
template <int digit_limit, std::uint8_t letters>
const char* cl100k_like(const view& v, const char* p) noexcept {
  const seen c = v.peek(p);
  if (c.bits & letters) return v.run<letters>(p + c.length);
  if (*p == '\'') {
    const char* end = contraction(p, v.end);
    if (end != p) return end;
  }
  if (c.bits & cc_number) return digits<digit_limit>(v, p);
  if (!is_newline(*p)) {
    const char* from = p + c.length;
    const char* at = v.run<letters>(from);
    if (at != from) return at;
  }
  return symbols_or_spaces < trailing::lines, letters | cc_space | cc_number > (v, p);
}

/// o200k and its kin.
template <bool han_apart, bool contracts, int digit_limit, trailing symbol_trail>
struct o200k_like {
  /// The bits that count for `[\p{Lu}...&&[^\p{Han}]]`.
  static std::uint8_t set(std::uint8_t bits) noexcept {
    return han_apart && (bits & cc_han) ? 0 : bits;
  }

  template <std::uint8_t mask>
  static const char* run(const view& v, const char* p) noexcept {
    if constexpr (!han_apart) return v.run<mask>(p);
    while (p < v.end) {
      const seen c = v.peek(p);
      if ((set(c.bits) & mask) == 0) break;
      p += c.length;
    }
    return p;
  }

  /// `[upper or uncased]*[lower or uncased]+`, as a backtracking matcher finds it; null if it does
  /// not match.
  static const char* lower_word(const view& v, const char* p) noexcept {
    const char* given_back = nullptr;
    while (p < v.end) {
      const seen c = v.peek(p);
      const std::uint8_t bits = set(c.bits);
      if (bits & cc_lower) return run < cc_lower | uncased > (v, p + c.length);
      if ((bits & (cc_upper | uncased)) == 0) break;
      p += c.length;
      if (bits & uncased) given_back = p;
    }
    return given_back;
  }

  /// `[upper or uncased]+[lower or uncased]*`; null if it does not match.
  static const char* upper_word(const view& v, const char* p) noexcept {
    const char* at = run < cc_upper | uncased > (v, p);
    return at == p ? nullptr : run < cc_lower | uncased > (v, at);
  }

  /// Both forms, with `[^\r\n\p{L}\p{N}]?` before them; null if neither matches.
  static const char* word(const view& v, const char* p, const seen& c) noexcept {
    const bool prefix = (c.bits & (cc_letter | cc_number)) == 0 && !is_newline(*p);
    const bool bare = (set(c.bits) & (cased | uncased)) != 0;
    if (!prefix && !bare) return nullptr;
    const char* after = p + c.length;
    const char* at = prefix ? lower_word(v, after) : nullptr;
    if (at == nullptr && bare) at = lower_word(v, p);
    if (at == nullptr && prefix) at = upper_word(v, after);
    if (at == nullptr && bare) at = upper_word(v, p);
    if constexpr (!contracts) return at;
    return at == nullptr ? nullptr : contraction(at, v.end);
  }

  static const char* next(const view& v, const char* p) noexcept {
    const seen c = v.peek(p);
    if (han_apart && (c.bits & cc_han)) return v.run<cc_han>(p);
    if (const char* at = word(v, p, c)) return at;
    if (c.bits & cc_number) return digits<digit_limit>(v, p);
    return symbols_or_spaces<symbol_trail, not_symbol>(v, p);
  }
};

/// `[一-龥぀-ゟ゠-ヿ]`: U+4E00 to U+9FA5, U+3040 to U+30FF.
bool deepseek_cjk(const char* p, const char* end) noexcept {
  const auto byte = static_cast<unsigned char>(*p);
  if (byte < 0xE3 || byte > 0xE9) return false;
  const std::uint32_t code = decode_utf8(p, end).code;
  return (code >= 0x4E00 && code <= 0x9FA5) || (code >= 0x3040 && code <= 0x30FF);
}

/// Where the first digit or CJK character of the text from `p` is.
const char* end_of_rest(const view& v, const char* p) noexcept {
  while (p < v.end && !deepseek_cjk(p, v.end)) {
    const seen c = v.peek(p);
    if (c.bits & cc_number) break;
    p += c.length;
  }
  return p;
}

bool ascii_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

/// The third expression of DeepSeek V3 within a fragment that ends at `v.end`.
const char* deepseek_rest(const view& v, const char* p) noexcept {
  constexpr std::uint8_t letters = cc_letter | cc_mark;
  const seen c = v.peek(p);
  const auto byte = static_cast<unsigned char>(*p);
  if (byte < 0x80 && (c.bits & cc_punct) && p + 1 < v.end && ascii_letter(p[1])) {
    p += 2;
    while (p < v.end && ascii_letter(*p)) ++p;
    return p;
  }
  const char* after = p + c.length;
  if (c.bits & letters) return v.run<letters>(after);
  if ((c.bits & cc_punct) == 0 && !is_newline(*p)) {
    const char* at = v.run<letters>(after);
    if (at != after) return at;
  }
  const char* from = *p == ' ' ? p + 1 : p;
  const char* at = v.run<cc_punct>(from);
  if (at != from) return trail<trailing::lines>(at, v.end);
  if (c.bits & cc_space) return spaces<true>(v, p);
  // No part matches here: the piece lasts until one does.
  for (at = after; at < v.end; at += v.peek(at).length) {
    const seen d = v.peek(at);
    if (d.bits & (letters | cc_punct | cc_space)) break;
    if (v.bits_at(at + d.length) & letters) break;
  }
  return at;
}

}  // namespace

splitter::step split_steps::of(split_kind kind) noexcept {
  switch (kind) {
    case split_kind::none:
      return whole;
    case split_kind::gpt2:
      return gpt2;
    case split_kind::cl100k:
      return cl100k;
    case split_kind::qwen2:
      return qwen2;
    case split_kind::o200k:
      return o200k;
    case split_kind::tekken:
      return tekken;
    case split_kind::kimi:
      return kimi;
    case split_kind::deepseek_v3:
      return deepseek_v3;
    case split_kind::metaspace:
      return metaspace;
    case split_kind::qwen3_5:
      return qwen3_5;
  }
  return whole;
}

const char* split_steps::whole(splitter& s, const char*) noexcept { return s.end_; }

const char* split_steps::gpt2(splitter& s, const char* p) noexcept {
  const view v{s.classes_, s.end_};
  if (*p == '\'' && v.end - p >= 2 && p[1] >= 'a' && p[1] <= 'z') {
    // The expression knows small letters only.
    const char* end = contraction(p, v.end);
    if (end != p && (end - p == 2 || p[2] >= 'a')) return end;
  }
  const char* from = *p == ' ' ? p + 1 : p;
  const char* at = v.run<cc_letter>(from);
  if (at == from) at = v.run<cc_number>(from);
  if (at != from) return at;
  return symbols_or_spaces<trailing::nothing, not_symbol>(v, p);
}

const char* split_steps::cl100k(splitter& s, const char* p) noexcept {
  return cl100k_like<3, cc_letter>({s.classes_, s.end_}, p);
}

const char* split_steps::qwen2(splitter& s, const char* p) noexcept {
  return cl100k_like<1, cc_letter>({s.classes_, s.end_}, p);
}

const char* split_steps::qwen3_5(splitter& s, const char* p) noexcept {
  return cl100k_like < 1, cc_letter | cc_mark > ({s.classes_, s.end_}, p);
}

const char* split_steps::o200k(splitter& s, const char* p) noexcept {
  return o200k_like<false, true, 3, trailing::lines_and_slashes>::next({s.classes_, s.end_}, p);
}

const char* split_steps::tekken(splitter& s, const char* p) noexcept {
  return o200k_like<false, false, 1, trailing::lines_and_slashes>::next({s.classes_, s.end_}, p);
}

const char* split_steps::kimi(splitter& s, const char* p) noexcept {
  return o200k_like<true, true, 3, trailing::lines>::next({s.classes_, s.end_}, p);
}

const char* split_steps::deepseek_v3(splitter& s, const char* p) noexcept {
  const view all{s.classes_, s.end_};
  if (p == s.fragment_end_) {
    const seen c = all.peek(p);
    if (c.bits & cc_number) return s.fragment_end_ = digits<3>(all, p);
    const char* at = p;
    while (at < s.end_ && deepseek_cjk(at, s.end_)) at += 3;
    // The third expression goes over a run of CJK too, which may hold signs.
    s.fragment_end_ = at != p ? at : end_of_rest(all, p);
  }
  return deepseek_rest({s.classes_, s.fragment_end_}, p);
}

const char* split_steps::metaspace(splitter& s, const char* p) noexcept {
  const auto marks = [&](const char* at) {
    return s.end_ - at >= 3 && at[0] == '\xE2' && at[1] == '\x96' && at[2] == '\x81';
  };
  while (marks(p)) p += 3;
  while (p < s.end_) {
    const bool crossed = *p++ == '>';
    if (!crossed && marks(p)) break;
    while (crossed && marks(p)) p += 3;
  }
  return p;
}

}  // namespace bpe
