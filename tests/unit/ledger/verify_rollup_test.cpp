#include "ledger/verify_rollup.hpp"

#include "chain_support.hpp"
#include "ledger/file.hpp"

namespace ark::testing {
namespace {

class verify_rollup_test : public chain_fixture {};

TEST_F(verify_rollup_test, says_which_sum_differs_and_how) {
  open();
  attempt_intent i = intent(1);
  i.tags = {{"team", "search"}};
  ASSERT_TRUE(commit(*to, {i, outcome(1)}));
  sql(path, "UPDATE rollup SET cost_micro = 1 WHERE dimension <> 0");
  const auto words = words_of(book.verify().value());
  EXPECT_EQ(words,
            "the sum of 2026-11-21 for openai/gpt-6 in USD with tag:team=search is 0.000001, its "
            "rows add up to 0.25\n");
}

TEST_F(verify_rollup_test, a_key_that_was_taken_away_is_missed) {
  open();
  ASSERT_TRUE(commit(*to, {intent(1), outcome(1)}));
  sql(path, "DELETE FROM rollup_key");
  const auto check = book.verify().value();
  ASSERT_EQ(check.findings.size(), 1u);
  EXPECT_EQ(check.findings[0].text, "a sum of 2026-11-21 over 1 attempts is gone");
}

}  // namespace
}  // namespace ark::testing
