#include "client/operation.hpp"

#include "base/limits.hpp"
#include "toy.hpp"

#include <gtest/gtest.h>

namespace ark::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

std::string dump(const amount& a) { return a.to_string(); }

TEST(operation, settles_exactly_what_the_vendor_counted) {
  toy_client t;
  t.net->answers = {t.whole("hi 1000 500")};
  auto call = hello();
  call.task = "support";
  call.tags = {{"team", "a"}};
  call.prompt_id = "greeting";
  call.prompt_version = "v2";
  call.inputs_hash = "ab12";
  const auto r = t.make().complete(std::move(call));
  ASSERT_TRUE(r) << to_string(r.error());
  EXPECT_EQ(r->text(), "hi");
  EXPECT_EQ(r->cost.status, cost_status::exact);
  EXPECT_EQ(dump(r->cost.value), "0.002");
  EXPECT_EQ(r->cost.currency, "USD");
  EXPECT_EQ(r->request_id, "r1");
  EXPECT_EQ(r->attempts, 1);
  EXPECT_EQ(r->route.vendor, "toy");
  EXPECT_EQ(r->notes, std::vector<std::string>{"a note of the dialect"});
  ASSERT_EQ(t.ledger->intents().size(), 1U);
  const auto intent = t.ledger->intents()[0];
  EXPECT_EQ(intent.task, "support");
  EXPECT_EQ(intent.tags.at("team"), "a");
  EXPECT_EQ(intent.prompt_id, "greeting");
  EXPECT_EQ(intent.prompt_version, "v2");
  EXPECT_EQ(intent.inputs_hash, "ab12");
  EXPECT_EQ(intent.route, r->route.reason);
  EXPECT_EQ(intent.lease, std::chrono::minutes(11)) << "the time limit of the call, and a minute";
  EXPECT_EQ(intent.quote.status, cost_status::interval);
  EXPECT_GE(intent.quote.high, r->cost.value);
  ASSERT_EQ(t.ledger->outcomes().size(), 1U);
  const auto outcome = t.ledger->outcomes()[0];
  EXPECT_EQ(outcome.attempt_id, intent.attempt_id);
  EXPECT_EQ(outcome.state, attempt_state::settled);
  EXPECT_EQ(outcome.cost, r->cost);
  EXPECT_EQ(outcome.finish, "stop");
  EXPECT_EQ(outcome.lines.size(), 2U);
  EXPECT_EQ(outcome.error, "");
}

/// A socket's answer: each piece is a message.
fake_transport::answer socket_answer(std::vector<std::string> messages) {
  return {.status = 101, .headers = {}, .pieces = std::move(messages)};
}

TEST(operation, what_comes_of_a_websocket_is_a_stream_and_a_whole_reply_alike) {
  toy_client t;
  t.family.over_websocket = true;
  t.net->answers = {socket_answer({"text hi ", "text you", "usage 10 5", "end"}),
                    socket_answer({"text hi ", "text you", "usage 10 5", "end"})};
  const auto whole = t.make().complete(hello());
  ASSERT_TRUE(whole) << to_string(whole.error());
  EXPECT_EQ(whole->text(), "hi you");
  EXPECT_EQ(whole->usage.output, 5);
  EXPECT_EQ(whole->cost.status, cost_status::exact);
  auto s = t.make().stream(hello());
  ASSERT_TRUE(s);
  const auto streamed = s->collect();
  ASSERT_TRUE(streamed) << to_string(streamed.error());
  EXPECT_EQ(streamed->message, whole->message);
  ASSERT_EQ(t.net->requests.size(), 2U);
  EXPECT_TRUE(t.net->requests[0].request.websocket);
  EXPECT_EQ(t.net->requests[0].max_message_bytes, t.parts->options.network.max_event_bytes);
  EXPECT_EQ(t.ledger->outcomes()[0].http_status, 101);
}

