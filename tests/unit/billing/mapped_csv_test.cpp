#include <gtest/gtest.h>

#include "billing/clock.hpp"
#include "billing/report_reader.hpp"

namespace ark::billing {
namespace {

const report_options usual{
    .format = "csv",
    .columns = {{"date", "Day"}, {"model", "Model"}, {"amount", "Cost"}, {"request_id", "Id"}},
    .currency = "usd"};

std::string read_mapped(std::string_view text, std::vector<vendor_line>* into = nullptr,
                        const report_options& options = usual,
                        std::chrono::minutes offset = std::chrono::minutes(0)) {
  const auto done =
      read_mapped_csv("bill.csv", text, options, offset, [&](vendor_line line) -> result<void> {
        if (into != nullptr) into->push_back(std::move(line));
        return {};
      });
  return done ? "" : done.error().message;
}

TEST(mapped_csv, columns_are_found_by_name) {
  std::vector<vendor_line> lines;
  EXPECT_EQ(
      read_mapped("Id,Cost,Other,Day,Model\r\nr1,0.25,x,2026-11-21,gpt\n,1e-3,y,2026-11,'=m\n",
                  &lines),
      "");
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0].place, "bill.csv:2");
  EXPECT_EQ(lines[0].request_id, "r1");
  EXPECT_EQ(lines[0].cost, (money{amount::parse("0.25").value(), "USD"}));
  EXPECT_EQ(second_text(*lines[0].until), "2026-11-22T00:00:00Z");
  EXPECT_EQ(second_text(*lines[1].until), "2026-12-01T00:00:00Z");
  EXPECT_EQ(lines[1].model, "=m") << "as this library's exports write it";
}

TEST(mapped_csv, days_are_the_vendors) {
  std::vector<vendor_line> lines;
  read_mapped("Id,Cost,Day,Model\nr,1,2026-11-21,m\n", &lines, usual, std::chrono::minutes(480));
  EXPECT_EQ(second_text(*lines.at(0).from), "2026-11-20T16:00:00Z");
  EXPECT_EQ(second_text(*lines[0].until), "2026-11-21T16:00:00Z");
}

TEST(mapped_csv, tokens_and_currency_may_have_columns) {
  std::vector<vendor_line> lines;
  const report_options options{
      .columns = {{"input", "in"}, {"output", "out"}, {"amount", "a"}, {"currency", "c"}}};
  EXPECT_EQ(read_mapped("in,out,a,c\n10,2,5,cny\n", &lines, options), "");
  EXPECT_EQ(lines.at(0).usage->input, 10);
  EXPECT_EQ(lines[0].usage->output, 2);
  EXPECT_EQ(lines[0].cost->currency, "CNY");
}

TEST(mapped_csv, mistakes_name_file_and_line) {
  const std::string head = "Id,Cost,Day,Model\n";
  EXPECT_EQ(read_mapped("Id,Costs,Day,Model\n"),
            "bill.csv:1: has no column \"Cost\"; did you mean \"Costs\"?");
  EXPECT_NE(read_mapped(head + "r,1\n").find("bill.csv:2: has 2 fields"), std::string::npos);
  EXPECT_NE(read_mapped(head + "r,one,2026-11-21,m\n").find("bill.csv:2: \"one\" is no amount"),
            std::string::npos);
  EXPECT_NE(read_mapped(head + "r,1,yesterday,m\n").find("is no date"), std::string::npos);
  EXPECT_NE(read_mapped(head + "\"open").find("bill.csv:2: a quoted field"), std::string::npos);
  auto without = usual;
  without.currency.clear();
  EXPECT_NE(read_mapped(head + "r,1,2026-11-21,m\n", nullptr, without).find("has no currency"),
            std::string::npos);
}

}  // namespace
}  // namespace ark::billing
