#include <gtest/gtest.h>

#include "cli/ledger_print.hpp"

namespace ark::cli {
namespace {

ledger_entry entry() {
  ledger_entry e;
  e.sequence = 9;
  e.call_id = "c-1";
  e.begun = std::chrono::system_clock::time_point(std::chrono::microseconds(1'795'255'200'000'042));
  e.vendor = "openai";
  e.model = "gpt-6";
  e.tags = {{"no\"te", "a,b\nc"}};
  e.quote = {.status = cost_status::exact,
             .currency = "USD",
             .value = amount::parse("0.5").value(),
             .low = amount::parse("0.5").value(),
             .high = amount::parse("0.5").value()};
  return e;
}

ledger_entry settled() {
  auto e = entry();
  e.state = attempt_state::settled;
  e.ended = e.begun + std::chrono::seconds(2);
  e.latency = std::chrono::milliseconds(1234);
  e.usage.input = 7;
  e.usage.reported = true;
  e.cost = e.quote;
  return e;
}

ledger_entry ambiguous() {
  auto e = settled();
  e.state = attempt_state::ambiguous;
  e.cost.status = cost_status::interval;
  e.cost.value = {};
  e.cost.low = amount::parse("0.25").value();
  return e;
}

TEST(entries_table, an_interval_is_shown) {
  std::string text;
  output out{text};
  print_entries_table(out, {ambiguous()});
  EXPECT_NE(text.find("0.25 to 0.5 USD"), std::string::npos) << text;
}

TEST(entries_table, says_what_an_open_attempt_may_cost) {
  std::string text;
  output out{text};
  print_entries_table(out, {entry(), settled()});
  EXPECT_NE(text.find("at most 0.5 USD"), std::string::npos) << text;
  EXPECT_NE(text.find("1.23"), std::string::npos);
  EXPECT_NE(text.find("2026-11-21 10:00:00"), std::string::npos);
}

}  // namespace
}  // namespace ark::cli
