#include "bpe/estimate.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "estimate_data.hpp"
#include "unicode.hpp"

namespace bpe {
namespace {

enum script_class : std::size_t { latin, cjk, code, space, other };

bool within(std::uint32_t code_point, std::uint32_t first, std::uint32_t last) {
  return code_point >= first && code_point <= last;
}

script_class class_of(std::uint32_t c) {
  if (c < 0x80) {
    if (within(c | 0x20, 'a', 'z')) return latin;
    return c == ' ' || within(c, '\t', '\r') ? space : code;
  }
  if (within(c, 0xC0, 0x24F)) return latin;
  const bool wide = within(c, 0x1100, 0x11FF) || within(c, 0x2E80, 0x9FFF) ||
                    within(c, 0xAC00, 0xD7AF) || within(c, 0xF900, 0xFAFF) ||
                    within(c, 0xFF00, 0xFFEF) || within(c, 0x20000, 0x3FFFF);
  return wide ? cjk : other;
}

std::size_t rounded(double value) { return static_cast<std::size_t>(std::llround(value)); }

}  // namespace

token_estimate estimate_tokens(std::string_view text) noexcept {
  std::array<std::size_t, class_fits.size()> characters{};
  const char* const end = text.data() + text.size();
  for (const char* p = text.data(); p < end;) {
    const decoded c = decode_utf8(p, end);
    ++characters[class_of(c.code)];
    p += c.length;
  }
  double tokens = 0;
  for (std::size_t i = 0; i < characters.size(); ++i) {
    tokens += class_fits[i].rate * static_cast<double>(characters[i]);
  }
  // The class with most characters tells the interval; white space tells nothing.
  characters[space] = 0;
  const auto lead = std::max_element(characters.begin(), characters.end());
  const bool blank = *lead == 0;
  const class_fit& fit =
      class_fits[blank ? code : static_cast<std::size_t>(lead - characters.begin())];
  return {rounded(tokens), static_cast<std::size_t>(std::floor(tokens * fit.low)),
          static_cast<std::size_t>(std::ceil(tokens * fit.high))};
}

}  // namespace bpe
