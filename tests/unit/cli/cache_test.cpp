#include <gtest/gtest.h>

#include "tests/unit/cli/bench.hpp"

// Calls themselves: tests/integration/cli.
namespace ark::cli {
namespace {

constexpr const char* model = "gemini/gemini-3.5-flash";

TEST(cache, needs_a_model_with_its_vendor_a_prompt_and_a_key) {
  testing::cli_bench bench;
  EXPECT_EQ(bench.run({"cache", "create", "hello"}), 2);
  EXPECT_NE(bench.err.find("-m"), std::string::npos);
  EXPECT_EQ(bench.run({"cache", "create", "-m", "gemini-3.5-flash", "hello"}), 2);
  EXPECT_NE(bench.err.find("with its vendor"), std::string::npos);
  EXPECT_EQ(bench.run({"cache", "create", "-m", model}, ""), 2);
  EXPECT_EQ(bench.run({"cache", "create", "-m", model, "--ttl", "0", "hello"}), 2);
  EXPECT_EQ(bench.run({"cache", "create", "-m", model, "--max-cost", "little", "hello"}), 2);
  EXPECT_NE(bench.run({"cache", "create", "-m", model, "--document", "/no/such"}), 0);
  EXPECT_NE(bench.err.find("/no/such"), std::string::npos);
  EXPECT_EQ(bench.run({"cache", "create", "-m", model, "hello"}), 2);
  EXPECT_NE(bench.err.find("key"), std::string::npos);
}

TEST(cache, is_kept_by_few_vendors) {
  testing::cli_bench bench;
  EXPECT_EQ(bench.run({"cache", "list"}), 2);
  EXPECT_EQ(bench.run({"cache", "delete", "gemini"}), 2);
  EXPECT_EQ(bench.run({"cache", "delete", "gemini", ".."}), 2);
  EXPECT_NE(bench.run({"cache", "list", "nosuch"}), 0);
  EXPECT_NE(bench.err.find("nosuch"), std::string::npos);
  EXPECT_NE(bench.run({"cache", "list", "openai"}), 0);
  EXPECT_NE(bench.err.find("has no list of caches here"), std::string::npos) << bench.err;
}

}  // namespace
}  // namespace ark::cli
