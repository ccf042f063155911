#include "cli/help.hpp"

#include <algorithm>

namespace ark::cli {
namespace {

std::string joined(const std::vector<std::string>& words, const std::string& between = " ") {
  std::string out;
  for (const auto& each : words) out += (out.empty() ? std::string{} : between) + each;
  return out;
}

std::vector<std::string> option_names(const std::vector<option_text>& list) {
  std::vector<std::string> out;
  for (const auto& each : list) out.insert(out.end(), each.names.begin(), each.names.end());
  return out;
}

std::vector<std::string> verb_names(const command_text& what) {
  std::vector<std::string> out;
  out.reserve(what.verbs.size());
  for (const auto& each : what.verbs) out.push_back(each.name.substr(what.name.size() + 1));
  return out;
}

/// 'text' for a shell; only what is special inside single quotes is changed.
std::string in_quotes(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string{"'\\''"} : std::string(1, c);
  return out + "'";
}

/// What tells a shell the values of an option or an argument; "" if nothing does.
std::string values_command(const option_text& o) {
  const auto& kind = o.positional ? o.names.front() : o.value;
  if (kind == "MODEL") return "ark models list -q --ids 2>/dev/null";
  if (kind == "VENDOR") return "ark complete vendors 2>/dev/null";
  if (kind == "ENCODING") return "ark complete encodings 2>/dev/null";
  if (kind == "PATH") return "ark complete settings 2>/dev/null";
  return {};
}

/// Its values can be told, so that files would be in the way.
bool is_known(const option_text& o) { return !o.choices.empty() || !values_command(o).empty(); }

bool takes_files(const command_text& what) {
  return std::any_of(what.arguments.begin(), what.arguments.end(),
                     [](const option_text& each) { return !is_known(each); });
}

/// One case for each option with choices or files: `-m|--model)`.
std::string bash_values(const command_text& what, const std::string& path) {
  std::string out;
  for (const auto& each : what.options) {
    if (!is_known(each) && !each.takes_file && each.value != "FILE") continue;
    out += "    " + path + "," + joined(each.names, "|" + path + ",") + ") ";
    if (!each.choices.empty()) {
      out += "COMPREPLY=($(compgen -W '" + joined(each.choices) + "' -- \"$word\")); return ;;\n";
    } else if (const auto values = values_command(each); !values.empty()) {
      out += "COMPREPLY=($(compgen -W \"$(" + values + ")\" -- \"$word\")); return ;;\n";
    } else {
      out += "COMPREPLY=($(compgen -f -- \"$word\")); return ;;\n";
    }
  }
  return out;
}

std::string bash_values_below(const command_text& what) {
  std::string out;
  for (const auto& each : what.verbs) {
    out += bash_values(each, "'" + each.name + "'") + bash_values_below(each);
  }
  return out;
}

std::string bash_words(const command_text& what, const std::string& globals) {
  auto words = verb_names(what);
  const auto options = option_names(what.options);
  words.insert(words.end(), options.begin(), options.end());
  for (const auto& each : what.arguments) {
    words.insert(words.end(), each.choices.begin(), each.choices.end());
  }
  std::string out = "    '" + what.name + "') words='" + joined(words) + " " + globals + "'";
  for (const auto& each : what.arguments) {
    const auto values = values_command(each);
    if (!values.empty()) out += "; words+=\" $(" + values + ")\"";
  }
  out += takes_files(what) ? "; files=yes ;;\n" : " ;;\n";
  for (const auto& each : what.verbs) out += bash_words(each, globals);
  return out;
}

std::string bash_script(const command_text& ark) {
  const auto globals = joined(option_names(ark.options));
  std::string out =
      "# bash completion for ark; made by: ark completion bash\n"
      "_ark() {\n"
      "  local word=\"${COMP_WORDS[COMP_CWORD]}\" last=\"${COMP_WORDS[COMP_CWORD-1]}\"\n"
      "  local path=ark words='' files='' i next\n"
      "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
      "    next=\"$path ${COMP_WORDS[i]}\"\n"
      "    case \"$next\" in\n";
  std::vector<std::string> paths;
  for (const auto& each : ark.verbs) {
    paths.push_back("'" + each.name + "'");
    for (const auto& verb : each.verbs) paths.push_back("'" + verb.name + "'");
  }
  out += "      " + joined(paths, "|") + ") path=\"$next\" ;;\n    esac\n  done\n";
  out += "  case \"$path,$last\" in\n";
  out += bash_values_below(ark) + bash_values(ark, "*");
  out += "  esac\n  case \"$path\" in\n";
  out += bash_words(ark, "");
  out += "  esac\n";
  out += "  COMPREPLY=($(compgen -W \"$words " + globals + "\" -- \"$word\"))\n";
  out += "  [[ \"$word\" == -* || -z \"$files\" ]] || COMPREPLY+=($(compgen -f -- \"$word\"))\n";
  return out + "}\ncomplete -o filenames -F _ark ark\n";
}

/// A name:meaning pair of zsh's _describe and _arguments; colons and brackets are special there.
std::string zsh_text(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == ':' || c == '[' || c == ']') out += '\\';
    out += c;
  }
  return out;
}

