#pragma once
#include <ark/call.hpp>
#include <ark/result.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <variant>

/// What the families have in common in the messages that a call sends. Pure.
namespace ark::dialect {

template <class Part>
bool holds(const part& p) noexcept {
  return std::holds_alternative<Part>(p);
}
template <class Part>
bool has_part(const message& m) noexcept {
  return std::any_of(m.parts.begin(), m.parts.end(), holds<Part>);
}
/// Nothing but the answers to an assistant's calls.
inline bool is_tool_results(const message& m) noexcept {
  return std::all_of(m.parts.begin(), m.parts.end(), holds<tool_result_part>);
}

/// "message 3", as errors name the one at `index`.
inline std::string place_of(std::size_t index) { return "message " + std::to_string(index + 1); }

/// errc::invalid_request for a message without parts, one of the role `tool` that is not all tool
/// results, and tool calls that are not the assistant's. With a sentence that names it.
result<void> check_turn(const message& m, std::size_t index);

}  // namespace ark::dialect
