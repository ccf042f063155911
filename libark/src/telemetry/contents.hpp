#pragma once
#include <ark/message.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// Prompts and replies in the JSON forms of the GenAI conventions (gen-ai-input-messages.json and
/// its siblings). Pure. At most about `max_bytes` of text: what is behind is cut, and the part says
/// so by `"truncated":true`. The bytes of media are never written, only that there were any.
namespace ark::telemetry {

/// All messages but those of the system and the developer.
std::string input_messages(const std::vector<message>& messages, std::size_t max_bytes);
/// Those of the system and the developer, as parts; "" if there are none.
std::string system_instructions(const std::vector<message>& messages, std::size_t max_bytes);
/// A reply's message. `finish`: the library's word.
std::string output_messages(const message& reply, std::string_view finish, std::size_t max_bytes);

}  // namespace ark::telemetry
