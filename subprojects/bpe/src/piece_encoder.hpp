#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "image.hpp"

namespace bpe {

/// Encodes pieces that are no whole word. Keeps its working memory from piece to piece; one thread
/// at a time.
class piece_encoder {
 public:
  explicit piece_encoder(const image_view& image) : v_(image), known_(known_pairs) {}

  /// Appends the internal numbers of the tokens that the merges make of `piece`. Its symbols all
  /// have tokens. Linear time for vocabularies whose merges are monotone, else O(n log n).
  void encode(std::string_view piece, std::vector<std::uint32_t>& out) {
    if (!v_.has(flag_monotone) || irregular(piece) || !backtrack(piece, out)) merge(piece, out);
  }

  /// The definition itself: merges the pair of the least rank, the leftmost of equals, until none
  /// is left.
  void merge(std::string_view piece, std::vector<std::uint32_t>& out);

 private:
  bool backtrack(std::string_view piece, std::vector<std::uint32_t>& out);
  /// Whether the bytes of an irregular token are in `piece`: where they are not, such a token plays
  /// no part.
  bool irregular(std::string_view piece) const;
  trie_view::match longest(const char* p, const char* end);
  /// A token with its length; of length 0 for `no_token`.
  trie_view::match whole(std::uint32_t token) const;
  bool joins(std::uint32_t left, std::uint32_t right) const;
  /// The first of `token`, its longest prefix, that one's and so on that joins after `left`;
  /// `no_token` if none does. Through the memory of earlier answers.
  std::uint32_t follower(std::uint32_t left, std::uint32_t token) {
    const std::uint64_t key = (static_cast<std::uint64_t>(left) << 20 | token) + 1;
    std::uint64_t& known = known_[fold_product(key, 0x9E3779B97F4A7C15u) % known_pairs];
    if (known >> 20 != key) known = key << 20 | find_follower(left, token);
    return static_cast<std::uint32_t>(known & no_token);
  }
  std::uint32_t find_follower(std::uint32_t left, std::uint32_t token) const;

  struct part {
    std::uint32_t token;
    std::uint32_t next;
    std::uint32_t previous;
    std::uint32_t merged;  ///< What it and the next one make.
  };
  void split_symbols(std::string_view piece);
  void rank(std::uint32_t at);

  static constexpr std::size_t known_pairs = 1 << 16;

  const image_view& v_;
  std::vector<std::uint64_t> known_;  ///< Pair + 1 << 20 | its follower; by hash.
  std::vector<std::uint64_t> dead_;   ///< Bit i: no valid encoding goes on from byte i.
  // A run of one byte, whose longest token is `run_token_` where enough of it is left.
  const char* run_begin_ = nullptr;
  const char* run_end_ = nullptr;
  trie_view::match run_token_;
  std::vector<part> parts_;
  std::vector<std::uint64_t> queue_;  ///< A heap of merged token << 32 | index of the left part.
};

}  // namespace bpe
