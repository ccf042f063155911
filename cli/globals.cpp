#include "cli/globals.hpp"

namespace ark::cli {

parser::parser(global_flags& flags, const std::string& wanted)
    : app_("One interface to every vendor's models", "ark") {
  app_.set_help_flag("-h,--help", "Show help and end");
  app_.fallthrough();
  app_.add_flag("--json", flags.json, "Print JSON on standard output, failures too");
  app_.add_flag("-q,--quiet", flags.quiet, "No messages but errors");
  app_.add_flag("-v,--verbose", flags.verbose, "More messages on standard error");
  app_.add_option("--config", flags.config_file,
                  "Read this file instead of ~/.config/ark/config.yaml")
      ->type_name("FILE");
  app_.add_option("--ledger", flags.ledger_file, "Use this ledger instead of the configured one")
      ->type_name("FILE|URL");
  app_.add_flag("--no-ledger", flags.no_ledger,
                "Record nothing: what this costs is not known later");
  for (const auto& each : all_commands()) {
    if (!wanted.empty() && wanted != each.name) continue;
    command here{*app_.add_subcommand(each.name, each.summary), chosen_};
    each.define(here);
  }
}

}  // namespace ark::cli
