#include "cli/chat_template_file.hpp"

#include <ark/chat_template.hpp>

#include "cli/call_options.hpp"
#include "os/os.hpp"

namespace ark::cli {
namespace {

constexpr std::size_t template_bytes_max = 64u << 20;

/// Nothing if there is none.
result<std::string> tokens_beside(const std::string& file) {
  const std::size_t slash = file.rfind('/');
  const std::string folder = slash == std::string::npos ? "" : file.substr(0, slash + 1);
  auto text = os::read_file(folder + "tokenizer_config.json", template_bytes_max);
  if (!text && text.error().code == errc::not_found) return std::string();
  return text;
}

}  // namespace

void add_template_options(option_set set, const std::shared_ptr<template_options>& o) {
  set.add_option("--chat-template", o->file,
                 "For a model that completes texts: write the messages as its template does")
      .type_name("FILE");
  set.add_option("--template-var", o->variables,
                 "A variable of that template, as JSON or a text: enable_thinking=false")
      .type_name("NAME=VALUE")
      .one_value_each();
}

result<rendered_prompt> through_chat_template(const template_options& o, call asked) {
  auto text = os::read_file(o.file, template_bytes_max);
  if (!text) return text.error();
  auto tokens = tokens_beside(o.file);
  if (!tokens) return tokens.error();
  const auto made = chat_template::parse(*text, o.file, *tokens);
  if (!made) return made.error();
  chat_template_options with;
  for (const auto& each : o.variables) {
    auto read = json_assignment("--template-var", each);
    if (!read) return read.error();
    with.variables.insert(std::move(*read));
  }
  return made->apply(std::move(asked), with);
}

}  // namespace ark::cli
