#include "tests/unit/billing/report_support.hpp"

namespace ark::test {
namespace vendor_reports {
namespace {

TEST(vendor_report, formats_have_names) {
  EXPECT_EQ(vendor_report_formats(),
            (std::vector<std::string>{"csv", "volcengine", "anthropic", "openai"}));
}

TEST(vendor_report, an_unknown_one_says_what_to_do) {
  EXPECT_NE(report_of("{}").error.find("name its format"), std::string::npos);
  EXPECT_NE(report_of("{}", {.format = "opnai"}).error.find("did you mean \"openai\"?"),
            std::string::npos);
  EXPECT_NE(report_of("a,b\n", {.format = "csv"}).error.find("date=..."), std::string::npos);
}

TEST(vendor_report, columns_make_it_a_csv) {
  const auto r = report_of("day,usd\n2026-11-21,3\n",
                           {.columns = {{"date", "day"}, {"amount", "usd"}}, .currency = "USD"});
  ASSERT_EQ(r.error, "");
  EXPECT_EQ(r.facts.format, "csv");
  EXPECT_EQ(r.facts.lines, 1);
}

TEST(vendor_report, who_takes_the_lines_may_stop) {
  const auto done =
      read_vendor_report("r.csv", "day,usd\n2026-11-21,3\n2026-11-22,x\n",
                         {.columns = {{"date", "day"}, {"amount", "usd"}}, .currency = "USD"},
                         [](vendor_line) -> result<void> {
                           return error{.code = errc::too_large, .message = "r.csv"};
                         });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, errc::too_large);
}

}  // namespace
}  // namespace vendor_reports
}  // namespace ark::test
