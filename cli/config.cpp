#include <algorithm>
#include <filesystem>

#include "base/json.hpp"
#include "base/limits.hpp"
#include "cli/commands.hpp"
#include "cli/config_edit.hpp"
#include "cli/settings.hpp"

namespace ark::cli {
namespace {

struct config_options {
  std::string path;
  std::string value;
  std::string file;
  bool project = false;
  bool all = false;
};

void write_line(json::writer& w, const setting_line& line, const std::string& variable) {
  w.begin_object();
  w.key("path").string(line.path);
  w.key("value").string(line.value);
  w.key("from").string(to_string(line.from.from));
  w.key("where").string(line.from.where);
  w.key("variable").string(variable);
  w.end_object();
}

std::string variable_of(const std::string& path) {
  for (const auto& each : setting_names()) {
    if (each.path == path) return each.variable;
  }
  return {};
}

bool below(const std::string& path, const std::string& wanted) {
  return wanted.empty() || path == wanted || path.starts_with(wanted + ".");
}

/// With --all, what is not set is shown too, so that the names can be found.
std::vector<setting_line> wanted_lines(const settings& all, const config_options& o) {
  auto lines = list_settings(all);
  if (o.all) {
    for (const auto& each : setting_names()) {
      const bool set = std::any_of(lines.begin(), lines.end(),
                                   [&](const auto& line) { return line.path == each.path; });
      if (!set) lines.push_back({each.path, "", {}});
    }
  }
  std::erase_if(lines, [&](const auto& line) { return !below(line.path, o.path); });
  return lines;
}

exit_code explain_config(context& ctx, const config_options& o) {
  const auto all = ctx.configuration();
  if (!all) return ctx.fail(all.error());
  const auto lines = wanted_lines(**all, o);
  if (ctx.json()) {
    std::string text;
    json::writer w{text};
    w.begin_array();
    for (const auto& line : lines) write_line(w, line, variable_of(line.path));
    w.end_array();
    ctx.out.line(text);
    return exit_code::ok;
  }
  for (const auto& line : lines) {
    const bool set = !line.value.empty();
    auto text = line.path + (set ? ": " + line.value : ":");
    text.resize(std::max<std::size_t>(text.size() + 2, 44), ' ');
    text += set ? std::string{to_string(line.from.from)} : "not set";
    if (!line.from.where.empty()) text += " (" + line.from.where + ")";
    if (o.all) {
      if (const auto variable = variable_of(line.path); !variable.empty()) text += "  " + variable;
    }
    ctx.out.line(text);
  }
  return exit_code::ok;
}

exit_code get_config(context& ctx, const config_options& o) {
  const auto all = ctx.configuration();
  if (!all) return ctx.fail(all.error());
  const auto lines = wanted_lines(**all, o);
  if (lines.empty()) {
    ctx.note("'" + o.path + "' is not set (ark config explain --all lists all settings)");
    return exit_code::no;
  }
  if (ctx.json()) return explain_config(ctx, o);
  for (const auto& line : lines) {
    ctx.out.line(line.path == o.path ? line.value : line.path + ": " + line.value);
  }
  return exit_code::ok;
}

/// The file that `set` changes. A link is followed: people keep settings in a repository of theirs.
result<std::string> file_to_change(context& ctx, const config_options& o) {
  if (o.project) return std::string{"ark.yaml"};
  std::string path = ctx.flags.config_file;
  if (path.empty()) path = ctx.machine.environment("ARK_CONFIG").value_or("");
  if (path.empty()) {
    const auto folder = os::config_directory(ctx.machine);
    if (folder.empty()) {
      error e;
      e.code = errc::config;
      e.message = "HOME is not set, so there is no file for settings; name one with --config";
      return e;
    }
    if (auto ok = os::make_private_directory(folder); !ok) return ok.error();
    path = folder + "/config.yaml";
  }
  std::error_code ignored;
  const auto real = std::filesystem::canonical(path, ignored);
  return ignored ? path : real.string();
}

result<void> change_file(context& ctx, const config_options& o, std::string& file) {
  auto path = file_to_change(ctx, o);
  if (!path) return path.error();
  file = *path;
  auto before = os::read_file(file, limits::config_file_bytes);
  if (!before && before.error().code != errc::not_found) return before.error();
  const auto value = yaml_value(o.path, o.value);
  if (!value) return value.error();
  schema::Config unused;
  if (auto ok = put_setting(unused, o.path, o.value); !ok) {
    auto failure = ok.error();
    failure.message = o.path + ": " + failure.message;
    return failure;
  }
  auto after = edit_yaml(before ? *before : "", o.path, *value);
  if (!after) {
    auto failure = after.error();
    failure.message = file + ": " + failure.message;
    return failure;
  }
  // What was wrong before stays the user's to mend; the edit must not add to it.
  if (auto ok = check_settings_text(*after, file, o.project); !ok) return ok.error();
  return os::write_file(file, *after, 0600);
}

exit_code set_config(context& ctx, const config_options& o) {
  std::string file;
  if (auto ok = change_file(ctx, o, file); !ok) return ctx.fail(ok.error());
  ctx.note("set " + o.path + " in " + file);
  return exit_code::ok;
}

exit_code check_config(context& ctx, const config_options& o) {
  if (o.file.empty()) {
    const auto all = ctx.configuration();
    if (!all) return ctx.fail(all.error());
    ctx.note("the configuration is good");
    if (ctx.json()) ctx.out.line("{\"ok\":true}");
    return exit_code::ok;
  }
  const auto text = os::read_file(o.file, limits::config_file_bytes);
  if (!text) return ctx.fail(text.error());
  if (auto ok = check_settings_text(*text, o.file, o.project); !ok) return ctx.fail(ok.error());
  ctx.note(o.file + " is good");
  if (ctx.json()) ctx.out.line("{\"ok\":true}");
  return exit_code::ok;
}

void define_get(command c) {
  auto o = c.options<config_options>();
  c.examples(
      {{"ark config get", "everything that is set"}, {"ark config get ledger.path", "one value"}});
  c.parameters()
      .add_option("PATH", o->path, "Which setting, or a group of them (ledger)")
      .type_name("");
  c.run([o](context& ctx) { return get_config(ctx, *o); });
}

void define_set(command c) {
  auto o = c.options<config_options>();
  c.examples({{"ark config set model openai/gpt-5-mini", "the model for ark chat without -m"},
              {"ark config set vendors.custom.base_url http://localhost:8000/v1",
               "an address of your own"},
              {"ark config set --project auto_models openai/gpt-5-mini,deepseek/deepseek-chat",
               "in ./ark.yaml; a list is written with commas"}});
  c.parameters().add_option("PATH", o->path, "Which setting").type_name("").required();
  c.parameters().add_option("VALUE", o->value, "Its value").type_name("").required();
  c.parameters().add_flag("--project", o->project, "Change ./ark.yaml instead of the user's file");
  c.run([o](context& ctx) { return set_config(ctx, *o); });
}

void define_check(command c) {
  auto o = c.options<config_options>();
  c.examples({{"ark config check", "all that would be read here"},
              {"ark config check ci/ark.yaml --project", "one file"}});
  c.parameters().add_option("FILE", o->file, "Check this file only").type_name("");
  c.parameters().add_flag("--project", o->project, "Check it as a project's file");
  c.run([o](context& ctx) { return check_config(ctx, *o); });
}

void define_explain(command c) {
  auto o = c.options<config_options>();
  c.examples({{"ark config explain", "every value, and which file, line or variable set it"},
              {"ark config explain --all", "also what is not set, with the variables' names"}});
  c.parameters().add_option("PATH", o->path, "Only this setting or group").type_name("");
  c.parameters().add_flag("--all", o->all, "Also what is not set");
  c.run([o](context& ctx) { return explain_config(ctx, *o); });
}

}  // namespace

void define_config(command& c) {
  c.examples({{"ark config explain", "every value and where it comes from"},
              {"ark config set model auto", "change the user's file"}});
  define_get(c.verb("get", "Print settings"));
  define_set(c.verb("set", "Change a setting in a file, keeping its comments"));
  define_check(c.verb("check", "Check the configuration, or one file"));
  define_explain(c.verb("explain", "Show where each setting comes from"));
}

}  // namespace ark::cli
