#include <gtest/gtest.h>
#include <boost/json.hpp>

#include "tests/unit/cli/ledger_bench.hpp"

namespace ark::cli {
namespace {

using ledger_report = testing::ledger_bench;

TEST_F(ledger_report, chart_has_bars) {
  record("call-1", "0.25");
  EXPECT_EQ(ark({"ledger", "report", "--by", "model", "--chart"}), 0) << err;
  EXPECT_NE(out.find("gpt-4o  0.25 USD  ████"), std::string::npos) << out;
}

TEST_F(ledger_report, html_is_a_page_in_a_file) {
  record("call-1", "0.25");
  const auto file = folder.file("costs.html");
  EXPECT_EQ(ark({"ledger", "report", "--by", "tag:team", "--html", file}), 0) << err;
  const auto page = os::read_file(file, 1u << 20).value();
  for (const char* part : {"<!doctype html>", "By tag:team", "By day", "By model", "By vendor",
                           "0.25 USD", "search", "<svg"})
    EXPECT_NE(page.find(part), std::string::npos) << part;
}

TEST_F(ledger_report, as_if_prices_the_same_usage_otherwise) {
  record("call-1", "0.25");
  EXPECT_EQ(ark({"ledger", "report", "--by", "model", "--as-if", "openai/gpt-4o-mini", "--json"}),
            0)
      << err;
  const auto line = boost::json::parse(out).as_object().at("lines").at(0);
  EXPECT_EQ(line.at("booked"), "0.25");
  const auto& other = line.at("as_if").at(0);
  EXPECT_EQ(other.at("model"), "openai/gpt-4o-mini");
  EXPECT_EQ(other.at("priced"), 1);
  // 1000 tokens at 0.15 and 200 at 0.6 a million.
  EXPECT_EQ(other.at("cost"), "0.00027");
  EXPECT_EQ(other.at("difference"), "-0.24973");
  EXPECT_EQ(ark({"ledger", "report", "--as-if", "openai/gpt-4o-mini"}), 0);
  EXPECT_NE(out.find("0.00027"), std::string::npos) << out;
  EXPECT_EQ(ark({"ledger", "report", "--as-if", "nobody/nothing"}), 2);
}

TEST_F(ledger_report, one_form_at_a_time) {
  EXPECT_EQ(ark({"ledger", "report", "--csv", "--chart"}), 2);
  EXPECT_EQ(ark({"ledger", "report", "--html", "x", "--as-if", "openai/gpt-4o"}), 2);
}

}  // namespace
}  // namespace ark::cli
