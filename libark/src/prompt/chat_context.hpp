#pragma once
#include <ark/chat_template.hpp>
#include <jinja/value.hpp>

#include <string>
#include <vector>

namespace ark::prompt {

/// What a chat template reads, as Hugging Face's libraries give it: `messages` (role, content,
/// tool_calls, reasoning_content, ...), `tools`, `add_generation_prompt` and the variables. Texts
/// are marked: `origins[origin - 1]` names what they are of. What the library says itself, roles
/// among it, is not.
struct chat_context {
  jinja::value value{};
  std::vector<std::string> origins{};
};

/// In `memory`; borrows from `c` and `with`. errc::unsupported for parts that are no text;
/// errc::invalid_request for tools or variables that are no JSON.
result<chat_context> chat_context_of(const call& c, const chat_template_options& with,
                                     jinja::arena& memory);

}  // namespace ark::prompt
