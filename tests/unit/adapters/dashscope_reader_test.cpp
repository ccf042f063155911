#include "dashscope_support.hpp"

namespace ark::test::dashscope {
namespace {

TEST(dashscope_reader, a_whole_reply) {
  const auto r = decode(
      answer_of(R"({"role":"assistant","content":"Paris","reasoning_content":"hm"})", "stop"));
  ASSERT_TRUE(r) << r.error().message;
  const std::vector<part> expected = {reasoning_part{"hm", "", ""}, text_part{"Paris"}};
  EXPECT_EQ(r->message.parts, expected);
  EXPECT_EQ(r->finish, finish_reason::stop);
  EXPECT_EQ(r->vendor_finish_reason, "stop");
  EXPECT_EQ(r->id, "r1");
  EXPECT_EQ(r->request_id, "r1");
  EXPECT_EQ(r->usage.input, 13);
  EXPECT_TRUE(r->notes.empty());
}

TEST(dashscope_reader, a_stream_gives_the_same_reply) {
  const std::string whole =
      answer_of(R"({"role":"assistant","content":"Paris","reasoning_content":"hm"})", "stop");
  const auto s =
      stream(frame(answer_of(R"({"role":"assistant","content":"","reasoning_content":"hm"})")) +
             text("Pa") + text("ris") + text("", "stop"));
  ASSERT_FALSE(s.failure) << s.failure->message;
  expect_lawful(s);
  EXPECT_EQ(s.reply.message, decode(whole)->message);
  EXPECT_EQ(s.reply.usage, decode(whole)->usage);
  EXPECT_EQ(s.reply.finish, finish_reason::stop);
}

TEST(dashscope_reader, content_of_the_multimodal_endpoint_is_a_list) {
  const auto r = decode(answer_of(R"({"role":"assistant","content":[{"text":"a"},)"
                                  R"({"image":"https://h.example/x"},{"text":"b"}]})",
                                  "stop"));
  ASSERT_TRUE(r);
  EXPECT_EQ(r->text(), "ab");
  EXPECT_TRUE(has_note(r->notes, "no text"));
  const auto chunk = [](const char* list, const char* finish) {
    return frame(answer_of(std::string(R"({"role":"assistant","content":)") + list + "}", finish));
  };
  EXPECT_EQ(stream(chunk(R"([{"text":"a"}])", "null") + chunk(R"([{"text":"b"}])", "null") +
                   chunk("[]", "stop"))
                .reply.text(),
            "ab");
  EXPECT_EQ(stream(chunk(R"([{"text":"a"}])", "null") + chunk(R"([{"text":"ab"}])", "stop"),
                   cumulative_row())
                .reply.text(),
            "ab");
}

TEST(dashscope_reader, the_older_result_format) {
  const std::string chunk = R"({"output":{"text":"a","finish_reason":"null"},)"
                            R"("usage":{"input_tokens":1},"request_id":"q"})";
  const auto s = stream(frame(chunk) + frame(R"({"output":{"text":"b","finish_reason":"stop"}})"));
  ASSERT_FALSE(s.failure) << s.failure->message;
  EXPECT_EQ(s.reply.text(), "ab");
  EXPECT_EQ(s.reply.finish, finish_reason::stop);
}

TEST(dashscope_reader, the_words_of_the_end) {
  const auto finish = [](const char* word) {
    return decode(answer_of(R"({"content":"a"})", word))->finish;
  };
  EXPECT_EQ(finish("length"), finish_reason::length);
  EXPECT_EQ(finish("tool_calls"), finish_reason::tool_calls);
  EXPECT_EQ(finish("content_filter"), finish_reason::content_filter);
  EXPECT_EQ(finish("brand_new"), finish_reason::other);
  const vendor v = plain_row({quirk::finish_map{"brand_new", finish_reason::length}});
  EXPECT_EQ(decode(answer_of(R"({"content":"a"})", "brand_new"), v)->finish, finish_reason::length);
  EXPECT_TRUE(decode(answer_of(R"({"content":"a"})", "null"))->vendor_finish_reason.empty());
}

TEST(dashscope_reader, tool_calls_in_deltas) {
  const auto chunk = [](const std::string& calls, const char* finish = "null") {
    return frame(
        answer_of(R"({"role":"assistant","content":"","tool_calls":[)" + calls + "]}", finish));
  };
  const auto s = stream(
      chunk(R"({"index":0,"id":"c1","type":"function","function":{"name":"f","arguments":""}})") +
      chunk(R"({"index":0,"id":"","type":"function","function":{"arguments":"{\"a\""}})") +
      chunk(R"({"index":0,"function":{"name":"","arguments":":1}"}})") +
      chunk(R"({"index":1,"id":"c2","function":{"name":"g","arguments":"{}"}})") +
      chunk(R"({"index":1,"function":{"arguments":""}})", "stop"));
  ASSERT_FALSE(s.failure) << s.failure->message;
  expect_lawful(s);
  const std::vector<tool_call_part> expected = {{"c1", "f", R"({"a":1})"}, {"c2", "g", "{}"}};
  EXPECT_EQ(s.reply.tool_calls(), expected);
  EXPECT_EQ(s.reply.finish, finish_reason::tool_calls);
  EXPECT_EQ(s.reply.vendor_finish_reason, "stop");
}

