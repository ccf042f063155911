#pragma once
#include <ark/prompt.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace ark {

/// How a conversation is written as one text. An aggregate with defaults.
struct chat_template_options {
  bool add_generation_prompt = true;  ///< the text ends where the assistant's answer begins
  /// What stands in messages and tools is a value: it makes no role and no end of a message.
  ark::control_tokens control_tokens = ark::control_tokens::escape;
  /// What a template knows besides messages and tools, as JSON: {"enable_thinking", "false"}. They
  /// go before the tokenizer's: {"bos_token", "\"\""} where the server adds that token itself.
  /// All but the tokens are values, as messages are.
  std::map<std::string, std::string> variables{};
  std::optional<std::int64_t> now_s{};  ///< of `strftime_now`, in local time; unset: the clock, UTC
};

/// How a model wants a conversation written as one text: the Jinja template that open models come
/// with. For models behind an interface that completes texts and knows no messages. Rendered as
/// Hugging Face's transformers do (its documentation, "Chat templates"): blocks trimmed, the same
/// functions, bounded like every rendering. Immutable, cheap to copy; any number of threads may use
/// it.
class ARK_API chat_template {
 public:
  /// `text`: a template (chat_template.jinja), or a tokenizer_config.json that holds one or several
  /// by name ("default", "tool_use"); `tokenizer_config`: where a template's own file has its
  /// tokens from. `path`: as errors name it. errc::config with file, line and column.
  static result<chat_template> parse(std::string_view text, const std::string& path,
                                     std::string_view tokenizer_config = {});

  /// `c` for a completions interface: one user message, the text. Tools are in the text; their
  /// calls come back as text, which the template's model writes in a form of its own. `reasoning`
  /// becomes the variable `enable_thinking`; the tokenizer's end token is one more stop text.
  /// Segments name "messages", "tools" or the variable that they are of. errc::unsupported for
  /// what no template can say (media, structured output, a tool that must be called);
  /// errc::invalid_request with the place where the template refuses.
  result<rendered_prompt> apply(call c, const chat_template_options& with = {}) const;

  struct state;

 private:
  explicit chat_template(std::shared_ptr<const state> made) : state_(std::move(made)) {}
  std::shared_ptr<const state> state_;
};

}  // namespace ark
