#pragma once
#include <ark/result.hpp>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ark::prompt {

/// What of a tokenizer_config.json concerns texts.
struct tokenizer_config {
  std::map<std::string, std::string> templates{};  ///< "default", "tool_use", ...
  std::map<std::string, std::string> tokens{};     ///< "bos_token", "eos_token", ...
  std::vector<std::string> special{};              ///< all that are control tokens
};

/// "bos_token", "eos_token", ...: a name that templates know a token by.
bool is_token_name(std::string_view name) noexcept;
/// Is `text` JSON, and no template?
bool looks_like_json(std::string_view text) noexcept;
/// errc::config: no JSON object, a template that is no text.
result<tokenizer_config> read_tokenizer_config(std::string_view text, const std::string& path);

}  // namespace ark::prompt
