#include <gtest/gtest.h>

#include "cli/ledger_print.hpp"

namespace ark::cli {
namespace {

report_line line_of(std::vector<std::string> key, std::string currency, std::string_view cost) {
  report_line line;
  line.key = std::move(key);
  line.currency = std::move(currency);
  line.attempts = line.settled = 1;
  line.input = 100;
  line.output = 20;
  line.cost = line.low = line.high = amount::parse(cost).value();
  return line;
}

std::vector<report_line> three() {
  auto unknown = line_of({"b"}, "", "0");
  unknown.unknown_cost = 1;
  return {line_of({"a"}, "USD", "0.00435"), unknown, line_of({"b"}, "USD", "12")};
}

TEST(report_totals, are_by_currency_and_exact) {
  const auto totals = totals_of(three()).value();
  ASSERT_EQ(totals.size(), 2u);
  EXPECT_EQ(totals[0].currency, "USD");
  EXPECT_EQ(totals[0].cost.to_string(), "12.00435");
  EXPECT_EQ(totals[0].attempts, 2);
  EXPECT_EQ(totals[1].currency, "");
  EXPECT_EQ(totals[1].unknown_cost, 1);
}

TEST(report_table, shows_every_digit_and_aligns_them) {
  std::string text;
  output out{text};
  print_report_table(out, {"task"}, three(), totals_of(three()).value());
  EXPECT_EQ(text,
            "task   attempts  input  output      cost\n"
            "a             1    100      20   0.00435  USD\n"
            "b             1    100      20   unknown\n"
            "b             1    100      20  12.00000  USD\n"
            "---------------------------------------------\n"
            "total         2    200      40  12.00435  USD\n"
            "total         1    100      20   unknown\n");
}

TEST(report_table, shows_the_interval_where_there_is_one) {
  auto lines = three();
  lines[0].high = amount::parse("1").value();
  lines[0].ambiguous = 1;
  std::string text;
  output out{text};
  print_report_table(out, {"task"}, lines, totals_of(lines).value());
  EXPECT_NE(text.find("at least"), std::string::npos);
  EXPECT_NE(text.find("      13  USD"), std::string::npos) << text;
}

TEST(report_json, has_groups_by_name_and_money_as_text) {
  EXPECT_EQ(report_json({"tag:team"}, {line_of({"x\"y"}, "CNY", "0.1")}, {}),
            "{\"by\":[\"tag:team\"],\"lines\":[{\"tag:team\":\"x\\\"y\",\"currency\":\"CNY\","
            "\"attempts\":1,\"settled\":1,\"void\":0,\"ambiguous\":0,\"open\":0,\"unknown_cost\":0,"
            "\"input\":100,\"cache_read\":0,\"cache_write\":0,\"output\":20,\"reasoning\":0,"
            "\"cost\":\"0.1\",\"low\":\"0.1\",\"high\":\"0.1\"}],\"totals\":[]}");
}

TEST(report_csv, leaves_unknown_money_empty) {
  std::string text;
  output out{text};
  print_report_csv(out, {"task"}, three());
  EXPECT_EQ(text.substr(0, 14), "task,currency,");
  EXPECT_NE(text.find("\r\nb,,1,1,0,0,0,1,100,0,0,20,0,,,\r\n"), std::string::npos) << text;
  EXPECT_NE(text.find("\r\na,USD,1,1,0,0,0,0,100,0,0,20,0,0.00435,0.00435,0.00435\r\n"),
            std::string::npos);
}

}  // namespace
}  // namespace ark::cli
