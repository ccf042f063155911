#include <gtest/gtest.h>

#include "tests/unit/cli/bench.hpp"

// Calls themselves: tests/integration/cli.
namespace ark::cli {
namespace {

TEST(files, need_a_vendor_that_keeps_some_and_a_key) {
  testing::cli_bench bench;
  EXPECT_EQ(bench.run({"files", "list"}), 2);
  EXPECT_EQ(bench.run({"files", "show", "openai"}), 2);
  EXPECT_NE(bench.run({"files", "list", "nosuch"}), 0);
  EXPECT_NE(bench.err.find("nosuch"), std::string::npos);
  EXPECT_NE(bench.run({"files", "list", "voyage"}), 0);
  EXPECT_NE(bench.err.find("voyage has no files"), std::string::npos) << bench.err;
  EXPECT_EQ(bench.run({"files", "list", "openai"}), 2);
  EXPECT_NE(bench.err.find("key"), std::string::npos);
  EXPECT_NE(bench.run({"files", "upload", "openai", "/no/such"}), 0);
  EXPECT_EQ(bench.run({"files", "get", "openai", ".."}), 2);
}

}  // namespace
}  // namespace ark::cli
