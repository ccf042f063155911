#include <gtest/gtest.h>

#include "tests/unit/cli/bench.hpp"

// Calls themselves: tests/integration/cli.
namespace ark::cli {
namespace {

TEST(embed, needs_a_model_a_text_and_a_key) {
  testing::cli_bench bench;
  EXPECT_EQ(bench.run({"embed", "x"}), 2);
  EXPECT_NE(bench.err.find("embed_model"), std::string::npos);
  EXPECT_EQ(bench.run({"embed", "-m", "openai/text-embedding-3-small"}, ""), 2);
  EXPECT_EQ(bench.run({"embed", "-m", "openai/text-embedding-3-small", "x"}), 2);
  EXPECT_NE(bench.err.find("key"), std::string::npos);
  EXPECT_EQ(bench.run({"embed", "--dimensions", "-1", "x"}), 2);
}

}  // namespace
}  // namespace ark::cli
