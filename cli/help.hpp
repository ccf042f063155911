#pragma once
#include <string>
#include <vector>

#include "cli/command.hpp"

namespace ark::cli {

/// What is known of an option or an argument, for those who write about it.
struct option_text {
  std::vector<std::string> names;  ///< "-m", "--model"; for an argument its name alone
  std::string value;               ///< "MODEL"; "" for a flag
  std::string meaning;
  std::vector<std::string> choices;
  bool positional = false;
  bool required = false;
  bool repeated = false;
  bool takes_file = false;
};

/// What is known of a command.
struct command_text {
  std::string name;  ///< "ark ledger list"
  std::string summary;
  std::vector<example> examples;
  std::vector<option_text> arguments;
  std::vector<option_text> options;
  std::vector<command_text> verbs;
};

/// Reads it out of the parser. `name` is what stands before the parser's own name: "ark".
command_text describe(const CLI::App& app, const std::string& before);
/// All commands of the list; the first is `ark` itself with the global options.
command_text describe_all();

/// For a terminal: examples first. `globals` are shown at the end.
std::string help_text(const command_text& what, const std::vector<option_text>& globals);
/// `ark --help`.
std::string overview(const command_text& ark);
/// man 1 ark, in roff.
std::string man_page(const command_text& ark);
/// A script for "bash", "zsh" or "fish"; "" for another shell.
std::string completion_script(const command_text& ark, const std::string& shell);

}  // namespace ark::cli
