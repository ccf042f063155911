#include <gtest/gtest.h>

#include "tests/unit/cli/bench.hpp"

namespace ark::cli {
namespace {

TEST(completion, prints_a_script_for_each_shell) {
  testing::cli_bench bench;
  for (const auto* shell : {"bash", "zsh", "fish"}) {
    EXPECT_EQ(bench.run({"completion", shell}), 0);
    EXPECT_NE(bench.out.find("made by: ark completion " + std::string{shell}), std::string::npos);
  }
  EXPECT_EQ(bench.run({"completion", "tcsh"}), 2);
  EXPECT_EQ(bench.run({"completion"}), 2);
}

TEST(completion, words_for_the_scripts) {
  testing::cli_bench bench;
  EXPECT_EQ(bench.run({"complete", "vendors"}), 0) << bench.err;
  EXPECT_NE(bench.out.find("openai\n"), std::string::npos);
  EXPECT_EQ(bench.run({"complete", "settings"}), 0) << bench.err;
  EXPECT_NE(bench.out.find("ledger.path\n"), std::string::npos);
  EXPECT_NE(bench.out.find("vendors.openai.key_command\n"), std::string::npos);
  EXPECT_EQ(bench.out.find("NAME"), std::string::npos);
}

TEST(completion, man_page) {
  testing::cli_bench bench;
  EXPECT_EQ(bench.run({"man"}), 0);
  EXPECT_NE(bench.out.find(".TH ARK 1"), std::string::npos);
}

}  // namespace
}  // namespace ark::cli
