#include "cli/budget_print.hpp"

#include <gtest/gtest.h>

namespace ark::cli {
namespace {

amount usd(std::string_view text) { return amount::parse(text).value(); }

budget_status a_status() {
  const auto begins = std::chrono::system_clock::time_point(std::chrono::seconds(1'795'219'200));
  return {.budget = {.name = "b",
                     .limit = {usd("3"), "USD"},
                     .period = budget_period::day,
                     .thresholds = {80}},
          .begins = begins,
          .ends = begins + std::chrono::hours(24),
          .spent = usd("2"),
          .reserved = usd("0.5"),
          .left = usd("0.5"),
          .in_doubt = usd("0.25"),
          .given_up = usd("0.125"),
          .uncounted = 3};
}

TEST(budget_print, json_has_exact_text) {
  EXPECT_EQ(budget_json(a_status()),
            R"({"name":"b","limit":"3","currency":"USD","period":"day","length_s":0,)"
            R"("utc_offset_min":0,"scope":{},"hard":true,"allow_unpriced":false,)"
            R"("hold_lost":false,"thresholds":[80],"begins":"2026-11-21T00:00:00Z",)"
            R"("ends":"2026-11-22T00:00:00Z","spent":"2","reserved":"0.5","left":"0.5",)"
            R"("in_doubt":"0.25","given_up":"0.125","uncounted":3})");
}

TEST(budget_print, doubts_are_shown) {
  std::string text;
  {
    output out{text};
    print_budget(out, a_status());
  }
  for (const char* part : {"spent      2 USD (66 %)", "in doubt   0.25 USD", "given up   0.125 USD",
                           "uncounted  3 attempts", "until      2026-11-22T00:00:00Z"})
    EXPECT_NE(text.find(part), std::string::npos) << part << " in\n" << text;
}

TEST(budget_print, a_limit_of_nothing_has_no_percents) {
  budget_status s = a_status();
  s.budget.limit.value = {};
  std::string text;
  {
    output out{text};
    print_budget(out, s);
    print_budgets_table(out, {s});
  }
  EXPECT_EQ(text.find('%'), text.find("80 %") + 3) << text;
}

TEST(budget_print, names_cannot_steer_a_terminal) {
  budget_status s = a_status();
  s.budget.name = "a\x1b[31m";
  std::string text;
  {
    output out{text};
    print_budget(out, s);
    print_budgets_table(out, {s});
  }
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

TEST(budget_print, history_has_all_three_parts) {
  const budget_status s = a_status();
  const budget_history h{.versions = {{.at = *s.begins, .budget = s.budget},
                                      {.at = *s.ends, .removed = true, .budget = s.budget}},
                         .windows = {{s.begins, s.ends, s.spent, s.reserved}},
                         .alerts = {{.budget = "b",
                                     .percent = 80,
                                     .spent = usd("2.5"),
                                     .limit = s.budget.limit,
                                     .at = *s.begins}}};
  std::string text;
  {
    output out{text};
    print_history(out, h);
  }
  EXPECT_NE(text.find("removed"), std::string::npos);
  EXPECT_NE(text.find("the budget \"b\" has passed 80 % of 3 USD: 2.5 USD spent"),
            std::string::npos);
  const std::string json = history_json(h);
  EXPECT_NE(json.find(R"("windows":[{"begins":"2026-11-21T00:00:00Z")"), std::string::npos) << json;
  EXPECT_NE(json.find(R"("alerts":[{"at":"2026-11-21T00:00:00Z","percent":80)"), std::string::npos);
}

}  // namespace
}  // namespace ark::cli
