#include "pair_book.hpp"

#include <gtest/gtest.h>

#include <set>

namespace ark::testing::operation_attempt_test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// Every attempt that has an intent has one outcome.
void expect_all_settled(const toy_client& t) {
  std::set<std::uint64_t> open;
  for (const auto& i : t.ledger->intents()) EXPECT_TRUE(open.insert(i.attempt_id).second);
  for (const auto& o : t.ledger->outcomes()) EXPECT_EQ(open.erase(o.attempt_id), 1U);
  EXPECT_TRUE(open.empty());
}

TEST(operation_attempt, cancelled_in_every_state_it_is_settled) {
  bool before = false, after = false;
  for (int steps = 0; steps < 8; ++steps) {  // then only time limits are left
    toy_client t;
    t.net->answers = {{.pieces = {t.sse({"text hi"}), t.sse({"text you"})}, .hangs = true}};
    int told = 0;
    std::optional<result<reply>> got;
    const client c = t.make();
    auto s = c.stream(hello());
    ASSERT_TRUE(s);
    t.loop->run_until([&] { return told++ >= steps; });
    const bool sent = !t.net->requests.empty();
    s->cancel();
    const auto r = s->collect();
    ASSERT_FALSE(r) << steps;
    EXPECT_EQ(r.error().code, errc::cancelled) << steps;
    expect_all_settled(t);
    for (const auto& o : t.ledger->outcomes()) {
      EXPECT_NE(o.state, attempt_state::settled);
      (o.state == attempt_state::void_ ? before : after) = true;
      EXPECT_TRUE(sent || o.state == attempt_state::void_) << steps;
    }
  }
  EXPECT_TRUE(before && after) << "both sides of the first byte were met";
}

TEST(operation_attempt, cancelled_while_it_waits_for_the_next_attempt) {
  toy_client t;
  t.net->answers = {t.whole("no", 429)};
  std::optional<result<reply>> got;
  const client c = t.make();
  const auto id = c.complete_async(hello(), [&](result<reply> r) { got = std::move(r); });
  t.loop->drain();
  ASSERT_FALSE(got) << "it backs off";
  c.cancel(id);
  t.loop->drain();
  ASSERT_TRUE(got);
  EXPECT_EQ(got->error().code, errc::cancelled);
  expect_all_settled(t);
  EXPECT_EQ(t.ledger->outcomes()[0].state, attempt_state::void_);
}

TEST(operation_attempt, a_cap_for_what_may_be_billed_ends_the_retries) {
  toy_client t;
  for (int i = 0; i < 5; ++i) t.net->answers.push_back(t.whole("no", 500));
  call c = hello();
  c.max_tokens = 1000;
  c.retry = {.max_attempts = 5, .base = milliseconds(0)};
  // An attempt is at most 1000 tokens at 2 USD and a few bytes of prompt at 1 USD a million.
  c.retry.max_billed_cost = *amount::parse("0.0045");
  const auto r = t.make().complete(c);
  ASSERT_FALSE(r);
  EXPECT_EQ(t.net->requests.size(), 2U);
  amount high;
  for (const auto& o : t.ledger->outcomes()) high = *high.plus(o.cost.high);
  EXPECT_LE(high, *c.retry.max_billed_cost);
}

TEST(operation_attempt, the_retry_budget_is_the_vendors_and_shared) {
  toy_client t;
  t.parts->options.retry_budget = {.capacity = 10, .cost = 5};
  for (int i = 0; i < 20; ++i) t.net->answers.push_back(t.whole("no", 429));
  const client c = t.make();
  const auto first = c.complete(hello());
  ASSERT_FALSE(first);
  EXPECT_EQ(t.net->requests.size(), 3U) << "two retries, ten tokens";
  const auto second = c.complete(hello());
  ASSERT_FALSE(second);
  EXPECT_EQ(t.net->requests.size(), 4U) << "none is left";
  EXPECT_NE(second.error().message.find("retry budget of toy is used up"), std::string::npos)
      << second.error().message;
}

TEST(operation_attempt, what_succeeds_refills_the_retry_budget) {
  toy_client t;
  t.parts->options.retry_budget = {.capacity = 5, .cost = 5};
  const client c = t.make();
  for (int i = 0; i < 3; ++i) {
    t.net->answers = {t.whole("no", 429), t.whole("hi 1 1")};
    ASSERT_TRUE(c.complete(hello())) << i;
  }
}

