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

}  // namespace
}  // namespace ark::test
