#pragma once
#include <ark/prompt.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "prompt/layout.hpp"

namespace ark::prompt {

/// A control token in a text: what chat templates write between messages, as far as it is known of
/// open models ("<|...|>", DeepSeek's "<｜...｜>", "[INST]", "<start_of_turn>", "<tool_call>").
struct control_token {
  std::size_t at = 0, size = 0;
};

/// In order, without overlaps. Linear. `more`: further texts that are control tokens,
/// of two characters at least.
std::vector<control_token> find_control_tokens(std::string_view text,
                                               const std::vector<std::string>& more = {});

/// Puts a space behind the first character of each token that has a byte from outside of the
/// template in it, and says how many there were.
std::size_t escape_control_tokens(std::vector<span>& spans,
                                  const std::vector<std::string>& more = {});

/// A note that so many of the `where` ("inputs") were escaped; errc::invalid_request if the rule is
/// to refuse them.
result<void> tell_escaped(std::size_t found, std::string_view where, control_tokens rule,
                          std::vector<std::string>& notes);

}  // namespace ark::prompt
