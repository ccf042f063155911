#include <gtest/gtest.h>

#include "cli/run.hpp"
#include "client/journal.hpp"
#include "ledger/ledger_journal.hpp"
#include "os/os.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/cli/bench.hpp"

namespace ark::cli {
namespace {

/// `ark` with a ledger of its own.
class ledger_command : public ::testing::Test {
 protected:
  int ark(std::vector<std::string> arguments) {
    out_text.clear();
    err_text.clear();
    arguments.insert(arguments.begin(), {"--ledger", path});
    input in{in_text};
    output out{out_text}, err{err_text};
    context ctx{os::real(), in, out, err};
    return static_cast<int>(run(arguments, ctx));
  }
  void record() {
    const auto book = ledger::open({.path = path}).value();
    attempt_intent i;
    i.attempt_id = 1;
    i.call_id = "call-1";
    i.begun = std::chrono::system_clock::now();
    i.vendor = "openai";
    i.model = "gpt-6";
    i.tags = {{"team", "search"}};
    attempt_outcome o;
    o.attempt_id = 1;
    o.ended = i.begun;
    const amount paid = amount::parse("0.000000003625").value();
    o.cost = {
        .status = cost_status::exact, .currency = "USD", .value = paid, .low = paid, .high = paid};
    result<void> done;
    journal_of(book)->commit({i, o}, [&](const commit_result& r) { done = r.all; });
    ASSERT_TRUE(done);
  }
  testing::temporary_directory folder;
  std::string path = folder.file("ledger.db");
  std::string in_text, out_text, err_text;
};

TEST_F(ledger_command, says_that_nothing_is_recorded_and_makes_no_file) {
  testing::cli_bench bench;
  EXPECT_EQ(bench.run({"ledger", "report"}), 0);
  EXPECT_EQ(bench.out, "");
  EXPECT_NE(bench.err.find("nothing is recorded yet"), std::string::npos);
  EXPECT_EQ(bench.run({"ledger", "list", "--json"}), 0);
  EXPECT_EQ(bench.out, "[]\n");
  EXPECT_FALSE(std::filesystem::exists(bench.folder.file(".local/state/ark/ledger.sqlite")));
  bench.write_config("ledger: {path: ~/mine.sqlite}\n");
  EXPECT_EQ(bench.run({"ledger", "report"}), 0);
}

TEST_F(ledger_command, a_ledger_that_is_named_must_be_there) {
  for (const auto* verb : {"report", "list"}) {
    EXPECT_EQ(ark({"ledger", verb}), 2);
    EXPECT_EQ(out_text, "");
    EXPECT_NE(err_text.find(path + "; --ledger must name"), std::string::npos) << err_text;
  }
  EXPECT_FALSE(std::filesystem::exists(path));
  testing::cli_bench bench;
  bench.machine.variables["ARK_LEDGER"] = path;
  EXPECT_EQ(bench.run({"ledger", "report"}), 2);
  EXPECT_NE(bench.err.find(path + "; ARK_LEDGER must name"), std::string::npos) << bench.err;
}

TEST_F(ledger_command, reports_and_lists_what_was_recorded) {
  record();
  EXPECT_EQ(ark({"ledger", "report", "--by", "model,tag:team"}), 0);
  EXPECT_NE(out_text.find("gpt-6"), std::string::npos);
  EXPECT_NE(out_text.find("search"), std::string::npos);
  EXPECT_NE(out_text.find("0.000000003625  USD"), std::string::npos) << out_text;
  EXPECT_EQ(ark({"ledger", "list", "--tag", "team=search"}), 0);
  EXPECT_NE(out_text.find("call-1"), std::string::npos);
  EXPECT_EQ(ark({"ledger", "list", "--tag", "team=ads"}), 0);
  EXPECT_EQ(out_text, "");
  EXPECT_NE(err_text.find("no attempt matches"), std::string::npos);
}

TEST_F(ledger_command, wrong_usage_is_exit_code_2_and_says_what_is_right) {
  record();
  EXPECT_EQ(ark({"ledger", "report", "--by", "colour"}), 2);
  EXPECT_NE(err_text.find("tag:NAME"), std::string::npos);
  EXPECT_EQ(ark({"ledger", "report", "--since", "yesterday"}), 2);
  EXPECT_EQ(ark({"ledger", "list", "--csv", "--json"}), 2);
  EXPECT_EQ(ark({"ledger", "list", "--state", "lost"}), 2);
  EXPECT_EQ(ark({"--no-ledger", "ledger", "list"}), 2);
}

}  // namespace
}  // namespace ark::cli
