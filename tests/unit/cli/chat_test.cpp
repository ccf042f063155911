#include <gtest/gtest.h>

#include "base/json.hpp"
#include "tests/unit/cli/bench.hpp"

// Calls themselves: tests/integration/cli.
namespace ark::cli {
namespace {

struct a_chat : ::testing::Test {
  testing::cli_bench bench;
};

TEST_F(a_chat, mistakes_are_told_before_anything_is_sent) {
  bench.machine.variables["OPENAI_API_KEY"] = "sk-x";
  const std::vector<std::vector<std::string>> wrong = {
      {"chat", ""},
      {"chat", "--image", "/no/such/file.png", "x"},
      {"chat", "--schema", "{\"a\":", "x"},
      {"chat", "--tool", "{\"a\":1}", "x"},
      {"chat", "--tag", "x", "y"},
      {"chat", "--max-cost", "much", "x"},
      {"chat", "--reasoning", "hardest", "x"},
      {"chat", "--max-tokens", "0", "x"},
      {"chat", "-m", "nobody/nothing", "x"},
  };
  for (const auto& each : wrong) {
    EXPECT_EQ(bench.run(each), 2) << each[1] << bench.err;
    EXPECT_EQ(bench.out, "");
    EXPECT_NE(bench.err, "");
  }
}

TEST_F(a_chat, without_a_key_it_says_how_to_get_one) {
  EXPECT_EQ(bench.run({"chat", "-m", "openai/gpt-5-mini", "x"}), 2);
  EXPECT_NE(bench.err.find("ark keys set openai"), std::string::npos) << bench.err;
}

TEST_F(a_chat, route_is_explained_without_sending) {
  bench.machine.variables["OPENAI_API_KEY"] = "sk-x";
  EXPECT_EQ(bench.run({"chat", "--explain", "hello"}), 0) << bench.err;
  EXPECT_EQ(bench.out.substr(0, 7), "openai/");
  EXPECT_EQ(bench.run({"chat", "--explain", "--json", "hello"}), 0);
  EXPECT_TRUE(json::is_valid(bench.out));
  EXPECT_NE(bench.out.find("\"verdict\":\"chosen\""), std::string::npos);
}

TEST_F(a_chat, no_model_fits) {
  EXPECT_EQ(bench.run({"chat", "hello"}), 2);
  EXPECT_NE(bench.err.find("ark keys set"), std::string::npos) << bench.err;
  EXPECT_EQ(bench.run({"chat", "--explain", "hello"}), 2);
  // With a key it is an answer: there is none that can do this.
  bench.machine.variables["OPENAI_API_KEY"] = "sk-x";
  bench.write_config("auto_models: [deepseek/deepseek-chat]\n");
  EXPECT_EQ(bench.run({"chat", "hello"}), 1) << bench.err;
}

}  // namespace
}  // namespace ark::cli
