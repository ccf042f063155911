#include "cli/ledger_metrics.hpp"

#include <gtest/gtest.h>

#include "cli/run.hpp"
#include "client/journal.hpp"
#include "ledger/ledger_journal.hpp"
#include "os/os.hpp"
#include "tests/unit/cli/bench.hpp"

namespace ark::cli {
namespace {

class ledger_metrics : public ::testing::Test {
 protected:
  int ark(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"--ledger", path});
    return bench.run(arguments);
  }
  void record(std::uint64_t id, const std::string& model, std::string_view paid) {
    const auto book = ledger::open({.path = path}).value();
    attempt_intent i;
    i.attempt_id = id;
    i.call_id = "call-" + std::to_string(id);
    i.begun = bench.machine.wall_now();
    i.vendor = "toy";
    i.model = model;
    attempt_outcome o;
    o.attempt_id = id;
    o.ended = i.begun;
    const amount value = amount::parse(paid).value();
    o.usage.input = 12;
    o.usage.reported = true;
    o.cost = {.status = cost_status::exact,
              .currency = "USD",
              .value = value,
              .low = value,
              .high = value};
    result<void> done;
    journal_of(book)->commit({i, o}, [&](const commit_result& r) { done = r.all; });
    ASSERT_TRUE(done);
  }
  testing::cli_bench bench;
  std::string path = bench.folder.file("ledger.db");
};

TEST_F(ledger_metrics, prints_what_is_on_record) {
  record(1, "m\"1", "0.000000003625");
  record(2, "m\"1", "0.1");
  ASSERT_EQ(ark({"ledger", "metrics"}), 0) << bench.err;
  EXPECT_NE(bench.out.find("ark_tokens_total{vendor=\"toy\",model=\"m\\\"1\",kind=\"input\"} 24\n"),
            std::string::npos)
      << bench.out;
  EXPECT_NE(bench.out.find("ark_cost_total{vendor=\"toy\",model=\"m\\\"1\",currency=\"USD\"} "
                           "0.100000003625\n"),
            std::string::npos)
      << bench.out;
  EXPECT_NE(bench.out.find("state=\"settled\"} 2\n"), std::string::npos);
}

TEST_F(ledger_metrics, filters_and_bounds) {
  record(1, "a", "1");
  record(2, "b", "1");
  record(3, "c", "1");
  ASSERT_EQ(ark({"ledger", "metrics", "--model", "b"}), 0);
  EXPECT_EQ(bench.out.find("\"a\""), std::string::npos);
  ASSERT_EQ(ark({"ledger", "metrics", "--max-series", "2"}), 0);
  EXPECT_NE(bench.out.find("ark_attempts_total{vendor=\"_other\",model=\"_other\","
                           "state=\"settled\"} 2\n"),
            std::string::npos)
      << bench.out;
  EXPECT_EQ(ark({"ledger", "metrics", "--max-series", "0"}), 2);
}

TEST_F(ledger_metrics, json_has_the_text_and_its_type) {
  record(1, "a", "1");
  ASSERT_EQ(ark({"ledger", "metrics", "--json"}), 0);
  EXPECT_TRUE(bench.out.starts_with("{\"content_type\":\"text/plain; version=0.0.4"));
  EXPECT_NE(bench.out.find("ark_cost_total"), std::string::npos);
}

TEST_F(ledger_metrics, a_ledger_that_is_named_must_be_there) {
  EXPECT_EQ(ark({"ledger", "metrics"}), 2);
  EXPECT_EQ(bench.out, "");
}

}  // namespace
}  // namespace ark::cli