TEST(operation, a_whole_reply_of_a_websocket_pauses_nothing) {
  toy_client t;
  t.family.over_websocket = true;
  std::vector<std::string> messages(limits::stream_queue_events + 10, "text x");
  messages.insert(messages.end(), {"usage 10 5", "end"});
  t.net->answers = {socket_answer(std::move(messages))};
  const auto r = t.make().complete(hello());
  ASSERT_TRUE(r) << to_string(r.error());
  EXPECT_EQ(r->text().size(), limits::stream_queue_events + 10);
  EXPECT_EQ(t.net->paused, 0);
}

TEST(operation, a_websocket_that_closes_early_is_truncated_and_ambiguous) {
  toy_client t;
  t.family.over_websocket = true;
  t.net->answers = {socket_answer({"text hi"})};
  const auto r = t.make().complete(hello());
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, errc::truncated);
  EXPECT_EQ(t.ledger->outcomes()[0].state, attempt_state::ambiguous);
}

TEST(operation, a_refused_handshake_is_a_plain_error) {
  toy_client t;
  t.family.over_websocket = true;
  t.net->answers = {t.whole("no", 401)};
  const auto r = t.make().complete(hello());
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().http_status, 401);
}

TEST(operation, keeps_the_answer_when_asked) {
  toy_client t;
  t.net->answers = {t.whole("hi 1 1"), t.whole("hi 1 1")};
  call asked = hello();
  EXPECT_EQ(t.make().complete(asked)->raw, "");
  asked.keep_raw = true;
  EXPECT_EQ(t.make().complete(asked)->raw, "hi 1 1");
}

TEST(operation, the_intent_is_durable_before_anything_is_sent) {
  toy_client t;
  t.ledger->later = true;
  t.net->answers = {t.whole("hi 1 1")};
  std::optional<result<reply>> got;
  const client c = t.make();
  c.complete_async(hello(), [&](result<reply> r) { got = std::move(r); });
  t.loop->drain();
  EXPECT_EQ(t.ledger->intents().size(), 1U);
  EXPECT_TRUE(t.net->requests.empty()) << "sent before the ledger answered";
  t.ledger->later = false;
  t.ledger->waiting[0]({});
  t.loop->drain();
  EXPECT_EQ(t.net->requests.size(), 1U);
  ASSERT_TRUE(got && *got);
}

// L10, L11
TEST(operation, a_ledger_that_fails_sends_nothing) {
  toy_client t;
  t.ledger->refusal = error{.code = errc::internal, .message = "disk full"};
  const auto r = t.make().complete(hello());
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, errc::ledger);
  EXPECT_NE(r.error().message.find("disk full"), std::string::npos);
  EXPECT_TRUE(t.net->requests.empty());
}

TEST(operation, a_budgets_refusal_is_the_answer_and_nothing_is_sent) {
  toy_client t;
  t.ledger->refusal = error{.code = errc::budget, .message = "the budget is used up"};
  const auto r = t.make().complete(hello());
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, errc::budget);
  EXPECT_EQ(r.error().message, "the budget is used up");
  EXPECT_TRUE(t.net->requests.empty());
}

// L10
TEST(operation, an_answer_whose_outcome_cannot_be_recorded_is_given_and_says_so) {
  toy_client t;
  t.net->answers = {t.whole("hi 1000 500")};
  t.ledger->later = true;
  std::optional<result<reply>> got;
  const client c = t.make();
  c.complete_async(hello(), [&](result<reply> r) { got = std::move(r); });
  t.loop->drain();
  t.ledger->refusal = error{.code = errc::ledger, .message = "disk full"};
  for (const auto& recorded : std::exchange(t.ledger->waiting, {})) recorded({});
  t.loop->drain();
  ASSERT_TRUE(got && *got);
  EXPECT_EQ((*got)->text(), "hi");
  EXPECT_NE((*got)->notes.back().find("disk full"), std::string::npos);
}

