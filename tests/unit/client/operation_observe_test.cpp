#include "observed.hpp"
#include "telemetry/exporter.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace ark::testing {
namespace {

call told_hello() {
  auto c = hello();
  c.tenant = "acme";
  c.tags = {{"team", "a"}};
  c.max_tokens = 50;
  c.prompt_id = "triage";
  c.traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  return c;
}

TEST(operation_observe, a_call_and_its_attempt_are_told_as_the_ledger_has_them) {
  observed_client t;
  t.net->answers = {t.whole("hi 1000 500")};
  const auto r = t.make().complete(told_hello());
  ASSERT_TRUE(r) << to_string(r.error());
  ASSERT_EQ(t.heard->attempts.size(), 1U);
  ASSERT_EQ(t.heard->calls.size(), 1U);
  const auto& a = t.heard->attempts[0];
  const auto intent = t.ledger->intents().at(0);
  EXPECT_EQ(a.attempt_id, intent.attempt_id);
  EXPECT_EQ(a.call_id, intent.call_id);
  EXPECT_EQ(a.cost, r->cost);
  EXPECT_EQ(a.state, attempt_state::settled);
  EXPECT_EQ(a.usage.output, 500);
  EXPECT_EQ(a.http_status, 200);
  EXPECT_EQ(a.finish, "stop");
  EXPECT_EQ(a.error, "");
  EXPECT_FALSE(a.streamed);
  EXPECT_FALSE(a.first_chunk);
  const auto& c = t.heard->calls[0];
  EXPECT_EQ(c.call_id, intent.call_id);
  EXPECT_EQ(c.to.vendor, "toy");
  EXPECT_EQ(c.to.provider, "toy");
  EXPECT_EQ(c.to.model, "m1");
  EXPECT_EQ(c.cost, r->cost);
  EXPECT_EQ(c.attempts, 1);
  EXPECT_EQ(c.asked->tenant, "acme");
  EXPECT_EQ(c.asked->tags.at("team"), "a");
  EXPECT_EQ(c.asked->max_tokens, 50);
  EXPECT_EQ(c.asked->prompt_id, "triage");
  EXPECT_EQ(c.asked->traceparent, told_hello().traceparent);
  EXPECT_EQ(c.asked->input_messages, "") << "prompts are told only when asked for";
  EXPECT_EQ(c.output_messages, "");
}

TEST(operation_observe, what_conventions_call_the_vendor_is_its_rows) {
  observed_client t;
  t.book->row.telemetry_provider = "toy.cloud";
  t.book->row.telemetry_tier_attribute = "toy.tier";
  t.net->answers = {t.whole("hi 1 1")};
  ASSERT_TRUE(t.make().complete(hello()));
  EXPECT_EQ(t.heard->calls.at(0).to.provider, "toy.cloud");
  EXPECT_EQ(t.heard->attempts.at(0).to.tier_attribute, "toy.tier");
}

TEST(operation_observe, a_call_that_names_no_parent_has_the_programs) {
  observed_client t;
  t.parts->options.telemetry.traceparent = "program";
  t.net->answers = {t.whole("hi 1 1"), t.whole("hi 1 1")};
  ASSERT_TRUE(t.make().complete(hello()));
  ASSERT_TRUE(t.make().complete(told_hello()));
  EXPECT_EQ(t.heard->calls.at(0).asked->traceparent, "program");
  EXPECT_EQ(t.heard->calls.at(1).asked->traceparent, told_hello().traceparent);
}

TEST(operation_observe, each_attempt_is_told_and_the_call_once) {
  observed_client t;
  t.net->answers = {t.whole("no", 429), t.whole("hi 10 5")};
  const auto r = t.make().complete(told_hello());
  ASSERT_TRUE(r) << to_string(r.error());
  ASSERT_EQ(t.heard->attempts.size(), 2U);
  EXPECT_EQ(t.heard->attempts[0].state, attempt_state::void_);
  EXPECT_NE(t.heard->attempts[0].error, "");
  EXPECT_EQ(t.heard->attempts[0].http_status, 429);
  EXPECT_EQ(t.heard->attempts[1].attempt, 2);
  EXPECT_EQ(t.heard->attempts[1].error, "");
  EXPECT_EQ(t.ledger->intents().at(0).route, r->route.reason);
  EXPECT_EQ(t.ledger->intents().at(1).route, "retry: attempt 1 failed (rate_limit)");
  ASSERT_EQ(t.heard->calls.size(), 1U);
  EXPECT_EQ(t.heard->calls[0].attempts, 2);
  EXPECT_EQ(t.heard->calls[0].error, "");
}

TEST(operation_observe, a_failed_call_is_told_with_its_error) {
  observed_client t;
  t.net->answers = {t.whole("no", 400)};
  const auto r = t.make().complete(told_hello());
  ASSERT_FALSE(r);
  ASSERT_EQ(t.heard->calls.size(), 1U);
  EXPECT_EQ(t.heard->calls[0].error, to_string(r.error().code));
  EXPECT_EQ(t.heard->calls[0].finish, "");
  EXPECT_EQ(t.heard->attempts.at(0).error, to_string(r.error().code));
}

TEST(operation_observe, a_stream_has_its_first_chunk_and_the_gaps) {
  observed_client t;
  t.net->answers = {
      {.pieces = {t.sse({"text a"}), t.sse({"text b"}), t.sse({"text c", "usage 10 5", "end"})}}};
  auto s = t.make().stream(told_hello());
  ASSERT_TRUE(s);
  ASSERT_TRUE(s->collect());
  ASSERT_EQ(t.heard->attempts.size(), 1U);
  EXPECT_TRUE(t.heard->attempts[0].streamed);
  EXPECT_TRUE(t.heard->attempts[0].first_chunk);
  EXPECT_EQ(t.heard->attempts[0].chunk_gaps.size(), 2U);
}

TEST(operation_observe, a_cancelled_stream_is_told_as_ambiguous) {
  observed_client t;
  t.net->answers = {{.pieces = {t.sse({"text a"})}, .hangs = true}};
  {
    auto s = t.make().stream(told_hello());
    ASSERT_TRUE(s);
    ASSERT_TRUE(s->next());
  }
  ASSERT_EQ(t.heard->attempts.size(), 1U);
  EXPECT_EQ(t.heard->attempts[0].state, attempt_state::ambiguous);
  EXPECT_EQ(t.heard->attempts[0].error, "cancelled");
  EXPECT_EQ(t.heard->attempts[0].cost.status, cost_status::interval);
  ASSERT_EQ(t.heard->calls.size(), 1U);
  EXPECT_EQ(t.heard->calls[0].error, "cancelled");
}

TEST(operation_observe, embeddings_are_told_too) {
  observed_client t;
  t.net->answers = {t.whole("1 2")};
  embed_call c{.model = "toy/e1", .input = {"x"}};
  c.traceparent = "tp";
  (void)t.make().embed(std::move(c));
  ASSERT_EQ(t.heard->calls.size(), 1U);
  EXPECT_EQ(t.heard->calls[0].operation, "embed");
  EXPECT_EQ(t.heard->calls[0].asked->traceparent, "tp");
}

TEST(operation_observe, without_observers_a_call_is_made_all_the_same) {
  toy_client t;
  t.net->answers = {t.whole("hi 10 5")};
  ASSERT_TRUE(t.make().complete(told_hello()));
  EXPECT_EQ(t.net->requests.size(), 1U);
}

/// A toy client with an exporter whose collector takes all.
struct exporting_client : toy_client {
  explicit exporting_client(telemetry_options o = {}) {
    o.enabled = true;
    parts->options.telemetry = o;
    parts->exporter = *telemetry::exporter::make(o, {loop, net, &os});
    parts->observers = {parts->exporter};
  }
  std::string sent(std::string_view path) const {
    for (const auto& r : net->requests)
      if (r.request.target == path) return r.request.body;
    return "";
  }
};

TEST(operation_observe, the_last_client_sends_what_waits) {
  exporting_client t;
  t.net->answers = {t.whole("hi 10 5"), t.whole("{}"), t.whole("{}")};
  {
    const auto c = t.make();
    ASSERT_TRUE(c.complete(told_hello()));
    EXPECT_EQ(t.net->requests.size(), 1U);
    EXPECT_EQ(c.telemetry().spans_waiting, 2U);
  }
  EXPECT_EQ(t.net->requests.size(), 3U);
  const std::string spans = t.sent("/v1/traces");
  EXPECT_NE(spans.find(R"("traceId":"4bf92f3577b34da6a3ce929d0e0e4736")"), std::string::npos);
  EXPECT_NE(spans.find(R"("parentSpanId":"00f067aa0ba902b7")"), std::string::npos);
  EXPECT_EQ(spans.find("hello"), std::string::npos) << "the prompt is in a span";
  EXPECT_EQ(spans.find("toy-key"), std::string::npos);
  EXPECT_NE(t.sent("/v1/metrics").find("gen_ai.client.token.usage"), std::string::npos);
}

TEST(operation_observe, prompts_are_in_spans_when_asked_for) {
  exporting_client t({.capture_messages = true});
  t.net->answers = {t.whole("hi 10 5"), t.whole("{}"), t.whole("{}")};
  ASSERT_TRUE(t.make().complete(told_hello()));
  const std::string spans = t.sent("/v1/traces");
  EXPECT_NE(spans.find("gen_ai.input.messages"), std::string::npos);
  EXPECT_NE(spans.find("hello"), std::string::npos);
  EXPECT_NE(spans.find("gen_ai.output.messages"), std::string::npos);
}

TEST(operation_observe, a_flush_waits_for_the_collector) {
  exporting_client t;
  t.net->answers = {t.whole("hi 10 5"), t.whole("{}"), t.whole("{}")};
  const auto c = t.make();
  ASSERT_TRUE(c.complete(told_hello()));
  c.flush_telemetry(std::chrono::seconds(1));
  EXPECT_EQ(c.telemetry().spans_sent, 2U);
  bool told = false;
  c.flush_telemetry_async(std::chrono::seconds(1), [&] { told = true; });
  c.run();
  EXPECT_TRUE(told);
}

TEST(operation_observe, a_dead_collector_changes_nothing_for_the_caller) {
  exporting_client t;
  const fake_transport::answer dead{
      .status = 0, .failure = net::exchange_failure{.error = {.message = "refused"}}};
  t.net->answers = {t.whole("hi 10 5"), dead, dead};
  const auto c = t.make();
  const auto r = c.complete(told_hello());
  ASSERT_TRUE(r);
  EXPECT_EQ(r->notes, std::vector<std::string>{"a note of the dialect"});
}

}  // namespace
}  // namespace ark::testing
