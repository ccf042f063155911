#pragma once

#include <array>
#include <string_view>

#include "bpe/encoder.hpp"
#include "image.hpp"

namespace bpe {

/// Finds added tokens in texts: the leftmost, of several the longest.
class special_finder {
 public:
  enum class phase { raw, normalized };
  struct match {
    std::size_t begin = 0;
    std::size_t end = 0;
    const special_row* row = nullptr;  ///< Null: there is none.
  };

  special_finder(const image_view& image, special mode, phase when);

  /// Whether any token is looked for.
  bool active() const { return active_; }
  match next(std::string_view text, std::size_t from) const;

 private:
  bool wanted(const special_row& row) const;
  const special_row* longest(std::string_view text, std::size_t at) const;
  match widen(std::string_view text, std::size_t from, std::size_t at,
              const special_row& row) const;

  const image_view& v_;
  special mode_;
  const trie_view& trie_;
  bool active_ = false;
  std::array<bool, 256> first_{};
};

}  // namespace bpe
