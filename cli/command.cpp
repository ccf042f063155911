#include "cli/command.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace ark::cli {

command& command::examples(std::initializer_list<example> list) {
  std::string text;
  for (const auto& each : list) {
    if (!text.empty()) text += '\n';
    text += each.command + '\t' + each.meaning;
  }
  app_->footer(text);
  return *this;
}

command command::verb(const std::string& name, const std::string& summary) {
  app_->require_subcommand(1);
  return {*app_->add_subcommand(name, summary), *chosen_};
}

void command::run(action what) {
  app_->final_callback([chosen = chosen_, what = std::move(what)] { *chosen = what; });
}

}  // namespace ark::cli
