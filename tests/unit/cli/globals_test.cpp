#include "cli/globals.hpp"

#include <gtest/gtest.h>

namespace ark::cli {
namespace {

TEST(globals, only_the_wanted_command_is_built) {
  global_flags flags;
  parser one{flags, "config"};
  EXPECT_EQ(one.app().get_subcommands(nullptr).size(), 1u);
  parser all{flags, ""};
  EXPECT_EQ(all.app().get_subcommands(nullptr).size(), all_commands().size());
}

TEST(globals, flags_are_read_behind_the_verb_too) {
  global_flags flags;
  parser p{flags, "config"};
  p.app().parse("config get --json --ledger /l -q --no-ledger --config /c");
  EXPECT_TRUE(flags.json);
  EXPECT_TRUE(flags.quiet);
  EXPECT_TRUE(flags.no_ledger);
  EXPECT_EQ(flags.ledger_file, "/l");
  EXPECT_EQ(flags.config_file, "/c");
  EXPECT_TRUE(p.chosen());
}

}  // namespace
}  // namespace ark::cli
