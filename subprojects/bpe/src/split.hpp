#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "unicode.hpp"

namespace bpe {

/// Split patterns that are matched by hand. Stored in compiled vocabularies: never renumber.
enum class split_kind : std::uint32_t {
  none = 0,         ///< The whole text is one piece.
  gpt2 = 1,         ///< gpt2, r50k_base, p50k_base
  cl100k = 2,       ///< cl100k_base, Llama 3, GLM-4: digits by three
  qwen2 = 3,        ///< Qwen 2 and 3: cl100k with single digits
  o200k = 4,        ///< o200k_base, o200k_harmony
  tekken = 5,       ///< Mistral's tekken: o200k without contractions, single digits
  kimi = 6,         ///< Kimi K2: o200k with runs of Han apart
  deepseek_v3 = 7,  ///< DeepSeek V3 and V4: digits, then runs of CJK, then the rest
  metaspace = 8,    ///< SentencePiece words: before runs of U+2581, but not after '>'
  qwen3_5 = 9,      ///< cl100k with marks as letters, single digits
};

/// The kind whose regular expression, or short name, is `pattern`; false if none is known.
bool split_kind_of(std::string_view pattern, split_kind& kind) noexcept;

/// A regular expression that means what `kind` does ("" for none, metaspace and deepseek_v3).
std::string_view split_pattern(split_kind kind) noexcept;

/// Cuts a text into pieces, as the pattern's successive matches and what lies between them.
class splitter {
 public:
  splitter(split_kind kind, std::string_view text) noexcept;

  /// The next piece; empty at the end.
  std::string_view next() noexcept {
    if (at_ == end_) return {};
    const char* from = at_;
    at_ = step_(*this, from);
    return {from, static_cast<std::size_t>(at_ - from)};
  }

 private:
  using step = const char* (*)(splitter&, const char*) noexcept;
  friend struct split_steps;
  const char* at_;
  const char* end_;
  const char* fragment_end_;  ///< deepseek_v3: where the first two expressions cut next.
  const class_table& classes_;
  step step_;
};

}  // namespace bpe
