#include "gemini_support.hpp"

namespace ark::test::gemini {
namespace {

TEST(gemini_reader, threat_P10_whole_and_streamed_give_the_same_reply) {
  const std::vector<std::string> parts = {
      R"({"text":"hm","thought":true})", R"({"text":"a","thoughtSignature":"s1=="})",
      R"({"functionCall":{"name":"f","args":{"x":1.5}},"thoughtSignature":"s2"})",
      R"({"functionCall":{"name":"g","args":{},"id":"v1"}})", R"({"functionCall":{"name":"h"}})"};
  std::string all;
  std::vector<std::string> frames;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    all += (i > 0 ? "," : "") + parts[i];
    frames.push_back(answer(parts[i], i + 1 < parts.size() ? "" : R"(,"finishReason":"STOP")"));
  }
  const auto whole = decode(answer(all));
  ASSERT_TRUE(whole) << whole.error().message;
  const auto s = stream(frames);
  ASSERT_FALSE(s.failure) << s.failure->message;
  expect_lawful(s);
  const std::vector<part> expected = {reasoning_part{"hm", "", ""},
                                      reasoning_part{"", "s1==", ""},
                                      text_part{"a"},
                                      reasoning_part{"", "s2", ""},
                                      tool_call_part{"arkcall-r1-0", "f", R"({"x":1.5})"},
                                      tool_call_part{"v1", "g", "{}"},
                                      tool_call_part{"arkcall-r1-2", "h", "{}"}};
  EXPECT_EQ(whole->message.parts, expected);
  EXPECT_EQ(s.reply.message.parts, expected);
  EXPECT_EQ(whole->finish, finish_reason::tool_calls);
  EXPECT_EQ(s.reply.finish, finish_reason::tool_calls);
  EXPECT_EQ(s.reply.vendor_finish_reason, "STOP");
  EXPECT_EQ(s.reply.id, "r1");
  EXPECT_EQ(s.reply.model, "gemini-x");
}

TEST(gemini_reader, pieces_of_a_stream_are_one_part_and_a_signed_piece_is_its_own) {
  const auto s =
      stream({answer(R"({"text":"t","thought":true})", ""),
              answer(R"({"text":"u","thought":true})", ""), answer(R"({"text":"a"})", ""),
              answer(R"({"text":"b"})", ""), answer(R"({"text":"c","thoughtSignature":"s"})", ""),
              answer(R"({"text":"d"})", ""), answer(R"({"text":""})")});
  const std::vector<part> expected = {reasoning_part{"tu", "", ""}, text_part{"ab"},
                                      reasoning_part{"", "s", ""}, text_part{"c"}, text_part{"d"}};
  EXPECT_EQ(s.reply.message.parts, expected);
  EXPECT_EQ(s.reply.text(), "abcd");
}

TEST(gemini_reader, a_signature_on_an_empty_text_is_kept_as_it_came) {
  const std::string last = R"({"text":"","thoughtSignature":"s\u003d"})";
  const auto s = stream({answer(R"({"text":"a"})", ""), answer(last)});
  ASSERT_EQ(s.reply.message.parts.size(), 2u);
  EXPECT_EQ(std::get<reasoning_part>(s.reply.message.parts[1]).opaque,
            R"({"text":"","thoughtSignature":"s="})");
  EXPECT_EQ(s.reply.text(), "a");
  expect_lawful(s);
}

TEST(gemini_reader, parts_without_a_kind_of_the_librarys_are_kept_whole) {
  const std::string code = R"({"executableCode":{"language":"PYTHON","code":"1"}})";
  const auto s = stream({answer(code + R"(,{"codeExecutionResult":{"outcome":"OUTCOME_OK"}})", ""),
                         answer(R"({"inlineData":{"mimeType":"image/png","data":"AA=="}})")});
  ASSERT_FALSE(s.failure);
  ASSERT_EQ(s.reply.message.parts.size(), 3u);
  EXPECT_EQ(std::get<reasoning_part>(s.reply.message.parts[0]).opaque, code);
  std::string unknown;
  for (const event& e : s.events)
    if (e.kind == event_kind::unknown) unknown += e.name + ' ';
  EXPECT_EQ(unknown, "executableCode codeExecutionResult inlineData ");
  EXPECT_EQ(decode(answer(R"({"text":"a","videoMetadata":{"fps":1}})"))->text(), "a");
}

TEST(gemini_reader, finish_reasons) {
  const auto finish = [](const std::string& word) {
    return decode(answer(R"({"text":"a"})", R"(,"finishReason":)" + word))->finish;
  };
  EXPECT_EQ(finish("\"STOP\""), finish_reason::stop);
  EXPECT_EQ(finish("1"), finish_reason::stop);  // recorded with enum-encoding=int
  EXPECT_EQ(finish("\"MAX_TOKENS\""), finish_reason::length);
  EXPECT_EQ(finish("2"), finish_reason::length);
  for (const char* word : {"SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII",
                           "MODEL_ARMOR", "IMAGE_SAFETY"})
    EXPECT_EQ(finish('"' + std::string(word) + '"'), finish_reason::content_filter) << word;
  for (const char* word : {"MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "OTHER", "BRAND_NEW"})
    EXPECT_EQ(finish('"' + std::string(word) + '"'), finish_reason::other) << word;
  vendor v = row();
  v.quirks.push_back(quirk::finish_map{"BRAND_NEW", finish_reason::length});
  EXPECT_EQ(decode(answer("", R"(,"finishReason":"BRAND_NEW")"), v)->finish, finish_reason::length);
}

TEST(gemini_reader, calls_after_the_finish_reason_count) {
  const auto s = stream({answer("", R"(,"finishReason":"STOP")"),
                         answer(R"({"functionCall":{"name":"f","args":{}}})", "")});
  EXPECT_EQ(s.reply.finish, finish_reason::tool_calls);
  // A limit that cut the reply is not hidden by a call.
  EXPECT_EQ(
      decode(answer(R"({"functionCall":{"name":"f"}})", R"(,"finishReason":"MAX_TOKENS")"))->finish,
      finish_reason::length);
}

TEST(gemini_reader, what_is_not_kept_is_noted) {
  const auto r = decode(R"({"candidates":[
    {"content":{"parts":[{"text":"a"}]},"finishReason":"MALFORMED_FUNCTION_CALL","finishMessage":"bad",
     "groundingMetadata":{"webSearchQueries":["q"]},"urlContextMetadata":{"urlMetadata":[]}},
    {"index":1,"content":{"parts":[{"text":"b"}]},"finishReason":"STOP"}]})");
  ASSERT_TRUE(r);
  EXPECT_EQ(r->text(), "a");
  EXPECT_TRUE(has_note(r->notes, "urlContextMetadata is not kept"));
  EXPECT_FALSE(has_note(r->notes, "groundingMetadata"));
  EXPECT_TRUE(has_note(r->notes, "more than one candidate"));
  EXPECT_TRUE(has_note(r->notes, "end of the reply: bad"));
  EXPECT_TRUE(decode(answer(R"({"text":"a"})", R"(,"finishReason":"STOP","finishMessage":"ok")"))
                  ->notes.empty());
}

TEST(gemini_reader, a_blocked_prompt_is_an_error) {
  const std::string body = R"({"promptFeedback":{"blockReason":"MODEL_ARMOR",
    "blockReasonMessage":"filters"},"usageMetadata":{"trafficType":"ON_DEMAND"}})";
  const auto r = decode(body);
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, errc::content_filter);
  EXPECT_EQ(r.error().retry, retry_class::never);
  EXPECT_EQ(r.error().vendor_code, "MODEL_ARMOR");
  EXPECT_EQ(r.error().vendor_message, "filters");
  const auto s = stream({body});
  ASSERT_TRUE(s.failure);
  EXPECT_EQ(s.failure->code, errc::content_filter);
  EXPECT_TRUE(decode(answer(R"({"text":"a"})", R"(,"finishReason":"STOP")",
                            R"(,"promptFeedback":{"safetyRatings":[]})")));
}

TEST(gemini_reader, ids_of_calls_are_stable_and_every_vendor_takes_them) {
  const auto id = [](const std::string& reply_id, const std::string& name) {
    const auto r = decode(R"({"responseId":")" + reply_id +
                          R"(","candidates":[{"content":{"parts":[{"functionCall":{"name":")" +
                          name + R"("}}]}}]})");
    return r->tool_calls().at(0).id;
  };
  EXPECT_EQ(id("aB_-9", "f"), "arkcall-aB_-9-0");
  EXPECT_EQ(id("", "a.b:c"), "arkcall-a_b_c-0");
  EXPECT_LE(id(std::string(300, 'x'), "f").size(), 64u);
}

TEST(gemini_reader, arguments_in_pieces_are_refused_not_lost) {
  const auto r = decode(answer(
      R"({"functionCall":{"name":"f","partialArgs":[{"jsonPath":"$.a"}],"willContinue":true}})"));
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, errc::unsupported);
}

}  // namespace
}  // namespace ark::test::gemini
