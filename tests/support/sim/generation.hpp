#pragma once
#include "sim/chat_request.hpp"
#include "sim/prompt_cache.hpp"

#include <ark/testing.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ark::testing {

struct made_call {
  std::string name;
  std::string arguments;  ///< JSON text
};

/// What the simulated model said to a request.
struct generation {
  enum class ending : std::uint8_t { stop, stop_sequence, length, tool_calls, refusal };
  std::string reasoning;  ///< shown reasoning, "" when it is hidden
  std::string text;
  std::vector<made_call> calls;
  ending end = ending::stop;
  std::string stop_sequence;
  billed_tokens tokens;
};

/// Decides the answer: tool calls, structured output, or text; then applies stop sequences and the
/// token limit. `scripted` overrides the text; `fallible_seed` lets models be wrong (see
/// `answers_rightly`). Errors are the vendor's words.
result<generation> generate(const chat_request& request, prompt_cache& cache,
                            std::optional<std::uint64_t> fallible_seed,
                            const std::optional<std::string>& scripted);

}  // namespace ark::testing
