#include "billing/entry_text.hpp"

#include <gtest/gtest.h>
#include <boost/json.hpp>

#include "files/csv.hpp"
#include "tests/unit/billing/billing_support.hpp"

namespace ark::billing {
namespace {

using testing::ambiguous_entry;
using testing::open_entry;
using testing::settled_entry;

std::map<std::string, std::string> cells_by_name(const std::string& line) {
  std::vector<std::vector<std::string>> rows;
  (void)files::read_csv(entry_csv_head() + line, [&](files::csv_record r) -> result<void> {
    rows.push_back(std::move(r.fields));
    return {};
  });
  std::map<std::string, std::string> out;
  EXPECT_EQ(rows.at(0).size(), rows.at(1).size());
  for (std::size_t i = 0; i < rows[0].size(); ++i) out[rows[0][i]] = rows[1].at(i);
  EXPECT_EQ(out.size(), rows[0].size()) << "each column has a name of its own";
  return out;
}

TEST(entry_json, an_interval_has_ends_and_no_value) {
  const auto shown = boost::json::parse(entry_json(ambiguous_entry())).as_object();
  EXPECT_TRUE(shown.at("cost").at("value").is_null());
  EXPECT_EQ(shown.at("cost").at("low"), "0.25");
  EXPECT_EQ(shown.at("cost").at("high"), "0.5");
}

TEST(entry_csv, an_interval_has_ends_and_no_value) {
  const std::string text = entry_csv(ambiguous_entry());
  EXPECT_NE(text.find(",interval,USD,,0.25,0.5,"), std::string::npos) << text;
}

TEST(entry_json, is_json_and_keeps_unknown_apart_from_zero) {
  const auto open = boost::json::parse(entry_json(open_entry())).as_object();
  EXPECT_EQ(open.at("sequence"), 9);
  EXPECT_EQ(open.at("begun"), "2026-11-21T10:00:00.000042Z");
  EXPECT_EQ(open.at("state"), "sending");
  EXPECT_TRUE(open.at("usage").is_null());
  EXPECT_TRUE(open.at("latency_us").is_null());
  EXPECT_TRUE(open.at("cost").at("value").is_null());
  EXPECT_EQ(open.at("tags").at("no\"te"), "a,b\nc");
  const auto done = boost::json::parse(entry_json(settled_entry())).as_object();
  EXPECT_EQ(done.at("usage").at("input"), 7);
  EXPECT_EQ(done.at("usage").at("output"), 0);
  EXPECT_EQ(done.at("cost").at("value"), "0.5");
}

TEST(entry_json, has_bill_route_and_prompt) {
  auto e = settled_entry();
  e.lines = {{.dimension = "input",
              .quantity = 7,
              .unit_price = amount::parse("2.5").value(),
              .per = 1'000'000,
              .value = amount::parse("0.0000175").value()}};
  e.computed = money{amount::parse("0.0000175").value(), "USD"};
  e.route = "cheapest of 3";
  e.prompt_id = "greeting";
  const auto shown = boost::json::parse(entry_json(e)).as_object();
  const auto& line = shown.at("lines").at(0);
  EXPECT_EQ(line.at("unit_price"), "2.5");
  EXPECT_EQ(line.at("value"), "0.0000175");
  EXPECT_EQ(line.at("per"), 1'000'000);
  EXPECT_EQ(shown.at("computed"), "0.0000175 USD");
  EXPECT_EQ(shown.at("route"), "cheapest of 3");
  EXPECT_EQ(shown.at("prompt_id"), "greeting");
}

TEST(entry_csv, an_open_entry_has_no_cost_and_no_tokens) {
  const auto row = cells_by_name(entry_csv(open_entry()));
  EXPECT_EQ(row.at("cost_status"), "unknown");
  for (const char* name : {"cost", "low", "high", "input", "output", "ended", "latency_us"})
    EXPECT_EQ(row.at(name), "") << name;
  EXPECT_EQ(row.at("quote_high"), "0.5");
}

// Threat L16: a tag with quotes, commas and line ends.
TEST(entry_csv, L16_tags_come_back) {
  auto e = settled_entry();
  e.tags = {{"no\"te", "a,b\r\nc"}, {"=sum", "-1"}};
  const auto row = cells_by_name(entry_csv(e));
  const auto tags = boost::json::parse(row.at("tags")).as_object();
  EXPECT_EQ(tags.at("no\"te"), "a,b\r\nc");
  EXPECT_EQ(tags.at("=sum"), "-1");
}

TEST(entry_csv, texts_of_others_are_no_formulas) {
  auto e = settled_entry();
  e.tenant = "=HYPERLINK(\"http://x\")";
  e.user = "\xff";
  const auto row = cells_by_name(entry_csv(e));
  EXPECT_EQ(row.at("tenant"), "'=HYPERLINK(\"http://x\")");
  EXPECT_EQ(files::undefused(row.at("tenant")), e.tenant);
  EXPECT_EQ(row.at("user"), "\xEF\xBF\xBD");
}

}  // namespace
}  // namespace ark::billing
