#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <thread>

#include "sim_client.hpp"

/// A vendor that bills for what it makes, with every fault at every byte: whatever happens, the
/// ledger's interval contains the bill, and by default nothing is billed twice.
namespace ark::testing {
namespace {

using std::chrono::milliseconds;

// ThreadSanitizer makes a call ten times as long, and looks at threads: it is shown fewer offsets.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define ARK_FEWER_OFFSETS
#endif
#endif
#ifdef ARK_FEWER_OFFSETS
constexpr int offset_step = 23;
#else
constexpr int offset_step = 1;
#endif

/// Its own arithmetic: 1e-15 of a dollar, from dollars for a million tokens times 100.
struct card {
  std::int64_t input, cache_read, write_5m, write_1h, output;
};
constexpr card mini = {40, 10, 0, 0, 160};        // gpt-4.1-mini, 23 September 2026
constexpr card haiku = {100, 10, 125, 200, 500};  // claude-haiku-4-5, 10 November 2026

std::optional<money> charge(const journal_entry& e) {
  const card& c = e.dialect == "anthropic" ? haiku : mini;
  const std::int64_t cents = e.tokens.input * c.input + e.tokens.cache_read * c.cache_read +
                             e.tokens.cache_write_5m * c.write_5m +
                             e.tokens.cache_write_1h * c.write_1h +
                             (e.tokens.output + e.tokens.reasoning) * c.output;
  constexpr std::int64_t raw_for_a_hundredth_of_a_millionth = 10'000'000;
  return money{
      amount::from_raw(static_cast<amount::rep>(cents) * raw_for_a_hundredth_of_a_millionth),
      "USD"};
}

struct shape {
  const char* model;
  bool stream;
};
constexpr shape shapes[] = {{"openai/gpt-4.1-mini", false},
                            {"openai/gpt-4.1-mini", true},
                            {"anthropic/claude-haiku-4-5", false},
                            {"anthropic/claude-haiku-4-5", true}};

class billing : public ::testing::Test {
 protected:
  billing() : vendor({.price = charge}) {}

  /// Every call says which run it is of: a busy vendor may read a request after its caller has
  /// left.
  call question(const shape& s, milliseconds patience) {
    marker_ = "run " + std::to_string(1'000'000 + ++runs);
    call c = ask(s.model, "Repeat: " + marker_ + " is in the ledger");
    c.max_tokens = 60;
    c.timeouts.first_content = c.timeouts.idle = patience;
    // The waits between attempts are not what is looked at here.
    c.retry.base = milliseconds(1);
    c.retry.cap = milliseconds(2);
    return c;
  }

  /// Makes one call under the rule. True if the fault left no trace: it lies behind the end.
  bool run(const shape& s, const std::string& rule, milliseconds patience = milliseconds(2000)) {
    vendor.sim.clear_faults();
    if (!rule.empty()) EXPECT_TRUE(vendor.sim.add_fault(rule)) << rule;
    const bool whole = make(question(s, patience), s.stream);
    keep_interval(rule);
    return whole;
  }

  bool make(call c, bool streamed) {
    if (!streamed) return vendor.client.complete(std::move(c)).has_value();
    auto opened = vendor.client.stream(std::move(c));
    return opened && opened->collect().has_value();
  }

  /// What the ledger says of the attempts of this run.
  void keep_interval(const std::string& rule) {
    interval made{.rule = rule};
    for (const auto& e : vendor.book.list({.after_sequence = last_}).value()) {
      last_ = e.sequence;
      ASSERT_NE(e.state, attempt_state::sending) << rule;
      ASSERT_NE(e.cost.status, cost_status::unknown) << rule;
      made.low = made.low.plus(e.cost.low).value();
      made.high = made.high.plus(e.cost.high).value();
    }
    intervals_[marker_] = std::move(made);
    if (intervals_.size() == 2000) compare();
  }

  /// The vendor's bill beside it, for all runs since the last time.
  void compare() {
    std::map<std::string, std::pair<amount, int>> bills;
    for (const auto& e : ended_journal()) {
      if (!e.billed) continue;
      auto& [sum, requests] = bills[e.prompt.substr(e.prompt.find("run "), marker_.size())];
      sum = sum.plus(e.cost.value().value).value();
      ++requests;
    }
    for (const auto& [marker, made] : intervals_) {
      const auto& [billed, requests] = bills[marker];
      EXPECT_LE(made.low, billed) << made.rule << ": " << billed.to_string();
      EXPECT_GE(made.high, billed) << made.rule << ": " << billed.to_string();
      EXPECT_LE(requests, 1) << made.rule << ": billed twice";
      total_low = total_low.plus(made.low).value();
      total_high = total_high.plus(made.high).value();
      total_bill = total_bill.plus(billed).value();
    }
    intervals_.clear();
    vendor.sim.clear_journal();
  }

  /// When the vendor has nothing under way any more.
  std::vector<journal_entry> ended_journal() {
    for (int waits = 0;; ++waits) {
      auto all = vendor.sim.journal();
      const bool runs_on =
          std::any_of(all.begin(), all.end(), [](const auto& e) { return e.outcome == "running"; });
      const bool quiet = all.size() == seen_ && !runs_on;
      seen_ = all.size();
      if (quiet || waits > 200) return all;
      std::this_thread::sleep_for(milliseconds(20));
    }
  }

