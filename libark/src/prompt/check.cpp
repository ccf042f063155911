#include "prompt/check.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "files/suggest.hpp"

namespace ark::prompt {

namespace bj = boost::json;

namespace {

class checker {
 public:
  checker(const definition& from, const body& made, const inputs& declared,
          const texts_beside& included)
      : from_(from), made_(made), declared_(declared), included_(included) {}

  std::vector<prompt_finding> run() {
    compare_inputs();
    check_partials();
    find_brace_traps();
    check_tests();
    return std::move(out_);
  }

 private:
  void add(bool is_error, int line, std::string message) {
    out_.push_back({is_error, line, std::move(message)});
  }
  int line_of(const std::string& field) const {
    const auto found = from_.lines.find(field);
    return found == from_.lines.end() ? 0 : found->second;
  }
  bool is_read(const std::string& name) const {
    const auto& all = made_.undeclared();
    return std::find(all.begin(), all.end(), name) != all.end();
  }

  /// The line of the body where a word first stands.
  int line_of_word(const std::string& word) const {
    const std::size_t at = find_word(from_.body, word);
    if (at == std::string::npos) return 0;
    return from_.body_line +
           static_cast<int>(std::count(from_.body.begin(),
                                       from_.body.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
  }

  void compare_inputs() {
    if (!declared_.are_declared()) return;
    std::vector<std::string> names;
    for (const auto& each : declared_.all()) names.push_back(each.name);
    const bool has_examples = from_.file.examples_size() > 0 || from_.file.has_few_shot();
    for (const auto& each : made_.undeclared()) {
      if (std::find(names.begin(), names.end(), each) != names.end()) continue;
      if (each == "examples" && has_examples) continue;
      const auto near = files::nearest(each, names);
      add(true, line_of_word(each),
          "the body reads \"" + each + "\", which is no input" +
              (near.empty() ? ": declare it under inputs" : ": did you mean \"" + near + "\"?"));
    }
    for (const auto& [each, file] : included_.inputs)
      if (std::find(names.begin(), names.end(), each) == names.end())
        add(false, 0,
            "the included file \"" + file + "\" reads \"" + each +
                "\", which is no input and which nothing sets");
    if (!made_.are_all_partials_known()) return;
    for (const auto& name : names)
      if (!is_read(name) && !included_.reads.contains(name))
        add(false, line_of("inputs." + name), "the input \"" + name + "\" is never read");
    if (has_examples && !is_read("examples"))
      add(false, line_of("examples"), "the examples are never shown: the body does not read them");
  }

  void check_partials() {
    if (!made_.are_all_partials_known())
      add(false, 0,
          "the body includes a file whose name is only known when it is rendered: the version does "
          "not cover it");
  }

  /// `{{` in text that is meant as it stands: JSON inside of JSON, other template languages.
  void find_brace_traps() {
    if (from_.engine != engine::jinja) return;
    int line = from_.body_line;
    for (std::size_t at = 0; at < from_.body.size(); ++at) {
      if (from_.body[at] == '\n') ++line;
      const std::string_view rest = std::string_view(from_.body).substr(at);
      if (rest.starts_with("{{{") || rest.starts_with("{{\"") || rest.starts_with("{{ \"")) {
        add(false, line,
            "\"{{\" begins an expression: text that is meant as it stands belongs between "
            "{% raw %} and {% endraw %}");
        at += 2;
      } else if (rest.starts_with("${") || rest.starts_with("<%")) {
        add(false, line,
            "this is no tag of Jinja: \"" + std::string(rest.substr(0, 2)) +
                "\" stays in the text as it is");
      } else if (is_single_brace_name(rest, at)) {
        add(false, line,
            "\"" + std::string(rest.substr(0, rest.find('}') + 1)) +
                "\" stays as it is: an input is written with two braces");
      }
    }
  }

  /// "{name}" of a declared input, as f-strings have it.
  bool is_single_brace_name(std::string_view rest, std::size_t at) const {
    if (!rest.starts_with('{') || (at > 0 && from_.body[at - 1] == '{')) return false;
    const std::size_t end = rest.find('}');
    if (end == std::string_view::npos || rest.substr(end).starts_with("}}")) return false;
    const std::string_view name = rest.substr(1, end - 1);
    return std::any_of(declared_.all().begin(), declared_.all().end(),
                       [&](const auto& each) { return each.name == name; });
  }

  void check_tests() {
    if (from_.file.tests_size() == 0 && from_.form == file_form::native)
      add(false, 0, "the prompt has no tests");
  }

  const definition& from_;
  const body& made_;
  const inputs& declared_;
  const texts_beside& included_;
  std::vector<prompt_finding> out_;
};

}  // namespace

std::vector<prompt_finding> check(const definition& from, const body& made, const inputs& declared,
                                  const texts_beside& included) {
  return checker(from, made, declared, included).run();
}

std::string problem_of(const schema::PromptTest& test,
                       const std::function<result<rendered_prompt>(std::string_view)>& render) {
  bj::object given;
  for (const auto& [name, value] : test.inputs()) given[name] = bj::parse(files::json_text(value));
  const auto made = render(bj::serialize(given));
  if (!made) {
    if (test.error().empty()) return made.error().message;
    if (made.error().message.find(test.error()) != std::string::npos) return {};
    return "the error is another: " + made.error().message;
  }
  if (!test.error().empty()) return "it renders, and should fail with \"" + test.error() + "\"";
  std::string all;
  for (const auto& each : made->call.messages) all += each.text() + "\n";
  for (const auto& text : test.contains())
    if (all.find(text) == std::string::npos) return "\"" + text + "\" is not in the messages";
  for (const auto& text : test.not_contains())
    if (all.find(text) != std::string::npos) return "\"" + text + "\" is in the messages";
  return {};
}

}  // namespace ark::prompt
