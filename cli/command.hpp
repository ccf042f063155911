#pragma once
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include "cli/exit_code.hpp"
#include "cli/options.hpp"

namespace ark::cli {

class context;

/// What runs once the command line is parsed.
using action = std::function<exit_code(context&)>;

/// A line of a command's help: what to type, and what it does.
struct example {
  std::string command;
  std::string meaning;
};

/// Describes one command, or one of its subcommands, to the parser. Help, man page, completions
/// and cli/doc are generated from what is told here. A handle: cheap to copy.
///
///   void define_embed(command& c) {
///     c.examples({{"ark embed -m openai/text-embedding-3-small 'a text'", "one vector"}});
///     auto o = c.options<embed_options>();
///     const auto set = c.parameters();
///     set.add_option("-m,--model", o->model, "Model, as vendor/model").type_name("MODEL");
///     c.run([o](context& ctx) { return embed(ctx, *o); });
///   }
class command {
 public:
  command(CLI::App& app, action& chosen) : app_(&app), chosen_(&chosen) {}

  /// For options, flags and positionals. `--json`, `-q`, `--config`, `--no-ledger` are there
  /// already: ask the context.
  option_set parameters() const { return option_set{*app_}; }
  /// At least two; the first thing that help shows.
  command& examples(std::initializer_list<example> list);
  /// What the parsed values are written to; lives as long as the parser and the action.
  template <class T>
  std::shared_ptr<T> options() const {
    return std::make_shared<T>();
  }
  /// A verb: `ark ledger list`. A command with verbs has no action of its own.
  command verb(const std::string& name, const std::string& summary);
  void run(action what);

 private:
  CLI::App* app_;
  action* chosen_;
};

/// A line of the one list of commands, cli/commands.cpp.
struct command_entry {
  const char* name;
  const char* summary;  ///< one line, for `ark --help`
  void (*define)(command&);
  bool hidden = false;  ///< not in help and completions
};

/// All commands, in the order of `ark --help`.
const std::vector<command_entry>& all_commands();

}  // namespace ark::cli
