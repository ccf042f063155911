#include <gtest/gtest.h>
#include <boost/json.hpp>

#include "tests/unit/cli/ledger_bench.hpp"

namespace ark::cli {
namespace {

using ledger_break_even = testing::ledger_bench;

TEST_F(ledger_break_even, a_batch_is_half) {
  record("call-1", "0.0045");
  EXPECT_EQ(ark({"ledger", "break-even", "batch", "--json"}), 0) << err;
  const auto line = boost::json::parse(out).at(0);
  EXPECT_EQ(line.at("single"), "0.0045");
  EXPECT_EQ(line.at("batch"), "0.00225");
  EXPECT_EQ(line.at("saved"), "0.00225");
  EXPECT_EQ(ark({"ledger", "break-even", "batch"}), 0);
  EXPECT_NE(out.find("0.00225"), std::string::npos) << out;
}

TEST_F(ledger_break_even, a_cache_that_nobody_used_is_no_line) {
  record("call-1", "0.0045");
  EXPECT_EQ(ark({"ledger", "break-even", "cache", "--json"}), 0);
  EXPECT_EQ(out, "[]\n");
}

TEST_F(ledger_break_even, a_tuned_model_pays_after_days) {
  record("call-1", "0.0045");
  EXPECT_EQ(ark({"ledger", "break-even", "tuned", "--to", "openai/gpt-4o-mini", "--training",
                 "0.01", "--hosting", "0.001", "--json"}),
            0)
      << err;
  const auto b = boost::json::parse(out).as_object();
  EXPECT_EQ(b.at("saved_per_day"), "0.00323");  // 0.0045 - 0.00027 - 0.001
  EXPECT_EQ(b.at("break_even_days"), 4);
  EXPECT_EQ(ark({"ledger", "break-even", "tuned", "--to", "openai/gpt-4o-mini", "--hosting", "1"}),
            0);
  EXPECT_NE(out.find("never"), std::string::npos) << out;
}

TEST_F(ledger_break_even, wrong_usage_is_told) {
  record("call-1", "0.0045");
  EXPECT_EQ(ark({"ledger", "break-even"}), 2);
  EXPECT_EQ(ark({"ledger", "break-even", "luck"}), 2);
  EXPECT_EQ(ark({"ledger", "break-even", "tuned"}), 2);
  EXPECT_EQ(ark({"ledger", "break-even", "tuned", "--to", "openai/gpt-4o", "--training", "-1"}), 2);
}

}  // namespace
}  // namespace ark::cli
