#include "cli/commands.hpp"

namespace ark::cli {

const std::vector<command_entry>& all_commands() {
  // A new command: a line here, its function in commands.hpp, its file in meson.build.
  static const std::vector<command_entry> list = {
      {"ledger", "Show what was used and what it cost", define_ledger},
      {"sim", "Simulate vendors on loopback, with faults and a bill", define_sim},
      {"config", "Show, check and change settings", define_config},
      {"replay", "Run recorded answers through their dialect, without network", define_replay},
      {"completion", "Print a completion script for a shell", define_completion},
      {"man", "Print the manual page", define_man, true},
  };
  return list;
}

}  // namespace ark::cli
