#include "cli/sim_price.hpp"

#include <gtest/gtest.h>

#include "tests/unit/cli/bench.hpp"

namespace ark::cli {
namespace {

struct a_catalogue_price : ::testing::Test {
  testing::cli_bench bench;
  std::string text;
  input in{std::string{}};
  output out{text};
  context ctx{bench.machine, in, out, out};

  std::string price(testing::journal_entry entry) {
    const auto ask = catalogue_price(ctx);
    if (!ask) return ask.error().message;
    const auto paid = (*ask)(entry);
    return paid ? to_string(*paid) : "unknown";
  }
};

TEST_F(a_catalogue_price, is_exact_in_the_vendors_currency) {
  EXPECT_EQ(price({.dialect = "openai", .model = "gpt-4.1-mini", .tokens = {.input = 10}}),
            "0.000004 USD");
  EXPECT_EQ(price({.dialect = "anthropic",
                   .model = "claude-haiku-4-5",
                   .tokens = {.input = 8, .output = 1}}),
            "0.000013 USD");
  EXPECT_EQ(price({.dialect = "openai", .model = "deepseek-v3.2-exp", .tokens = {.output = 10}}),
            "0.0000041 USD")
      << "whoever else sells it, in another currency";
}

TEST_F(a_catalogue_price, is_unknown_for_other_models_and_dialects) {
  EXPECT_EQ(price({.dialect = "openai", .model = "nobody", .tokens = {.input = 1}}), "unknown");
  EXPECT_EQ(price({.dialect = "anthropic", .model = "gpt-4.1-mini", .tokens = {.input = 1}}),
            "unknown");
}

}  // namespace
}  // namespace ark::cli
