#include "unicode.hpp"

#include <algorithm>
#include <map>

#include "unicode_data.hpp"

namespace bpe {
namespace {

bool continues(unsigned char byte) { return (byte & 0xC0) == 0x80; }

/// Length that a lead byte announces; 0 for a byte that cannot lead.
std::uint32_t announced(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead < 0xC2) return 0;
  if (lead < 0xE0) return 2;
  if (lead < 0xF0) return 3;
  return lead < 0xF5 ? 4 : 0;
}

/// Whether the second byte is in the range that the lead allows (no overlong form, surrogate, >
/// U+10FFFF).
bool second_fits(unsigned char lead, unsigned char second) {
  if (!continues(second)) return false;
  if (lead == 0xE0) return second >= 0xA0;
  if (lead == 0xED) return second < 0xA0;
  if (lead == 0xF0) return second >= 0x90;
  if (lead == 0xF4) return second < 0x90;
  return true;
}

}  // namespace

decoded decode_utf8(const char* p, const char* end) noexcept {
  const auto* b = reinterpret_cast<const unsigned char*>(p);
  const std::uint32_t length = announced(b[0]);
  if (length == 1) return {b[0], 1, true};
  if (length == 0 || end - p < static_cast<std::ptrdiff_t>(length) || !second_fits(b[0], b[1])) {
    return {};
  }
  if (length == 2) return {(b[0] & 0x1Fu) << 6 | (b[1] & 0x3Fu), 2, true};
  if (!continues(b[2])) return {};
  if (length == 3) {
    return {(b[0] & 0x0Fu) << 12 | (b[1] & 0x3Fu) << 6 | (b[2] & 0x3Fu), 3, true};
  }
  if (!continues(b[3])) return {};
  return {(b[0] & 0x07u) << 18 | (b[1] & 0x3Fu) << 12 | (b[2] & 0x3Fu) << 6 | (b[3] & 0x3Fu), 4,
          true};
}

void append_utf8(std::string& out, std::uint32_t code) {
  const auto put = [&](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (code < 0x80) return put(code);
  if (code < 0x800) {
    put(0xC0 | code >> 6);
  } else {
    if (code < 0x10000) {
      put(0xE0 | code >> 12);
    } else {
      put(0xF0 | code >> 18);
      put(0x80 | (code >> 12 & 0x3F));
    }
    put(0x80 | (code >> 6 & 0x3F));
  }
  put(0x80 | (code & 0x3F));
}

const class_table& class_table::get() {
  static const class_table table;
  return table;
}

class_table::class_table() {
  const auto ranges = class_ranges();
  std::map<std::array<std::uint8_t, 128>, std::uint16_t> seen;
  std::size_t range = 0;
  for (std::uint32_t block = 0; block < index_.size(); ++block) {
    std::array<std::uint8_t, 128> classes{};
    for (std::uint32_t i = 0; i < 128; ++i) {
      const std::uint32_t code = block * 128 + i;
      while (range + 1 < ranges.size() && ranges[range + 1] >> 8 <= code) ++range;
      classes[i] = static_cast<std::uint8_t>(ranges[range] & 0xFF);
    }
    const auto [it, fresh] = seen.try_emplace(classes, static_cast<std::uint16_t>(seen.size()));
    if (fresh) blocks_.insert(blocks_.end(), classes.begin(), classes.end());
    index_[block] = it->second;
  }
}

std::size_t incomplete_tail(std::string_view text) noexcept {
  for (std::size_t back = 1; back <= 3 && back <= text.size(); ++back) {
    const auto byte = static_cast<unsigned char>(text[text.size() - back]);
    if (continues(byte)) continue;
    if (announced(byte) <= back) return 0;
    if (back == 1) return 1;
    return second_fits(byte, static_cast<unsigned char>(text[text.size() - back + 1])) ? back : 0;
  }
  return 0;
}

}  // namespace bpe
