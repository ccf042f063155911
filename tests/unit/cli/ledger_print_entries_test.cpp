#include <gtest/gtest.h>
#include <boost/json.hpp>

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

TEST(entry_json, an_interval_has_ends_and_no_value) {
  const auto shown = boost::json::parse(entry_json(ambiguous())).as_object();
  EXPECT_TRUE(shown.at("cost").at("value").is_null());
  EXPECT_EQ(shown.at("cost").at("low"), "0.25");
  EXPECT_EQ(shown.at("cost").at("high"), "0.5");
}

TEST(entry_csv, an_interval_has_ends_and_no_value) {
  std::string text;
  output out{text};
  print_entry_csv(out, ambiguous());
  EXPECT_NE(text.find(",interval,USD,,0.25,0.5,"), std::string::npos) << text;
}

TEST(entries_table, an_interval_is_shown) {
  std::string text;
  output out{text};
  print_entries_table(out, {ambiguous()});
  EXPECT_NE(text.find("0.25 to 0.5 USD"), std::string::npos) << text;
}

TEST(entry_json, is_json_and_keeps_unknown_apart_from_zero) {
  const auto open = boost::json::parse(entry_json(entry())).as_object();
  EXPECT_EQ(open.at("sequence"), 9);
  EXPECT_EQ(open.at("begun"), "2026-11-21T10:00:00.000042Z");
  EXPECT_EQ(open.at("state"), "sending");
  EXPECT_TRUE(open.at("usage").is_null());
  EXPECT_TRUE(open.at("latency_us").is_null());
  EXPECT_TRUE(open.at("cost").at("value").is_null());
  EXPECT_EQ(open.at("tags").at("no\"te"), "a,b\nc");
  const auto done = boost::json::parse(entry_json(settled())).as_object();
  EXPECT_EQ(done.at("usage").at("input"), 7);
  EXPECT_EQ(done.at("usage").at("output"), 0);
  EXPECT_EQ(done.at("cost").at("value"), "0.5");
}

TEST(entry_csv, has_as_many_cells_as_its_head) {
  std::string head, row;
  output head_out{head}, row_out{row};
  print_entry_csv_head(head_out);
  auto e = settled();
  e.tags.clear();
  print_entry_csv(row_out, e);
  EXPECT_EQ(std::count(head.begin(), head.end(), ','), std::count(row.begin(), row.end(), ','));
  std::string quoted;
  output quoted_out{quoted};
  print_entry_csv(quoted_out, settled());
  EXPECT_NE(quoted.find(R"("{""no\""te"":""a,b\nc""}")"), std::string::npos) << quoted;
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
