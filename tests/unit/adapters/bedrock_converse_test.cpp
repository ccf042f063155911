#include "bedrock_support.hpp"

namespace ark::test::bedrock {
namespace {

TEST(bedrock_converse, its_name_and_framing) {
  EXPECT_EQ(adapters::bedrock_converse().name(), "bedrock_converse");
  EXPECT_EQ(adapters::bedrock_converse().stream_framing(), dialect::framing::event_stream);
}

TEST(bedrock_converse, stop_reasons) {
  const std::pair<const char*, finish_reason> known[] = {
      {"end_turn", finish_reason::stop},
      {"stop_sequence", finish_reason::stop},
      {"max_tokens", finish_reason::length},
      {"model_context_window_exceeded", finish_reason::length},
      {"tool_use", finish_reason::tool_calls},
      {"guardrail_intervened", finish_reason::content_filter},
      {"content_filtered", finish_reason::content_filter},
      {"malformed_model_output", finish_reason::other},
      {"malformed_tool_use", finish_reason::other}};
  for (const auto& [word, meaning] : known) {
    const auto r = decode(whole(R"({"text":"a"})", word));
    ASSERT_TRUE(r) << word;
    EXPECT_EQ(r->finish, meaning) << word;
    EXPECT_EQ(r->vendor_finish_reason, word);
    EXPECT_EQ(has_note(r->notes, "guardrail"), std::string_view(word) == "guardrail_intervened");
  }
}

TEST(bedrock_converse, request_id_and_service_tier) {
  const auto r = decode(
      R"({"output":{"message":{"content":[{"text":"a"}]}},"serviceTier":{"type":"flex"},
          "usage":{"inputTokens":1,"outputTokens":1}})",
      200, {{"x-amzn-requestid", "r1"}});
  ASSERT_TRUE(r);
  EXPECT_EQ(r->request_id, "r1");
  EXPECT_EQ(r->usage.service_tier, "flex");
}

TEST(bedrock_converse, fields_that_were_asked_for_are_noted) {
  const auto r = decode(
      R"({"output":{"message":{"content":[{"text":"a"}]}},
          "additionalModelResponseFields":{"stop_sequence":"x"}})");
  ASSERT_TRUE(r);
  EXPECT_TRUE(has_note(r->notes, "additionalModelResponseFields"));
}

TEST(bedrock_converse, what_is_no_reply) {
  for (const char* body : {"", "{", "[]", "{}", R"({"output":{"message":{"content":{}}}})"}) {
    const auto r = decode(body);
    ASSERT_FALSE(r) << body;
    EXPECT_EQ(r.error().code, errc::protocol) << body;
    EXPECT_EQ(r.error().retry, retry_class::maybe_billed) << body;
  }
}

}  // namespace
}  // namespace ark::test::bedrock
