#include <gtest/gtest.h>

#include "client/journal.hpp"
#include "ledger/ledger_journal.hpp"
#include "tests/unit/cli/bench.hpp"

namespace ark::cli {
namespace {

/// `ark budget` with a ledger of its own.
class budget_command : public ::testing::Test {
 protected:
  int ark(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"--ledger", path});
    return bench.run(arguments);
  }
  bool says(std::string_view text) const { return bench.out.find(text) != std::string::npos; }
  bool warns(std::string_view text) const { return bench.err.find(text) != std::string::npos; }

  testing::cli_bench bench;
  std::string path = bench.folder.file("ledger.db");
};

TEST_F(budget_command, set_shows_what_was_set) {
  EXPECT_EQ(ark({"budget", "set", "search", "5.50", "USD", "--per", "day", "--utc-offset", "+08:00",
                 "--vendor", "openai", "--tag", "team=search", "--warn", "80,50%", "--soft",
                 "--allow-unpriced", "--hold-lost"}),
            0)
      << bench.err;
  for (const char* text :
       {"budget     search", "5.5 USD per day (UTC+08:00)", "vendor openai, team=search",
        "soft: counts and tells", "lets attempts without a price pass", "tells at   50 %, 80 %",
        "spent      0 USD (0 %)", "left       5.5 USD"})
    EXPECT_TRUE(says(text)) << text << " in\n" << bench.out;
  EXPECT_EQ(ark({"budget", "show", "search", "--json"}), 0);
  EXPECT_TRUE(says(R"("name":"search","limit":"5.5","currency":"USD","period":"day","length_s":0,)"
                   R"("utc_offset_min":480,"scope":{"vendor":"openai","tags":{"team":"search"}},)"
                   R"("hard":false,"allow_unpriced":true,"hold_lost":true,"thresholds":[50,80])"))
      << bench.out;
}

TEST_F(budget_command, a_length_is_a_rolling_window) {
  EXPECT_EQ(ark({"budget", "set", "x", "1", "CNY", "--per", "36h"}), 0);
  EXPECT_TRUE(says("1 CNY per any 36h")) << bench.out;
  EXPECT_EQ(ark({"budget", "set", "x", "1", "CNY", "--per", "2w", "--utc-offset", "-3"}), 0);
  EXPECT_TRUE(says("per any 2w"));
}

TEST_F(budget_command, list_and_history_and_remove) {
  EXPECT_EQ(ark({"budget", "list"}), 0);
  EXPECT_TRUE(warns("there are no budgets"));
  EXPECT_EQ(ark({"budget", "list", "--json"}), 0);
  EXPECT_EQ(bench.out, "[]\n");
  EXPECT_EQ(ark({"budget", "set", "a", "1", "USD"}), 0);
  EXPECT_EQ(ark({"budget", "set", "a", "2", "USD"}), 0);
  EXPECT_EQ(ark({"budget", "list"}), 0);
  EXPECT_TRUE(says("2 USD")) << bench.out;
  EXPECT_TRUE(says("everything"));
  EXPECT_EQ(ark({"budget", "remove", "a"}), 0);
  EXPECT_EQ(ark({"budget", "show", "a"}), 2);
  EXPECT_EQ(ark({"budget", "remove", "a"}), 2);
  EXPECT_EQ(ark({"budget", "history", "a"}), 0);
  EXPECT_TRUE(says("1 USD") && says("2 USD") && says("removed")) << bench.out;
  EXPECT_EQ(ark({"budget", "history", "a", "--json"}), 0);
  EXPECT_TRUE(says(R"("removed":true)"));
  EXPECT_EQ(ark({"budget", "history", "b"}), 2);
}

TEST_F(budget_command, wrong_usage_says_what_is_right) {
  const auto wrong = [this](std::vector<std::string> more, const char* text) {
    std::vector<std::string> all = {"budget", "set", "a", "1", "USD"};
    all.insert(all.end(), more.begin(), more.end());
    EXPECT_EQ(ark(all), 2) << text;
    EXPECT_TRUE(warns(text)) << bench.err;
  };
  wrong({"--per", "year"}, "write day, month, total, or a length");
  wrong({"--per", "2026-01-01"}, "write day, month, total, or a length");
  wrong({"--utc-offset", "8 hours"}, "such as +08:00");
  wrong({"--utc-offset", "+19"}, "such as +08:00");
  wrong({"--warn", "half"}, "percents such as 50,80,100");
  wrong({"--warn", "0"}, "from 1 to 1000 percent");
  wrong({"--tag", "team"}, "NAME=VALUE");
  EXPECT_EQ(ark({"budget", "set", "a", "much", "USD"}), 2);
  EXPECT_EQ(ark({"budget", "set", "a", "1", "dollars"}), 2);
  EXPECT_EQ(ark({"--no-ledger", "budget", "list"}), 2);
}

TEST_F(budget_command, thresholds_that_a_command_passes_are_told) {
  EXPECT_EQ(ark({"budget", "set", "a", "1", "USD", "--warn", "50"}), 0);
  std::string nothing, out_text, err_text;
  input in{nothing};
  output out{out_text}, err{err_text};
  context ctx{bench.machine, in, out, err};
  ctx.flags.ledger_file = path;
  const auto book = ctx.open_ledger(false).value();
  attempt_intent i;
  i.attempt_id = 1;
  i.begun = bench.machine.wall_now();
  const amount half = amount::parse("0.5").value();
  i.quote = {
      .status = cost_status::exact, .currency = "USD", .value = half, .low = half, .high = half};
  attempt_outcome o;
  o.attempt_id = 1;
  o.ended = i.begun;
  o.cost = i.quote;
  commit_result told;
  journal_of(book)->commit({i, o}, [&](const commit_result& r) { told = r; });
  ASSERT_TRUE(told);
  ctx.tell_alerts();
  EXPECT_EQ(err_text, "the budget \"a\" has passed 50 % of 1 USD: 0.5 USD spent\n");
  ctx.tell_alerts();
  EXPECT_EQ(std::count(err_text.begin(), err_text.end(), '\n'), 1);
}

}  // namespace
}  // namespace ark::cli
