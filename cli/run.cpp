#include "cli/run.hpp"

#include <algorithm>
#include <exception>

#include "cli/globals.hpp"
#include "cli/help.hpp"
#include "cli/settings.hpp"
#include "files/suggest.hpp"

namespace ark::cli {
namespace {

bool is_flag(const std::string& argument) { return argument.size() > 1 && argument[0] == '-'; }

/// Index of the command's name: the first argument that is neither a global flag nor the value of
/// one. arguments.size() if there is none.
std::size_t command_index(const std::vector<std::string>& arguments) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (!is_flag(arguments[i])) return i;
    if (arguments[i] == "--config" || arguments[i] == "--ledger") ++i;
  }
  return arguments.size();
}

bool has(const std::vector<std::string>& arguments, std::string_view one, std::string_view other) {
  return std::any_of(arguments.begin(), arguments.end(),
                     [&](const auto& each) { return each == one || each == other; });
}

std::vector<std::string> names() {
  std::vector<std::string> out;
  for (const auto& each : all_commands()) {
    if (!each.hidden) out.emplace_back(each.name);
  }
  return out;
}

/// The innermost command that was reached before the parser stopped.
const CLI::App* innermost(const CLI::App* app) {
  for (;;) {
    const auto below = app->get_subcommands();
    if (below.empty()) return app;
    app = below.front();
  }
}

std::string path_of(const CLI::App* app) {
  const auto* parent = app->get_parent();
  return parent == nullptr ? app->get_name() : path_of(parent) + " " + app->get_name();
}

void add_option_names(const CLI::App* app, std::vector<std::string>& out) {
  for (; app != nullptr; app = app->get_parent()) {
    for (const auto* option : app->get_options()) {
      for (const auto& name : option->get_lnames()) out.push_back("--" + name);
    }
  }
}

/// "A subcommand is required" is all that the parser says where a word is none.
std::string explain_verbs(const CLI::App* where) {
  std::vector<std::string> known;
  for (const auto* each : where->get_subcommands(nullptr)) known.push_back(each->get_name());
  std::string list;
  for (const auto& each : known) list += (list.empty() ? "" : ", ") + each;
  const CLI::App* root = where;
  while (root->get_parent() != nullptr) root = root->get_parent();
  for (const auto& word : root->remaining(true)) {
    if (is_flag(word)) continue;
    const auto near = files::nearest(word, known);
    return "'" + path_of(where) + "' has no command '" + word + "'" +
           (near.empty() ? "" : "; did you mean '" + near + "'?") + "; there are: " + list;
  }
  return "'" + path_of(where) + "' needs a command: " + list;
}

std::string explain(const CLI::ParseError& failure, const CLI::App* where) {
  std::string message = failure.what();
  const bool wants_verb = dynamic_cast<const CLI::RequiredError*>(&failure) != nullptr &&
                          !where->get_subcommands(nullptr).empty();
  if (wants_verb) {
    message = explain_verbs(where);
  } else if (const auto* extras = dynamic_cast<const CLI::ExtrasError*>(&failure);
             extras != nullptr) {
    // "The following arguments were not expected: --modle"
    const auto word = message.substr(message.find_last_of(' ') + 1);
    std::vector<std::string> known;
    if (is_flag(word)) {
      add_option_names(where, known);
    } else {
      for (const auto* each : where->get_subcommands(nullptr)) known.push_back(each->get_name());
    }
    message = "'" + word + "' was not expected";
    if (is_verification_switch(word)) return message + "; " + std::string{verification_is_fixed};
    if (const auto near = files::nearest(word, known); !near.empty()) {
      message += "; did you mean '" + near + "'?";
    }
  }
  return message + " (try: " + path_of(where) + " --help)";
}

exit_code show_help(parser& p, context& ctx) {
  const auto* where = innermost(&p.app());
  const auto globals = describe(p.app(), "").options;
  const auto path = path_of(where);
  const auto before = path.substr(0, path.find_last_of(' '));
  ctx.out.write(help_text(describe(*where, before), globals));
  return exit_code::ok;
}

exit_code parse_and_run(const std::vector<std::string>& arguments, const std::string& name,
                        context& ctx) {
  parser p{ctx.flags, name};
  try {
    std::vector<std::string> reversed{arguments.rbegin(), arguments.rend()};
    p.app().parse(reversed);
  } catch (const CLI::CallForHelp&) {
    return show_help(p, ctx);
  } catch (const CLI::ParseError& failure) {
    ctx.flags.json = has(arguments, "--json", "--json");
    return ctx.wrong_usage(explain(failure, innermost(&p.app())));
  }
  if (!p.chosen()) return ctx.wrong_usage("nothing to do (try: ark " + name + " --help)");
  return p.chosen()(ctx);
}

exit_code dispatch(std::vector<std::string> arguments, context& ctx) {
  auto at = command_index(arguments);
  if (at < arguments.size() && arguments[at] == "help") {
    arguments.erase(arguments.begin() + static_cast<std::ptrdiff_t>(at));
    arguments.emplace_back("--help");
    at = command_index(arguments);
  }
  if (at == arguments.size()) {
    const bool asked = has(arguments, "-h", "--help");
    if (has(arguments, "--version", "-V")) {
      ctx.out.line("ark " ARK_VERSION);
      return exit_code::ok;
    }
    (asked ? ctx.out : ctx.err).write(overview(describe_all()));
    return asked ? exit_code::ok : exit_code::usage;
  }
  const auto& name = arguments[at];
  const auto& list = all_commands();
  if (std::none_of(list.begin(), list.end(), [&](const auto& each) { return each.name == name; })) {
    ctx.flags.json = has(arguments, "--json", "--json");
    const auto near = files::nearest(name, names());
    return ctx.wrong_usage("no command '" + name + "'" +
                           (near.empty() ? "" : "; did you mean '" + near + "'?") +
                           " (try: ark --help)");
  }
  return parse_and_run(arguments, name, ctx);
}

}  // namespace

int run(const std::vector<std::string>& arguments, context& ctx) {
  try {
    const auto code = dispatch(arguments, ctx);
    ctx.tell_alerts();
    ctx.out.flush();
    ctx.err.flush();
    return static_cast<int>(code);
  } catch (const broken_pipe&) {
    return static_cast<int>(exit_code::ok);
  } catch (const std::exception& failure) {
    error e;
    e.code = errc::internal;
    e.message = failure.what();
    try {
      return static_cast<int>(ctx.fail(e));
    } catch (const std::exception&) {
      return static_cast<int>(exit_code::vendor);
    } catch (const broken_pipe&) {
      return static_cast<int>(exit_code::vendor);
    }
  }
}

}  // namespace ark::cli
