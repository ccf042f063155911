#include "dialect/turns.hpp"

namespace ark::dialect {

result<void> check_turn(const message& m, std::size_t index) {
  std::string said;
  if (m.parts.empty())
    said = " has no parts";
  else if (m.role == role::tool && !is_tool_results(m))
    said = " has the role tool: all of its parts must be tool results";
  else if (m.role != role::assistant && has_part<tool_call_part>(m))
    said = " has tool calls: only the assistant makes them";
  else
    return {};
  return ark::error{.code = errc::invalid_request, .message = place_of(index) + said};
}

}  // namespace ark::dialect
