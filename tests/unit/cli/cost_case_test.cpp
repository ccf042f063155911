#include "cli/cost_case.hpp"

#include <gtest/gtest.h>
#include <map>
#include <set>

#include "adapters/rows.hpp"
#include "base/json.hpp"
#include "os/os.hpp"
#include "tests/support/corpus.hpp"

namespace ark::cli::worked::case_test {
namespace {

const catalog::book& book() {
  static const auto loaded =
      catalog::load_book({adapters::vendor_rows(), adapters::model_rows()}, {}, {}).value();
  return *loaded;
}

bj::array cases_of(const std::string& file) {
  return bj::parse(os::read_file(file, 64U << 20).value()).at("cases").as_array();
}

std::string total_of(const case_bill& bill) {
  return bill.total ? bill.total->to_string() : "unknown";
}

/// "quantity at unit_price/per = amount" of each line, those of one price together; or its label.
std::map<std::string, amount> merged(const std::vector<case_line>& lines) {
  std::map<std::string, amount> out;
  for (const case_line& l : lines) {
    amount& sum = out[l.unit_price.to_string() + "/" + std::to_string(l.per)];
    sum = sum.plus(l.value).value();
  }
  return out;
}

std::vector<case_line> lines_of(const bj::object& expected) {
  std::vector<case_line> out;
  for (const bj::value& each : expected.at("lines").as_array()) {
    const bj::object& l = each.as_object();
    if (text_at(l, "quantity") == "0") continue;
    out.push_back({text_at(l, "label"), text_at(l, "quantity"), *decimal_at(l, "unit_price"),
                   count_at(l, "per"), *decimal_at(l, "amount")});
  }
  return out;
}

TEST(a_worked_case, of_the_shared_ones_is_exact) {
  ARK_SHARED_OR_SKIP(path, "cases/cost_cases.dev.json");
  const bj::array cases = cases_of(path.string());
  EXPECT_GE(cases.size(), 50U);
  std::size_t labels_differ = 0;
  for (const bj::value& c : cases) {
    const case_bill bill = price_case(c, book());
    const bj::object& expected = c.at("expected").as_object();
    const auto lines = lines_of(expected);
    // The cases write 0, without lines, where nothing is confirmed.
    const std::string total = text_at(expected, "total");
    EXPECT_EQ(total_of(bill), lines.empty() && total == "0" ? "unknown" : total)
        << bill.id << ": " << bill.reason;
    EXPECT_EQ(merged(bill.lines), merged(lines)) << bill.id;
    EXPECT_EQ(bill.lines.size(), lines.size()) << bill.id;
    for (std::size_t i = 0; i < std::min(lines.size(), bill.lines.size()); ++i)
      labels_differ += lines[i].label == bill.lines[i].label ? 0 : 1;
  }
  // Labels are words: the cases themselves leave out "@>272k" in one of two alike.
  EXPECT_LE(labels_differ, 12U);
}

TEST(a_worked_case, of_our_own_is_exact) {
  const bj::array cases =
      cases_of(std::string(ARK_SOURCE_ROOT) + "/tests/unit/cli/cost_cases.json");
  EXPECT_GE(cases.size(), 90U);
  std::set<std::string> ids;
  for (const bj::value& c : cases) {
    const case_bill bill = price_case(c, book());
    EXPECT_TRUE(ids.insert(bill.id).second) << bill.id;
    EXPECT_EQ(total_of(bill), text_at(c.at("expected").as_object(), "total"))
        << bill.id << ": " << bill.status << ", " << bill.reason << "\n"
        << to_json(bill);
    EXPECT_TRUE(json::is_valid(to_json(bill)));
    if (bill.total && !bill.lines.empty()) {
      amount sum;
      for (const case_line& l : bill.lines) sum = sum.plus(l.value).value();
      EXPECT_EQ(sum, *bill.total) << bill.id;
    }
    EXPECT_EQ(bill.status == "exact", bill.reason.empty()) << bill.id;
  }
}

case_bill priced(const char* usage, const char* prices = R"({"input":"1","output":"2"})") {
  return price_case(bj::parse(R"({"id":"x","vendor":"v","model":"m","currency":"USD","usage":)" +
                              std::string(usage) + R"(,"prices":)" + prices + "}"),
                    book());
}

TEST(a_worked_case, without_usage_or_price_is_unknown_and_says_why) {
  EXPECT_EQ(to_json(priced(R"({"_sse":["[DONE]"]})")),
            R"({"id":"x","currency":"USD","total":"0","lines":[],"status":"usage_missing",)"
            R"("estimated":true,"reason":"the vendor sent no usage"})");
  EXPECT_EQ(priced(R"({"prompt_tokens":1,"completion_tokens":1})", "{}").status, "price_missing");
  EXPECT_EQ(priced(R"({"prompt_tokens":1,"completion_tokens":1})", R"({"input":"1"})").status,
            "price_missing");
  const auto wrong = priced(R"({"prompt_tokens":1,"completion_tokens":1})", R"({"inputs":"1"})");
  EXPECT_EQ(total_of(wrong), "unknown");
  EXPECT_EQ(wrong.reason, R"(the price card's "inputs" is not known)");
}

TEST(a_worked_case, of_several_currencies_has_no_total) {
  const auto mixed = priced(
      R"({"_entries":[{"currency":"USD","amount":"0.01"},{"currency":"CNY","amount":"0.07"}]})");
  EXPECT_EQ(to_json(mixed),
            R"({"id":"x","currency":"USD","total":"0","lines":[],"status":"mixed_currencies",)"
            R"("estimated":true,"reason":"amounts of different currencies have no sum",)"
            R"("totals":{"CNY":"0.07","USD":"0.01"}})");
}

TEST(a_worked_case, adds_attempts_and_says_what_is_not_known) {
  const auto two = priced(
      R"({"_attempts":[{"http":500,"usage":null},
          {"http":200,"usage":{"prompt_tokens":1000,"completion_tokens":0}}]})");
  EXPECT_EQ(total_of(two), "0.001");
  EXPECT_EQ(two.status, "at_least");
  EXPECT_EQ(two.reason, "attempt1 the vendor sent no usage");
  ASSERT_EQ(two.lines.size(), 1U);
  EXPECT_EQ(two.lines[0].label, "attempt2 input");
}

TEST(a_worked_case, that_is_none_is_told) {
  for (const char* other : {"3", "null", "[]", "{}", R"({"usage":3,"prices":[]})",
                            R"({"usage":{"_attempts":[1,null]},"prices":{"input":"1"}})",
                            R"({"usage":{"_sse":[1,{"usage":[]}]},"prices":{"input":"1"}})",
                            R"({"usage":{"_entries":[1]}})",
                            R"({"usage":{"prompt_tokens":1,"_repeat":-1},"prices":{"input":"1"}})",
                            R"({"usage":{"prompt_tokens":1,"cost":-1},"prices":{}})"}) {
    const case_bill bill = price_case(bj::parse(other), book());
    EXPECT_TRUE(json::is_valid(to_json(bill))) << other;
    EXPECT_EQ(total_of(bill), "unknown") << other;
  }
}

}  // namespace
}  // namespace ark::cli::worked::case_test
