#include "cli/commands.hpp"

#include <gtest/gtest.h>

#include <set>

#include "cli/help.hpp"

namespace ark::cli {
namespace {

TEST(commands, names_are_unique_and_summaries_are_one_line) {
  std::set<std::string> names;
  for (const auto& each : all_commands()) {
    EXPECT_TRUE(names.insert(each.name).second) << each.name;
    EXPECT_EQ(std::string{each.summary}.find('\n'), std::string::npos);
  }
}

void check(const command_text& what) {
  if (what.verbs.empty()) {
    EXPECT_GE(what.examples.size(), 2u) << what.name;
  }
  for (const auto& each : what.options) EXPECT_NE(each.meaning, "") << what.name << each.names[0];
  for (const auto& each : what.arguments) EXPECT_NE(each.meaning, "") << what.name;
  // Keys would be seen in the list of processes and stay in the shell's history.
  for (const auto& each : what.options) {
    for (const auto& name : each.names) {
      if (what.name == "ark sim") continue;  // any text is a key of the simulator
      if (name == "--public-key") continue;  // everybody may see it
      EXPECT_EQ(name.find("key"), std::string::npos) << what.name << " " << name;
    }
  }
  for (const auto& each : what.verbs) check(each);
}

TEST(commands, each_has_two_examples_and_no_secret_in_a_flag) {
  for (const auto& each : describe_all().verbs) check(each);
}

}  // namespace
}  // namespace ark::cli
