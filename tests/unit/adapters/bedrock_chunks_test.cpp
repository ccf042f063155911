// The streams of InvokeModelWithResponseStream, by the shape of what is in their chunks.
#include "bedrock_support.hpp"

namespace ark::test::bedrock {
namespace {

const std::string metrics = R"("amazon-bedrock-invocationMetrics":{"inputTokenCount":4,)"
                            R"("outputTokenCount":7,"invocationLatency":9,"firstByteLatency":3})";

TEST(bedrock_chunks, events_of_claude) {
  const auto s =
      stream_chunks({chunk(R"({"type":"message_start","message":{"id":"m1","model":"claude-x",
                 "usage":{"input_tokens":4,"output_tokens":1}}})"),
                     chunk(R"({"type":"content_block_start","index":0,
                 "content_block":{"type":"text","text":""}})"),
                     chunk(R"({"type":"content_block_delta","index":0,
                 "delta":{"type":"text_delta","text":"a"}})"),
                     chunk(R"({"type":"content_block_stop","index":0})"),
                     chunk(R"({"type":"message_delta","delta":{"stop_reason":"end_turn"},
                 "usage":{"output_tokens":7}})"),
                     chunk(R"({"type":"message_stop",)" + metrics + "}")});
  ASSERT_FALSE(s.failure) << s.failure->message;
  expect_lawful(s);
  EXPECT_EQ(s.reply.id, "m1");
  EXPECT_EQ(s.reply.text(), "a");
  EXPECT_EQ(s.reply.usage.output, 7);
}

TEST(bedrock_chunks, events_of_nova) {
  const auto s = stream_chunks(
      {chunk(R"({"messageStart":{"role":"assistant"}})"),
       chunk(R"({"contentBlockDelta":{"delta":{"text":"a"},"contentBlockIndex":0},
                 "amazon-bedrock-guardrailAction":"INTERVENED"})"),
       chunk(R"({"contentBlockStop":{"contentBlockIndex":0}})"),
       chunk(R"({"contentBlockStart":{"contentBlockIndex":1,
                 "start":{"toolUse":{"toolUseId":"t1","name":"f"}}}})"),
       chunk(R"({"contentBlockDelta":{"delta":{"toolUse":{"input":"{}"}},"contentBlockIndex":1}})"),
       chunk(R"({"contentBlockStop":{"contentBlockIndex":1}})"),
       chunk(R"({"messageStop":{"stopReason":"tool_use"}})"),
       chunk(R"({"metadata":{"usage":{"inputTokens":6,"outputTokens":3,
                 "cacheReadInputTokenCount":0,"cacheWriteInputTokenCount":20}},)" +
             metrics + "}")});
  ASSERT_FALSE(s.failure) << s.failure->message;
  expect_lawful(s);
  EXPECT_EQ(s.reply.text(), "a");
  EXPECT_EQ(s.reply.tool_calls().at(0).name, "f");
  EXPECT_EQ(s.reply.finish, finish_reason::tool_calls);
  EXPECT_EQ(s.reply.usage.input, 6);
  EXPECT_EQ(s.reply.usage.cache_write, 20);
  EXPECT_TRUE(has_note(s.reply.notes, "guardrail"));
}

/// A chunk of gpt-oss.
std::string completion(const std::string& delta, const std::string& finish = "null",
                       const std::string& more = "") {
  return chunk(R"({"id":"c1","model":"openai.x","choices":[{"index":0,"delta":)" + delta +
               R"(,"finish_reason":)" + finish + "}]" + more + "}");
}

TEST(bedrock_chunks, completions_have_pieces_of_reasoning_and_no_done) {
  const auto s = stream_chunks({completion(R"({"role":"assistant","content":""})"),
                                completion(R"({"content":"<reasoning>so</reasoning>"})"),
                                completion(R"({"content":"<reasoning> far</reasoning>"})"),
                                completion(R"({"content":"a"})"),
                                completion("{}", R"("stop")", "," + metrics)});
  ASSERT_FALSE(s.failure) << s.failure->message;
  expect_lawful(s);
  EXPECT_EQ(s.reply.id, "c1");
  EXPECT_EQ(s.reply.reasoning(), "so far");
  EXPECT_EQ(s.reply.text(), "a");
  EXPECT_EQ(s.reply.finish, finish_reason::stop);
  EXPECT_EQ(s.reply.usage.input, 4);
  EXPECT_EQ(s.reply.usage.output, 7);
}

