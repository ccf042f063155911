#include <gtest/gtest.h>

#include "base/json.hpp"
#include "tests/unit/cli/bench.hpp"

namespace ark::cli::prices_test {
namespace {

struct a_prices : ::testing::Test {
  testing::cli_bench bench;
};

TEST_F(a_prices, listed_by_model) {
  EXPECT_EQ(bench.run({"prices", "list", "openai/gpt-4.1"}), 0) << bench.err;
  EXPECT_NE(bench.out.find("MODEL"), std::string::npos);
  EXPECT_NE(bench.out.find("openai/gpt-4.1-mini"), std::string::npos);
  EXPECT_EQ(bench.run({"prices", "list", "no-such-model"}), 1);
  EXPECT_EQ(bench.run({"prices", "list", "openai/gpt-4.1", "--json"}), 0);
  EXPECT_TRUE(json::is_valid(bench.out));
}

TEST_F(a_prices, shown_with_conditions_and_hash) {
  EXPECT_EQ(bench.run({"prices", "show", "openai/gpt-4.1"}), 0) << bench.err;
  EXPECT_NE(bench.out.find("service tier batch"), std::string::npos) << bench.out;
  EXPECT_NE(bench.out.find("hash "), std::string::npos);
  EXPECT_EQ(bench.run({"prices", "show", "openai/gpt-4.11"}), 2);
  EXPECT_EQ(bench.run({"prices", "show", "openai/gpt-4.1", "--at", "tomorrow"}), 2);
  EXPECT_EQ(bench.run({"prices", "show", "openai/gpt-4.1", "--at", "2026-01-31"}), 0);
}

TEST_F(a_prices, history_is_one_row_where_nothing_was_taken_over) {
  EXPECT_EQ(bench.run({"prices", "history", "openai/gpt-4.1", "--json"}), 0) << bench.err;
  EXPECT_TRUE(json::is_valid(bench.out));
  EXPECT_NE(bench.out.find(R"("from":null,"until":null)"), std::string::npos) << bench.out;
  EXPECT_EQ(bench.run({"prices", "history", "nobody/x"}), 2);
}

}  // namespace
}  // namespace ark::cli::prices_test