TEST(operation, key_goes_into_the_header_and_nowhere_else) {
  toy_client t;
  t.net->answers = {t.whole("hi 1 1")};
  ASSERT_TRUE(t.make().complete(hello()));
  const auto& request = t.net->requests.at(0).request;
  EXPECT_EQ(wire::find_header(request.headers, "authorization"), "Bearer toy-key-1234567890");
  EXPECT_EQ(request.target, "/v1/chat");
  EXPECT_EQ(request.body.find("toy-key"), std::string::npos);
  for (const auto& h : request.headers) EXPECT_EQ(h.is_secret, h.name == "authorization");
}

TEST(operation, waits_as_asked_and_sends_again_when_it_was_not_billed) {
  toy_client t;
  t.net->answers = {t.whole("{}", 429), t.whole("hi 1000 500")};
  const auto before = t.loop->now;
  const auto r = t.make().complete(hello());
  ASSERT_TRUE(r) << to_string(r.error());
  EXPECT_EQ(r->attempts, 2);
  EXPECT_EQ(t.loop->now - before, milliseconds(1500));
  EXPECT_EQ(dump(r->cost.value), "0.002");
  const auto outcomes = t.ledger->outcomes();
  ASSERT_EQ(outcomes.size(), 2U);
  EXPECT_EQ(outcomes[0].state, attempt_state::void_);
  EXPECT_EQ(outcomes[0].finish, "rate_limit");
  EXPECT_EQ(outcomes[1].state, attempt_state::settled);
  EXPECT_EQ(t.ledger->intents()[0].call_id, t.ledger->intents()[1].call_id);
  EXPECT_EQ(t.ledger->intents()[1].attempt, 2);
}

TEST(operation, a_5xx_is_not_repeated_without_leave_and_is_ambiguous) {
  toy_client t;
  t.net->answers = {t.whole("boom", 500)};
  const auto r = t.make().complete(hello());
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().http_status, 500);
  EXPECT_EQ(r.error().attempt, 1);
  EXPECT_EQ(t.net->requests.size(), 1U);
  const auto outcome = t.ledger->outcomes().at(0);
  EXPECT_EQ(outcome.state, attempt_state::ambiguous);
  EXPECT_EQ(outcome.cost.status, cost_status::interval);
  EXPECT_TRUE(outcome.cost.low.is_zero());
  EXPECT_EQ(outcome.cost.high, t.ledger->intents()[0].quote.high);
}

TEST(operation, with_leave_both_attempts_are_in_the_cost) {
  toy_client t;
  t.net->answers = {t.whole("boom", 500), t.whole("hi 1000 500")};
  auto call = hello();
  call.retry.allow_billed = true;
  const auto r = t.make().complete(std::move(call));
  ASSERT_TRUE(r);
  EXPECT_EQ(r->cost.status, cost_status::interval);
  EXPECT_EQ(dump(r->cost.low), "0.002");
  EXPECT_EQ(r->cost.high, *t.ledger->intents()[0].quote.high.plus(*amount::parse("0.002")));
}

TEST(operation, a_connection_that_failed_is_void_and_safe) {
  toy_client t;
  net::exchange_failure refused{.error = {.code = errc::network,
                                          .retry = retry_class::safe,
                                          .message = "connection refused"}};
  t.net->answers = {{.failure = refused}, t.whole("hi 1 1")};
  const auto r = t.make().complete(hello());
  ASSERT_TRUE(r) << to_string(r.error());
  EXPECT_EQ(t.ledger->outcomes()[0].state, attempt_state::void_);
}

TEST(operation, a_stale_socket_is_tried_again_once) {
  toy_client t;
  net::exchange_failure stale{
      .error = {.code = errc::network, .retry = retry_class::maybe_billed, .message = "reset"},
      .request_begun = true,
      .reused = true,
      .reset = true};
  t.net->answers = {
      {.status = 0, .failure = stale}, {.status = 0, .failure = stale}, t.whole("hi 1 1")};
  const auto r = t.make().complete(hello());
  ASSERT_FALSE(r);
  EXPECT_EQ(t.net->requests.size(), 2U) << "once, not twice";
  EXPECT_EQ(t.ledger->outcomes()[0].state, attempt_state::ambiguous);
}

