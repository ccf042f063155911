#include <gtest/gtest.h>

#include "tests/unit/cli/bench.hpp"

// Calls themselves: tests/integration/cli.
namespace ark::cli {
namespace {

TEST(video, needs_a_model_a_text_or_an_image_a_place_and_a_key) {
  testing::cli_bench bench;
  const std::string out = bench.folder.file("a.mp4");
  EXPECT_EQ(bench.run({"video", "a storm", "-o", out}), 2);
  EXPECT_NE(bench.err.find("-m"), std::string::npos);
  EXPECT_EQ(bench.run({"video", "-m", "openai/sora-2", "a storm"}), 2);
  EXPECT_NE(bench.err.find("-o"), std::string::npos);
  EXPECT_EQ(bench.run({"video", "-m", "openai/sora-2", "-o", out}, ""), 2);
  EXPECT_EQ(bench.run({"video", "-m", "openai/sora-2", "-o", out, "--duration", "x", "y"}), 2);
  EXPECT_EQ(bench.run({"video", "-m", "openai/sora-2", "-o", out, "a storm"}), 2);
  EXPECT_NE(bench.err.find("key"), std::string::npos);
  EXPECT_EQ(bench.run({"video", "-m", "openai/sora-2", "-o", out, "--image", "/no/file"}), 2);
}

TEST(video, a_task_is_asked_for_without_a_text) {
  testing::cli_bench bench;
  const std::string out = bench.folder.file("a.mp4");
  EXPECT_EQ(bench.run({"video", "-m", "openai/sora-2", "-o", out, "--task-id", "t", "x"}), 2);
  EXPECT_NE(bench.err.find("--task-id"), std::string::npos);
  EXPECT_EQ(bench.run({"video", "-m", "openai/sora-2", "-o", out, "--task-id", "t"}), 2);
  EXPECT_NE(bench.err.find("key"), std::string::npos);
  EXPECT_EQ(bench.run({"image", "-m", "bfl/flux-dev", "-o", out, "--task-id", "t", "x"}), 2);
  EXPECT_NE(bench.err.find("--task-id"), std::string::npos);
}

}  // namespace
}  // namespace ark::cli
