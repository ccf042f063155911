#include <gtest/gtest.h>

#include "client/journal.hpp"
#include "ledger/ledger_journal.hpp"
#include "tests/unit/cli/bench.hpp"

namespace ark::cli {
namespace {

/// A ledger with one settled, one ambiguous and two lost attempts, one of them without a quote.
class resolve_command : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto book = ledger::open({.path = path}).value();
    std::vector<journal_record> all;
    for (std::uint64_t id = 1; id <= 4; ++id) {
      attempt_intent i;
      i.attempt_id = id;
      i.begun = bench.machine.wall_now();
      const amount most = amount::parse("0.5").value();
      i.quote = {.status = cost_status::interval, .currency = "USD", .value = most, .high = most};
      attempt_outcome o;
      o.attempt_id = id;
      o.ended = i.begun;
      o.state = id == 1 ? attempt_state::settled : attempt_state::ambiguous;
      o.cost = id == 4 ? cost{} : i.quote;
      o.finish = id >= 3 ? "lost" : "stop";
      all.emplace_back(i);
      all.emplace_back(o);
    }
    commit_result told;
    journal_of(book)->commit(all, [&](const commit_result& r) { told = r; });
    ASSERT_TRUE(told);
  }
  int ark(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"--ledger", path, "ledger", "resolve"});
    return bench.run(arguments);
  }
  ledger_entry entry(std::int64_t sequence) {
    const auto book = ledger::open({.path = path}).value();
    return book.list({.after_sequence = sequence - 1, .limit = 1}).value().at(0);
  }

  testing::cli_bench bench;
  std::string path = bench.folder.file("ledger.db");
};

TEST_F(resolve_command, one_entry_by_its_cost) {
  EXPECT_EQ(ark({"2", "--cost", "0.12 USD", "--reason", "invoice of May"}), 0) << bench.err;
  const ledger_entry e = entry(2);
  EXPECT_EQ(e.state, attempt_state::settled);
  EXPECT_EQ(e.cost.value.to_string(), "0.12");
  EXPECT_EQ(e.cost.currency, "USD");
  EXPECT_EQ(e.note, "invoice of May");
}

TEST_F(resolve_command, one_entry_as_not_billed) {
  EXPECT_EQ(ark({"2", "--void", "--reason", "not on the bill"}), 0) << bench.err;
  EXPECT_EQ(entry(2).state, attempt_state::void_);
}

TEST_F(resolve_command, lost_ones_at_their_most) {
  bench.machine.advance(std::chrono::hours(25));
  EXPECT_EQ(ark({"--lost-after", "1d", "--as", "high"}), 0) << bench.err;
  EXPECT_EQ(bench.out, "1 resolved, 1 left in doubt: what they cost at most is not known\n");
  EXPECT_EQ(entry(3).state, attempt_state::settled);
  EXPECT_EQ(entry(3).cost.value.to_string(), "0.5");
  EXPECT_EQ(entry(2).state, attempt_state::ambiguous) << "its program has said so itself";
  EXPECT_EQ(entry(4).state, attempt_state::ambiguous);
}

TEST_F(resolve_command, lost_ones_as_not_billed) {
  EXPECT_EQ(ark({"--lost-after", "1d", "--as", "void", "--json"}), 0);
  EXPECT_EQ(bench.out, "{\"resolved\":0,\"unknown\":0}\n") << "they are too young";
  bench.machine.advance(std::chrono::hours(25));
  EXPECT_EQ(ark({"--lost-after", "1d", "--as", "void", "--json"}), 0);
  EXPECT_EQ(bench.out, "{\"resolved\":2,\"unknown\":0}\n");
  EXPECT_EQ(entry(3).state, attempt_state::void_);
  EXPECT_EQ(entry(4).state, attempt_state::void_);
}

TEST_F(resolve_command, wrong_usage_says_what_is_right) {
  const auto wrong = [this](std::vector<std::string> arguments, const char* text) {
    EXPECT_EQ(ark(arguments), 2);
    EXPECT_NE(bench.err.find(text), std::string::npos) << bench.err;
  };
  wrong({}, "name one entry");
  wrong({"2", "--lost-after", "1d"}, "name one entry");
  wrong({"2", "--reason", "x"}, "one of --cost AMOUNT and --void");
  wrong({"2", "--cost", "1 USD", "--void", "--reason", "x"}, "one of --cost AMOUNT and --void");
  wrong({"2", "--void"}, "--reason is needed");
  wrong({"2", "--cost", "1", "--reason", "x"}, "the currency is missing");
  wrong({"--lost-after", "1d"}, "--as void or --as high");
  wrong({"--lost-after", "soon", "--as", "void"}, "is no time");
  wrong({"99", "--void", "--reason", "x"}, "it is not in the ledger");
}

}  // namespace
}  // namespace ark::cli