TEST(bedrock_chunks, a_completions_own_usage_counts_more) {
  const auto s =
      stream_chunks({completion(R"({"tool_calls":[{"index":0,"id":"t1","type":"function",
         "function":{"name":"f","arguments":"{}"}}]})"),
                     completion("{}", R"("tool_calls")"),
                     chunk(R"({"choices":[],"usage":{"prompt_tokens":40,"completion_tokens":6,
         "total_tokens":46},)" +
                           metrics + "}")});
  ASSERT_FALSE(s.failure) << s.failure->message;
  expect_lawful(s);
  EXPECT_EQ(s.reply.tool_calls().size(), 1U);
  EXPECT_EQ(s.reply.finish, finish_reason::tool_calls);
  EXPECT_EQ(s.reply.usage.input, 40);
  const auto cut = stream_chunks({completion(R"({"content":"a"})"), completion("{}", R"("stop")")});
  ASSERT_TRUE(cut.failure);
  EXPECT_EQ(cut.failure->code, errc::truncated);
}

TEST(bedrock_chunks, mistrals_finish_reason_has_another_name) {
  const auto s = stream_chunks({chunk(R"({"choices":[{"index":0,"delta":{"content":"a"},
    "stop_reason":"length"}],)" + metrics +
                                      "}")});
  ASSERT_FALSE(s.failure) << s.failure->message;
  EXPECT_EQ(s.reply.finish, finish_reason::length);
}

TEST(bedrock_chunks, texts_end_with_the_metrics_of_the_service) {
  const auto s = stream_chunks(
      {chunk(R"({"generation":"a","prompt_token_count":5,"generation_token_count":1,
                 "stop_reason":null})"),
       chunk(R"({"generation":"b","prompt_token_count":null,"generation_token_count":2,
                 "stop_reason":"length",)" +
             metrics + "}")});
  ASSERT_FALSE(s.failure) << s.failure->message;
  expect_lawful(s);
  EXPECT_EQ(s.reply.text(), "ab");
  EXPECT_EQ(s.reply.finish, finish_reason::length);
  EXPECT_EQ(s.reply.usage.input, 4);
  EXPECT_EQ(s.reply.usage.output, 7);
  const auto cut = stream_chunks({chunk(R"({"generation":"a","prompt_token_count":5,
    "generation_token_count":1,"stop_reason":"stop"})")});
  ASSERT_TRUE(cut.failure);
  EXPECT_EQ(cut.failure->code, errc::truncated);
  EXPECT_EQ(cut.reply.usage.input, 5);
}

TEST(bedrock_chunks, what_goes_wrong_in_a_stream) {
  const auto failed =
      stream_chunks({frame("throttlingException", R"({"message":"m"})", "exception")});
  ASSERT_TRUE(failed.failure);
  EXPECT_EQ(failed.failure->code, errc::rate_limit);
  EXPECT_EQ(failed.failure->retry, retry_class::maybe_billed);
  for (const std::string& bad :
       {frame("chunk", "{"), frame("chunk", R"({"bytes":"?"})"), chunk("{")}) {
    const auto broken = stream_chunks({bad});
    ASSERT_TRUE(broken.failure);
    EXPECT_EQ(broken.failure->code, errc::protocol);
  }
  for (const auto& frames :
       {std::vector<std::string>{frame("newEvent", "{}")},
        std::vector<std::string>{chunk(R"({"outputs":[{"text":"a"}]})"), chunk(R"({"new":1})")}}) {
    const auto cut = stream_chunks(frames);
    ASSERT_TRUE(cut.failure);
    EXPECT_EQ(cut.failure->code, errc::truncated);
  }
}

}  // namespace
}  // namespace ark::test::bedrock
