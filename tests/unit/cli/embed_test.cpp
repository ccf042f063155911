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

TEST(embed, images_are_inputs_and_a_text_goes_with_them) {
  testing::cli_bench bench;
  const std::string image = "https://h.test/i.png";
  EXPECT_EQ(bench.run({"embed", "-m", "openai/text-embedding-3-small", "--image", image}, ""), 2);
  EXPECT_NE(bench.err.find("texts only"), std::string::npos) << bench.err;
  EXPECT_EQ(bench.run({"embed", "-m", "cohere/embed-v4.0", "--image", image}, ""), 2);
  EXPECT_NE(bench.err.find("key"), std::string::npos) << "no text is asked for: " << bench.err;
  EXPECT_EQ(bench.run({"embed", "-m", "a/b", "--image", image, "one", "two"}), 2);
  EXPECT_NE(bench.err.find("one text at most"), std::string::npos) << bench.err;
  EXPECT_EQ(bench.run({"embed", "-m", "a/b", "--image", "/nowhere/i.png"}), 2) << bench.err;
}

}  // namespace
}  // namespace ark::cli
