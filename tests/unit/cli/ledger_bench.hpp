#pragma once
#include <gtest/gtest.h>

#include "cli/run.hpp"
#include "client/journal.hpp"
#include "ledger/ledger_journal.hpp"
#include "os/os.hpp"
#include "tests/support/temporary_directory.hpp"

namespace ark::testing {

/// `ark` with a ledger of its own.
class ledger_bench : public ::testing::Test {
 protected:
  int ark(std::vector<std::string> arguments, const std::string& standard_in = {}) {
    out.clear();
    err.clear();
    arguments.insert(arguments.begin(), {"--ledger", path});
    cli::input in{standard_in};
    cli::output to_out{out}, to_err{err};
    cli::context ctx{os::real(), in, to_out, to_err};
    return static_cast<int>(cli::run(arguments, ctx));
  }
  /// An attempt of 2026-11-21 10:00 UTC, 1000 tokens in and 200 out, at the price given.
  attempt_intent intent_of(const std::string& call) const {
    attempt_intent i;
    i.attempt_id = next_id_;
    i.call_id = call;
    i.begun = std::chrono::system_clock::time_point(std::chrono::seconds(1'795'255'200));
    i.vendor = "openai";
    i.model = "gpt-4o";
    i.operation = "chat";
    i.tags = {{"team", "search"}};
    return i;
  }
  attempt_outcome outcome_of(const attempt_intent& i, const std::string& price) const {
    attempt_outcome o;
    o.attempt_id = i.attempt_id;
    o.ended = i.begun + std::chrono::seconds(2);
    o.usage.input = 1000;
    o.usage.output = 200;
    o.usage.reported = true;
    o.request_id = "req-" + i.call_id;
    const amount paid = amount::parse(price).value();
    o.cost = {.status = cost_status::exact,
              .currency = "USD",
              .value = paid,
              .low = paid,
              .high = paid,
              .price_hash = "p1"};
    return o;
  }
  void record(const attempt_intent& i, const attempt_outcome& o) {
    const auto book = ledger::open({.path = path}).value();
    result<void> done;
    journal_of(book)->commit({i, o}, [&](const commit_result& r) {
      done = r.refused.empty() ? r.all : result<void>(r.refused.front().why);
    });
    ASSERT_TRUE(done);
    ++next_id_;
  }
  void record(const std::string& call, const std::string& price) {
    const auto i = intent_of(call);
    record(i, outcome_of(i, price));
  }
  temporary_directory folder;
  std::string path = folder.file("ledger.db");
  std::string out, err;

 private:
  std::uint64_t next_id_ = 1;
};

}  // namespace ark::testing
