#include "tests/support/cost_cases.hpp"

#include "rows.hpp"
#include "tests/support/corpus.hpp"

#include <gtest/gtest.h>

namespace ark::test {
namespace {

TEST(CostCases, AllWorkedCasesAreExact) {
  ARK_SHARED_OR_SKIP(path, "cases/cost_cases.dev.json");
  const auto book =
      catalog::load_book({adapters::vendor_rows(), adapters::model_rows()}, {}, {}).value();
  const auto outcomes = run_cost_cases(path.string(), *book);
  EXPECT_GE(outcomes.size(), 50U);
  for (const case_outcome& c : outcomes) {
    EXPECT_TRUE(c.total_matches) << c.id << ": expected " << c.expected << ", got " << c.got;
    EXPECT_TRUE(c.lines_match) << c.id << ": " << c.lines;
  }
}

/// What the corpus' vocabulary can say beyond what its open cases do.
TEST(CostCases, OwnCasesAreExact) {
  const auto book =
      catalog::load_book({adapters::vendor_rows(), adapters::model_rows()}, {}, {}).value();
  const auto outcomes =
      run_cost_cases(std::string(ARK_SOURCE_ROOT) + "/tests/unit/catalog/own_cases.json", *book);
  EXPECT_EQ(outcomes.size(), 19U);
  for (const case_outcome& c : outcomes)
    EXPECT_TRUE(c.total_matches) << c.id << ": expected " << c.expected << ", got " << c.got;
}

TEST(CostCases, AWrongTotalIsNoticed) {
  const auto book = catalog::load_book({}, {}, {}).value();
  const auto outcome = [&](const char* total, const char* prices, const char* lines) {
    const std::string text = R"({"id":"x","vendor":"v","model":"m","currency":"USD","usage":)"
                             R"({"prompt_tokens":10,"completion_tokens":0},"prices":)" +
                             std::string(prices) + R"(,"expected":{"total":")" + total +
                             R"(","lines":)" + lines + "}}";
    return run_case(json::parse(text).as_object(), *book);
  };
  const char* line =
      R"([{"label":"input","quantity":"10","unit_price":"2","per":"1000000","amount":"0.00002"}])";
  EXPECT_TRUE(outcome("0.00002", R"({"input":"2"})", line).total_matches);
  EXPECT_TRUE(outcome("0.00002", R"({"input":"2"})", line).lines_match);
  EXPECT_FALSE(outcome("0.00002", R"({"input":"2"})", "[]").lines_match);
  EXPECT_FALSE(outcome("0.00003", R"({"input":"2"})", line).total_matches);
  EXPECT_FALSE(outcome("0.00002", "{}", line).total_matches);
  EXPECT_FALSE(outcome("0", R"({"input":"2"})", "[]").total_matches);
  EXPECT_EQ(outcome("0", R"({"no such key":"2"})", "[]").got,
            "cannot be run: the price card says \"no such key\", which is not known");
}

}  // namespace
}  // namespace ark::test
