#include "gemini_support.hpp"

namespace ark::test::gemini {
namespace {

TEST(gemini_content, a_list_of_answers_is_a_stream_in_one_body) {
  const std::string list =
      "[" + answer(R"({"text":"a"})", "") + "\n,\r\n" + answer(R"({"text":"b"})") + "]";
  const auto r = decode(list);
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->text(), "ab");
  EXPECT_EQ(r->finish, finish_reason::stop);
  // A server that ignores alt=sse.
  const auto s = stream_bytes(adapters::gemini_content(), row(), list);
  ASSERT_FALSE(s.failure) << s.failure->message;
  EXPECT_EQ(s.reply.text(), "ab");
  // One that failed on the way.
  const auto failed = decode("[" + answer(R"({"text":"a"})", "") +
                             R"(,{"error":{"code":500,"status":"INTERNAL"}}])");
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, errc::server);
}

TEST(gemini_content, threat_P16_an_end_without_a_finish_reason_is_truncated) {
  const auto s = stream({answer(R"({"text":"a"})", "")});
  ASSERT_TRUE(s.failure);
  EXPECT_EQ(s.failure->code, errc::truncated);
  expect_lawful(s);
  EXPECT_EQ(stream({}).failure->code, errc::truncated);
  EXPECT_FALSE(stream({answer(R"({"text":"a"})"), "[DONE]"}).failure);
}

TEST(gemini_content, usage_may_come_after_the_finish_reason) {
  const auto s = stream({answer(R"({"text":"a"})"),
                         R"({"usageMetadata":{"promptTokenCount":3,"totalTokenCount":3}})"});
  ASSERT_FALSE(s.failure);
  EXPECT_EQ(s.reply.usage.input, 3);
}

TEST(gemini_content, crlf_frames_as_the_vendor_sends_them) {
  const auto s = stream_bytes(adapters::gemini_content(), row(),
                              "data: " + answer(R"({"text":"a"})") + "\r\n\r\n");
  ASSERT_FALSE(s.failure);
  EXPECT_EQ(s.reply.text(), "a");
}

TEST(gemini_content, bodies_that_are_not_the_vendors) {
  for (const char* body : {"", "null", "[]", "{}", "[1]", R"({"choices":[]})",
                           R"({"usageMetadata":{"promptTokenCount":1}})"}) {
    const auto r = decode(body);
    ASSERT_FALSE(r) << body;
    EXPECT_EQ(r.error().code, errc::protocol) << body;
    EXPECT_EQ(r.error().retry, retry_class::maybe_billed) << body;
  }
  for (const char* frame : {"not json", "1", "[1]"})
    EXPECT_EQ(stream({frame}).failure->code, errc::protocol) << frame;
  const auto s = stream({R"({"brandNew":1})", answer(R"({"text":"a"})")});
  ASSERT_FALSE(s.failure);
  EXPECT_EQ(s.events.front().kind, event_kind::unknown);
}

TEST(gemini_content, candidates_without_content_or_reason) {
  // MAX_TOKENS while thinking has no parts.
  const auto cut =
      decode(R"({"candidates":[{"content":{"role":"model"},"finishReason":"MAX_TOKENS"}]})");
  ASSERT_TRUE(cut);
  EXPECT_EQ(cut->finish, finish_reason::length);
  EXPECT_TRUE(cut->message.parts.empty());
  const auto open = decode(R"({"candidates":[{"content":{"parts":[{"text":"a"}]}}]})");
  ASSERT_TRUE(open);
  EXPECT_TRUE(has_note(open->notes, "no finish reason"));
}

}  // namespace
}  // namespace ark::test::gemini
