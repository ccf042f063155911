#pragma once

#include <cstddef>
#include <string_view>

namespace bpe {

/// A guess at the tokens of a text for a model whose vocabulary is not known. Not a count.
struct token_estimate {
  std::size_t tokens = 0;  ///< The best guess.
  std::size_t low = 0;     ///< The true number is from `low` to `high` for 90 % of ordinary texts,
  std::size_t high = 0;    ///< whichever of the six vocabularies of the fit is meant.
};

/// Estimates from the characters of each script class: Latin letters, CJK, digits and signs, white
/// space, others. Rates and intervals are fitted (scripts/fit_estimate.py) on the texts of
/// categories english, chinese, code, mixed, url_json, numbers, scripts and emoji with o200k_base,
/// cl100k_base, Qwen 3, DeepSeek V4, Llama 3.2 and Gemma 3. Random characters and long runs of one
/// character lie outside. Chat framing, tools and media are not in it.
token_estimate estimate_tokens(std::string_view text) noexcept;

}  // namespace bpe