std::string zsh_action(const option_text& o) {
  if (o.value.empty()) return "";
  const auto value = ":" + zsh_text(o.value) + ":";
  if (!o.choices.empty()) return value + "(" + joined(o.choices) + ")";
  if (const auto values = values_command(o); !values.empty()) return value + "($(" + values + "))";
  return o.takes_file || o.value == "FILE" ? value + "_files" : value;
}

/// The action for an argument; files where nothing is known.
std::string zsh_values(const option_text& argument) {
  if (!argument.choices.empty()) return "(" + joined(argument.choices) + ")";
  const auto values = values_command(argument);
  return values.empty() ? "_files" : "($(" + values + "))";
}

std::string zsh_function_name(const command_text& what) {
  std::string out = "_" + what.name;
  for (char& c : out) c = c == ' ' || c == '-' ? '_' : c;
  return out;
}

std::string zsh_function(const command_text& what, const std::vector<option_text>& globals) {
  std::string out;
  for (const auto& each : what.verbs) out += zsh_function(each, globals);
  out += zsh_function_name(what) + "() {\n";
  if (!what.verbs.empty()) {
    out += "  local -a verbs=(";
    for (const auto& each : what.verbs) {
      out += "\n    " + in_quotes(zsh_text(each.name.substr(what.name.size() + 1)) + ":" +
                                  zsh_text(each.summary));
    }
    out += "\n  )\n  if (( CURRENT == 2 )); then _describe command verbs; return; fi\n";
    out += "  local verb=${words[2]}\n  shift words; (( CURRENT-- ))\n  case $verb in\n";
    for (const auto& each : what.verbs) {
      out += "    " + each.name.substr(what.name.size() + 1) + ") " + zsh_function_name(each) +
             " ;;\n";
    }
    return out + "  esac\n}\n";
  }
  out += "  _arguments -s";
  for (const auto* list : {&what.options, &globals}) {
    for (const auto& each : *list) {
      for (const auto& name : each.names) {
        out += " \\\n    " + in_quotes((each.repeated ? "*" : "") + name + "[" +
                                       zsh_text(each.meaning) + "]" + zsh_action(each));
      }
    }
  }
  int place = 0;
  for (const auto& each : what.arguments) {
    const auto where = each.repeated ? std::string{"*"} : std::to_string(++place);
    out += " \\\n    " +
           in_quotes(where + ":" + zsh_text(each.names.front()) + ":" + zsh_values(each));
  }
  return out + "\n}\n";
}

std::string zsh_script(const command_text& ark) {
  auto body = zsh_function(ark, ark.options);
  return "#compdef ark\n# zsh completion for ark; made by: ark completion zsh\n" + body +
         "compdef _ark ark\n";
}

std::string fish_options(const std::vector<option_text>& list, const std::string& condition) {
  std::string out;
  for (const auto& each : list) {
    out += "complete -c ark";
    if (!condition.empty()) out += " -n " + in_quotes(condition);
    for (const auto& name : each.names) {
      out += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
    }
    if (!each.value.empty()) out += " -r";
    if (!each.choices.empty()) out += " -f -a " + in_quotes(joined(each.choices));
    if (const auto values = values_command(each); !values.empty()) {
      out += " -f -a " + in_quotes("(" + values + ")");
    }
    out += " -d " + in_quotes(each.meaning) + "\n";
  }
  return out;
}

std::string fish_arguments(const command_text& what, const std::string& condition) {
  std::string out;
  for (const auto& each : what.arguments) {
    if (!is_known(each)) continue;
    const auto values = values_command(each);
    out += std::string{"complete -c ark"} + (takes_files(what) ? "" : " -f") + " -n " +
           in_quotes(condition) + " -a " +
           in_quotes(values.empty() ? joined(each.choices) : "(" + values + ")") + " -d " +
           in_quotes(each.meaning) + "\n";
  }
  return out;
}

std::string fish_script(const command_text& ark) {
  std::string out = "# fish completion for ark; made by: ark completion fish\n";
  out += fish_options(ark.options, "");
  for (const auto& each : ark.verbs) {
    const auto name = each.name.substr(4);
    out += "complete -c ark -f -n __fish_use_subcommand -a " + name + " -d " +
           in_quotes(each.summary) + "\n";
    out += fish_options(each.options, "__fish_seen_subcommand_from " + name);
    out += fish_arguments(each, "__fish_seen_subcommand_from " + name);
    const auto verbs = joined(verb_names(each));
    for (const auto& verb : each.verbs) {
      const auto word = verb.name.substr(each.name.size() + 1);
      out += "complete -c ark -f -n " +
             in_quotes("__fish_seen_subcommand_from " + name +
                       "; and not __fish_seen_subcommand_from " + verbs) +
             " -a " + word + " -d " + in_quotes(verb.summary) + "\n";
      const auto below =
          "__fish_seen_subcommand_from " + name + "; and __fish_seen_subcommand_from " + word;
      out += fish_options(verb.options, below);
      out += fish_arguments(verb, below);
    }
  }
  return out;
}

}  // namespace

std::string completion_script(const command_text& ark, const std::string& shell) {
  if (shell == "bash") return bash_script(ark);
  if (shell == "zsh") return zsh_script(ark);
  if (shell == "fish") return fish_script(ark);
  return {};
}

}  // namespace ark::cli
