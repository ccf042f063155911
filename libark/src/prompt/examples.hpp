#pragma once
#include <ark/prompt.hpp>

#include <boost/json/array.hpp>

#include "prompt/budget.hpp"
#include "prompt/definition.hpp"

namespace ark::prompt {

/// All examples of a prompt: those in its file, then those of its `few_shot.file`, one to a line.
/// errc::config with file and line.
result<boost::json::array> read_examples(const definition& from, const prompt_texts& beside);

/// Which of them a rendering shows, always the same for the same file: the first ones, or those
/// whose hash with the seed is lowest (each example is in or out for itself: one that is added
/// moves at most one other); both in the order of the file, as many as `count` and `max_tokens`
/// allow.
boost::json::array choose_examples(const boost::json::array& all,
                                   const schema::PromptExamples& rule, const token_count& count);

}  // namespace ark::prompt