TEST(dashscope_reader, tool_calls_without_index) {
  const std::string calls =
      R"([{"id":"c1","function":{"name":"f","arguments":{"a":1}}},)"
      R"({"id":"c2","function":{"name":"g","arguments":"{}"}},{"type":"function"}])";
  const std::vector<tool_call_part> expected = {{"c1", "f", R"({"a":1})"}, {"c2", "g", "{}"}};
  const auto r = decode(answer_of(R"({"content":"","tool_calls":)" + calls + "}", "tool_calls"));
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->tool_calls(), expected);
  const auto s =
      stream(frame(answer_of(R"({"tool_calls":)" + calls + "}")) +
             frame(answer_of(R"({"tool_calls":[{"function":{"arguments":" "}}]})", "tool_calls")));
  ASSERT_FALSE(s.failure) << s.failure->message;
  EXPECT_EQ(s.reply.tool_calls().size(), 2u);
  EXPECT_EQ(s.reply.tool_calls().at(1).arguments, "{} ");
}

TEST(dashscope_reader, another_id_under_the_same_index_is_another_call) {
  const auto s = stream(frame(
      answer_of(R"({"tool_calls":[{"index":0,"id":"c1","function":{"name":"f","arguments":"{}"}},)"
                R"({"index":0,"id":"c2","function":{"name":"g","arguments":"{}"}}]})",
                "tool_calls")));
  ASSERT_FALSE(s.failure);
  EXPECT_EQ(s.reply.tool_calls().size(), 2u);
}

TEST(dashscope_reader, arguments_of_a_call_that_has_not_begun_are_an_error) {
  const auto s = stream(
      frame(answer_of(R"({"tool_calls":[{"index":0,"function":{"arguments":"{}"}}]})", "stop")));
  ASSERT_TRUE(s.failure);
  EXPECT_EQ(s.failure->code, errc::protocol);
}

TEST(dashscope_reader, only_the_first_choice_is_read) {
  const auto r = decode(
      R"({"output":{"choices":[{"index":0,"finish_reason":"stop","message":{"content":"a"}},)"
      R"({"index":1,"finish_reason":"stop","message":{"content":"b"}}]},"request_id":"r"})");
  ASSERT_TRUE(r);
  EXPECT_EQ(r->text(), "a");
  EXPECT_TRUE(has_note(r->notes, "several choices"));
}

TEST(dashscope_reader, the_last_of_equal_members_counts) {
  EXPECT_EQ(decode(R"({"output":{"text":"a","text":"b","finish_reason":"stop"}})")->text(), "b");
}

}  // namespace
}  // namespace ark::test::dashscope
