#include <gtest/gtest.h>
#include <boost/json.hpp>

#include "tests/unit/cli/ledger_bench.hpp"

namespace ark::cli {
namespace {

class ledger_reconcile : public testing::ledger_bench {
 protected:
  std::string csv(const std::string& rows) {
    const auto file = folder.file("bill.csv");
    EXPECT_TRUE(os::write_file(file, "Day,Model,Cost\n" + rows, 0600));
    return file;
  }
  int reconcile(const std::string& rows, std::vector<std::string> more = {}) {
    std::vector<std::string> words = {"ledger",
                                      "reconcile",
                                      "--vendor",
                                      "openai",
                                      csv(rows),
                                      "--map",
                                      "date=Day,model=Model,amount=Cost",
                                      "--currency",
                                      "USD"};
    words.insert(words.end(), more.begin(), more.end());
    return ark(words);
  }
  void record_doubt(const std::string& low, const std::string& high) {
    const auto i = intent_of("doubt");
    auto o = outcome_of(i, "0");
    o.state = attempt_state::ambiguous;
    o.cost.status = cost_status::interval;
    o.cost.low = amount::parse(low).value();
    o.cost.high = o.cost.value = amount::parse(high).value();
    record(i, o);
  }
};

TEST_F(ledger_reconcile, what_agrees_is_success) {
  record("call-1", "0.25");
  EXPECT_EQ(reconcile("2026-11-21,gpt-4o,0.25\n"), 0) << err;
  EXPECT_NE(out.find("1 of 1 agree"), std::string::npos) << out;
  EXPECT_NE(out.find("USD: vendor 0.25, ledger 0.25"), std::string::npos) << out;
  EXPECT_EQ(out.find("MATCHED"), std::string::npos);
  EXPECT_EQ(reconcile("2026-11-21,gpt-4o,0.25\n", {"--all"}), 0);
  EXPECT_NE(out.find("MATCHED"), std::string::npos);
}

TEST_F(ledger_reconcile, what_differs_is_shown_with_reasons_and_exit_1) {
  record("call-1", "0.5");
  EXPECT_EQ(reconcile("2026-11-21,gpt-4o,0.25\n2026-11-21,other,1\n"), 1);
  EXPECT_NE(out.find("AMOUNT_DIFFERS"), std::string::npos) << out;
  EXPECT_NE(out.find("MISSING_IN_LEDGER"), std::string::npos);
  EXPECT_NE(out.find("-0.25"), std::string::npos);
  EXPECT_NE(out.find("billed half"), std::string::npos);
  EXPECT_NE(out.find("bill.csv:2"), std::string::npos);
  EXPECT_EQ(reconcile("2026-11-21,gpt-4o,0.5\n", {"--tolerance", "0.01"}), 0);
}

TEST_F(ledger_reconcile, json_has_everything) {
  record("call-1", "0.5");
  EXPECT_EQ(reconcile("2026-11-21,gpt-4o,0.25\n", {"--json"}), 1);
  const auto r = boost::json::parse(out).as_object();
  EXPECT_FALSE(r.at("agrees").as_bool());
  const auto& item = r.at("items").at(0);
  EXPECT_EQ(item.at("billed"), "0.25");
  EXPECT_EQ(item.at("booked"), "0.5");
  EXPECT_EQ(item.at("status"), "AMOUNT_DIFFERS");
  EXPECT_EQ(r.at("totals").at(0).at("currency"), "USD");
}

TEST_F(ledger_reconcile, apply_books_what_follows_when_it_is_wanted) {
  record_doubt("0.1", "0.7");
  const std::string bill = "2026-11-21,gpt-4o,0.3\n";
  EXPECT_EQ(reconcile(bill), 1);
  EXPECT_NE(err.find("--apply books them"), std::string::npos) << err;
  EXPECT_EQ(reconcile(bill, {"--apply"}), 1) << "nobody was asked";
  EXPECT_NE(err.find("were not booked"), std::string::npos) << err;
  EXPECT_EQ(reconcile(bill, {"--apply", "--yes"}), 1) << "it did differ";
  EXPECT_NE(err.find("1 corrections booked"), std::string::npos) << err;
  EXPECT_EQ(reconcile(bill, {"--apply", "--yes"}), 0) << out;
  EXPECT_EQ(ark({"ledger", "list", "--json"}), 0);
  EXPECT_NE(out.find("bill.csv:2"), std::string::npos) << out;
}

TEST_F(ledger_reconcile, wrong_usage_is_told) {
  record("call-1", "0.5");
  EXPECT_EQ(ark({"ledger", "reconcile", "--vendor", "openai"}), 2);
  EXPECT_EQ(ark({"ledger", "reconcile", "--vendor", "openai", folder.file("none.json")}), 2);
  EXPECT_EQ(reconcile("x\n"), 2);
  EXPECT_NE(err.find("bill.csv:2"), std::string::npos) << err;
  EXPECT_EQ(reconcile("", {"--tolerance", "-1"}), 2);
  EXPECT_EQ(reconcile("", {"--utc-offset", "8"}), 2);
  EXPECT_EQ(reconcile("", {"--project-is", "team"}), 2);
}

}  // namespace
}  // namespace ark::cli
