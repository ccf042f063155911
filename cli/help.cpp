#include "cli/help.hpp"

#include <algorithm>

#include "cli/globals.hpp"

namespace ark::cli {
namespace {

constexpr std::size_t page_width = 90;

std::vector<example> examples_of(const CLI::App& app) {
  std::vector<example> out;
  std::string rest = app.get_footer();
  while (!rest.empty()) {
    const auto end = rest.find('\n');
    const auto line = rest.substr(0, end);
    rest = end == std::string::npos ? "" : rest.substr(end + 1);
    const auto tab = line.find('\t');
    out.push_back({line.substr(0, tab), tab == std::string::npos ? "" : line.substr(tab + 1)});
  }
  return out;
}

/// "TEXT:{a,b}" -> the value's name, and a and b.
void split_type(std::string type, option_text& out) {
  const auto brace = type.find('{');
  if (brace == std::string::npos) {
    out.value = type.substr(0, type.find(':'));
    out.takes_file = type.find("FILE") != std::string::npos;
    return;
  }
  std::string inside = type.substr(brace + 1, type.find('}') - brace - 1);
  out.value = type.substr(0, type.find_first_of(":{"));
  while (!inside.empty()) {
    const auto comma = inside.find(',');
    out.choices.push_back(inside.substr(0, comma));
    inside = comma == std::string::npos ? "" : inside.substr(comma + 1);
  }
}

option_text describe_option(const CLI::Option& option) {
  option_text out;
  out.meaning = option.get_description();
  out.required = option.get_required();
  out.repeated = option.get_items_expected_max() > 1;
  out.positional = option.get_positional();
  if (option.get_items_expected_max() > 0) split_type(option.get_type_name(), out);
  if (out.positional) {
    out.names.push_back(option.get_name(true));
    return out;
  }
  for (const auto& name : option.get_snames()) out.names.push_back("-" + name);
  for (const auto& name : option.get_lnames()) out.names.push_back("--" + name);
  return out;
}

/// `text` broken into lines of at most `width`, each but the first behind `indent` blanks.
std::string wrapped(const std::string& text, std::size_t indent, std::size_t width) {
  std::string out;
  std::size_t column = indent;
  std::size_t i = 0;
  while (i < text.size()) {
    auto end = text.find(' ', i);
    if (end == std::string::npos) end = text.size();
    const auto word = text.substr(i, end - i);
    if (column > indent && column + 1 + word.size() > width) {
      out += "\n" + std::string(indent, ' ');
      column = indent;
    } else if (column > indent) {
      out += ' ';
      ++column;
    }
    out += word;
    column += word.size();
    i = end + 1;
  }
  return out;
}

std::string joined(const std::vector<std::string>& words, const char* between) {
  std::string out;
  for (const auto& each : words) out += (out.empty() ? "" : between) + each;
  return out;
}

std::string left_side(const option_text& o) {
  if (o.positional) return o.names.front() + (o.repeated ? "..." : "");
  std::string out = o.names.front().starts_with("--") ? "    " : "";
  out += joined(o.names, ", ");
  if (!o.value.empty()) out += " " + o.value;
  return out;
}

std::string right_side(const option_text& o) {
  std::string out = o.meaning;
  if (!o.choices.empty()) out += " (" + joined(o.choices, ", ") + ")";
  if (o.required && !o.positional) out += " (required)";
  if (o.repeated && !o.positional) out += " (may come several times)";
  return out;
}

std::string option_table(const std::vector<option_text>& list, const char* title) {
  if (list.empty()) return {};
  std::size_t widest = 0;
  for (const auto& each : list) widest = std::max(widest, left_side(each).size());
  const auto indent = std::min<std::size_t>(widest, 30) + 4;
  std::string out = std::string{"\n"} + title + ":\n";
  for (const auto& each : list) {
    auto left = "  " + left_side(each);
    if (left.size() + 2 > indent) {
      left += "\n" + std::string(indent, ' ');
    } else {
      left.resize(indent, ' ');
    }
    out += left + wrapped(right_side(each), indent, page_width) + "\n";
  }
  return out;
}

std::string example_list(const std::vector<example>& list) {
  if (list.empty()) return {};
  std::string out = "\nExamples:\n";
  for (const auto& each : list) {
    out += "  " + each.command + "\n";
    if (!each.meaning.empty()) out += "      " + wrapped(each.meaning, 6, page_width) + "\n";
  }
  return out;
}

std::string usage_line(const command_text& what) {
  std::string out = "\nUsage: " + what.name;
  if (!what.verbs.empty()) return out + " COMMAND [OPTIONS]\n";
  out += " [OPTIONS]";
  for (const auto& each : what.arguments) {
    const auto word = left_side(each);
    out += each.required ? " " + word : " [" + word + "]";
  }
  return out + "\n";
}

std::string command_list(const std::vector<command_text>& list, std::size_t cut) {
  if (list.empty()) return {};
  std::size_t widest = 0;
  for (const auto& each : list) widest = std::max(widest, each.name.size() - cut);
  std::string out = "\nCommands:\n";
  for (const auto& each : list) {
    auto left = "  " + each.name.substr(cut);
    left.resize(widest + 4, ' ');
    out += left + wrapped(each.summary, widest + 4, page_width) + "\n";
  }
  return out;
}

}  // namespace

command_text describe(const CLI::App& app, const std::string& before) {
  command_text out;
  out.name = before.empty() ? app.get_name() : before + " " + app.get_name();
  out.summary = app.get_description();
  out.examples = examples_of(app);
  for (const auto* option : app.get_options()) {
    auto text = describe_option(*option);
    if (option->get_group().empty()) continue;
    const bool help = std::find(text.names.begin(), text.names.end(), "--help") != text.names.end();
    // Each parser has it; it is told once, with the global options.
    if (help && !before.empty()) continue;
    (text.positional ? out.arguments : out.options).push_back(std::move(text));
  }
  for (const auto* each : app.get_subcommands(nullptr)) {
    out.verbs.push_back(describe(*each, out.name));
  }
  return out;
}

command_text describe_all() {
  global_flags unused;
  parser p{unused, ""};
  auto out = describe(p.app(), "");
  std::erase_if(out.verbs, [](const command_text& each) {
    const auto& list = all_commands();
    const auto it = std::find_if(list.begin(), list.end(), [&](const auto& e) {
      return "ark " + std::string{e.name} == each.name;
    });
    return it == list.end() || it->hidden;
  });
  option_text version;
  version.names = {"-V", "--version"};
  version.meaning = "Show the version and end";
  out.options.push_back(std::move(version));
  return out;
}

std::string help_text(const command_text& what, const std::vector<option_text>& globals) {
  std::string out = what.summary + ".\n";
  out += example_list(what.examples);
  out += usage_line(what);
  out += command_list(what.verbs, what.name.size() + 1);
  out += option_table(what.arguments, "Arguments");
  out += option_table(what.options, "Options");
  out += option_table(globals, "Options of every command");
  return out;
}

std::string overview(const command_text& ark) {
  std::string out = ark.summary + ".\n";
  out += example_list(
      {{"ark keys set openai", "store a key (asked for, not shown)"},
       {"ark chat 'Why is the sky blue?'", "ask the cheapest model there is a key for"},
       {"ark ledger report --by model", "what it cost so far"}});
  out += "\nUsage: ark COMMAND [OPTIONS]\n";
  out += command_list(ark.verbs, 4);
  out += option_table(ark.options, "Options of every command");
  out +=
      "\nark COMMAND --help shows what a command can do. Exit codes: 0 done, 1 the answer is no,\n"
      "2 wrong usage, 3 vendor or network, 130 interrupted.\n";
  return out;
}

}  // namespace ark::cli
