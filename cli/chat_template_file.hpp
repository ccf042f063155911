#pragma once
#include <ark/prompt.hpp>

#include <memory>
#include <string>
#include <vector>

#include "cli/command.hpp"

namespace ark::cli {

/// The template that writes messages as one text, as a command line names it.
struct template_options {
  std::string file;  ///< a template, beside which a tokenizer_config.json says its tokens, or such
                     ///< a file with a template in it; "": none
  std::vector<std::string> variables;  ///< "name=value", JSON or a text
};
void add_template_options(option_set set, const std::shared_ptr<template_options>& o);

/// `asked` as the text that the template makes of it.
result<rendered_prompt> through_chat_template(const template_options& o, call asked);

}  // namespace ark::cli
