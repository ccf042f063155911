#include "cli/ledger_chart.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "cli/table.hpp"

namespace ark::cli {
namespace {

report_line chart_line(std::string key, std::string currency, std::string_view cost,
                       std::string_view high = {}) {
  report_line line;
  line.key = {std::move(key)};
  line.currency = std::move(currency);
  line.cost = line.low = line.high = amount::parse(cost).value();
  if (!high.empty()) line.high = amount::parse(high).value();
  return line;
}

std::vector<std::string> chart_of(const std::vector<report_line>& lines) {
  std::string text;
  output out{text};
  print_chart(out, lines);
  std::vector<std::string> rows;
  std::istringstream from(text);
  for (std::string row; std::getline(from, row);) rows.push_back(row);
  return rows;
}

std::size_t blocks(const std::string& row, std::string_view block) {
  std::size_t n = 0;
  for (auto at = row.find(block); at != std::string::npos; at = row.find(block, at + 1)) ++n;
  return n;
}

TEST(chart, bars_are_in_proportion_and_fit_the_width) {
  const auto rows = chart_of(
      {chart_line("a", "USD", "4"), chart_line("b", "USD", "2"), chart_line("c", "USD", "0.001")});
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_NEAR(static_cast<double>(blocks(rows[0], "█")),
              2.0 * static_cast<double>(blocks(rows[1], "█")), 1.0);
  EXPECT_NE(rows[2].find("▏"), std::string::npos) << "what costs something is seen";
  for (const auto& row : rows) EXPECT_LE(display_width(row), 80u) << row;
  EXPECT_NE(rows[0].find("4.000 USD"), std::string::npos) << rows[0];
}

TEST(chart, doubt_is_lighter) {
  const auto rows = chart_of({chart_line("a", "USD", "1", "2")});
  EXPECT_GT(blocks(rows.at(0), "░"), 5u);
}

TEST(chart, currencies_are_apart_and_the_unknown_has_no_bar) {
  auto unknown = chart_line("u", "", "0");
  unknown.unknown_cost = 1;
  const auto rows = chart_of({chart_line("a", "USD", "1"), chart_line("a", "CNY", "7"), unknown});
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_NE(rows[0].find("CNY"), std::string::npos);
  EXPECT_EQ(rows[1], "");
}

TEST(chart, a_label_cannot_steer_a_terminal_or_be_endless) {
  const auto rows = chart_of({chart_line("\x1b[2J" + std::string(500, 'x'), "USD", "1")});
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].find('\x1b'), std::string::npos);
  EXPECT_LE(display_width(rows[0]), 80u);
}

}  // namespace
}  // namespace ark::cli
