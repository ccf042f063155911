#include "ledger/rollup_report.hpp"

#include "chain_support.hpp"
#include "ledger/file.hpp"
#include "ledger/report.hpp"

namespace ark::testing {
namespace {

class rollup_report_test : public chain_fixture {};
using keys = std::vector<std::string>;

std::string text_of(const std::vector<report_line>& lines) {
  std::string text;
  for (const auto& l : lines) {
    for (const auto& key : l.key) text += key + "|";
    text +=
        l.currency + " " + l.cost.to_string() + " " + l.low.to_string() + " " + l.high.to_string();
    for (const std::int64_t n :
         {l.attempts, l.settled, l.voided, l.ambiguous, l.open, l.unknown_cost, l.input,
          l.cache_read, l.cache_write, l.output, l.reasoning})
      text += " " + std::to_string(n);
    text += "\n";
  }
  return text;
}

TEST_F(rollup_report_test, says_what_a_pass_over_the_rows_says) {
  const std::vector<keys> groups = {{},
                                    {"day"},
                                    {"month", "vendor"},
                                    {"model", "day"},
                                    {"vendor", "model"},
                                    {"tag:team"},
                                    {"day", "tag:app", "model"},
                                    {"tenant"},
                                    {"task", "month"},
                                    {"tag:nobody"}};
  std::vector<ledger_filter> filters(8);
  filters[1].since = std::chrono::floor<std::chrono::days>(at(86'400));
  filters[2].until = std::chrono::floor<std::chrono::days>(at(3 * 86'400));
  filters[3].vendor = "openai";
  filters[4].model = "v4";
  filters[4].since = filters[1].since;
  filters[5].tags = {{"team", "a"}};
  filters[6].tenant = "acme";
  filters[7].tags = {{"nobody", "x"}};
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    path = folder.file("random-" + std::to_string(seed));
    open();
    random_ledger(seed).record(book, 250);
    auto db = detail::open_readable(path, std::chrono::milliseconds(1000)).value();
    int by_sums = 0;
    for (const auto& by : groups)
      for (const auto& filter : filters) {
        by_sums += detail::rollup_query_of(by, filter) ? 1 : 0;
        const auto rows = detail::make_report(db, by, filter, detail::report_source::rows).value();
        EXPECT_EQ(text_of(book.report(by, filter).value()), text_of(rows));
      }
    EXPECT_GT(by_sums, 50);
  }
}

TEST_F(rollup_report_test, takes_the_rows_for_what_sums_cannot_say) {
  const auto can = [](const keys& by, const ledger_filter& filter = {}) {
    return detail::rollup_query_of(by, filter).has_value();
  };
  EXPECT_TRUE(can({"day", "vendor", "model", "tenant"}));
  for (const char* other : {"hour", "user", "run", "state", "nonsense", "tag:"})
    EXPECT_FALSE(can({other})) << other;
  EXPECT_FALSE(can({"tenant", "task"})) << "one dimension at a time";
  EXPECT_FALSE(can({"tag:a"}, {.tenant = "acme"}));
  EXPECT_TRUE(can({"tenant"}, {.tenant = "acme"}));
  EXPECT_FALSE(can({"day"}, {.since = at(1)})) << "whole days";
  EXPECT_FALSE(can({"day"}, {.user = "u"}));
  EXPECT_FALSE(can({"day"}, {.state = attempt_state::settled}));
  EXPECT_FALSE(can({"day"}, {.tags = {{"a", ""}}}));
}

TEST_F(rollup_report_test, a_day_far_away_costs_nothing) {
  open();
  attempt_intent late = intent(1), early = intent(2);
  late.begun = std::chrono::system_clock::time_point(std::chrono::years(250));
  early.begun = std::chrono::system_clock::time_point(-std::chrono::years(150));
  ASSERT_TRUE(commit(*to, {late, early}));
  EXPECT_EQ(book.report({"day"}, {}).value().size(), 2u);
}

}  // namespace
}  // namespace ark::testing
