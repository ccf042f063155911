#pragma once

#include "bpe/encoder.hpp"
#include "walk.hpp"

namespace bpe {

struct encoder::state {
  explicit state(vocabulary v) : vocab(std::move(v)), walk(vocab.image()) {}

  vocabulary vocab;
  walker walk;

  /// Why a walk ended early; an empty message if the sink wanted it.
  error refusal() const;
};

/// Counts.
struct count_sink {
  std::size_t count = 0;
  bool id(token_id, std::size_t) {
    ++count;
    return true;
  }
  bool ids(std::span<const token_id> all, std::size_t) {
    count += all.size();
    return true;
  }
};

inline constexpr std::size_t max_text_bytes = 0xFFFFFFFF;

}  // namespace bpe
