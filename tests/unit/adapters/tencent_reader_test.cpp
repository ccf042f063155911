#include "tencent_support.hpp"

namespace ark::test::tencent {
namespace {

const std::string usage_13_5 =
    R"(,"Usage":{"PromptTokens":13,"CompletionTokens":5,"TotalTokens":18})";

TEST(tencent_reader, whole_and_streamed_replies_are_the_same) {
  const auto r = decode(whole(R"({"Role":"assistant","Content":"Paris","ReasoningContent":"hm"})",
                              "stop", usage_13_5));
  ASSERT_TRUE(r) << r.error().message;
  const std::vector<part> expected = {reasoning_part{"hm", "", ""}, text_part{"Paris"}};
  EXPECT_EQ(r->message.parts, expected);
  EXPECT_EQ(r->finish, finish_reason::stop);
  EXPECT_EQ(r->id, "i1");
  EXPECT_EQ(r->request_id, "q1");
  const auto s = stream({chunk(R"({"Role":"assistant","Content":"","ReasoningContent":"hm"})"),
                         chunk(R"({"Content":"Pa"})"), chunk(R"({"Content":"ris"})"),
                         chunk(R"({"Content":""})", "stop", usage_13_5)});
  ASSERT_FALSE(s.failure) << s.failure->message;
  expect_lawful(s);
  EXPECT_EQ(s.reply.message, r->message);
  EXPECT_EQ(s.reply.usage, r->usage);
  EXPECT_EQ(s.reply.id, "i1");
}

TEST(tencent_reader, tool_calls) {
  const auto s = stream(
      {chunk(R"({"ToolCalls":[{"Id":"c1","Type":"function",)"
             R"("Index":0,"Function":{"Name":"f","Arguments":""}}]})"),
       chunk(R"({"ToolCalls":[{"Id":"c1","Index":0,)"
             R"("Function":{"Name":"f","Arguments":"{\"a\":1}"}}]})"),
       chunk(R"({"ToolCalls":[{"Id":"c2","Index":1,"Function":{"Name":"g","Arguments":"{}"}}]})",
             "tool_calls")});
  ASSERT_FALSE(s.failure) << s.failure->message;
  expect_lawful(s);
  const std::vector<tool_call_part> expected = {{"c1", "f", R"({"a":1})"}, {"c2", "g", "{}"}};
  EXPECT_EQ(s.reply.tool_calls(), expected);
  const auto r = decode(
      whole(R"({"Content":"","ToolCalls":[{"Id":"c1","Function":{"Name":"f","Arguments":"{}"}},)"
            R"({"Id":"x"},)"
            R"({"Id":"c2","Function":{"Name":"g","Arguments":""}}]})"));
  ASSERT_TRUE(r);
  EXPECT_EQ(r->tool_calls().size(), 2u);
  EXPECT_EQ(r->finish, finish_reason::tool_calls);
  EXPECT_EQ(r->vendor_finish_reason, "stop");
}

TEST(tencent_reader, the_words_of_the_end) {
  EXPECT_EQ(decode(whole("{}", "sensitive"))->finish, finish_reason::content_filter);
  EXPECT_EQ(decode(whole("{}", "new"))->finish, finish_reason::other);
  EXPECT_EQ(decode(whole("{}", "new"), plain_row({quirk::finish_map{"new", finish_reason::length}}))
                ->finish,
            finish_reason::length);
}

TEST(tencent_reader, usage) {
  const auto used = [](const std::string& usage) {
    return *decode(whole(R"({"Content":"a"})", "stop", ",\"Usage\":" + usage));
  };
  reply r = used(R"({"PromptTokens":100,"CompletionTokens":5,"TotalTokens":105,
      "PromptTokensDetails":{"CachedTokens":30}})");
  EXPECT_EQ(r.usage.input, 70);
  EXPECT_EQ(r.usage.cache_read, 30);
  EXPECT_EQ(r.usage.output, 5);
  EXPECT_EQ(r.usage.vendor_total, 105);
  EXPECT_TRUE(r.notes.empty());
  r = used(R"({"PromptTokens":10,"CompletionTokens":5,"TotalTokens":20,
      "PromptTokensDetails":{"CachedTokens":30}})");
  EXPECT_TRUE(has_note(r.notes, "more cached tokens"));
  EXPECT_TRUE(has_note(r.notes, "not the sum"));
  r = used(R"({"PromptTokens":-1,"CompletionTokens":5})");
  EXPECT_EQ(r.usage.input, -1);
  EXPECT_TRUE(has_note(r.notes, "cannot be"));
  EXPECT_FALSE(used("{}").usage.reported);
}

TEST(tencent_reader, of_a_stream_the_last_usage_counts) {
  const auto s = stream(
      {chunk(R"({"Content":"a"})", "", R"(,"Usage":{"PromptTokens":3,"CompletionTokens":1})"),
       chunk(R"({"Content":"b"})", "stop", R"(,"Usage":{"PromptTokens":3,"CompletionTokens":2})")});
  EXPECT_EQ(s.reply.usage.output, 2);
}

TEST(tencent_reader, only_the_first_choice_is_read) {
  const auto r = decode(
      R"({"Response":{"Choices":[{"Index":0,"FinishReason":"stop","Message":{"Content":"a"}},)"
      R"({"Index":1,"FinishReason":"stop","Message":{"Content":"b"}}]}})");
  ASSERT_TRUE(r);
  EXPECT_EQ(r->text(), "a");
  EXPECT_TRUE(has_note(r->notes, "several choices"));
}

}  // namespace
}  // namespace ark::test::tencent
