#include "cli/help.hpp"

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
  for (const auto& each : what.verbs) out.push_back(each.name.substr(what.name.size() + 1));
  return out;
}

/// 'text' for a shell; only what is special inside single quotes is changed.
std::string in_quotes(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string{"'\\''"} : std::string(1, c);
  return out + "'";
}

/// One case for each option with choices or files: `-m|--model)`.
std::string bash_values(const command_text& what) {
  std::string out;
  for (const auto& each : what.options) {
    if (each.choices.empty() && !each.takes_file && each.value != "FILE" && each.value != "MODEL") {
      continue;
    }
    out += "    '" + what.name + "'," + joined(each.names, "|'" + what.name + "',") + ") ";
    if (!each.choices.empty()) {
      out += "COMPREPLY=($(compgen -W '" + joined(each.choices) + "' -- \"$word\")); return ;;\n";
    } else if (each.value == "MODEL") {
      out +=
          "COMPREPLY=($(compgen -W \"$(ark models list -q --ids 2>/dev/null)\" -- \"$word\")); "
          "return ;;\n";
    } else {
      out += "COMPREPLY=($(compgen -f -- \"$word\")); return ;;\n";
    }
  }
  for (const auto& each : what.verbs) out += bash_values(each);
  return out;
}

std::string bash_words(const command_text& what, const std::string& globals) {
  auto words = verb_names(what);
  const auto options = option_names(what.options);
  words.insert(words.end(), options.begin(), options.end());
  std::string out = "    '" + what.name + "') words='" + joined(words) + " " + globals + "' ;;\n";
  for (const auto& each : what.verbs) out += bash_words(each, globals);
  return out;
}

std::string bash_script(const command_text& ark) {
  const auto globals = joined(option_names(ark.options));
  std::string out =
      "# bash completion for ark; made by: ark completion bash\n"
      "_ark() {\n"
      "  local word=\"${COMP_WORDS[COMP_CWORD]}\" last=\"${COMP_WORDS[COMP_CWORD-1]}\"\n"
      "  local path=ark words='' i next\n"
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
  for (const auto& each : ark.verbs) out += bash_values(each);
  out += "  esac\n  case \"$path\" in\n";
  out += bash_words(ark, "");
  out += "  esac\n";
  // Files where no option is being typed: most commands take some.
  out += "  COMPREPLY=($(compgen -W \"$words " + globals + "\" -- \"$word\"))\n";
  out += "  [[ \"$word\" == -* || \"$path\" == ark ]] || COMPREPLY+=($(compgen -f -- \"$word\"))\n";
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
  if (o.value == "MODEL") return value + "($(ark models list -q --ids 2>/dev/null))";
  return o.takes_file || o.value == "FILE" ? value + "_files" : value;
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
  return out + " \\\n    '*:file:_files'\n}\n";
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
    if (each.value == "MODEL") out += " -f -a '(ark models list -q --ids 2>/dev/null)'";
    out += " -d " + in_quotes(each.meaning) + "\n";
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
    const auto verbs = joined(verb_names(each));
    for (const auto& verb : each.verbs) {
      const auto word = verb.name.substr(each.name.size() + 1);
      out += "complete -c ark -f -n " +
             in_quotes("__fish_seen_subcommand_from " + name +
                       "; and not __fish_seen_subcommand_from " + verbs) +
             " -a " + word + " -d " + in_quotes(verb.summary) + "\n";
      out += fish_options(verb.options, "__fish_seen_subcommand_from " + name +
                                            "; and __fish_seen_subcommand_from " + word);
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
