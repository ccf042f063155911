#include "spark_support.hpp"

namespace ark::test::spark {
namespace {

const std::string used = R"(,"usage":{"text":{"question_tokens":2,"prompt_tokens":5,)"
                         R"("completion_tokens":3,"total_tokens":8}})";

TEST(spark_ws, a_stream) {
  const auto s = stream({frame(0, said("h")), frame(1, said("i")), frame(2, said(""), used)});
  ASSERT_FALSE(s.failure) << s.failure->message;
  EXPECT_EQ(s.reply.text(), "hi");
  EXPECT_EQ(s.reply.id, "cht1");
  EXPECT_EQ(s.reply.request_id, "cht1");
  EXPECT_EQ(s.reply.finish, finish_reason::stop);
  // question_tokens is a part of prompt_tokens.
  EXPECT_EQ(s.reply.usage.input, 5);
  EXPECT_EQ(s.reply.usage.output, 3);
  EXPECT_EQ(s.reply.usage.vendor_total, 8);
  EXPECT_TRUE(s.reply.notes.empty());
  expect_lawful(s);
}

TEST(spark_ws, the_first_frame_may_be_the_last) {
  const auto s = stream({frame(2, said("hi"), used)});
  ASSERT_FALSE(s.failure);
  EXPECT_EQ(s.reply.text(), "hi");
}

TEST(spark_ws, reasoning_comes_beside_the_text) {
  const auto s = stream({frame(0, R"({"reasoning_content":"hm","content":"","index":0})"),
                         frame(1, said("ok")), frame(2, said(""))});
  EXPECT_EQ(s.reply.reasoning(), "hm");
  EXPECT_EQ(s.reply.text(), "ok");
  EXPECT_FALSE(s.reply.usage.reported);
  expect_lawful(s);
}

TEST(spark_ws, a_function_call_comes_whole_and_without_an_id) {
  const auto s =
      stream({frame(2,
                    R"({"content":"","role":"assistant","content_type":"text","index":0,)"
                    R"("function_call":{"name":"f","arguments":"{\"a\":1}"}})",
                    used)});
  ASSERT_FALSE(s.failure);
  EXPECT_EQ(s.reply.finish, finish_reason::tool_calls);
  const auto calls = s.reply.message.tool_calls();
  ASSERT_EQ(calls.size(), 1u);
  EXPECT_EQ(calls[0].id, "call_0");
  EXPECT_EQ(calls[0].name, "f");
  EXPECT_EQ(calls[0].arguments, R"({"a":1})");
  expect_lawful(s);
  const auto object = stream(
      {frame(2, R"({"content":"","index":0,"function_call":{"name":"f","arguments":{"a":1}}})")});
  EXPECT_EQ(object.reply.message.tool_calls()[0].arguments, R"({"a":1})");
  const auto none = stream({frame(2, R"({"content":"x","index":0,"function_call":null})")});
  EXPECT_EQ(none.reply.finish, finish_reason::stop);
}

TEST(spark_ws, threat_P16_an_end_without_the_terminal_is_truncated) {
  const auto s = stream({frame(0, said("h")), frame(1, said("i"))});
  ASSERT_TRUE(s.failure);
  EXPECT_EQ(s.failure->code, errc::truncated);
  EXPECT_EQ(s.reply.text(), "hi");
  EXPECT_EQ(stream({}).failure->code, errc::truncated);
}

TEST(spark_ws, an_error_frame_is_an_error_and_not_safe) {
  const auto s =
      stream({frame(0, said("h")),
              R"({"header":{"code":10014,"message":"no","sid":"cht1","status":2},"payload":)"
              R"({"usage":{"text":{"prompt_tokens":5,"completion_tokens":1,"total_tokens":6}}}})"});
  ASSERT_TRUE(s.failure);
  EXPECT_EQ(s.failure->code, errc::content_filter);
  EXPECT_EQ(s.failure->vendor_code, "10014");
  EXPECT_EQ(s.failure->vendor_message, "no");
  EXPECT_EQ(s.failure->request_id, "cht1");
  EXPECT_EQ(s.reply.usage.output, 1) << "what came with it counts";
  const auto busy = stream({R"({"header":{"code":11202,"message":"slow down","sid":"s"}})"});
  EXPECT_EQ(busy.failure->code, errc::rate_limit);
  EXPECT_NE(busy.failure->retry, retry_class::safe);
}

TEST(spark_ws, what_it_does_not_read_is_said) {
  const auto s = stream(
      {frame(0, R"({"content":"x","index":0,"content_type":"image"},{"content":"y","index":1})"),
       R"({"brand":"new"})", frame(2, said("z"))});
  ASSERT_FALSE(s.failure);
  EXPECT_EQ(s.reply.text(), "z");
  EXPECT_TRUE(has_note(s.reply.notes, "no text"));
  EXPECT_TRUE(has_note(s.reply.notes, "more than one choice"));
  EXPECT_EQ(std::count_if(s.events.begin(), s.events.end(),
                          [](const event& e) { return e.kind == event_kind::unknown; }),
            2);
}

TEST(spark_ws, frames_that_are_not_the_vendors) {
  EXPECT_EQ(stream({"not json"}).failure->code, errc::protocol);
  EXPECT_EQ(stream({"[]"}).failure->code, errc::protocol);
  EXPECT_EQ(stream({frame(0, said("a")) + frame(2, said("b"))}).failure->code, errc::protocol)
      << "two frames in one message";
}

TEST(spark_ws, a_whole_answer_to_the_handshake) {
  EXPECT_EQ(decode(200, frame(2, said("hi"), used))->text(), "hi");
  EXPECT_EQ(decode(200, R"({"header":{"code":10907,"message":"long"}})").error().code,
            errc::context_length);
  for (const char* body : {"", "[]", "{}", "<html>", R"({"header":{"code":0,"status":1}})"})
    EXPECT_EQ(decode(200, body).error().code, errc::protocol) << body;
}

TEST(spark_ws, there_are_no_embeddings) {
  const auto e = adapters::spark_ws().encode_embed({.input = {"a"}}, "m", own_row());
  EXPECT_EQ(e.error().code, errc::unsupported);
}

}  // namespace
}  // namespace ark::test::spark
