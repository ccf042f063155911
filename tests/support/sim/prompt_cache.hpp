#pragma once
#include "sim/chat_request.hpp"

#include <ark/testing.hpp>

#include <cstdint>
#include <set>

namespace ark::testing {

/// The vendors' prompt caches: which beginnings of prompts were seen. OpenAI's finds the longest
/// known beginning by itself, in steps of 128 tokens from 1,024 on; Anthropic's knows only what a
/// request marked, from 1,024 tokens on, and writing is billed apart. Entries do not expire.
class prompt_cache {
 public:
  /// Splits the prompt of `request` into its buckets, and remembers it.
  billed_tokens split(const chat_request& request);
  void clear() { known_.clear(); }

 private:
  billed_tokens split_automatic(const chat_request& request);
  billed_tokens split_marked(const chat_request& request);
  void remember(std::uint64_t prefix);

  std::set<std::uint64_t> known_;
};

}  // namespace ark::testing
