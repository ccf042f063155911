#pragma once
#include <ark/prompt.hpp>

#include "prompt/layout.hpp"

namespace ark::prompt {

using token_count = std::function<std::int64_t(std::string_view)>;

/// How a section may be cut: what its tag says.
struct section_rule {
  std::string name{};
  std::int64_t priority = 0;  ///< lower ones are cut first
  std::optional<std::int64_t> max_tokens{};
  enum class side : std::uint8_t { start, middle, end };
  side cut = side::end;  ///< where text is taken away
};
/// errc::invalid_request for a number that is none.
result<section_rule> rule_of(const mark& said);

struct budget_report {
  std::int64_t tokens = 0;  ///< of all texts that are left
  std::vector<prompt_cut> cuts{};
};

/// Cuts sections to their own limits; then, while all texts together are over `most_tokens` (unset:
/// no limit), those of the lowest priority, whole if need be. What is left ends at a character.
/// errc::too_large if nothing is left to be cut.
result<budget_report> keep_to_budget(layout& of, std::optional<std::int64_t> most_tokens,
                                     const token_count& count);

/// The longest beginning (or end) of a text that keeps to so many tokens; never half of a
/// character.
std::string_view first_tokens(std::string_view text, std::int64_t most, const token_count& count);
std::string_view last_tokens(std::string_view text, std::int64_t most, const token_count& count);

}  // namespace ark::prompt
