#pragma once
#include <ark/prompt.hpp>

#include <boost/json/object.hpp>

#include "prompt/definition.hpp"
#include "prompt/layout.hpp"

namespace ark::prompt {

/// What parameters, tools, schemas and tags of the file say, into `out`; nothing of its messages.
/// errc::config with the field.
result<void> take_settings(const definition& from, call& out);

/// Names of the variables by origin: `names[origin - 1]`.
struct message_context {
  const std::vector<std::string>& names;
  const boost::json::object& inputs;
  const std::vector<message>& history;  ///< what the caller gives
  const prompt_texts& beside;           ///< files that the prompt's own text names
};
/// Messages and segments. errc::invalid_request: media that are none, a history that is no list of
/// messages, a role in it that only the prompt may give.
result<void> take_messages(const layout& from, const message_context& in, rendered_prompt& out);

}  // namespace ark::prompt
