#pragma once
#include <ark/result.hpp>

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "files/yaml.hpp"
#include "prompt.pb.h"

namespace ark::prompt {

/// Whose form a file has. Other forms than our own are read as they are.
enum class file_form { native, dotprompt, prompty };
/// What language a body is written in.
enum class engine { jinja, handlebars, mustache };
/// How a Jinja body is read: `prompt` trims nothing and refuses what is undefined; `chat_template`
/// is as Hugging Face's libraries read the chat templates of models. `lenient` is Prompty's own:
/// nothing trimmed, and what is undefined is empty.
enum class profile { prompt, chat_template, lenient };

/// A prompt file, taken apart. A value.
struct definition {
  std::string path{};  ///< as errors name it
  std::string name{};
  file_form form = file_form::native;
  prompt::engine engine = engine::jinja;
  prompt::profile profile = profile::prompt;
  schema::PromptFile file{};  ///< what stands above the body, in our own form
  files::field_lines lines{};
  std::string body{};
  int body_line = 1;                             ///< of its first line in the file
  std::set<std::string, std::less<>> threads{};  ///< Prompty: inputs that are messages
  std::vector<std::string> notes{};              ///< what of another form could not be carried over

  /// "ask.prompt:3: inputs: why".
  error bad(const std::string& field, const std::string& why) const;
};

/// Reads a file's text. What kind it is: `.prompty` by its name; dotprompt's by its fields
/// (`input`, `config`, ...) or a body that only Handlebars reads. Pure. errc::config with file,
/// line and field, all mistakes of the front matter at once.
result<definition> read_definition(std::string_view text, const std::string& path);

/// A file's front matter and body.
struct split_file {
  std::string yaml{};  ///< with an empty line for each line before it: its lines are the file's
  bool has_front_matter = false;
  std::string_view body{};
  int body_line = 1;
};
/// Front matter stands between two lines "---", the first of which is the file's first but for
/// comments ("#"). errc::config if it does not end.
result<split_file> split(std::string_view text, const std::string& path);

/// Other forms into ours (dotprompt.cpp, prompty.cpp).
result<void> read_dotprompt(const split_file& parts, definition& out);
result<void> read_prompty(const split_file& parts, definition& out);

}  // namespace ark::prompt
