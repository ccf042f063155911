#pragma once
#include <atomic>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "ast.hpp"
#include "jinja/environment.hpp"

namespace jinja {

/// A compiled template and the memory that it lies in.
class program {
 public:
  const environment* env = nullptr;
  std::string name;
  std::string source;
  arena memory;
  unit* root = nullptr;
  std::vector<stmt*> blocks;
  bool empties_lists = false;  ///< calls `pop` or `clear`, which the immutable sandbox lets it
  std::set<std::string_view> undeclared;
  /// How long the last rendering was: so much is reserved for the next.
  mutable std::atomic<std::size_t> usual_bytes{0};

  /// The place of a byte: its line, its column and the line's text.
  void locate(error& why, std::uint32_t line, std::uint32_t offset) const;
};

}  // namespace jinja
