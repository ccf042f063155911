#include <gtest/gtest.h>

#include "tests/unit/cli/bench.hpp"

// Calls themselves: tests/integration/cli.
namespace ark::cli {
namespace {

TEST(rerank, needs_a_model_a_query_documents_and_a_key) {
  testing::cli_bench bench;
  EXPECT_EQ(bench.run({"rerank", "q", "a"}), 2);
  EXPECT_NE(bench.err.find("-m"), std::string::npos);
  EXPECT_EQ(bench.run({"rerank", "-m", "cohere/rerank-v3.5"}), 2);
  EXPECT_EQ(bench.run({"rerank", "-m", "cohere/rerank-v3.5", "q"}, ""), 2);
  EXPECT_EQ(bench.run({"rerank", "-m", "cohere/rerank-v3.5", "q", "a"}), 2);
  EXPECT_NE(bench.err.find("key"), std::string::npos);
  for (const char* top : {"0", "-1", "x"})
    EXPECT_EQ(bench.run({"rerank", "-m", "cohere/rerank-v3.5", "--top", top, "q", "a"}), 2) << top;
}

}  // namespace
}  // namespace ark::cli