TEST(operation, a_used_connection_that_was_only_closed_may_have_been_read) {
  toy_client t;
  net::exchange_failure closed{
      .error = {.code = errc::network, .retry = retry_class::maybe_billed, .message = "closed"},
      .request_begun = true,
      .reused = true};
  t.net->answers = {{.status = 0, .failure = closed}, t.whole("hi 1 1")};
  ASSERT_FALSE(t.make().complete(hello()));
  EXPECT_EQ(t.net->requests.size(), 1U);
  EXPECT_EQ(t.ledger->outcomes()[0].state, attempt_state::ambiguous);
}

TEST(operation, unknown_price_is_unknown_never_zero) {
  toy_client t;
  t.net->answers = {t.whole("hi 1000 500")};
  auto call = hello();
  call.model = "toy/other";
  const auto r = t.make().complete(std::move(call));
  ASSERT_TRUE(r);
  EXPECT_EQ(r->cost.status, cost_status::exact) << "the model that answered has a price";
  t.book->priced.prices.clear();
  t.net->answers = {t.whole("hi 1000 500")};
  const auto unknown = t.make().complete(hello());
  ASSERT_TRUE(unknown);
  EXPECT_EQ(unknown->cost.status, cost_status::unknown);
}

TEST(operation, a_reply_of_a_model_without_price_says_so) {
  toy_client t;
  t.net->answers = {t.whole("hi 1000 500 m9")};
  const auto r = t.make().complete(hello());
  ASSERT_TRUE(r);
  EXPECT_EQ(r->cost.status, cost_status::unknown);
  EXPECT_EQ(r->notes.back(),
            "no price is known for m9, which answered instead of m1: the cost is unknown");
  t.book->priced.prices.pop_back();
  t.net->answers = {t.whole("hi 1000 500")};
  const auto half = t.make().complete(hello());
  ASSERT_TRUE(half);
  EXPECT_NE(half->notes.back().find("the cost is unknown: output"), std::string::npos);
}

TEST(operation, unexplained_tokens_are_never_exact) {
  toy_client t;
  t.net->answers = {t.whole("hi 1000 500 m1 1600")};
  const auto r = t.make().complete(hello());
  ASSERT_TRUE(r);
  EXPECT_EQ(r->cost.status, cost_status::interval);
  EXPECT_EQ(dump(r->cost.low), "0.002");
  EXPECT_EQ(dump(r->cost.high), "0.0022");
  EXPECT_EQ(t.ledger->outcomes().at(0).cost, r->cost);
}

TEST(operation, names_its_vendor_to_the_transport_for_refusals) {
  toy_client t;
  t.net->answers = {t.whole("hi 1 1")};
  ASSERT_TRUE(t.make().complete(hello()));
  EXPECT_EQ(t.net->requests.at(0).vendor, "toy");
}

// T02, T05
TEST(operation, a_redirect_is_an_error_and_nothing_is_sent_there) {
  toy_client t;
  auto moved = t.whole("", 302);
  moved.headers.push_back({"location", "https://evil.example/steal", false});
  t.net->answers = {moved};
  const auto r = t.make().complete(hello());
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, errc::protocol);
  EXPECT_EQ(r.error().http_status, 302);
  EXPECT_NE(r.error().message.find("redirect"), std::string::npos);
  EXPECT_EQ(r.error().message.find("evil"), std::string::npos);
  EXPECT_EQ(t.net->requests.size(), 1U);
  EXPECT_EQ(t.ledger->outcomes().at(0).state, attempt_state::void_);
}

