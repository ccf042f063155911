#include "openai_support.hpp"

namespace ark::test::openai {
namespace {

std::string bot_reply(const std::string& more) {
  return whole(R"({"role":"assistant","content":"yes"})", R"(,"finish_reason":"stop")", more);
}

constexpr const char* two_models =
    R"(,"bot_usage":{"model_usage":[
      {"name":"ep-1","prompt_tokens":10,"completion_tokens":4,"total_tokens":14,
       "prompt_tokens_details":{"cached_tokens":3},
       "completion_tokens_details":{"reasoning_tokens":1}},
      {"name":"ep-2","prompt_tokens":5,"completion_tokens":2,"total_tokens":7}],
      "action_usage":[{"name":"content_plugin","search_count":2},
        {"action_name":"browse","count":1,"prompt_tokens":"8","total_tokens":9}]})";

TEST(openai_bots, the_models_of_a_bot_are_one_usage) {
  const auto r = decode(bot_reply(two_models));
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->usage.input, 12);
  EXPECT_EQ(r->usage.cache_read, 3);
  EXPECT_EQ(r->usage.output, 5);
  EXPECT_EQ(r->usage.reasoning, 1);
  EXPECT_EQ(r->usage.vendor_total, 21);
  EXPECT_EQ(r->usage.input_total() + r->usage.output_total(), 21);
  EXPECT_TRUE(r->usage.reported);
  EXPECT_TRUE(has_note(r->notes, "several models together: ep-1, ep-2"));
}

TEST(openai_bots, its_tools_calls_are_units_and_their_tokens_are_told) {
  const auto r = decode(bot_reply(two_models));
  ASSERT_TRUE(r);
  EXPECT_EQ(r->usage.units,
            (std::map<std::string, std::int64_t>{{"content_plugin", 2}, {"browse", 1}}));
  EXPECT_TRUE(has_note(r->notes, "\"browse\" used 9 tokens"));
}

TEST(openai_bots, one_model_needs_no_note_and_counts_before_the_plain_usage) {
  const auto r = decode(bot_reply(
      R"(,"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2},
         "bot_usage":{"model_usage":[{"name":"ep-1","prompt_tokens":10,"completion_tokens":4,
         "total_tokens":14}]})"));
  ASSERT_TRUE(r);
  EXPECT_EQ(r->usage.input, 10);
  EXPECT_TRUE(r->notes.empty());
  const auto told = decode(bot_reply(R"(,"bot_usage":{},"metadata":{"a":1})"));
  ASSERT_TRUE(told);
  EXPECT_TRUE(has_note(told->notes, "metadata"));
}

TEST(openai_bots, an_empty_one_says_nothing) {
  const auto r = decode(bot_reply(R"(,"usage":{"prompt_tokens":1,"completion_tokens":1},
                                     "bot_usage":{"model_usage":null,"action_usage":[]})"));
  ASSERT_TRUE(r);
  EXPECT_EQ(r->usage.input, 1);
  const auto none = decode(bot_reply(R"(,"bot_usage":{})"));
  ASSERT_TRUE(none);
  EXPECT_FALSE(none->usage.reported);
}

TEST(openai_bots, the_last_frame_of_a_stream_has_usage_and_sources) {
  const auto s = stream({chunk(R"({"content":"yes"})"), chunk("{}", R"(,"finish_reason":"stop")"),
                         R"({"id":"c1","choices":[],"usage":{"prompt_tokens":1,
                            "completion_tokens":1},"references":[{"url":"https://a","title":"A",
                            "site_name":"s","summary":"said"}])" +
                             std::string(two_models) + "}",
                         "[DONE]"});
  ASSERT_FALSE(s.failure) << s.failure->message;
  expect_lawful(s);
  EXPECT_EQ(s.reply.usage.vendor_total, 21);
  ASSERT_EQ(s.reply.citations.size(), 1u);
  EXPECT_EQ(s.reply.citations[0], (citation{.url = "https://a", .title = "A", .text = "said"}));
}

TEST(openai_bots, documents_of_a_knowledge_base_are_told_apart) {
  const auto r = decode(bot_reply(
      R"(,"references":[{"doc_id":"d1","doc_title":"One","chunk_id":"1"},
                        {"doc_id":"d2","doc_name":"Two"},{"site_name":"neither"}])"));
  ASSERT_TRUE(r);
  ASSERT_EQ(r->citations.size(), 2u);
  EXPECT_EQ(r->citations[0], (citation{.title = "One", .document_id = "d1"}));
  EXPECT_EQ(r->citations[1], (citation{.title = "Two", .document_id = "d2"}));
}

}  // namespace
}  // namespace ark::test::openai
