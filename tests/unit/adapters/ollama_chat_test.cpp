#include "ollama_support.hpp"

namespace ark::test::ollama {
namespace {

TEST(ollama_chat, a_whole_answer) {
  const auto r = decode(R"({"model":"m1","created_at":"t","message":{"role":"assistant",
      "thinking":"hm","content":"yes"},"done":true,"done_reason":"stop","total_duration":5,
      "prompt_eval_count":11,"eval_count":4})");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->text(), "yes");
  EXPECT_EQ(r->reasoning(), "hm");
  EXPECT_EQ(r->model, "m1");
  EXPECT_EQ(r->finish, finish_reason::stop);
  EXPECT_EQ(r->vendor_finish_reason, "stop");
  EXPECT_EQ(r->usage.input, 11);
  EXPECT_EQ(r->usage.output, 4);
  EXPECT_TRUE(r->usage.reported);
  EXPECT_EQ(r->request_id, "r1");
  EXPECT_TRUE(r->notes.empty());
}

TEST(ollama_chat, a_stream_gives_the_same_reply) {
  const auto s = stream(line(R"({"role":"assistant","content":"","thinking":"h"})") +
                        line(R"({"role":"assistant","content":"","thinking":"m"})") +
                        line(R"({"role":"assistant","content":"ye"})") +
                        line(R"({"role":"assistant","content":"s"})") + last_line("length"));
  ASSERT_FALSE(s.failure) << s.failure->message;
  EXPECT_EQ(s.reply.text(), "yes");
  EXPECT_EQ(s.reply.reasoning(), "hm");
  EXPECT_EQ(s.reply.finish, finish_reason::length);
  EXPECT_EQ(s.reply.usage.input, 7);
  EXPECT_EQ(s.reply.usage.output, 3);
  expect_lawful(s);
}

TEST(ollama_chat, only_done_ends_a_stream) {
  const auto s = stream(line(R"({"content":"ye"})"));
  ASSERT_TRUE(s.failure);
  EXPECT_EQ(s.failure->code, errc::truncated);
  EXPECT_EQ(s.reply.text(), "ye");
  // The last line may lack its line feed.
  const std::string last = last_line();
  EXPECT_FALSE(stream(last.substr(0, last.size() - 1)).failure);
  EXPECT_TRUE(stream(last.substr(0, last.size() / 2)).failure);
}

TEST(ollama_chat, a_finish_reason_ends_a_stream_where_the_row_says_so) {
  const std::string bytes = R"({"message":{"content":"x"},"done_reason":"stop"})";
  EXPECT_TRUE(stream(bytes).failure);
  EXPECT_FALSE(stream(bytes, plain_row({quirk::stream_without_terminal{}})).failure);
}

TEST(ollama_chat, an_error_line_in_a_stream_is_never_safe_to_send_again) {
  const auto s = stream(line(R"({"content":"ye"})") +
                        R"({"error":"server busy, maximum pending requests exceeded"})" + "\n");
  ASSERT_TRUE(s.failure);
  EXPECT_EQ(s.failure->code, errc::overloaded);
  EXPECT_EQ(s.failure->retry, retry_class::maybe_billed);
  EXPECT_EQ(s.failure->vendor_message, "server busy, maximum pending requests exceeded");
  expect_lawful(s);
}

TEST(ollama_chat, lines_that_are_not_ours) {
  EXPECT_EQ(stream("nonsense\n").failure->code, errc::protocol);
  EXPECT_EQ(stream("[1]\n").failure->code, errc::protocol);
  const auto s = stream(R"({"status":"pulling"})"
                        "\n" +
                        last_line());
  EXPECT_FALSE(s.failure);
  EXPECT_EQ(s.events.front().kind, event_kind::unknown);
}

TEST(ollama_chat, whole_answers_that_are_not_ours) {
  for (const char* body : {"", "[]", "{}", R"({"choices":[]})", R"({"message":{"content":"x"}})"}) {
    const auto r = decode(body);
    ASSERT_FALSE(r) << body;
    EXPECT_EQ(r.error().code, errc::protocol) << body;
    EXPECT_EQ(r.error().retry, retry_class::maybe_billed);
    EXPECT_EQ(r.error().request_id, "r1");
  }
  const auto r = decode(R"({"error":"out of memory"})");
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, errc::server);
  EXPECT_EQ(r.error().retry, retry_class::maybe_billed);
}

}  // namespace
}  // namespace ark::test::ollama
