// Fallback, circuit breaker, several keys and shared limits over real sockets: two vendors, each a
// simulator with a journal of what it would bill.
#include "sim_client.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace ark::testing {
namespace {

using std::chrono::milliseconds;

struct two_vendors {
  explicit two_vendors(simulator_options first_options = {})
      : first(std::move(simulator::start(std::move(first_options)).value())),
        second(std::move(simulator::start({}).value())),
        book(ledger::open({.path = dir.file("ledger.db")}).value()) {
    options.ledger = book;
    options.vendors["openai"] = {.base_url = first.base_url("openai"),
                                 .key = secret("bad-key-00000000,good-key-0000000")};
    options.vendors["deepseek"] = {.base_url = second.base_url("openai"),
                                   .key = secret("sim-key-0123456789")};
  }
  static call asked() {
    call c = ask("openai/gpt-4.1-mini", "What is 12*7?");
    c.max_tokens = 100;
    c.fallbacks = {"deepseek/deepseek-chat"};
    return c;
  }
  temporary_directory dir;
  simulator first, second;
  ledger book;
  client_options options;
};

TEST(resilience, a_refused_key_gives_way_to_the_other_one) {
  const two_vendors t({.keys = {"good-key-0000000"}});
  const auto c = standard_client(t.options);
  for (int i = 0; i < 6; ++i) {
    const auto r = c.complete(t.asked());
    ASSERT_TRUE(r) << to_string(r.error());
    EXPECT_EQ(r->route.vendor, "openai");
  }
  int refused = 0;
  for (const auto& j : t.first.journal()) refused += j.status == 401;
  EXPECT_EQ(refused, 1) << "it is put aside after one refusal";
  EXPECT_TRUE(t.second.journal().empty());
  int voided = 0;
  for (const auto& e : t.book.list({}).value()) voided += e.state == attempt_state::void_;
  EXPECT_EQ(voided, 1);
}

TEST(resilience, a_vendor_that_fails_is_left_alone_and_comes_back) {
  two_vendors t;
  t.options.circuit = {.failures = 3, .open = milliseconds(2000)};
  ASSERT_TRUE(t.first.add_fault("status=503"));
  const auto c = standard_client(t.options);
  auto asked = t.asked();
  asked.retry.max_attempts = 1;
  for (int i = 0; i < 10; ++i) {
    const auto r = c.complete(asked);
    ASSERT_TRUE(r) << to_string(r.error());
    EXPECT_EQ(r->route.vendor, "deepseek");
    EXPECT_NE(r->text().find("84"), std::string::npos);
  }
  // Each of the two keys has a circuit of its own; the clock is real, so a probe may get through.
  const auto seen = t.first.journal().size();
  EXPECT_GE(seen, 6U);
  EXPECT_LE(seen, 8U);
  t.first.clear_faults();
  std::this_thread::sleep_for(milliseconds(2100));
  const auto back = c.complete(asked);
  ASSERT_TRUE(back) << to_string(back.error());
  EXPECT_EQ(back->route.vendor, "openai");
}

TEST(resilience, the_ledger_has_every_attempt_with_its_reason_and_the_vendors_bill) {
  two_vendors t;
  ASSERT_TRUE(t.first.add_fault("status=429"));
  const auto c = standard_client(t.options);
  auto asked = t.asked();
  asked.retry = {.max_attempts = 2, .base = milliseconds(1)};
  const auto r = c.complete(asked);
  ASSERT_TRUE(r) << to_string(r.error());
  const auto entries = t.book.list({}).value();
  ASSERT_EQ(static_cast<int>(entries.size()), r->attempts);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    EXPECT_EQ(entries[i].call_id, entries[0].call_id);
    EXPECT_EQ(entries[i].attempt, static_cast<int>(i) + 1);
    EXPECT_EQ(entries[i].state,
              i + 1 < entries.size() ? attempt_state::void_ : attempt_state::settled);
  }
  for (const auto& j : t.first.journal()) EXPECT_FALSE(j.billed);
  int billed = 0;
  for (const auto& j : t.second.journal()) billed += j.billed;
  EXPECT_EQ(billed, 1);
}

TEST(resilience, two_clients_share_a_limit_through_a_file) {
  two_vendors t;
  t.options.vendors["openai"].key = secret("good-key-0000000");
  t.options.vendors["openai"].limits = {{.requests_per_minute = 4}};
  t.options.rate_limits.file = t.dir.file("rates");
  const auto a = standard_client(t.options), b = standard_client(t.options);
  auto asked = t.asked();
  asked.timeouts.total = milliseconds(5000);
  std::map<std::string, int> by_vendor;
  for (int i = 0; i < 4; ++i)
    for (const auto& c : {a, b}) {
      const auto r = c.complete(asked);
      ASSERT_TRUE(r) << to_string(r.error());
      ++by_vendor[r->route.vendor];
    }
  EXPECT_EQ(by_vendor["openai"], 4) << "what both may, together";
  EXPECT_EQ(by_vendor["deepseek"], 4);
  EXPECT_EQ(t.first.journal().size(), 4U);
}

TEST(resilience, hedged_both_attempts_are_settled) {
  simulator_options slow;
  slow.latency = "20ms";
  two_vendors t(std::move(slow));
  t.options.vendors["openai"].key = secret("good-key-0000000");
  const auto c = standard_client(t.options);
  auto asked = t.asked();
  asked.fallbacks.clear();
  asked.hedge = true;
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(c.stream(asked)->collect());
  ASSERT_TRUE(t.first.add_fault("delay=3s@nth=1"));
  const auto r = c.stream(asked)->collect();
  ASSERT_TRUE(r) << to_string(r.error());
  EXPECT_NE(r->text().find("84"), std::string::npos);
  int ambiguous = 0;
  for (const auto& e : t.book.list({}).value()) {
    EXPECT_NE(e.state, attempt_state::sending);
    ambiguous += e.state == attempt_state::ambiguous;
  }
  EXPECT_GE(ambiguous, 1);
  EXPECT_EQ(r->attempts, 2);
}

}  // namespace
}  // namespace ark::testing
