#include "telemetry/span.hpp"

#include "base/json.hpp"
#include "facts.hpp"

#include <gtest/gtest.h>

namespace ark::telemetry {
namespace {

using testing::interval_cost;
using testing::some_attempt;
using testing::some_call;

// Derived by hand from opentelemetry-proto (trace.proto, common.proto) and the JSON mapping.
TEST(span, a_calls_span_is_the_golden_text) {
  const auto span = encode_call_span(some_call());
  ASSERT_TRUE(span);
  EXPECT_EQ(
      *span,
      R"({"traceId":"0123456789abcdef00000000000000aa","spanId":"0123456789abcdef","flags":257,)"
      R"("name":"chat m1","kind":3,"startTimeUnixNano":"1767225600000000000",)"
      R"("endTimeUnixNano":"1767225601500000000","attributes":[)"
      R"({"key":"gen_ai.operation.name","value":{"stringValue":"chat"}},)"
      R"({"key":"gen_ai.provider.name","value":{"stringValue":"toy.cloud"}},)"
      R"({"key":"gen_ai.request.model","value":{"stringValue":"m1"}},)"
      R"({"key":"gen_ai.request.stream","value":{"boolValue":true}},)"
      R"({"key":"server.address","value":{"stringValue":"api.toy.test"}},)"
      R"({"key":"server.port","value":{"intValue":"443"}},)"
      R"({"key":"gen_ai.request.max_tokens","value":{"intValue":"100"}},)"
      R"({"key":"gen_ai.request.temperature","value":{"doubleValue":0.5}},)"
      R"({"key":"gen_ai.request.top_p","value":{"doubleValue":0.9}},)"
      R"({"key":"gen_ai.request.seed","value":{"intValue":"7"}},)"
      R"({"key":"gen_ai.request.stop_sequences","value":{"arrayValue":{"values":[{"stringValue":"END"}]}}},)"
      R"({"key":"gen_ai.output.type","value":{"stringValue":"json"}},)"
      R"({"key":"gen_ai.prompt.name","value":{"stringValue":"triage"}},)"
      R"({"key":"gen_ai.prompt.version","value":{"stringValue":"3"}},)"
      R"({"key":"gen_ai.response.id","value":{"stringValue":"r-1"}},)"
      R"({"key":"gen_ai.response.model","value":{"stringValue":"m1-2026"}},)"
      R"({"key":"gen_ai.response.finish_reasons","value":{"arrayValue":{"values":[{"stringValue":"stop"}]}}},)"
      R"({"key":"gen_ai.response.time_to_first_chunk","value":{"doubleValue":0.25}},)"
      R"({"key":"gen_ai.usage.input_tokens","value":{"intValue":"100"}},)"
      R"({"key":"gen_ai.usage.output_tokens","value":{"intValue":"8"}},)"
      R"({"key":"gen_ai.usage.cache_read.input_tokens","value":{"intValue":"60"}},)"
      R"({"key":"gen_ai.usage.cache_creation.input_tokens","value":{"intValue":"30"}},)"
      R"({"key":"gen_ai.usage.reasoning.output_tokens","value":{"intValue":"3"}},)"
      R"({"key":"ark.response.service_tier","value":{"stringValue":"flex"}},)"
      R"({"key":"toy.tier","value":{"stringValue":"flex"}},)"
      R"({"key":"ark.vendor","value":{"stringValue":"toy"}},)"
      R"({"key":"ark.call.id","value":{"stringValue":"0123456789abcdef00000000000000aa"}},)"
      R"({"key":"ark.call.attempts","value":{"intValue":"2"}},)"
      R"({"key":"ark.call.route_reason","value":{"stringValue":"named by the caller"}},)"
      R"({"key":"ark.response.request_id","value":{"stringValue":"q-1"}},)"
      R"({"key":"ark.cost.status","value":{"stringValue":"exact"}},)"
      R"({"key":"ark.cost.currency","value":{"stringValue":"USD"}},)"
      R"({"key":"ark.cost.value","value":{"stringValue":"0.00435"}},)"
      R"({"key":"ark.cost.value_double","value":{"doubleValue":0.00435}},)"
      R"({"key":"ark.cost.price_hash","value":{"stringValue":"p1"}},)"
      R"({"key":"ark.tenant","value":{"stringValue":"acme"}},)"
      R"({"key":"ark.task","value":{"stringValue":"support"}},)"
      R"({"key":"ark.tag.team","value":{"stringValue":"a"}}],"status":{}})");
}

TEST(span, an_attempt_is_a_child_of_its_call_and_has_no_usage_of_the_conventions) {
  const auto span = encode_attempt_span(some_attempt());
  ASSERT_TRUE(span);
  EXPECT_EQ(*span,
            R"({"traceId":"0123456789abcdef00000000000000aa","spanId":"000000000000feed",)"
            R"("parentSpanId":"0123456789abcdef","flags":257,"name":"attempt 2 m1","kind":3,)"
            R"("startTimeUnixNano":"1767225600000000000","endTimeUnixNano":"1767225601000000000",)"
            R"("attributes":[{"key":"ark.vendor","value":{"stringValue":"toy"}},)"
            R"({"key":"ark.model","value":{"stringValue":"m1"}},)"
            R"({"key":"ark.reply_model","value":{"stringValue":"m1-2026"}},)"
            R"({"key":"server.address","value":{"stringValue":"api.toy.test"}},)"
            R"({"key":"server.port","value":{"intValue":"443"}},)"
            R"({"key":"ark.call.id","value":{"stringValue":"0123456789abcdef00000000000000aa"}},)"
            R"({"key":"ark.attempt.number","value":{"intValue":"2"}},)"
            R"({"key":"ark.attempt.state","value":{"stringValue":"settled"}},)"
            R"({"key":"http.request.resend_count","value":{"intValue":"1"}},)"
            R"({"key":"http.response.status_code","value":{"intValue":"200"}},)"
            R"({"key":"ark.attempt.request_id","value":{"stringValue":"q-1"}},)"
            R"({"key":"ark.attempt.finish","value":{"stringValue":"stop"}},)"
            R"({"key":"ark.attempt.time_to_first_chunk","value":{"doubleValue":0.2}},)"
            R"({"key":"ark.attempt.input_tokens","value":{"intValue":"100"}},)"
            R"({"key":"ark.attempt.output_tokens","value":{"intValue":"8"}},)"
            R"({"key":"ark.attempt.cost.status","value":{"stringValue":"exact"}},)"
            R"({"key":"ark.attempt.cost.currency","value":{"stringValue":"USD"}},)"
            R"({"key":"ark.attempt.cost.value","value":{"stringValue":"0.00435"}},)"
            R"({"key":"ark.attempt.cost.value_double","value":{"doubleValue":0.00435}},)"
            R"({"key":"ark.attempt.cost.price_hash","value":{"stringValue":"p1"}}],"status":{}})");
}

TEST(span, a_failure_has_its_class_and_our_words_only) {
  auto a = some_attempt();
  a.error = "server";
  a.error_message = "the vendor failed";
  a.finish.clear();
  a.cost = interval_cost("0", "0.5");
  const auto span = encode_attempt_span(a);
  EXPECT_NE(span->find(R"("status":{"code":2,"message":"the vendor failed"})"), std::string::npos);
  EXPECT_NE(span->find(R"({"key":"error.type","value":{"stringValue":"server"}})"),
            std::string::npos);
  EXPECT_NE(span->find(R"({"key":"ark.attempt.cost.high","value":{"stringValue":"0.5"}})"),
            std::string::npos);
  EXPECT_EQ(span->find("ark.attempt.cost.value"), std::string::npos);
  EXPECT_TRUE(json::is_valid(*span));
}

TEST(span, a_callers_trace_is_gone_on_with) {
  auto request = testing::some_request();
  request->traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  request->tracestate = "congo=t61rcWkgMzE";
  auto c = some_call();
  c.asked = request;
  const auto span = encode_call_span(c);
  ASSERT_TRUE(span);
  EXPECT_TRUE(span->starts_with(
      R"({"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"0123456789abcdef",)"
      R"("parentSpanId":"00f067aa0ba902b7","traceState":"congo=t61rcWkgMzE","flags":769,)"))
      << *span;
  auto a = some_attempt();
  a.asked = request;
  EXPECT_TRUE(encode_attempt_span(a)->starts_with(
      R"({"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"000000000000feed",)"
      R"("parentSpanId":"0123456789abcdef",)"));
}

