#include "billing/html_report.hpp"

#include <gtest/gtest.h>

namespace ark::billing {
namespace {

report_line html_line(std::vector<std::string> key, std::string_view cost,
                      std::string_view high = {}) {
  report_line line;
  line.key = std::move(key);
  line.currency = "USD";
  line.attempts = 3;
  line.cost = line.low = line.high = amount::parse(cost).value();
  if (!high.empty()) line.high = amount::parse(high).value();
  return line;
}

std::size_t count_of(const std::string& text, std::string_view part) {
  std::size_t n = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

TEST(html_report, untrusted_text_is_text) {
  const std::string hostile = "<script>alert('x')</script>\" onload=\"y";
  report_page page{.title = hostile, .scope = hostile, .made = hostile};
  page.totals = {html_line({}, "1")};
  page.sections = {{hostile, {hostile}, {html_line({hostile}, "1")}}};
  const auto html = html_page(page);
  EXPECT_EQ(html.find("<script"), std::string::npos);
  EXPECT_EQ(html.find("onload=\""), std::string::npos);
  EXPECT_NE(html.find("&lt;script&gt;alert(&#39;x&#39;)"), std::string::npos);
  EXPECT_EQ(escaped("a\x01"
                    "b\xff"),
            "a\xEF\xBF\xBD"
            "b\xEF\xBF\xBD");
}

TEST(html_report, nothing_comes_from_elsewhere) {
  report_page page{.made = "now"};
  page.sections = {{"By day", {"day"}, {html_line({"2026-11-21"}, "1")}}};
  const auto html = html_page(page);
  for (const char* outside : {"http://", "https://", "src=", "href=", "url(", "@import"})
    EXPECT_EQ(html.find(outside), std::string::npos) << outside;
  EXPECT_NE(html.find("default-src 'none'"), std::string::npos);
  EXPECT_NE(html.find("prefers-color-scheme:dark"), std::string::npos);
  EXPECT_NE(html.find("@media print"), std::string::npos);
}

TEST(html_report, amounts_are_exact_and_bars_in_proportion) {
  report_page page{.made = "now"};
  page.sections = {{"By model",
                    {"model"},
                    {html_line({"a"}, "0.000000000000001"), html_line({"b"}, "2"),
                     html_line({"c"}, "1", "1.5")}}};
  const auto html = html_page(page);
  EXPECT_NE(html.find("0.000000000000001 USD"), std::string::npos);
  EXPECT_NE(html.find("width=\"560.0\""), std::string::npos);
  EXPECT_NE(html.find("width=\"280.0\""), std::string::npos);
  EXPECT_EQ(count_of(html, "class=\"doubt\""), 1u);
  EXPECT_NE(html.find("1 to 1.5"), std::string::npos);
}

TEST(html_report, a_chart_has_the_dearest_and_its_table_all) {
  report_page page{.made = "now"};
  page.sections = {{"By day", {"day"}, {}}};
  for (int i = 1; i <= 100; ++i)
    page.sections[0].lines.push_back(html_line({std::to_string(1000 + i)}, std::to_string(i)));
  const auto html = html_page(page);
  EXPECT_EQ(count_of(html, "class=\"bar\""), 60u);
  EXPECT_EQ(count_of(html, "<tr>"), 101u);
  EXPECT_NE(html.find("The 60 dearest of 100"), std::string::npos);
}

TEST(html_report, columns_that_are_empty_are_left_out) {
  report_page page{.made = "now"};
  auto line = html_line({"a"}, "1");
  page.sections = {{"By model", {"model"}, {line}}};
  EXPECT_EQ(html_page(page).find("reasoning"), std::string::npos);
  EXPECT_EQ(html_page(page).find("between"), std::string::npos);
  page.sections[0].lines[0].reasoning = 5;
  EXPECT_NE(html_page(page).find("reasoning"), std::string::npos);
}

TEST(html_report, an_unknown_cost_is_never_zero) {
  auto line = html_line({"a"}, "0");
  line.currency.clear();
  line.unknown_cost = 3;
  report_page page{.made = "now", .totals = {line}};
  page.sections = {{"By model", {"model"}, {line}}};
  const auto html = html_page(page);
  EXPECT_NE(html.find(">unknown<"), std::string::npos);
  EXPECT_EQ(html.find("<svg"), std::string::npos);
}

}  // namespace
}  // namespace ark::billing
