#include <gtest/gtest.h>

#include "tests/unit/cli/bench.hpp"

// Calls themselves: tests/integration/cli.
namespace ark::cli {
namespace {

TEST(speech, needs_a_model_a_text_a_place_and_a_key) {
  testing::cli_bench bench;
  const std::string out = bench.folder.file("a.mp3");
  EXPECT_EQ(bench.run({"speech", "hello", "-o", out}), 2);
  EXPECT_NE(bench.err.find("-m"), std::string::npos);
  EXPECT_EQ(bench.run({"speech", "-m", "openai/tts-1", "hello"}), 2);
  EXPECT_EQ(bench.run({"speech", "-m", "openai/tts-1", "hello", "-o", "-", "--json"}), 2);
  EXPECT_EQ(bench.run({"speech", "-m", "openai/tts-1", "hello", "-o", out}), 2);
  EXPECT_NE(bench.err.find("key"), std::string::npos);
}

}  // namespace
}  // namespace ark::cli