TEST(operation, first_content_timeout_is_ambiguous) {
  toy_client t;
  t.net->answers = {{.pieces = {}, .hangs = true}};
  auto call = hello();
  call.timeouts.first_content = seconds(5);
  call.retry.max_attempts = 1;
  const auto begun = t.loop->now;
  const auto r = t.make().complete(std::move(call));
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, errc::timeout);
  EXPECT_NE(r.error().message.find("timeouts.first_content_ms in the configuration"),
            std::string::npos);
  EXPECT_EQ(t.loop->now - begun, seconds(5));
  EXPECT_EQ(t.net->aborted, 1);
  EXPECT_EQ(t.ledger->outcomes().at(0).state, attempt_state::ambiguous);
}

// T27
TEST(operation, total_timeout_bounds_attempts_and_waits) {
  toy_client t;
  for (int i = 0; i < 5; ++i) t.net->answers.push_back(t.whole("{}", 429));
  auto call = hello();
  call.retry.max_attempts = 100;
  call.timeouts.total = seconds(4);
  const auto begun = t.loop->now;
  const auto r = t.make().complete(std::move(call));
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, errc::rate_limit);
  EXPECT_LE(t.loop->now - begun, seconds(4));
  EXPECT_EQ(t.net->requests.size(), 3U);
}

TEST(operation, cancelled_before_sending_is_void) {
  toy_client t;
  t.ledger->later = true;
  std::optional<result<reply>> got;
  const client c = t.make();
  const auto id = c.complete_async(hello(), [&](result<reply> r) { got = std::move(r); });
  t.loop->drain();
  c.cancel(id);
  t.loop->drain();
  for (auto& w : t.ledger->waiting) w({});
  t.loop->drain();
  t.ledger->waiting.back()({});
  t.loop->drain();
  ASSERT_TRUE(got && !*got);
  EXPECT_EQ(got->error().code, errc::cancelled);
  EXPECT_TRUE(t.net->requests.empty());
  EXPECT_EQ(t.ledger->outcomes().at(0).state, attempt_state::void_);
}

TEST(operation, a_ceiling_refuses_before_anything_is_sent) {
  toy_client t;
  auto call = hello();
  call.max_cost = *amount::parse("0.0001");
  const auto r = t.make().complete(std::move(call));
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, errc::budget);
  EXPECT_TRUE(t.ledger->all.empty());
}

TEST(operation, without_a_ledger_it_works_too) {
  toy_client t;
  t.parts->recorder = std::make_shared<recorder>(t.loop, nullptr);
  t.net->answers = {t.whole("hi 1000 500")};
  const auto r = t.make().complete(hello());
  ASSERT_TRUE(r);
  EXPECT_EQ(dump(r->cost.value), "0.002");
}

TEST(operation, embeddings_are_priced_and_recorded) {
  toy_client t;
  t.net->answers = {t.whole("x")};
  const auto r = t.make().embed({.model = "toy/e1", .input = {"text"}});
  ASSERT_TRUE(r) << to_string(r.error());
  EXPECT_EQ(r->vectors.size(), 1U);
  EXPECT_EQ(dump(r->cost.value), "0.0001");
  EXPECT_EQ(t.ledger->intents()[0].operation, "embed");
}

TEST(operation, a_ranking_is_priced_and_recorded) {
  toy_client t;
  t.net->answers = {t.whole("x")};
  const auto r = t.make().rerank({.model = "toy/e1", .query = "q", .documents = {"a", "b"}});
  ASSERT_TRUE(r) << to_string(r.error());
  EXPECT_EQ(r->results, (std::vector<ranked_document>{{1, 0.5}}));
  EXPECT_EQ(dump(r->cost.value), "0.0001");
  EXPECT_EQ(r->request_id, "r1");
  EXPECT_EQ(r->route.vendor, "toy");
  EXPECT_EQ(t.ledger->intents()[0].operation, "rerank");
  EXPECT_EQ(t.ledger->outcomes()[0].reply_model, "e1");
}

}  // namespace
}  // namespace ark::testing
