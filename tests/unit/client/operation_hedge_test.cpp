#include "observed.hpp"
#include "pair_book.hpp"

#include <gtest/gtest.h>

namespace ark::testing::operation_hedge_test {
namespace {

using std::chrono::milliseconds;

/// A client whose model has been measured: 100 ms to the first content, twenty times.
struct hedging : observed_client {
  hedging() {
    lane& known = parts->traffic.lane_of("toy/m1");
    for (int i = 0; i < 20; ++i) known.streamed.add(milliseconds(100));
    for (int i = 0; i < 20; ++i) known.whole.add(milliseconds(100));
  }
  static call asked() {
    call c = hello();
    c.hedge = true;
    return c;
  }
};

fake_transport::answer silent() { return {.pieces = {}, .hangs = true}; }

TEST(operation_hedge, the_second_attempt_wins_when_the_first_is_late) {
  hedging t;
  t.net->answers = {silent(), {.pieces = {t.sse({"text hi", "usage 10 5", "end"})}}};
  const auto begun = t.loop->now;
  auto s = t.make().stream(t.asked());
  ASSERT_TRUE(s);
  const auto r = s->collect();
  ASSERT_TRUE(r) << to_string(r.error());
  EXPECT_EQ(r->text(), "hi");
  EXPECT_EQ(t.loop->now - begun, milliseconds(100));
  EXPECT_EQ(t.net->aborted, 1) << "the first is cancelled";
  EXPECT_EQ(r->attempts, 2);
  const auto intents = t.ledger->intents();
  const auto outcomes = t.ledger->outcomes();
  ASSERT_EQ(intents.size(), 2U);
  ASSERT_EQ(outcomes.size(), 2U);
  EXPECT_EQ(intents[0].call_id, intents[1].call_id);
  EXPECT_EQ(intents[1].attempt, 2);
  EXPECT_EQ(intents[1].route, "hedge: no content of the attempt before after 100 ms");
  EXPECT_EQ(outcomes[0].attempt_id, intents[0].attempt_id);
  EXPECT_EQ(outcomes[0].state, attempt_state::ambiguous);
  EXPECT_EQ(outcomes[0].cost.high, intents[0].quote.high) << "what it may cost, at most";
  EXPECT_EQ(outcomes[1].attempt_id, intents[1].attempt_id);
  EXPECT_EQ(outcomes[1].state, attempt_state::settled);
  ASSERT_EQ(t.heard->attempts.size(), 2U) << "observers hear of both";
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(t.heard->attempts[i].attempt_id, intents[i].attempt_id);
    EXPECT_EQ(t.heard->attempts[i].attempt, static_cast<int>(i) + 1);
    EXPECT_EQ(t.heard->attempts[i].cost, outcomes[i].cost);
  }
  EXPECT_EQ(t.heard->attempts[0].error, "cancelled");
  EXPECT_EQ(t.heard->attempts[1].error, "");
  EXPECT_EQ(r->cost.status, cost_status::interval);
  EXPECT_EQ(r->cost.low, outcomes[1].cost.value);
  EXPECT_EQ(r->cost.high, *outcomes[1].cost.value.plus(outcomes[0].cost.high));
}

TEST(operation_hedge, the_first_attempt_wins_and_the_second_is_booked) {
  hedging t;
  // Nothing comes of either until the test lets the first one go on.
  t.net->answers = {silent(), silent()};
  auto s = t.make().stream(t.asked());
  ASSERT_TRUE(s);
  t.loop->advance(milliseconds(150));
  ASSERT_EQ(t.net->requests.size(), 2U);
  s->cancel();
  EXPECT_FALSE(s->collect());
  const auto outcomes = t.ledger->outcomes();
  ASSERT_EQ(outcomes.size(), 2U);
  for (const auto& o : outcomes) EXPECT_EQ(o.state, attempt_state::ambiguous);
  EXPECT_EQ(t.net->aborted, 2);
}

TEST(operation_hedge, a_whole_reply_is_hedged_as_well) {
  hedging t;
  t.net->answers = {silent(), t.whole("hi 10 5")};
  const auto r = t.make().complete(t.asked());
  ASSERT_TRUE(r) << to_string(r.error());
  EXPECT_EQ(r->text(), "hi");
  EXPECT_EQ(t.ledger->outcomes().size(), 2U);
}

TEST(operation_hedge, nothing_is_made_twice_when_content_is_in_time) {
  hedging t;
  t.net->answers = {{.pieces = {t.sse({"text hi", "usage 10 5", "end"})}}};
  auto s = t.make().stream(t.asked());
  ASSERT_TRUE(s->collect());
  t.loop->advance(milliseconds(1000));
  EXPECT_EQ(t.net->requests.size(), 1U);
}

TEST(operation_hedge, only_when_asked_and_only_when_measured) {
  hedging t;
  t.net->answers = {silent()};
  auto s = t.make().stream(hello());
  t.loop->advance(milliseconds(1000));
  EXPECT_EQ(t.net->requests.size(), 1U);
  s->cancel();
  EXPECT_FALSE(s->collect());

  toy_client fresh;
  fresh.net->answers = {silent()};
  auto f = fresh.make().stream(hedging::asked());
  fresh.loop->advance(milliseconds(1000));
  EXPECT_EQ(fresh.net->requests.size(), 1U);
  f->cancel();
  EXPECT_FALSE(f->collect());
}

TEST(operation_hedge, a_second_attempt_that_fails_under_a_good_status_changes_nothing) {
  // A stream without its end, and a whole answer that is none.
  for (const bool streamed : {true, false}) {
    std::optional<result<reply>> told;  // outlives the client, which ends a call by telling it
    hedging t;
    t.net->answers = {silent(), streamed ? fake_transport::answer{} : t.whole("nonsense")};
    const client c = t.make();
    std::optional<stream> s;
    if (streamed)
      s = c.stream(t.asked()).value();
    else
      c.complete_async(t.asked(), [&](result<reply> r) { told = std::move(r); });
    t.loop->advance(milliseconds(200));
    ASSERT_EQ(t.net->requests.size(), 2U);
    ASSERT_EQ(t.ledger->outcomes().size(), 1U);
    EXPECT_EQ(t.ledger->outcomes()[0].attempt_id, t.ledger->intents()[1].attempt_id);
    EXPECT_EQ(t.ledger->outcomes()[0].state, attempt_state::ambiguous) << "it may be billed";
    EXPECT_EQ(t.net->aborted, 0) << "the first one still runs";
    EXPECT_FALSE(told);
    if (s) s->cancel();
  }
}

TEST(operation_hedge, what_both_may_cost_stays_below_the_cap_for_repeats) {
  hedging t;
  t.net->answers = {silent(), silent()};
  call c = t.asked();
  c.retry.max_billed_cost = *amount::parse("0.000001");
  auto s = t.make().stream(c);
  t.loop->advance(milliseconds(1000));
  EXPECT_EQ(t.net->requests.size(), 1U);
  s->cancel();
}

TEST(operation_hedge, a_second_attempt_that_fails_changes_nothing) {
  hedging t;
  t.net->answers = {silent(), t.whole("no", 429)};
  auto s = t.make().stream(t.asked());
  t.loop->advance(milliseconds(200));
  ASSERT_EQ(t.net->requests.size(), 2U);
  ASSERT_EQ(t.ledger->outcomes().size(), 1U);
  EXPECT_EQ(t.ledger->outcomes()[0].state, attempt_state::void_);
  ASSERT_EQ(t.heard->attempts.size(), 1U);
  EXPECT_EQ(t.heard->attempts[0].attempt, 2);
  EXPECT_EQ(t.heard->attempts[0].error, "rate_limit");
  EXPECT_EQ(t.net->aborted, 0) << "the first one still runs";
  s->cancel();
  EXPECT_FALSE(s->collect());
  EXPECT_EQ(t.ledger->outcomes().size(), 2U);
}

TEST(operation_hedge, when_the_first_fails_the_second_goes_on) {
  hedging t;
  const error lost{.code = errc::truncated, .retry = retry_class::maybe_billed, .message = "lost"};
  t.net->answers = {silent(), silent()};
  call c = t.asked();
  c.timeouts.first_content = milliseconds(300);
  auto s = t.make().stream(c);
  t.loop->advance(milliseconds(350));
  ASSERT_EQ(t.net->requests.size(), 2U);
  EXPECT_EQ(t.ledger->outcomes().size(), 1U) << "the first had its time";
  const auto r = s->collect();
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, errc::timeout);
  EXPECT_EQ(t.ledger->outcomes().size(), 2U);
  EXPECT_EQ(t.net->requests.size(), 2U);
}

TEST(operation_hedge, a_ceiling_must_hold_for_both) {
  hedging t;
  t.net->answers = {silent()};
  call c = t.asked();
  c.max_tokens = 100;
  c.max_cost = *amount::parse("0.0003");
  auto s = t.make().stream(c);
  ASSERT_TRUE(s);
  t.loop->advance(milliseconds(200));
  EXPECT_EQ(t.net->requests.size(), 1U) << "two of 0.0002 are above it";
  s->cancel();
  EXPECT_FALSE(s->collect());
}

TEST(operation_hedge, the_ledger_must_have_it_before_it_is_sent) {
  hedging t;
  t.net->answers = {silent()};
  auto s = t.make().stream(t.asked());
  t.loop->advance(milliseconds(50));
  t.ledger->refusal = error{.code = errc::internal, .message = "disk full"};
  t.loop->advance(milliseconds(100));
  EXPECT_EQ(t.net->requests.size(), 1U);
  t.ledger->refusal.reset();
  s->cancel();
  EXPECT_FALSE(s->collect());
}

}  // namespace
}  // namespace ark::testing::operation_hedge_test
