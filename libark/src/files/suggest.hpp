#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace ark::files {

/// The candidate nearest to `word` (insertions, deletions, replacements and swaps of neighbours,
/// capital letters aside), or "" if none is near enough to be what was meant. Pure.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace ark::files
