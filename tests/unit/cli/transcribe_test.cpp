#include <gtest/gtest.h>

#include "tests/unit/cli/bench.hpp"

// Calls themselves: tests/integration/cli.
namespace ark::cli {
namespace {

TEST(transcribe, needs_a_model_a_file_and_a_key) {
  testing::cli_bench bench;
  EXPECT_EQ(bench.run({"transcribe", "-m", "openai/whisper-1"}), 2);
  EXPECT_EQ(bench.run({"transcribe", "-"}, "RIFF"), 2);
  EXPECT_NE(bench.err.find("-m"), std::string::npos);
  EXPECT_NE(bench.run({"transcribe", "-m", "openai/whisper-1", "/no/such.mp3"}), 0);
  EXPECT_NE(bench.err.find("/no/such.mp3"), std::string::npos);
  EXPECT_EQ(bench.run({"transcribe", "-m", "openai/whisper-1", "-"}, "RIFF"), 2);
  EXPECT_NE(bench.err.find("key"), std::string::npos);
}

}  // namespace
}  // namespace ark::cli
