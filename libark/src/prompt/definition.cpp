#include "prompt/definition.hpp"

#include <google/protobuf/struct.pb.h>

#include <algorithm>

#include "base/text.hpp"

namespace ark::prompt {

namespace {

/// The line that begins at `at`, without its end; `at` becomes the next one's.
std::string_view line_at(std::string_view text, std::size_t& at) {
  const std::size_t end = std::min(text.find('\n', at), text.size());
  std::string_view line = text.substr(at, end - at);
  at = std::min(end + 1, text.size());
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

bool is_fence(std::string_view line) {
  return line.starts_with("---") && text::trim(line.substr(3)).empty();
}

std::string stem_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  std::string name = slash == std::string::npos ? path : path.substr(slash + 1);
  for (const std::string_view ending : {".prompty", ".prompt"})
    if (name.ends_with(ending)) name.resize(name.size() - ending.size());
  return name;
}

/// Tags that are no Jinja: a body that has one is Handlebars.
bool is_handlebars(std::string_view body) {
  for (std::size_t at = body.find("{{"); at != std::string_view::npos;
       at = body.find("{{", at + 2)) {
    std::string_view rest = body.substr(at + 2);
    if (rest.starts_with('~')) rest.remove_prefix(1);
    if (rest.empty()) return false;
    if (std::string_view("#/>^!{&").find(rest.front()) != std::string_view::npos) return true;
    for (const std::string_view helper : {"role \"", "role '", "media ", "section ", "history}}"})
      if (rest.starts_with(helper)) return true;
  }
  return false;
}

bool has_dotprompt_fields(const google::protobuf::Struct& fields) {
  return std::any_of(fields.fields().begin(), fields.fields().end(), [](const auto& field) {
    static constexpr std::string_view own[] = {"input", "config", "toolDefs", "variant", "ext"};
    return std::find(std::begin(own), std::end(own), field.first) != std::end(own) ||
           field.first.find('.') != std::string::npos;
  });
}

result<void> choose_profile(definition& out) {
  const auto& word = out.file.profile();
  if (word == "chat-template")
    out.profile = profile::chat_template;
  else if (!word.empty() && word != "prompt")
    return out.bad("profile", "\"" + word + "\" is no profile; use prompt or chat-template");
  return {};
}

result<void> choose_engine(definition& out) {
  const auto& word = out.file.engine();
  if (word.empty())
    out.engine = is_handlebars(out.body) ? engine::handlebars : engine::jinja;
  else if (word == "jinja")
    out.engine = engine::jinja;
  else if (word == "handlebars")
    out.engine = engine::handlebars;
  else if (word == "mustache")
    out.engine = engine::mustache;
  else
    return out.bad("engine", "\"" + word + "\" is no engine; use jinja, handlebars or mustache");
  return {};
}

result<void> read_native(const split_file& parts, definition& out) {
  if (auto ok = files::read_yaml(parts.yaml, out.path, out.file, &out.lines); !ok)
    return ok.error();
  if (auto ok = choose_engine(out); !ok) return ok.error();
  return choose_profile(out);
}

}  // namespace

error definition::bad(const std::string& field, const std::string& why) const {
  const auto line = lines.find(field);
  return {.code = errc::config,
          .message = path + (line == lines.end() ? "" : ":" + std::to_string(line->second)) + ": " +
                     field + ": " + why};
}

result<split_file> split(std::string_view text, const std::string& path) {
  split_file out;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  std::size_t at = 0;
  int line = 1;
  std::size_t comments_end = 0;
  while (at < text.size() && text[at] == '#') {
    line_at(text, at);
    ++line;
    comments_end = at;
  }
  at = comments_end;
  out.body = text;
  if (at >= text.size() || !is_fence(line_at(text, at))) return out;
  const int opened = line;
  const std::size_t from = at;
  while (true) {
    if (at >= text.size())
      return error{.code = errc::config,
                   .message = path + ":" + std::to_string(opened) +
                              ": the front matter does not end: add a line \"---\" behind it"};
    const std::size_t begin = at;
    ++line;
    if (!is_fence(line_at(text, at))) continue;
    out.has_front_matter = true;
    out.yaml.assign(static_cast<std::size_t>(opened), '\n');
    out.yaml += text.substr(from, begin - from);
    out.body = text.substr(at);
    out.body_line = line + 1;
    return out;
  }
}

result<definition> read_definition(std::string_view text, const std::string& path) {
  const auto parts = split(text, path);
  if (!parts) return parts.error();
  definition out;
  out.path = path;
  out.name = stem_of(path);
  out.body = std::string(parts->body);
  out.body_line = parts->body_line;
  const auto finished = [&](const result<void>& read) -> result<definition> {
    if (!read) return read.error();
    if (!out.file.name().empty()) out.name = out.file.name();
    return std::move(out);
  };
  if (path.ends_with(".prompty")) {
    out.form = file_form::prompty;
    return finished(read_prompty(*parts, out));
  }
  google::protobuf::Struct fields;
  if (parts->has_front_matter)
    if (auto ok = files::read_yaml(parts->yaml, path, fields); !ok) return ok.error();
  if (has_dotprompt_fields(fields)) {
    out.form = file_form::dotprompt;
    return finished(read_dotprompt(*parts, out));
  }
  return finished(read_native(*parts, out));
}

}  // namespace ark::prompt
