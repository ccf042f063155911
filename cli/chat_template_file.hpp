#pragma once
#include <ark/prompt.hpp>

#include <string>

#include "cli/context.hpp"

namespace ark::cli {

/// `asked` as the text that the model's chat template makes of it. `file`: a template, beside which
/// a tokenizer_config.json says its tokens, or such a file with a template in it.
result<rendered_prompt> through_chat_template(const std::string& file, call asked);

}  // namespace ark::cli
