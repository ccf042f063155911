#pragma once
#include <ark/prompt.hpp>

#include <boost/json/object.hpp>
#include <map>

#include "prompt/body.hpp"
#include "prompt/definition.hpp"

namespace ark::prompt {

/// The texts that a prompt names: what it includes, what they include, its file of examples. Those
/// that are not there are left out (`prompt_template::check` tells). errc::config: one that is no
/// template, or more than 1,000.
result<std::map<std::string, std::string>> named_texts(const definition& from, const body& made,
                                                       const prompt_texts& beside);

/// SHA-256 of what a prompt says: its front matter (however it is written), its body, those texts.
std::string version_of(const definition& from, const std::map<std::string, std::string>& texts);

/// SHA-256 of inputs, whatever the order of their names.
std::string hash_of_inputs(const boost::json::object& values);

}  // namespace ark::prompt
