#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "bpe/error.hpp"
#include "image.hpp"

namespace bpe {

/// A vocabulary as its file tells it, before the tables are made.
struct vocabulary_source {
  struct token {
    std::string bytes;
    std::uint32_t id = 0;
  };
  struct added {
    std::string text;
    std::uint32_t id = 0;
    std::uint32_t flags = 0;  ///< special_flag
    /// The file itself gives its id to another text too, which decoding then gives.
    bool shares_id = false;
  };

  std::string name;
  split_kind split = split_kind::none;
  std::uint32_t flags = 0;  ///< image_flag, without flag_monotone
  /// A piece that is a token is that token, whether or not merges make it (tiktoken,
  /// `ignore_merges`).
  bool whole_words = true;
  /// Two neighbours merge when their bytes together are a token, in the order of ids (tiktoken).
  /// Else `merges`.
  bool ranks_are_ids = true;
  std::vector<token> tokens;
  /// Indices into `tokens`, in order of rank.
  std::vector<std::pair<std::uint32_t, std::uint32_t>> merges;
  std::vector<added> added_tokens;
};

/// Makes the compiled form.
result<std::string> build_image(const vocabulary_source& source);

/// Keys in ascending order without duplicates, with values below `trie_view::no_value`.
std::vector<std::uint64_t> build_trie(
    const std::vector<std::pair<std::string_view, std::uint32_t>>& sorted);

}  // namespace bpe
