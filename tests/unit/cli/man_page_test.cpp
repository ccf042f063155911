#include <gtest/gtest.h>

#include "cli/help.hpp"

namespace ark::cli {
namespace {

TEST(man_page, has_every_command_and_the_exit_codes) {
  const auto ark = describe_all();
  const auto page = man_page(ark);
  for (const auto& each : ark.verbs) {
    EXPECT_NE(page.find(".SS " + each.name), std::string::npos) << each.name;
  }
  for (const auto* code : {"0", "1", "2", "3", "130"}) {
    EXPECT_NE(page.find("\\fB" + std::string{code} + "\\fR\n"), std::string::npos) << code;
  }
}

TEST(man_page, text_cannot_be_a_roff_command) {
  command_text ark;
  ark.verbs.push_back(
      {.name = "ark x", .summary = ".so /etc/passwd", .examples = {{"'a", "\\n-"}}});
  const auto page = man_page(ark);
  EXPECT_EQ(page.find("\n.so"), std::string::npos);
  EXPECT_NE(page.find("\\&'a"), std::string::npos);
  EXPECT_NE(page.find("\\en\\-"), std::string::npos);
}

}  // namespace
}  // namespace ark::cli
