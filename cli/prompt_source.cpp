#include "cli/prompt_source.hpp"

#include <boost/json.hpp>

#include "cli/mistake.hpp"
#include "prompt_store/prompt_folder.hpp"

namespace ark::cli {

namespace bj = boost::json;

namespace {

constexpr std::size_t input_bytes_max = 64u << 20;

bool is_file(const std::string& word) {
  return word.ends_with(".prompt") || word.ends_with(".prompty");
}

result<prompt_template> from_file(const std::string& path) {
  auto text = os::read_file(path, input_bytes_max);
  if (!text) return text.error();
  const std::size_t slash = path.rfind('/');
  return prompt_template::parse(
      *text, path,
      prompt_store::texts_below(slash == std::string::npos ? "." : path.substr(0, slash)));
}

result<bj::object> object_of(context& ctx, const std::string& file) {
  std::string text;
  if (file == "-") {
    auto read = ctx.in.read_all(input_bytes_max);
    if (!read) return read.error();
    text = std::move(*read);
  } else {
    auto read = os::read_file(file, input_bytes_max);
    if (!read) return read.error();
    text = std::move(*read);
  }
  boost::system::error_code failed;
  bj::value made = bj::parse(text, failed);
  if (failed || !made.is_object())
    return usage_mistake("--vars " + file + ": is no JSON object; write {\"name\": value, ...}");
  return std::move(made.as_object());
}

}  // namespace

void add_prompt_place(option_set set, const std::shared_ptr<prompt_place>& o) {
  set.add_option("-d,--dir", o->folders,
                 "Folder of prompts; the first that has the name wins [./prompts, then the user's]")
      .type_name("DIR");
}

void add_prompt_values(option_set set, const std::shared_ptr<prompt_values>& o) {
  set.add_option("--var", o->vars, "An input; name=@FILE takes a file's text")
      .type_name("NAME=VALUE");
  set.add_option("--vars", o->file, "Inputs as a JSON object; - is standard input")
      .type_name("FILE");
}

result<prompt_library> library_of(context& ctx, const prompt_place& place) {
  if (!place.folders.empty()) return prompt_library::open(place.folders);
  std::vector<std::string> usual = {"prompts"};
  const std::string own = os::config_directory(ctx.machine);
  if (!own.empty()) usual.push_back(own + "/prompts");
  return prompt_library::open(std::move(usual));
}

result<prompt_template> find_prompt(context& ctx, const prompt_place& place,
                                    const std::string& word) {
  if (is_file(word)) return from_file(word);
  const auto all = library_of(ctx, place);
  if (!all) return all.error();
  const std::size_t at = word.find('@');
  return all->get(word.substr(0, at), at == std::string::npos ? "" : word.substr(at + 1));
}

result<std::string> inputs_of(context& ctx, const prompt_template& of,
                              const prompt_values& values) {
  bj::object out;
  if (!values.file.empty()) {
    auto read = object_of(ctx, values.file);
    if (!read) return read.error();
    out = std::move(*read);
  }
  for (const auto& each : values.vars) {
    const std::size_t equals = each.find('=');
    if (equals == std::string::npos || equals == 0)
      return usage_mistake("--var " + each + ": write it as name=value");
    const std::string name = each.substr(0, equals);
    std::string typed = each.substr(equals + 1);
    if (typed.starts_with('@')) {
      auto text = os::read_file(typed.substr(1), input_bytes_max);
      if (!text) return text.error();
      typed = std::move(*text);
    }
    const auto json = of.input_from_text(name, typed);
    if (!json) return json.error();
    out[name] = bj::parse(*json);
  }
  return bj::serialize(out);
}

result<rendered_prompt> render_found(context& ctx, const prompt_place& place,
                                     const std::string& word, const prompt_values& values) {
  const auto found = find_prompt(ctx, place, word);
  if (!found) return found.error();
  const auto given = inputs_of(ctx, *found, values);
  if (!given) return given.error();
  auto made = found->render(*given);
  if (!made) return made.error();
  for (const auto& each : found->notes()) ctx.note("note: " + each);
  for (const auto& each : made->notes) ctx.note("note: " + each);
  return made;
}

}  // namespace ark::cli
