#include "nfc.hpp"

#include <algorithm>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "unicode.hpp"
#include "unicode_data.hpp"

namespace bpe {
namespace {

// Hangul syllables, Unicode 3.12.
constexpr std::uint32_t s_base = 0xAC00;
constexpr std::uint32_t l_base = 0x1100;
constexpr std::uint32_t v_base = 0x1161;
constexpr std::uint32_t t_base = 0x11A7;
constexpr std::uint32_t l_count = 19;
constexpr std::uint32_t v_count = 21;
constexpr std::uint32_t t_count = 28;
constexpr std::uint32_t s_count = l_count * v_count * t_count;
constexpr std::uint32_t raw_byte = 0x80000000;  ///< Marks a byte that is not UTF-8.
constexpr std::uint32_t first_not_inert = 0x300;

class nfc_tables {
 public:
  static const nfc_tables& get() {
    static const nfc_tables tables;
    return tables;
  }

  bool inert(std::uint32_t code) const { return !active_[code]; }
  std::uint8_t combining(std::uint32_t code) const {
    if (code < first_not_inert || code > 0x10FFFF || !active_[code]) return 0;
    const auto ranges = combining_ranges();
    const auto after =
        std::upper_bound(ranges.begin(), ranges.end(), code,
                         [](std::uint32_t c, std::uint32_t range) { return c < range >> 8; });
    return static_cast<std::uint8_t>(*(after - 1) & 0xFF);
  }
  const decomposition* find(std::uint32_t code) const {
    const auto all = decompositions();
    const auto at =
        std::lower_bound(all.begin(), all.end(), code,
                         [](const decomposition& d, std::uint32_t c) { return d.code < c; });
    return at != all.end() && at->code == code ? &*at : nullptr;
  }
  std::uint32_t compose(std::uint32_t first, std::uint32_t second) const {
    if (first - l_base < l_count && second - v_base < v_count) {
      return s_base + ((first - l_base) * v_count + (second - v_base)) * t_count;
    }
    if (first - s_base < s_count && (first - s_base) % t_count == 0 && second > t_base &&
        second < t_base + t_count) {
      return first + (second - t_base);
    }
    const auto it = composed_.find(static_cast<std::uint64_t>(first) << 32 | second);
    return it == composed_.end() ? 0 : it->second;
  }

 private:
  nfc_tables() : active_(0x110000) {
    const auto ranges = combining_ranges();
    for (std::size_t i = 0; i < ranges.size(); ++i) {
      if ((ranges[i] & 0xFF) == 0) continue;
      const std::uint32_t end = i + 1 < ranges.size() ? ranges[i + 1] >> 8 : 0x110000;
      for (std::uint32_t code = ranges[i] >> 8; code < end; ++code) active_[code] = true;
    }
    for (const decomposition& d : decompositions()) active_[d.code] = true;
    for (const composition& c : compositions()) {
      composed_.emplace(static_cast<std::uint64_t>(c.first) << 32 | c.second, c.code);
      active_[c.code] = false;  // it stays as it is
    }
    for (const composition& c : compositions()) active_[c.second] = true;
    for (std::uint32_t i = 0; i < v_count; ++i) active_[v_base + i] = true;
    for (std::uint32_t i = 1; i < t_count; ++i) active_[t_base + i] = true;
  }

  std::vector<bool> active_;
  std::unordered_map<std::uint64_t, std::uint32_t> composed_;
};

void decompose(const nfc_tables& tables, std::uint32_t code, std::vector<std::uint32_t>& out) {
  if (code < 0xC0) return out.push_back(code);
  if (code - s_base < s_count) {
    const std::uint32_t index = code - s_base;
    out.push_back(l_base + index / (v_count * t_count));
    out.push_back(v_base + index / t_count % v_count);
    if (index % t_count != 0) out.push_back(t_base + index % t_count);
    return;
  }
  const decomposition* d = tables.find(code);
  if (d == nullptr) return out.push_back(code);
  for (const std::uint32_t part : d->parts) {
    if (part != 0) out.push_back(part);
  }
}

/// Sorts each run of marks by their classes.
void order(const nfc_tables& tables, std::vector<std::uint32_t>& codes) {
  for (std::size_t i = 0; i < codes.size();) {
    std::size_t end = i;
    while (end < codes.size() && tables.combining(codes[end]) != 0) ++end;
    std::stable_sort(codes.begin() + static_cast<std::ptrdiff_t>(i),
                     codes.begin() + static_cast<std::ptrdiff_t>(end),
                     [&](std::uint32_t a, std::uint32_t b) {
                       return tables.combining(a) < tables.combining(b);
                     });
    i = end + 1;
  }
}

/// Joins what can be joined, in place.
void compose(const nfc_tables& tables, std::vector<std::uint32_t>& codes) {
  constexpr std::size_t none = static_cast<std::size_t>(-1);
  std::size_t starter = none;
  std::size_t to = 0;
  int last_class = -1;  // of what lies between the starter and here; -1: nothing
  for (const std::uint32_t code : codes) {
    const int own_class = tables.combining(code);
    if (starter != none && last_class < own_class) {
      if (const std::uint32_t joined = tables.compose(codes[starter], code); joined != 0) {
        codes[starter] = joined;
        continue;
      }
    }
    if (own_class == 0) {
      starter = to;
      last_class = -1;
    } else {
      last_class = own_class;
    }
    codes[to++] = code;
  }
  codes.resize(to);
}

}  // namespace

bool nfc_inert(std::string_view text) noexcept {
  const char* p = text.data();
  const char* const end = p + text.size();
  const nfc_tables& tables = nfc_tables::get();
  while (p < end) {
    // U+0300 begins with CC 80: below it every character is inert.
    if (static_cast<unsigned char>(*p) < 0xCC) {
      ++p;
      continue;
    }
    const decoded c = decode_utf8(p, end);
    if (c.valid && !tables.inert(c.code)) return false;
    p += c.length;
  }
  return true;
}

std::string to_nfc(std::string_view text) {
  const nfc_tables& tables = nfc_tables::get();
  std::vector<std::uint32_t> codes;
  codes.reserve(text.size());
  const char* const end = text.data() + text.size();
  for (const char* p = text.data(); p < end;) {
    const decoded c = decode_utf8(p, end);
    if (c.valid) {
      decompose(tables, c.code, codes);
    } else {
      codes.push_back(raw_byte | static_cast<unsigned char>(*p));
    }
    p += c.length;
  }
  order(tables, codes);
  compose(tables, codes);
  std::string out;
  out.reserve(text.size());
  for (const std::uint32_t code : codes) {
    if (code & raw_byte) {
      out.push_back(static_cast<char>(code & 0xFF));
    } else {
      append_utf8(out, code);
    }
  }
  return out;
}

std::size_t nfc_boundary(std::string_view text) noexcept {
  const nfc_tables& tables = nfc_tables::get();
  for (std::size_t at = text.size(); at > 0;) {
    --at;
    if ((static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) continue;
    const decoded c = decode_utf8(text.data() + at, text.data() + text.size());
    if (c.valid && tables.inert(c.code)) return at;
  }
  return 0;
}

}  // namespace bpe
