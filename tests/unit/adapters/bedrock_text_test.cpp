#include "bedrock_support.hpp"

namespace ark::test::bedrock {
namespace {

struct expected {
  const char *body, *text;
  finish_reason finish;
};

TEST(bedrock_text, whole_answers_of_each_maker) {
  const expected cases[] = {
      {R"({"inputTextTokenCount":5,"results":[{"tokenCount":10,"outputText":"a",
           "completionReason":"LENGTH"}]})",
       "a", finish_reason::length},
      {R"({"generation":"a","prompt_token_count":5,"generation_token_count":10,
           "stop_reason":"stop"})",
       "a", finish_reason::stop},
      {R"({"outputs":[{"text":"a","stop_reason":"length"}]})", "a", finish_reason::length},
      {R"({"id":"r","generations":[{"id":"g","text":"a","finish_reason":"COMPLETE"}],
           "prompt":"p"})",
       "a", finish_reason::stop},
      {R"({"response_id":"r","generation_id":"g","text":"a","finish_reason":"MAX_TOKENS",
           "chat_history":[]})",
       "a", finish_reason::length},
      {R"({"id":1,"prompt":{"text":"p"},"completions":[{"data":{"text":"a"},
           "finishReason":{"reason":"endoftext"}}]})",
       "a", finish_reason::stop},
      {R"({"type":"completion","completion":" a","stop_reason":"stop_sequence",
           "stop":"\n\nHuman:"})",
       " a", finish_reason::stop},
      {R"({"completion":"","stop_reason":"max_tokens"})", "", finish_reason::length},
      {R"({"outputs":[{"text":"a","stop_reason":"new"}]})", "a", finish_reason::other},
  };
  for (const expected& e : cases) {
    const auto r = decode_invoke(e.body, {{"x-amzn-bedrock-input-token-count", "6"},
                                          {"x-amzn-bedrock-output-token-count", "11"}});
    ASSERT_TRUE(r) << e.body << r.error().message;
    EXPECT_EQ(r->text(), e.text) << e.body;
    EXPECT_EQ(r->finish, e.finish) << e.body;
    // What the service counts goes before what the maker counts.
    EXPECT_EQ(r->usage.input, 6) << e.body;
    EXPECT_EQ(r->usage.output, 11) << e.body;
    EXPECT_EQ(r->request_id, "r1") << e.body;
  }
}

TEST(bedrock_text, the_makers_counts_are_all_there_may_be) {
  const auto titan = decode_invoke(
      R"({"inputTextTokenCount":28.0,"results":[{"tokenCount":197.0,"outputText":"a",
          "completionReason":"FINISH"}]})");
  ASSERT_TRUE(titan);
  EXPECT_EQ(titan->usage.input, 28);
  EXPECT_EQ(titan->usage.output, 197);
  EXPECT_EQ(titan->finish, finish_reason::stop);
  EXPECT_FALSE(decode_invoke(R"({"outputs":[{"text":"a"}]})")->usage.reported);
  EXPECT_TRUE(has_note(decode_invoke(R"({"generation":"a","prompt_token_count":"x"})")->notes,
                       "cannot be"));
}

TEST(bedrock_text, ids) {
  EXPECT_EQ(decode_invoke(R"({"id":"r","generations":[{"text":"a"}]})")->id, "r");
  EXPECT_EQ(decode_invoke(R"({"response_id":"r","generation_id":"g","text":"a"})")->id, "r");
}

TEST(bedrock_text, only_the_first_of_several_answers_is_kept) {
  const auto r = decode_invoke(R"({"generations":[{"text":"a"},{"text":"b"}]})");
  EXPECT_EQ(r->text(), "a");
  EXPECT_TRUE(has_note(r->notes, "several answers"));
  const auto s = stream_chunks({chunk(R"({"index":0,"is_finished":false,"text":"a"})"),
                                chunk(R"({"index":1,"is_finished":false,"text":"b"})"),
                                chunk(R"({"finish_reason":"MAX_TOKENS","is_finished":true,
    "amazon-bedrock-invocationMetrics":{"inputTokenCount":4,"outputTokenCount":2}})")});
  ASSERT_FALSE(s.failure) << s.failure->message;
  EXPECT_EQ(s.reply.text(), "a");
  EXPECT_EQ(s.reply.finish, finish_reason::length);
  EXPECT_TRUE(has_note(s.reply.notes, "several answers"));
}

TEST(bedrock_text, titans_events_have_other_members_than_its_answers) {
  const auto s =
      stream_chunks({chunk(R"({"outputText":"a","index":0,"totalOutputTextTokenCount":null,
                 "completionReason":null,"inputTextTokenCount":7})"),
                     chunk(R"({"outputText":"b","index":0,"totalOutputTextTokenCount":78,
                 "completionReason":"CONTENT_FILTERED","inputTextTokenCount":null,
                 "amazon-bedrock-invocationMetrics":{}})")});
  ASSERT_FALSE(s.failure) << s.failure->message;
  expect_lawful(s);
  EXPECT_EQ(s.reply.text(), "ab");
  EXPECT_EQ(s.reply.finish, finish_reason::content_filter);
  EXPECT_EQ(s.reply.usage.input, 7);
  EXPECT_EQ(s.reply.usage.output, 78);
}

TEST(bedrock_text, calls_of_tools_are_noted) {
  const auto r = decode_invoke(R"({"generation_id":"g","text":"","tool_calls":[{"name":"f"}],
    "finish_reason":"COMPLETE"})");
  EXPECT_TRUE(has_note(r->notes, "tool calls are not kept"));
}

TEST(bedrock_text, a_list_without_an_answer_is_none) {
  for (const char* body : {R"({"outputs":[]})", R"({"results":"a"})"})
    EXPECT_EQ(decode_invoke(body).error().code, errc::unsupported) << body;
}

}  // namespace
}  // namespace ark::test::bedrock