TEST(operation_attempt, an_open_circuit_sends_the_call_elsewhere_and_closes_by_a_probe) {
  pair_client t;
  t.parts->options.circuit = {.failures = 2, .open = milliseconds(10'000)};
  const client c = t.make();
  call asked = hello();
  asked.fallbacks = {"other/cheap"};
  for (int i = 0; i < 2; ++i) {
    t.net->answers = {t.whole("no", 500)};
    EXPECT_FALSE(c.complete(asked)) << "it may be billed: no second bill";
  }
  t.net->requests.clear();
  t.net->answers = {t.whole("hi 10 5")};
  const auto r = c.complete(asked);
  ASSERT_TRUE(r) << to_string(r.error());
  EXPECT_EQ(r->route.vendor, "other");
  EXPECT_EQ(t.net->requests.size(), 1U);
  EXPECT_TRUE(has_note(r->notes, "toy/m1 failed (circuit_open)"));
  t.loop->advance(milliseconds(10'000));
  t.net->answers = {t.whole("hi 10 5")};
  const auto probe = c.complete(asked);
  ASSERT_TRUE(probe);
  EXPECT_EQ(probe->route.vendor, "toy");
}

TEST(operation_attempt, with_nowhere_else_to_go_it_is_made_all_the_same_unless_told) {
  toy_client t;
  t.parts->options.circuit = {.failures = 1};
  const client c = t.make();
  t.net->answers = {t.whole("no", 500), t.whole("hi 1 1")};
  EXPECT_FALSE(c.complete(hello()));
  EXPECT_TRUE(c.complete(hello()));

  toy_client strict;
  strict.parts->options.circuit = {.failures = 1, .fail_fast = true};
  const client s = strict.make();
  strict.net->answers = {strict.whole("no", 500), strict.whole("hi 1 1")};
  EXPECT_FALSE(s.complete(hello()));
  const auto r = s.complete(hello());
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, errc::circuit_open);
  EXPECT_EQ(r.error().retry, retry_class::safe);
  ASSERT_TRUE(r.error().retry_after);
  EXPECT_EQ(strict.net->requests.size(), 1U);
  EXPECT_EQ(strict.ledger->intents().size(), 1U) << "nothing is on record of what was not made";
}

TEST(operation_attempt, the_callers_mistakes_open_no_circuit) {
  toy_client t;
  t.parts->options.circuit = {.failures = 2, .fail_fast = true};
  const client c = t.make();
  for (int i = 0; i < 5; ++i) {
    t.net->answers = {t.whole("no", 400)};
    const auto r = c.complete(hello());
    ASSERT_FALSE(r);
    EXPECT_EQ(r.error().code, errc::invalid_request);
  }
}

// ---- several keys and addresses

std::string key_of(const net::exchange_request& r) {
  return std::string(wire::find_header(r.request.headers, "authorization"));
}

TEST(operation_attempt, calls_are_spread_over_the_keys_of_a_list) {
  toy_client t;
  t.parts->options.keys = keys_from_map({{"toy", secret("key-aaaaaaaa,key-bbbbbbbb")}});
  const client c = t.make();
  std::map<std::string, int> used;
  for (int i = 0; i < 6; ++i) {
    t.net->answers = {t.whole("hi 1 1")};
    ASSERT_TRUE(c.complete(hello()));
    ++used[key_of(t.net->requests.back())];
  }
  EXPECT_EQ(used["Bearer key-aaaaaaaa"], 3);
  EXPECT_EQ(used["Bearer key-bbbbbbbb"], 3);
}

TEST(operation_attempt, a_key_without_money_is_put_aside_and_said_so) {
  toy_client t;
  t.parts->options.keys = keys_from_map({{"toy", secret("key-aaaaaaaa,key-bbbbbbbb")}});
  const client c = t.make();
  t.net->answers = {t.whole("no", 402), t.whole("hi 1 1")};
  const auto r = c.complete(hello());
  ASSERT_TRUE(r) << to_string(r.error());
  EXPECT_TRUE(
      has_note(r->notes, "key 1 of 2 at https://toy.example was put aside for 300 s (quota)"));
  for (const auto& n : r->notes) EXPECT_EQ(n.find("aaaaaaaa"), std::string::npos) << n;
  for (int i = 0; i < 4; ++i) {
    t.net->answers = {t.whole("hi 1 1")};
    ASSERT_TRUE(c.complete(hello()));
    EXPECT_EQ(key_of(t.net->requests.back()), "Bearer key-bbbbbbbb");
  }
  t.loop->advance(std::chrono::minutes(5));
  t.net->answers = {t.whole("hi 1 1"), t.whole("hi 1 1")};
  ASSERT_TRUE(c.complete(hello()));
  ASSERT_TRUE(c.complete(hello()));
  std::set<std::string> both{key_of(t.net->requests[t.net->requests.size() - 2]),
                             key_of(t.net->requests.back())};
  EXPECT_EQ(both.size(), 2U) << "it is asked again";
}

TEST(operation_attempt, a_rate_limited_key_gives_way_at_once) {
  toy_client t;
  t.parts->options.keys = keys_from_map({{"toy", secret("key-aaaaaaaa,key-bbbbbbbb")}});
  t.net->answers = {t.whole("no", 429), t.whole("hi 1 1")};
  const auto begun = t.loop->now;
  const auto r = t.make().complete(hello());
  ASSERT_TRUE(r) << to_string(r.error());
  EXPECT_EQ(t.loop->now, begun) << "no wait for the first key";
  EXPECT_NE(key_of(t.net->requests[0]), key_of(t.net->requests[1]));
}

// S19
TEST(operation_attempt, an_account_without_money_and_no_other_key_is_not_asked_again) {
  toy_client t;
  t.net->answers = {t.whole("no", 402), t.whole("hi 1 1")};
  const auto r = t.make().complete(hello());
  ASSERT_FALSE(r);
  EXPECT_EQ(t.net->requests.size(), 1U);
}

TEST(operation_attempt, addresses_have_their_own_keys_and_paths) {
  toy_client t;
  t.parts->options.vendors["toy"].places = {
      {.base_url = "https://a.example/x", .key = secret("key-aaaaaaaa"), .weight = 1},
      {.base_url = "https://b.example/y/v2", .key = secret("key-bbbbbbbb"), .weight = 1}};
  const client c = t.make();
  std::map<std::string, std::string> seen;
  for (int i = 0; i < 2; ++i) {
    t.net->answers = {t.whole("hi 1 1")};
    const auto r = c.complete(hello());
    ASSERT_TRUE(r) << to_string(r.error());
    const auto& q = t.net->requests.back();
    seen[q.origin.host] = q.request.target + " " + key_of(q);
  }
  EXPECT_EQ(seen["a.example"], "/x/chat Bearer key-aaaaaaaa");
  EXPECT_EQ(seen["b.example"], "/y/v2/chat Bearer key-bbbbbbbb");
}

TEST(operation_attempt, an_address_that_is_down_is_left_out_by_its_own_circuit) {
  toy_client t;
  t.parts->options.circuit = {.failures = 1};
  t.parts->options.vendors["toy"].places = {
      {.base_url = "https://a.example", .key = secret("key-aaaaaaaa")},
      {.base_url = "https://b.example", .key = secret("key-bbbbbbbb")}};
  const client c = t.make();
  const error refused{.code = errc::network, .retry = retry_class::safe, .message = "refused"};
  t.net->answers = {{.failure = net::exchange_failure{.error = refused}}, t.whole("hi 1 1")};
  ASSERT_TRUE(c.complete(hello()));
  EXPECT_EQ(t.net->requests[0].origin.host, "a.example");
  EXPECT_EQ(t.net->requests[1].origin.host, "b.example");
  for (int i = 0; i < 3; ++i) {
    t.net->answers = {t.whole("hi 1 1")};
    ASSERT_TRUE(c.complete(hello()));
    EXPECT_EQ(t.net->requests.back().origin.host, "b.example");
  }
}

TEST(operation_attempt, the_key_sources_key_does_not_go_to_another_address) {
  toy_client t;
  t.parts->options.vendors["toy"].places = {
      {.base_url = "https://a.example", .key = secret("key-aaaaaaaa")},
      {.base_url = "https://b.example"}};
  const auto r = t.make().complete(hello());
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, errc::auth);
}

// ---- rate limits

TEST(operation_attempt, a_configured_limit_is_waited_for) {
  toy_client t;
  t.parts->options.vendors["toy"].limits = {{.model = "m1", .requests_per_minute = 2}};
  const client c = t.make();
  const auto begun = t.loop->now;
  for (int i = 0; i < 3; ++i) {
    t.net->answers = {t.whole("hi 1 1")};
    const auto r = c.complete(hello());
    ASSERT_TRUE(r) << to_string(r.error());
    EXPECT_EQ(has_note(r->notes, "for a rate limit of toy"), i == 2);
  }
  EXPECT_EQ(t.loop->now - begun, seconds(30));
}

TEST(operation_attempt, a_limit_that_leaves_no_room_in_the_deadline_is_an_error) {
  toy_client t;
  t.parts->options.vendors["toy"].limits = {{.requests_per_minute = 1}};
  const client c = t.make();
  t.net->answers = {t.whole("hi 1 1")};
  ASSERT_TRUE(c.complete(hello()));
  call hurried = hello();
  hurried.timeouts.total = seconds(10);
  const auto r = c.complete(hurried);
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, errc::rate_limit);
  EXPECT_NE(r.error().message.find("nothing was sent"), std::string::npos) << r.error().message;
  EXPECT_EQ(t.net->requests.size(), 1U);
  t.net->answers = {t.whole("hi 1 1")};
  EXPECT_TRUE(c.complete(hello())) << "it waits a minute, as it may";
}

TEST(operation_attempt, tokens_are_booked_as_estimated_and_corrected_as_counted) {
  toy_client t;
  t.parts->options.vendors["toy"].limits = {{.model = "m1", .tokens_per_minute = 6000}};
  const client c = t.make();
  call big = hello();
  big.max_tokens = 5000;
  const auto begun = t.loop->now;
  for (int i = 0; i < 3; ++i) {
    t.net->answers = {t.whole("hi 10 10")};
    ASSERT_TRUE(c.complete(big));
  }
  EXPECT_EQ(t.loop->now, begun) << "each used 20 of the 5000 that it might have";
}

TEST(operation_attempt, a_vendors_headers_hold_for_the_calls_to_come) {
  toy_client t;
  auto answer = t.whole("hi 1 1");
  answer.headers.push_back({"x-ratelimit-limit-requests", "10", false});
  answer.headers.push_back({"x-ratelimit-remaining-requests", "0", false});
  answer.headers.push_back({"x-ratelimit-reset-requests", "20s", false});
  t.net->answers = {answer, t.whole("hi 1 1")};
  const client c = t.make();
  const auto begun = t.loop->now;
  ASSERT_TRUE(c.complete(hello()));
  ASSERT_TRUE(c.complete(hello()));
  EXPECT_EQ(t.loop->now - begun, seconds(2)) << "one of ten comes back in two seconds";

  toy_client deaf;
  deaf.parts->options.rate_limits.learn = false;
  deaf.net->answers = {answer, deaf.whole("hi 1 1")};
  const client d = deaf.make();
  const auto then = deaf.loop->now;
  ASSERT_TRUE(d.complete(hello()));
  ASSERT_TRUE(d.complete(hello()));
  EXPECT_EQ(deaf.loop->now, then);
}

TEST(operation_attempt, retry_after_holds_for_other_calls_too) {
  toy_client t;
  t.net->answers = {t.whole("no", 429), t.whole("hi 1 1")};
  const client c = t.make();
  call once = hello();
  once.retry.max_attempts = 1;
  const auto begun = t.loop->now;
  ASSERT_FALSE(c.complete(once));
  ASSERT_TRUE(c.complete(once));
  EXPECT_EQ(t.loop->now - begun, milliseconds(1500)) << "as the first call's answer asked";
}

TEST(operation_attempt, what_the_ledger_refuses_takes_no_share_of_a_limit) {
  toy_client t;
  t.parts->options.vendors["toy"].limits = {{.model = "m1", .requests_per_minute = 1}};
  const client c = t.make();
  t.ledger->refusal = error{.code = errc::budget, .message = "used up"};
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(c.complete(hello()).error().code, errc::budget) << "and not the limit's";
  t.ledger->refusal.reset();
  t.net->answers = {t.whole("hi 1 1")};
  const auto begun = t.loop->now;
  ASSERT_TRUE(c.complete(hello()));
  EXPECT_EQ(t.loop->now, begun);
}

}  // namespace
}  // namespace ark::testing::operation_attempt_test
