#include <gtest/gtest.h>

#include "tests/unit/cli/bench.hpp"

// Calls themselves: tests/integration/cli.
namespace ark::cli {
namespace {

TEST(moderate, needs_a_model_a_text_or_an_image_and_a_key) {
  testing::cli_bench bench;
  EXPECT_EQ(bench.run({"moderate", "hello"}), 2);
  EXPECT_NE(bench.err.find("-m"), std::string::npos);
  EXPECT_EQ(bench.run({"moderate", "-m", "openai/omni-moderation-latest"}, ""), 2);
  EXPECT_NE(bench.run({"moderate", "-m", "openai/omni-moderation-latest", "--image", "/no/such"}),
            0);
  EXPECT_NE(bench.err.find("/no/such"), std::string::npos);
  EXPECT_EQ(bench.run({"moderate", "-m", "openai/omni-moderation-latest", "hello"}), 2);
  EXPECT_NE(bench.err.find("key"), std::string::npos);
  EXPECT_NE(bench.run({"moderate", "-m", "anthropic/claude-haiku-4-5", "hello"}), 0);
  EXPECT_NE(bench.err.find("has no moderation here"), std::string::npos) << bench.err;
}

}  // namespace
}  // namespace ark::cli
