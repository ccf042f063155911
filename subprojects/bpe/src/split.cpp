#include "split.hpp"

#include <array>

#include "split_steps.hpp"

namespace bpe {
namespace {

// The expressions as the files that carry them write them.
constexpr std::string_view gpt2_text =
    R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";
constexpr std::string_view gpt2_grouped_text =
    R"('(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";
constexpr std::string_view gpt2_possessive_text =
    R"('(?:[sdmt]|ll|ve|re)| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|\s++$|\s+(?!\S)|\s)";
constexpr std::string_view cl100k_text =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|)"
    R"( ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
constexpr std::string_view cl100k_possessive_text =
    R"('(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+|)"
    R"( ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s)";
constexpr std::string_view qwen2_text =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}|)"
    R"( ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
constexpr std::string_view qwen3_5_text =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}|)"
    R"( ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
constexpr std::string_view o200k_text =
    R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}])"
    R"(+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|)"
    R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}])"
    R"(*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|)"
    R"(\s+(?!\S)|\s+)";
constexpr std::string_view tekken_text =
    R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|)"
    R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|\p{N}|)"
    R"( ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
constexpr std::string_view kimi_text =
    R"([\p{Han}]+|)"
    R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]])"
    R"(*[\p{Ll}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|)"
    R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]])"
    R"(+[\p{Ll}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}|)"
    R"( ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";

struct known {
  std::string_view text;
  split_kind kind;
};

constexpr std::array patterns = {
    known{gpt2_text, split_kind::gpt2},
    known{gpt2_grouped_text, split_kind::gpt2},
    known{gpt2_possessive_text, split_kind::gpt2},
    known{cl100k_text, split_kind::cl100k},
    known{cl100k_possessive_text, split_kind::cl100k},
    known{qwen2_text, split_kind::qwen2},
    known{qwen3_5_text, split_kind::qwen3_5},
    known{o200k_text, split_kind::o200k},
    known{tekken_text, split_kind::tekken},
    known{kimi_text, split_kind::kimi},
    known{"gpt2", split_kind::gpt2},
    known{"cl100k", split_kind::cl100k},
    known{"qwen2", split_kind::qwen2},
    known{"qwen3_5", split_kind::qwen3_5},
    known{"o200k", split_kind::o200k},
    known{"tekken", split_kind::tekken},
    known{"kimi", split_kind::kimi},
};

}  // namespace

bool split_kind_of(std::string_view pattern, split_kind& kind) noexcept {
  for (const known& row : patterns) {
    if (row.text != pattern) continue;
    kind = row.kind;
    return true;
  }
  return false;
}

std::string_view split_pattern(split_kind kind) noexcept {
  for (const known& row : patterns) {
    if (row.kind == kind) return row.text;
  }
  return {};
}

splitter::splitter(split_kind kind, std::string_view text) noexcept
    : at_(text.data()),
      end_(text.data() + text.size()),
      fragment_end_(text.data()),
      classes_(class_table::get()),
      step_(split_steps::of(kind)) {}

}  // namespace bpe
