#include "pair_book.hpp"

#include <gtest/gtest.h>

namespace ark::testing::operation_fallback_test {
namespace {

using std::chrono::milliseconds;

call asked(std::vector<std::string> fallbacks) {
  call c = hello();
  c.fallbacks = std::move(fallbacks);
  return c;
}

TEST(operation_fallback, another_vendor_is_asked_when_the_first_is_out_of_money) {
  pair_client t;
  t.net->answers = {t.whole("no", 402), t.whole("hi 10 5 cheap")};
  call c = asked({"other/cheap"});
  c.retry.max_attempts = 1;
  const auto r = t.make().complete(c);
  ASSERT_TRUE(r) << to_string(r.error());
  EXPECT_EQ(r->route.vendor, "other");
  EXPECT_EQ(r->attempts, 2);
  EXPECT_TRUE(has_note(r->notes, "toy/m1 failed (quota), so other/cheap was asked instead"));
  ASSERT_EQ(t.net->requests.size(), 2U);
  EXPECT_EQ(t.net->requests[1].origin.host, "other.example");
  const auto intents = t.ledger->intents();
  ASSERT_EQ(intents.size(), 2U);
  EXPECT_EQ(intents[0].call_id, intents[1].call_id);
  EXPECT_EQ(intents[1].attempt, 2);
  EXPECT_EQ(intents[1].vendor, "other");
  EXPECT_EQ(intents[0].route, "named by the caller: toy/m1");
  EXPECT_EQ(intents[1].route, "fallback: toy/m1 failed (quota), so other/cheap was asked");
  EXPECT_EQ(t.ledger->outcomes()[0].state, attempt_state::void_);
  EXPECT_EQ(r->cost, t.ledger->outcomes()[1].cost);
}

TEST(operation_fallback, the_key_of_one_vendor_never_goes_to_the_other) {
  pair_client t;
  t.net->answers = {t.whole("no", 429), t.whole("hi 10 5")};
  call c = asked({"other/cheap"});
  c.retry.max_attempts = 1;
  ASSERT_TRUE(t.make().complete(c));
  const auto key = wire::find_header(t.net->requests[1].request.headers, "authorization");
  EXPECT_EQ(key, "Bearer other-key-1234567890");
}

TEST(operation_fallback, the_first_model_has_its_retries_before) {
  pair_client t;
  t.net->answers = {t.whole("no", 429), t.whole("no", 429), t.whole("no", 429), t.whole("no", 429),
                    t.whole("hi 10 5")};
  const auto r = t.make().complete(asked({"other/cheap"}));
  ASSERT_TRUE(r) << to_string(r.error());
  EXPECT_EQ(r->attempts, 5);
  EXPECT_EQ(t.net->requests[2].origin.host, "toy.example");
  EXPECT_EQ(t.net->requests[3].origin.host, "other.example");
}

TEST(operation_fallback, never_dearer_without_leave) {
  pair_client t;
  t.net->answers = {t.whole("no", 429)};
  call c = asked({"other/dear", "other/yuan", "other/unpriced"});
  c.retry.max_attempts = 1;
  const auto r = t.make().complete(c);
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, errc::rate_limit) << "the failure of the model that was asked for";
  EXPECT_NE(r.error().message.find("other/dear: it may cost"), std::string::npos)
      << r.error().message;
  EXPECT_NE(r.error().message.find("CNY"), std::string::npos);
  EXPECT_NE(r.error().message.find("not known"), std::string::npos);
  EXPECT_EQ(t.net->requests.size(), 1U);

  t.net->answers = {t.whole("no", 429), t.whole("hi 10 5")};
  c.fallback.allow_dearer = true;
  const auto allowed = t.make().complete(c);
  ASSERT_TRUE(allowed) << to_string(allowed.error());
  EXPECT_EQ(allowed->route.model, "dear");
}

TEST(operation_fallback, a_ceiling_decides_in_its_own_currency) {
  pair_client t;
  t.net->answers = {t.whole("no", 429), t.whole("hi 10 5")};
  call c = asked({"other/yuan", "other/dear"});
  c.retry.max_attempts = 1;
  c.max_tokens = 10;
  c.max_cost = *amount::parse("0.001");
  const auto r = t.make().complete(c);
  ASSERT_TRUE(r) << to_string(r.error());
  EXPECT_EQ(r->route.model, "dear") << "dearer than the first, and below the ceiling";
  EXPECT_TRUE(has_note(r->notes, "its price is in CNY, and max_cost in USD"));
}

TEST(operation_fallback, what_may_be_billed_is_not_billed_twice_by_default) {
  pair_client t;
  t.net->answers = {t.whole("no", 500), t.whole("hi 10 5")};
  const auto r = t.make().complete(asked({"other/cheap"}));
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, errc::server);
  EXPECT_NE(r.error().message.find("second bill"), std::string::npos) << r.error().message;
  EXPECT_EQ(t.net->requests.size(), 1U);

