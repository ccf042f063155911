#include "tests/unit/billing/report_support.hpp"

namespace ark::test {
namespace volcengine_reports {
namespace {

TEST(volcengine_report, bill_detail_as_json) {
  const auto r = report_of(R"({"ResponseMetadata":{"Action":"ListBillDetail"},"Result":{"List":[
    {"BillPeriod":"2026-11","ExpenseDate":"2026-11-21","InstanceNo":"ep-1","Element":"input",
     "PayableAmount":"0.01","Currency":"CNY","Project":"default"},
    {"BillPeriod":"2026-11","ExpenseDate":"2026-11-21","ExpenseBeginTime":"2026-11-21 10:00:00",
     "ExpenseEndTime":"2026-11-21 11:00:00","ConfigName":"Doubao-Seed-1.6",
     "DiscountBillAmount":0.5},
    {"BillPeriod":"2026-11","PayableAmount":"3"}],"Total":7,"Limit":3,"Offset":0}})");
  ASSERT_EQ(r.error, "");
  EXPECT_EQ(r.facts.format, "volcengine");
  EXPECT_EQ(r.facts.utc_offset, std::chrono::minutes(480));
  ASSERT_EQ(r.lines.size(), 3u);
  EXPECT_EQ(r.lines[0].model, "ep-1");
  EXPECT_EQ(to_string(*r.lines[0].cost), "0.01 CNY");
  EXPECT_EQ(billing::second_text(*r.lines[0].from), "2026-11-20T16:00:00Z");
  EXPECT_EQ(billing::second_text(*r.lines[0].until), "2026-11-21T16:00:00Z");
  EXPECT_EQ(r.lines[1].model, "Doubao-Seed-1.6");
  EXPECT_EQ(to_string(*r.lines[1].cost), "0.5 CNY");
  EXPECT_EQ(billing::second_text(*r.lines[1].until), "2026-11-21T03:00:00Z");
  EXPECT_EQ(billing::second_text(*r.lines[2].until), "2026-11-30T16:00:00Z");
  ASSERT_EQ(r.facts.notes.size(), 1u);
  EXPECT_NE(r.facts.notes[0].find("3 of 7"), std::string::npos);
}

TEST(volcengine_report, the_consoles_csv) {
  const auto r = report_of(
      "\xEF\xBB\xBF账期,消费日期,消费开始时间(UTC+8),实例ID,配置名称,计费项,应付金额,币种\r\n"
      "2026-11,2026-11-21,,,Doubao-Seed-1.6,推理输入,1.25,CNY\r\n",
      {}, "bill.csv");
  ASSERT_EQ(r.error, "");
  ASSERT_EQ(r.lines.size(), 1u);
  EXPECT_EQ(r.lines[0].place, "bill.csv:2");
  EXPECT_EQ(r.lines[0].model, "Doubao-Seed-1.6");
  EXPECT_EQ(r.lines[0].meter, "推理输入");
  EXPECT_EQ(to_string(*r.lines[0].cost), "1.25 CNY");
}

TEST(volcengine_report, mistakes_name_their_line) {
  EXPECT_NE(report_of("ExpenseDate,PayableAmount\n2026-11-21,one\n", {}, "b.csv")
                .error.find("b.csv:2: has no PayableAmount"),
            std::string::npos);
  EXPECT_NE(report_of("ExpenseDate,PayableAmount\n,1\n", {}, "b.csv").error.find("b.csv:2"),
            std::string::npos);
  EXPECT_NE(report_of(R"({"PayableAmount":1})").error.find("Result.List"), std::string::npos);
}

}  // namespace
}  // namespace volcengine_reports
}  // namespace ark::test
