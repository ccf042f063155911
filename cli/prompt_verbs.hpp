#pragma once
#include "cli/command.hpp"

namespace ark::cli {

/// Verbs of `ark prompt`.
void define_prompt_list(command& c);
void define_prompt_show(command& c);
void define_prompt_render(command& c);
void define_prompt_check(command& c);
void define_prompt_lint(command& c);
void define_prompt_diff(command& c);
void define_prompt_test(command& c);
void define_prompt_label(command& c);

}  // namespace ark::cli
