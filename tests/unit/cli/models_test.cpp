#include <gtest/gtest.h>

#include "base/json.hpp"
#include "tests/unit/cli/bench.hpp"

namespace ark::cli {
namespace {

struct a_models : ::testing::Test {
  testing::cli_bench bench;
};

TEST_F(a_models, listed_with_prices_without_any_key) {
  EXPECT_EQ(bench.run({"models", "list", "openai/gpt-5-mini"}), 0) << bench.err;
  EXPECT_NE(bench.out.find("MODEL"), std::string::npos);
  EXPECT_NE(bench.out.find("USD"), std::string::npos);
}

TEST_F(a_models, filters) {
  EXPECT_EQ(bench.run({"models", "list", "--vendor", "deepseek", "--ids"}), 0);
  EXPECT_EQ(bench.out.find("openai/"), std::string::npos);
  EXPECT_NE(bench.out.find("deepseek/"), std::string::npos);
  EXPECT_EQ(bench.run({"models", "list", "--mode", "embedding", "--can", "tools"}), 1);
  EXPECT_EQ(bench.run({"models", "list", "no-such-model"}), 1);
}

TEST_F(a_models, filters_that_nothing_can_satisfy_are_wrong_usage) {
  const std::tuple<const char*, const char*, const char*> cases[] = {
      {"--vendor", "opnai", "--vendor: nothing is called 'opnai'; did you mean 'openai'?"},
      {"--vendor", "nosuch", "--vendor: nothing is called 'nosuch'; `ark models list` shows"},
      {"--can", "tols", "--can: nothing is called 'tols'; did you mean 'tools'?"},
      {"--can", "nosuchthing", "--can: nothing is called 'nosuchthing'; there are "},
      {"--mode", "embeding", "did you mean 'embedding'?"}};
  for (const auto& [option, word, message] : cases) {
    EXPECT_EQ(bench.run({"models", "list", option, word}), 2) << word;
    EXPECT_NE(bench.err.find(message), std::string::npos) << bench.err;
    EXPECT_EQ(bench.out, "");
  }
  EXPECT_EQ(bench.run({"models", "list", "--vendor", "custom"}), 1) << bench.err;
}

TEST_F(a_models, json) {
  EXPECT_EQ(bench.run({"models", "list", "gpt-5-mini", "--json"}), 0);
  EXPECT_TRUE(json::is_valid(bench.out));
  EXPECT_EQ(bench.run({"models", "show", "openai/gpt-5-mini", "--json"}), 0);
  EXPECT_TRUE(json::is_valid(bench.out));
  EXPECT_NE(bench.out.find("\"source_date\":\"20"), std::string::npos);
}

TEST_F(a_models, one_model_with_source_and_date) {
  EXPECT_EQ(bench.run({"models", "show", "openai/gpt-5-mini"}), 0);
  EXPECT_NE(bench.out.find("prices from"), std::string::npos);
  EXPECT_EQ(bench.run({"models", "show", "openai/gpt-5-minni"}), 2);
  EXPECT_NE(bench.err.find("did you mean"), std::string::npos);
}

}  // namespace
}  // namespace ark::cli
