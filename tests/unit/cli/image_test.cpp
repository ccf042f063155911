#include <gtest/gtest.h>

#include "tests/unit/cli/bench.hpp"

// Calls themselves: tests/integration/cli.
namespace ark::cli {
namespace {

TEST(image, needs_a_model_a_text_a_place_and_a_key) {
  testing::cli_bench bench;
  const std::string out = bench.folder.file("a.png");
  EXPECT_EQ(bench.run({"image", "a cat", "-o", out}), 2);
  EXPECT_NE(bench.err.find("-m"), std::string::npos);
  EXPECT_EQ(bench.run({"image", "-m", "openai/gpt-image-1", "a cat"}), 2);
  EXPECT_NE(bench.err.find("-o"), std::string::npos);
  EXPECT_EQ(bench.run({"image", "-m", "openai/gpt-image-1", "-o", out}, ""), 2);
  EXPECT_EQ(bench.run({"image", "-m", "openai/gpt-image-1", "-o", out, "-n", "0", "a cat"}), 2);
  EXPECT_EQ(bench.run({"image", "-m", "openai/gpt-image-1", "-o", out, "a cat"}), 2);
  EXPECT_NE(bench.err.find("key"), std::string::npos);
  EXPECT_EQ(bench.run({"image", "-m", "openai/gpt-image-1", "-o", out, "--image", "/no/file", "x"}),
            2);
}

}  // namespace
}  // namespace ark::cli
