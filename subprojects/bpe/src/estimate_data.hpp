#pragma once

// Made by scripts/fit_estimate.py from tokens/dev.jsonl (o200k_base, cl100k_base) and
// tokens/vendors_dev.jsonl (qwen3, deepseek_v4, llama3_2, gemma3), even rows of the ordinary
// categories, November 2026; do not edit.

#include <array>

namespace bpe {

struct class_fit {
  double rate;  ///< Tokens for a character.
  double low;   ///< The interval, where the class leads, as parts of the estimate.
  double high;
};

/// In the order of script_class.
inline constexpr std::array<class_fit, 5> class_fits = {{
    {0.2272, 0.865, 2.511},  // latin
    {0.9512, 0.703, 1.567},  // cjk
    {0.5403, 0.801, 1.608},  // code
    {0.1113, 0.801, 1.608},  // space
    {1.9661, 0.651, 1.490},  // other
}};

}  // namespace bpe
