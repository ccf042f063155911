#include <gtest/gtest.h>

#include "tests/unit/cli/bench.hpp"

// Calls themselves: tests/integration/cli.
namespace ark::cli {
namespace {

TEST(batch, needs_a_model_calls_and_a_key) {
  testing::cli_bench bench;
  EXPECT_EQ(bench.run({"batch", "submit", "-"}, "{\"prompt\":\"x\"}"), 2);
  EXPECT_NE(bench.err.find("-m"), std::string::npos);
  EXPECT_EQ(bench.run({"batch", "submit", "-m", "openai/gpt-5-mini", "-"}, "{\"prompt\":1}"), 2);
  EXPECT_NE(bench.err.find("standard input:1: prompt"), std::string::npos) << bench.err;
  EXPECT_EQ(bench.run({"batch", "submit", "-m", "openai/gpt-5-mini", "-"}, "{\"prompt\":\"x\"}"),
            2);
  EXPECT_NE(bench.err.find("key"), std::string::npos) << bench.err;
  EXPECT_EQ(bench.run({"batch", "fetch", "openai"}), 2);
  EXPECT_EQ(bench.run({"batch", "status", "openai", ".."}), 2);
  EXPECT_EQ(bench.run({"batch", "list", "voyage"}), 2);
}

}  // namespace
}  // namespace ark::cli
