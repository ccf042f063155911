#pragma once
#include <ark/prompt.hpp>

#include "prompt/body.hpp"
#include "prompt/inputs.hpp"
#include "prompt/version.hpp"

namespace ark::prompt {

/// What can be said of a prompt without rendering it: `prompt_template::check`.
std::vector<prompt_finding> check(const definition& from, const body& made, const inputs& declared,
                                  const texts_beside& included);

/// What is wrong with a test of a prompt; "" if nothing is.
std::string problem_of(const schema::PromptTest& test,
                       const std::function<result<rendered_prompt>(std::string_view)>& render);

}  // namespace ark::prompt
