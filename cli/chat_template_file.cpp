#include "cli/chat_template_file.hpp"

#include <ark/chat_template.hpp>

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

result<rendered_prompt> through_chat_template(const std::string& file, call asked) {
  auto text = os::read_file(file, template_bytes_max);
  if (!text) return text.error();
  auto tokens = tokens_beside(file);
  if (!tokens) return tokens.error();
  const auto made = chat_template::parse(*text, file, *tokens);
  if (!made) return made.error();
  return made->apply(std::move(asked));
}

}  // namespace ark::cli