TEST(span, a_trace_that_is_not_sampled_has_no_spans) {
  auto request = testing::some_request();
  request->traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";
  auto c = some_call();
  c.asked = request;
  auto a = some_attempt();
  a.asked = request;
  EXPECT_FALSE(encode_call_span(c));
  EXPECT_FALSE(encode_attempt_span(a));
}

TEST(span, what_is_unknown_is_left_out_and_not_zero) {
  auto c = some_call();
  c.usage = {};
  c.cost = {};
  const auto span = encode_call_span(c);
  EXPECT_EQ(span->find("gen_ai.usage"), std::string::npos);
  EXPECT_NE(span->find(R"({"key":"ark.cost.status","value":{"stringValue":"unknown"}})"),
            std::string::npos);
  EXPECT_EQ(span->find("ark.cost.value"), std::string::npos);
}

TEST(span, contents_are_there_only_when_they_were_captured) {
  auto c = some_call();
  EXPECT_EQ(encode_call_span(c)->find("messages"), std::string::npos);
  c.output_messages = "[]";
  EXPECT_NE(
      encode_call_span(c)->find(R"({"key":"gen_ai.output.messages","value":{"stringValue":"[]"}})"),
      std::string::npos);
}

TEST(span, operations_have_the_conventions_names) {
  EXPECT_EQ(operation_name("chat"), "chat");
  EXPECT_EQ(operation_name("embed"), "embeddings");
  EXPECT_EQ(operation_name("image"), "generate_content");
  EXPECT_EQ(operation_name("rerank"), "rerank");
}

TEST(span, a_span_never_ends_before_it_begins) {
  auto c = some_call();
  c.ended = c.begun - std::chrono::seconds(3);  // the wall clock was set back
  EXPECT_NE(encode_call_span(c)->find(R"("endTimeUnixNano":"1767225600000000000")"),
            std::string::npos);
}

}  // namespace
}  // namespace ark::telemetry
