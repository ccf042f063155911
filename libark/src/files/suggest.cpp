#include "files/suggest.hpp"

#include <algorithm>
#include <array>
#include "base/text.hpp"

namespace ark::files {
namespace {

constexpr std::size_t longest_word = 64;

/// Optimal string alignment distance; both words at most `longest_word` long.
std::size_t distance(std::string_view a, std::string_view b) {
  std::array<std::array<std::size_t, longest_word + 1>, 3> rows{};
  auto* before = &rows[0];
  auto* last = &rows[1];
  auto* now = &rows[2];
  for (std::size_t j = 0; j <= b.size(); ++j) (*last)[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    (*now)[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t other = text::to_lower(a[i - 1]) == text::to_lower(b[j - 1]) ? 0 : 1;
      (*now)[j] = std::min({(*last)[j] + 1, (*now)[j - 1] + 1, (*last)[j - 1] + other});
      if (i > 1 && j > 1 && text::to_lower(a[i - 1]) == text::to_lower(b[j - 2]) &&
          text::to_lower(a[i - 2]) == text::to_lower(b[j - 1])) {
        (*now)[j] = std::min((*now)[j], (*before)[j - 2] + 1);
      }
    }
    std::swap(before, last);
    std::swap(last, now);
  }
  return (*last)[b.size()];
}

}  // namespace

std::string nearest(std::string_view word, const std::vector<std::string>& candidates) {
  if (word.empty() || word.size() > longest_word) return {};
  // A third of the letters may be wrong: more, and the suggestion is noise.
  std::size_t best = std::max<std::size_t>(1, word.size() / 3) + 1;
  std::string found;
  for (const auto& each : candidates) {
    if (each.size() > longest_word) continue;
    if (const auto d = distance(word, each); d < best) {
      best = d;
      found = each;
    }
  }
  return found;
}

}  // namespace ark::files