  void TearDown() override { compare(); }

  /// The fault at each offset until it lies behind the end; the number of offsets where it struck.
  int sweep(const shape& s, const std::string& effect, int first, int step = 1,
            milliseconds patience = milliseconds(2000)) {
    int struck = 0;
    for (int at = first; !HasFailure(); at += step * offset_step) {
      if (run(s, effect + "=" + std::to_string(at) + suffix, patience)) return struck;
      struck += offset_step;
      EXPECT_LT(at, 100'000) << effect << " never came to an end";
      if (at >= 100'000) return struck;
    }
    return struck;
  }

  struct interval {
    std::string rule{};
    amount low{}, high{};
  };
  sim_client vendor;
  std::string suffix;
  std::string marker_;
  std::map<std::string, interval> intervals_;
  std::size_t seen_ = 0;
  std::int64_t last_ = 0;
  int runs = 0;
  amount total_low, total_high, total_bill;
};

TEST_F(billing, an_answer_that_breaks_off_at_any_byte) {
  for (const shape& s : shapes) {
    for (const char* bill_of_the_rest : {"", ",bills-all"}) {
      suffix = bill_of_the_rest;
      EXPECT_GT(sweep(s, "cut-after", 0), 200);
      EXPECT_GT(sweep(s, "reset-after", 0), 200);
    }
    suffix.clear();
    EXPECT_GT(sweep(s, "cut-head", 0), 50);
  }
  EXPECT_GE(runs * offset_step, 10'000);
  compare();
  EXPECT_GT(total_bill, amount{});
  EXPECT_LE(total_low, total_bill);
  EXPECT_GE(total_high, total_bill);
  RecordProperty("runs", runs);
}

TEST_F(billing, an_answer_that_stalls) {
  for (const shape& s : shapes) {
    EXPECT_GT(sweep(s, "stall-after", 0, 13, milliseconds(15)), 20);
    suffix = ",bills-all";
    EXPECT_GT(sweep(s, "stall-after", 5, 41, milliseconds(15)), 5);
    suffix.clear();
  }
}

TEST_F(billing, a_request_that_breaks_off_at_any_byte) {
  for (const shape& s : shapes) EXPECT_GT(sweep(s, "cut-request", 1), 100);
  compare();
  const amount before = total_bill;
  for (const shape& s : shapes) run(s, "");
  compare();
  EXPECT_EQ(total_bill, before.plus(before).value()) << "only what was not cut is billed";
}

TEST_F(billing, an_error_after_the_work_was_done) {
  for (const shape& s : shapes)
    for (const char* fault : {"status=500,billed", "status=502,billed", "status=504,billed",
                              "status=520,billed", "status=408,billed", "html=500,billed",
                              "html=502,billed", "html=503,billed", "html=504,billed"})
      run(s, fault);
}

TEST_F(billing, an_answer_that_is_lost_with_its_connection) {
  // A reset of a connection that served before, and at once, is taken for the sign that nobody read
  // the request: libark/doc/ledger.md says so. Here each call has a connection of its own.
  for (const shape& s : shapes) {
    vendor.client = standard_client(vendor.options({}));
    run(s, "lost-answer");
  }
}

TEST_F(billing, an_answer_that_is_delivered_twice) {
  for (const shape& s : shapes) {
    EXPECT_TRUE(run(s, ""));
    run(s, "twice");
    EXPECT_TRUE(run(s, "")) << "the next call does not take the second copy for its answer";
    for (int frame = 1; frame <= 30; ++frame) run(s, "repeat-frame=" + std::to_string(frame));
    run(s, "no-usage");
    run(s, "no-terminal");
    for (int frame = 1; frame <= 10; ++frame) {
      run(s, "malformed-frame=" + std::to_string(frame));
      run(s, "error-in-stream=" + std::to_string(frame));
    }
  }
}

TEST_F(billing, refusals_that_are_sent_again_are_billed_once) {
  for (const shape& s : shapes)
    for (const char* fault : {"status=429@first=1", "status=429,retry-after=0@first=2",
                              "status=529@first=1", "reset@first=1", "status=429", "reset"})
      run(s, fault);
}

TEST_F(billing, a_budget_is_never_passed_whatever_fails) {
  const amount limit = amount::parse("0.2").value();
  ASSERT_TRUE(vendor.book.set_budget({.name = "all", .limit = {limit, "USD"}}));
  constexpr const char* faults[] = {"cut-after=", "reset-after=", "cut-head=", "cut-request="};
  bool is_used_up = false;
  for (int i = 0; !is_used_up && i < 20'000; ++i) {
    const std::string rule = faults[i % 4] + std::to_string(i * 7 % 900) + ",bills-all";
    run(shapes[i / 4 % 4], rule);
    const auto now = vendor.book.budgets().value().at(0);
    ASSERT_LE(now.spent.plus(now.reserved).value(), limit) << rule;
    // Less than one call is left.
    is_used_up = now.left < amount::parse("0.0001").value();
  }
  EXPECT_TRUE(is_used_up);
  compare();
  EXPECT_LE(total_bill, limit) << "by the vendor's own count";
  EXPECT_EQ(vendor.client.complete(question(shapes[2], milliseconds(2000))).error().code,
            errc::budget);
}

}  // namespace
}  // namespace ark::testing
