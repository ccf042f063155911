#include "cli/run.hpp"

#include <gtest/gtest.h>

#include "base/json.hpp"
#include "tests/unit/cli/bench.hpp"

namespace ark::cli {
namespace {

struct a_run : ::testing::Test {
  testing::cli_bench bench;
};

TEST_F(a_run, version) {
  EXPECT_EQ(bench.run({"--version", "-q"}), 0);
  EXPECT_EQ(bench.out, "ark " ARK_VERSION "\n");
}

TEST_F(a_run, help_is_data_and_shows_examples_first) {
  EXPECT_EQ(bench.run({"--help"}), 0);
  EXPECT_EQ(bench.err, "");
  EXPECT_LT(bench.out.find("Examples:"), bench.out.find("Usage:"));
  EXPECT_EQ(bench.run({"chat", "--help"}), 0);
  EXPECT_LT(bench.out.find("ark chat 'Why"), bench.out.find("Usage: ark chat"));
  EXPECT_EQ(bench.run({"help", "config", "set"}), 0);
  EXPECT_NE(bench.out.find("Usage: ark config set"), std::string::npos);
}

TEST_F(a_run, nothing_asked_is_wrong_usage) {
  EXPECT_EQ(bench.run({}), 2);
  EXPECT_EQ(bench.out, "");
  EXPECT_NE(bench.err.find("Usage: ark COMMAND"), std::string::npos);
}

TEST_F(a_run, unknown_commands_and_options_get_a_suggestion) {
  EXPECT_EQ(bench.run({"chta", "x"}), 2);
  EXPECT_NE(bench.err.find("did you mean 'chat'?"), std::string::npos);
  EXPECT_EQ(bench.run({"chat", "--modle", "x"}), 2);
  EXPECT_NE(bench.err.find("did you mean '--model'?"), std::string::npos);
  EXPECT_EQ(bench.run({"config", "exlpain"}), 2);
  EXPECT_NE(bench.err.find("did you mean 'explain'?"), std::string::npos) << bench.err;
  EXPECT_EQ(bench.out, "");
}

TEST_F(a_run, commands_of_a_command_are_listed) {
  EXPECT_EQ(bench.run({"ledger", "show"}), 2);
  EXPECT_NE(bench.err.find("'ark ledger' has no command 'show'; there are: report, list"),
            std::string::npos)
      << bench.err;
  EXPECT_EQ(bench.run({"ledger", "show", "--since", "7d"}), 2);
  EXPECT_NE(bench.err.find("has no command 'show'"), std::string::npos) << bench.err;
  EXPECT_EQ(bench.run({"ledger"}), 2);
  EXPECT_NE(bench.err.find("'ark ledger' needs a command: report, list, "), std::string::npos)
      << bench.err;
}

// T17
TEST_F(a_run, insecure_is_refused_with_the_reason) {
  EXPECT_EQ(bench.run({"chat", "--insecure", "x"}), 2);
  EXPECT_NE(bench.err.find("cannot be turned off"), std::string::npos);
}

TEST_F(a_run, global_flags_stand_anywhere) {
  bench.write_config("model: a/b\n");
  EXPECT_EQ(bench.run({"--json", "config", "get", "model"}), 0);
  const auto first = bench.out;
  EXPECT_EQ(bench.run({"config", "get", "model", "--json"}), 0);
  EXPECT_EQ(bench.out, first);
  EXPECT_TRUE(json::is_valid(bench.out));
}

TEST_F(a_run, failures_are_json_too) {
  EXPECT_EQ(bench.run({"chat", "--json", "--modle", "x"}), 2);
  EXPECT_TRUE(json::is_valid(bench.out)) << bench.out;
  EXPECT_NE(bench.out.find("\"code\":\"invalid_request\""), std::string::npos);
}

TEST_F(a_run, colour_only_on_a_terminal_without_no_color) {
  EXPECT_EQ(bench.run({"chta"}), 2);
  EXPECT_EQ(bench.err.find('\x1b'), std::string::npos);
  bench.terminal = true;
  EXPECT_EQ(bench.run({"chta"}), 2);
  EXPECT_NE(bench.err.find("\x1b[1;31merror:"), std::string::npos);
  bench.machine.variables["NO_COLOR"] = "1";
  EXPECT_EQ(bench.run({"chta"}), 2);
  EXPECT_EQ(bench.err.find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace ark::cli