  call c = asked({"other/cheap"});
  c.retry.max_billed_cost = *amount::parse("1");
  c.retry.max_attempts = 1;
  t.net->answers = {t.whole("no", 500), t.whole("hi 10 5 cheap")};
  const auto paid = t.make().complete(c);
  ASSERT_TRUE(paid) << to_string(paid.error());
  EXPECT_EQ(paid->cost.status, cost_status::interval) << "both attempts are in it";
}

TEST(operation_fallback, the_callers_mistakes_go_nowhere_else) {
  pair_client t;
  t.net->answers = {t.whole("no", 400)};
  const auto r = t.make().complete(asked({"other/cheap"}));
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, errc::invalid_request);
  EXPECT_EQ(t.net->requests.size(), 1U);
}

TEST(operation_fallback, a_broken_network_needs_another_vendor) {
  pair_client t;
  const error refused{.code = errc::network, .retry = retry_class::safe, .message = "refused"};
  t.net->answers = {{.failure = net::exchange_failure{.error = refused}}, t.whole("hi 10 5")};
  call c = asked({"toy/m2", "other/cheap"});
  c.retry.max_attempts = 1;
  const auto r = t.make().complete(c);
  ASSERT_TRUE(r) << to_string(r.error());
  EXPECT_TRUE(has_note(r->notes, "toy/m2 was passed over: it is the same vendor's"));
  EXPECT_EQ(r->route.vendor, "other");
}

TEST(operation_fallback, never_after_visible_content) {
  pair_client t;
  t.net->answers = {{.pieces = {t.sse({"text hi"}), t.sse({"oops"})}}, t.whole("hi 10 5")};
  call c = asked({"other/cheap"});
  c.retry.allow_billed = true;
  auto s = t.make().stream(c);
  ASSERT_TRUE(s);
  EXPECT_FALSE(s->collect());
  EXPECT_EQ(t.net->requests.size(), 1U);
}

TEST(operation_fallback, a_stream_goes_on_with_the_other_model) {
  pair_client t;
  t.net->answers = {t.whole("no", 429), {.pieces = {t.sse({"text hi", "usage 10 5", "end"})}}};
  call c = asked({"other/cheap"});
  c.retry.max_attempts = 1;
  auto s = t.make().stream(c);
  ASSERT_TRUE(s);
  const auto r = s->collect();
  ASSERT_TRUE(r) << to_string(r.error());
  EXPECT_EQ(r->text(), "hi");
  EXPECT_EQ(r->route.vendor, "other");
}

TEST(operation_fallback, the_one_deadline_is_shared) {
  pair_client t;
  t.net->answers = {{.pieces = {}, .hangs = true}, t.whole("hi 10 5")};
  call c = asked({"other/cheap"});
  c.retry.allow_billed = true;
  c.timeouts.total = milliseconds(1000);
  const auto r = t.make().complete(c);
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, errc::timeout);
  EXPECT_EQ(t.net->requests.size(), 1U) << "nothing is left for another";
}

TEST(operation_fallback, one_that_cannot_be_prepared_is_passed_over) {
  pair_client t;
  t.net->answers = {t.whole("no", 429), t.whole("hi 10 5")};
  call c = asked({"nobody/x", "other/cheap"});
  c.retry.max_attempts = 1;
  const auto r = t.make().complete(c);
  ASSERT_TRUE(r) << to_string(r.error());
  EXPECT_TRUE(has_note(r->notes, "nobody/x was passed over: no such model"));
}

}  // namespace
}  // namespace ark::testing::operation_fallback_test
