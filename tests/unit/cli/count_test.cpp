#include <gtest/gtest.h>

#include "tests/unit/cli/bench.hpp"

// Calls themselves: tests/integration/cli.
namespace ark::cli {
namespace {

TEST(count, needs_a_model_a_text_and_a_key) {
  testing::cli_bench bench;
  EXPECT_EQ(bench.run({"count", "hello"}), 2);
  EXPECT_NE(bench.err.find("-m"), std::string::npos);
  EXPECT_EQ(bench.run({"count", "-m", "anthropic/claude-haiku-4-5"}, ""), 2);
  EXPECT_NE(bench.run({"count", "-m", "groq/llama-3.1-8b-instant", "hello"}), 0);
  EXPECT_NE(bench.err.find("has no token counting here"), std::string::npos) << bench.err;
}

}  // namespace
}  // namespace ark::cli
