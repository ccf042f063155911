#include <gtest/gtest.h>

#include "cli/help.hpp"

namespace ark::cli {
namespace {

TEST(completion_script, knows_every_command_verb_and_option) {
  const auto ark = describe_all();
  for (const auto* shell : {"bash", "zsh", "fish"}) {
    const auto script = completion_script(ark, shell);
    for (const auto& each : ark.verbs) {
      EXPECT_NE(script.find(each.name.substr(4)), std::string::npos) << shell << each.name;
      for (const auto& option : each.options) {
        const auto& name = option.names.back();
        const auto word = std::string{shell} == "fish" ? name.substr(name.rfind('-') + 1) : name;
        EXPECT_NE(script.find(word), std::string::npos) << shell << each.name << name;
      }
    }
  }
}

TEST(completion_script, arguments_have_values) {
  const auto ark = describe_all();
  const auto has = [&](const char* shell, const std::string& text) {
    return completion_script(ark, shell).find(text) != std::string::npos;
  };
  EXPECT_TRUE(has("zsh", "'1:VENDOR:($(ark complete vendors 2>/dev/null))'"));
  EXPECT_TRUE(has("zsh", "'1:PATH:($(ark complete settings 2>/dev/null))'"));
  EXPECT_TRUE(has("zsh", "'1:SHELL:(bash zsh fish)'"));
  EXPECT_TRUE(has("zsh", "'*:TEXT:_files'"));
  const std::string seen = " -n '__fish_seen_subcommand_from ";
  EXPECT_TRUE(has("fish", seen + "keys; and __fish_seen_subcommand_from set' -a '(ark complete "
                                 "vendors 2>/dev/null)'"));
  EXPECT_TRUE(has("fish", seen + "config; and __fish_seen_subcommand_from get' -a '(ark complete "
                                 "settings 2>/dev/null)'"));
  EXPECT_TRUE(has("fish", seen + "completion' -a 'bash zsh fish'"));
}

TEST(completion_script, quotes_do_not_break_out) {
  command_text ark;
  ark.name = "ark";
  ark.verbs.push_back({.name = "ark x", .summary = "it's $(touch /tmp/x) [a]: b"});
  EXPECT_NE(completion_script(ark, "zsh").find("it'\\''s"), std::string::npos);
  EXPECT_NE(completion_script(ark, "fish").find("'it'\\''s $(touch"), std::string::npos);
}

TEST(completion_script, unknown_shell) { EXPECT_EQ(completion_script({}, "tcsh"), ""); }

}  // namespace
}  // namespace ark::cli
