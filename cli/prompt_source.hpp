#pragma once
#include <ark/prompt.hpp>

#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/context.hpp"

/// What commands that use a prompt have in common: which one, and with which inputs.
namespace ark::cli {

struct prompt_place {
  std::vector<std::string> folders;  ///< of --dir; none: ./prompts, then ~/.config/ark/prompts
};
void add_prompt_place(option_set set, const std::shared_ptr<prompt_place>& o);

struct prompt_values {
  std::vector<std::string> vars;  ///< "name=value", "name=@file"
  std::string file;               ///< a JSON object; "-" is standard input
};
void add_prompt_values(option_set set, const std::shared_ptr<prompt_values>& o);

result<prompt_library> library_of(context& ctx, const prompt_place& place);
/// `word`: a file ("ask.prompt", "./ask.prompty"), NAME, or NAME@LABEL.
result<prompt_template> find_prompt(context& ctx, const prompt_place& place,
                                    const std::string& word);
/// The inputs as a JSON object. errc::invalid_request: a text that is not what the input wants.
result<std::string> inputs_of(context& ctx, const prompt_template& of, const prompt_values& values);

/// Both, rendered; what was noted on the way is told on stderr.
result<rendered_prompt> render_found(context& ctx, const prompt_place& place,
                                     const std::string& word, const prompt_values& values);

}  // namespace ark::cli
