#include "cohere_support.hpp"

namespace ark::test::cohere {
namespace {

const std::string usage_10_5 = R"(,"usage":{"billed_units":{"input_tokens":10,"output_tokens":5}})";

TEST(cohere_chat, a_stream_of_thinking_and_text) {
  const auto s = stream(
      {message_start, frame("content-start", "content", R"({"type":"thinking","thinking":""})"),
       frame("content-delta", "content", R"({"thinking":"h"})"),
       frame("content-delta", "content", R"({"thinking":"m"})"), end_of("content-end"),
       frame("content-start", "content", R"({"type":"text","text":"a"})", 1),
       frame("content-delta", "content", R"({"text":"b"})", 1),
       frame("citation-start", "citations", R"({"start":0,"end":1,"text":"a"})"),
       end_of("citation-end"), end_of("content-end", 1), message_end("COMPLETE", usage_10_5),
       "[DONE]"});
  ASSERT_FALSE(s.failure) << s.failure->message;
  expect_lawful(s);
  EXPECT_EQ(s.reply.message.parts,
            (std::vector<part>{reasoning_part{"hm", "", ""}, text_part{"ab"}}));
  EXPECT_EQ(s.reply.id, "r1");
  EXPECT_EQ(s.reply.finish, finish_reason::stop);
  EXPECT_EQ(s.reply.vendor_finish_reason, "COMPLETE");
  EXPECT_EQ(s.reply.usage.input, 10);
  EXPECT_EQ(s.reply.usage.output, 5);
  EXPECT_EQ(s.reply.citations, (std::vector<citation>{{.start = 0, .end = 1}}));
}

TEST(cohere_chat, a_stream_of_a_plan_and_calls) {
  const auto s =
      stream({message_start, frame("tool-plan-delta", "tool_plan", R"("I ")"),
              frame("tool-plan-delta", "tool_plan", R"("will")"),
              frame("tool-call-start", "tool_calls",
                    R"({"id":"t1","type":"function","function":{"name":"f","arguments":""}})"),
              frame("tool-call-delta", "tool_calls", R"({"function":{"arguments":"{\"a\":"}})"),
              frame("tool-call-delta", "tool_calls", R"({"function":{"arguments":"1}"}})"),
              end_of("tool-call-end"),
              frame("tool-call-start", "tool_calls",
                    R"({"id":"t2","type":"function","function":{"name":"g","arguments":""}})", 1),
              end_of("tool-call-end", 1), message_end("TOOL_CALL", usage_10_5), "[DONE]"});
  ASSERT_FALSE(s.failure) << s.failure->message;
  expect_lawful(s);
  EXPECT_EQ(s.reply.message.parts, (std::vector<part>{reasoning_part{"I will", "", ""},
                                                      tool_call_part{"t1", "f", R"({"a":1})"},
                                                      tool_call_part{"t2", "g", "{}"}}));
  EXPECT_EQ(s.reply.finish, finish_reason::tool_calls);
}

TEST(cohere_chat, a_failure_at_the_end_of_a_stream) {
  auto s = stream({message_start, frame("content-delta", "content", R"({"text":"a"})"),
                   message_end("ERROR", R"(,"error":"model broke")" + usage_10_5)});
  ASSERT_TRUE(s.failure);
  EXPECT_EQ(s.failure->code, errc::server);
  EXPECT_EQ(s.failure->retry, retry_class::maybe_billed);
  EXPECT_EQ(s.failure->vendor_message, "model broke");
  EXPECT_EQ(s.failure->vendor_code, "ERROR");
  EXPECT_EQ(s.reply.text(), "a");
  EXPECT_EQ(s.reply.usage.output, 5) << "what was billed settles the attempt";
  expect_lawful(s);
  s = stream(
      {message_start, message_end("ERROR", R"(,"error":"e","error_type":"TOO_MANY_TOKENS")")});
  EXPECT_EQ(s.failure->code, errc::context_length);
  EXPECT_EQ(s.failure->vendor_code, "TOO_MANY_TOKENS");
}

TEST(cohere_chat, an_error_object_in_a_stream_is_never_safe_to_repeat) {
  for (const char* body :
       {R"({"id":"i","message":"too fast"})", R"({"type":"error","message":"too fast"})"}) {
    const auto s = stream({message_start, body});
    ASSERT_TRUE(s.failure) << body;
    EXPECT_EQ(s.failure->vendor_message, "too fast");
    EXPECT_EQ(s.failure->retry, retry_class::maybe_billed);
  }
}

TEST(cohere_chat, threat_P16_an_end_without_terminal_is_truncated) {
  const std::vector<std::string> frames = {
      message_start, frame("content-delta", "content", R"({"text":"a"})"), "[DONE]"};
  for (std::size_t kept = 0; kept <= frames.size(); ++kept) {
    const auto s = stream({frames.begin(), frames.begin() + static_cast<long>(kept)});
    ASSERT_TRUE(s.failure) << kept;
    EXPECT_EQ(s.failure->code, errc::truncated) << kept;
    expect_lawful(s);
  }
}

TEST(cohere_chat, unknown_frames_go_by_and_others_are_errors) {
  const auto s =
      stream({message_start, R"({"type":"debug","prompt":"p"})", R"({"type":"new","x":1})",
              frame("content-new", "content", "{}"), end_of("tool-call-new"),
              frame("content-delta", "content", R"({"sound":"a"})"), message_end("COMPLETE")});
  ASSERT_FALSE(s.failure) << s.failure->message;
  EXPECT_EQ(std::count_if(s.events.begin(), s.events.end(),
                          [](const event& e) { return e.kind == event_kind::unknown; }),
            4);
  EXPECT_FALSE(s.reply.usage.reported);
  for (const char* bad :
       {"not json", "[1]", R"({"type":"content-delta","index":0})", R"({"type":"message-end"})",
        R"({"type":"tool-call-start","delta":{"message":{"tool_calls":{"id":"t"}}}})",
        R"({"type":"tool-plan-delta"})"})
    EXPECT_EQ(stream({message_start, bad}).failure.value().code, errc::protocol) << bad;
  EXPECT_EQ(stream({frame("tool-call-delta", "tool_calls", R"({"function":{"arguments":"1"}})")})
                .failure.value()
                .code,
            errc::protocol)
      << "a call that has not begun";
}

TEST(cohere_chat, whole_replies_and_what_is_none) {
  const auto r = decode(whole(R"({"role":"assistant","content":[{"type":"text","text":"a"}]})",
                              R"(,"finish_reason":"MAX_TOKENS")" + usage_10_5),
                        plain_row(), {{"x-debug-trace-id", "trace"}});
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->text(), "a");
  EXPECT_EQ(r->finish, finish_reason::length);
  EXPECT_EQ(r->request_id, "trace");
  for (const char* body : {"", "[]", "{}", R"({"text":"version 1","finish_reason":"COMPLETE"})"})
    EXPECT_EQ(decode(body).error().code, errc::protocol) << body;
}

TEST(cohere_chat, an_error_object_in_a_200) {
  auto r = decode(R"({"id":"i","message":"overloaded"})");
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().retry, retry_class::maybe_billed);
  EXPECT_EQ(r.error().vendor_message, "overloaded");
  r = decode(whole(R"({"content":[]})", R"(,"finish_reason":"TIMEOUT")"));
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, errc::timeout);
  EXPECT_EQ(r.error().retry, retry_class::maybe_billed);
}

}  // namespace
}  // namespace ark::test::cohere
