#include "dashscope_support.hpp"

namespace ark::test::dashscope {
namespace {

std::vector<std::string> texts_of(const streamed& s, event_kind kind = event_kind::text) {
  std::vector<std::string> out;
  for (const event& e : s.events)
    if (e.kind == kind) out.push_back(e.text);
  return out;
}

TEST(dashscope_delta, deltas_are_taken_as_they_come) {
  const auto s = stream(text("ab") + text("ab") + text("abc", "stop"));
  ASSERT_FALSE(s.failure) << s.failure->message;
  EXPECT_EQ(s.reply.text(), "abababc");
  EXPECT_TRUE(s.reply.notes.empty());
}

TEST(dashscope_delta, of_cumulative_text_only_what_is_new_is_told) {
  const auto s = stream(text("I am") + text("I am") + text("I am Qwen") + text("I am Qwen", "stop"),
                        cumulative_row());
  ASSERT_FALSE(s.failure) << s.failure->message;
  expect_lawful(s);
  EXPECT_EQ(s.reply.text(), "I am Qwen");
  EXPECT_EQ(texts_of(s), (std::vector<std::string>{"I am", " Qwen"}));
  EXPECT_TRUE(s.reply.notes.empty());
}

TEST(dashscope_delta, an_empty_last_chunk_takes_nothing_back) {
  const auto s = stream(text("ab") + text("", "stop"), cumulative_row());
  EXPECT_EQ(s.reply.text(), "ab");
  EXPECT_TRUE(s.reply.notes.empty());
}

TEST(dashscope_delta, cumulative_reasoning) {
  const auto chunk = [](const char* thought, const char* words, const char* finish) {
    return frame(answer_of(std::string(R"({"role":"assistant","reasoning_content":")") + thought +
                               R"(","content":")" + words + "\"}",
                           finish));
  };
  const auto s = stream(chunk("h", "", "null") + chunk("hm", "", "null") +
                            chunk("hm", "y", "null") + chunk("hm", "yes", "stop"),
                        cumulative_row());
  EXPECT_EQ(s.reply.reasoning(), "hm");
  EXPECT_EQ(s.reply.text(), "yes");
  EXPECT_EQ(texts_of(s, event_kind::reasoning), (std::vector<std::string>{"h", "m"}));
}

TEST(dashscope_delta, cumulative_tool_call_arguments) {
  const auto chunk = [](const char* calls, const char* finish) {
    return frame(answer_of(
        std::string(R"({"role":"assistant","content":"","tool_calls":)") + calls + "}", finish));
  };
  const std::string bytes =
      chunk(R"([{"id":"c1","type":"function","function":{"name":"f","arguments":""}}])", "null") +
      chunk(R"([{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\":"}}])",
            "null") +
      chunk(R"([{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\": 1}"}},)"
            R"({"id":"c2","type":"function","function":{"name":"g","arguments":"{}"}}])",
            "tool_calls");
  const auto s = stream(bytes, cumulative_row());
  ASSERT_FALSE(s.failure) << s.failure->message;
  expect_lawful(s);
  const std::vector<tool_call_part> expected = {{"c1", "f", R"({"a": 1})"}, {"c2", "g", "{}"}};
  EXPECT_EQ(s.reply.tool_calls(), expected);
  EXPECT_EQ(s.reply.finish, finish_reason::tool_calls);
}

TEST(dashscope_delta, a_cumulative_stream_that_rewrites_is_noted) {
  const auto s = stream(text("the cat") + text("the dog sat", "stop"), cumulative_row());
  ASSERT_FALSE(s.failure);
  expect_lawful(s);
  EXPECT_EQ(s.reply.text(), "the cat sat");
  EXPECT_TRUE(has_note(s.reply.notes, "rewrote text"));
  const auto shorter = stream(text("abc") + text("ab") + text("abcd", "stop"), cumulative_row());
  EXPECT_EQ(shorter.reply.text(), "abcd");
  EXPECT_TRUE(has_note(shorter.reply.notes, "rewrote text"));
}

TEST(dashscope_delta, a_rewriting_never_cuts_a_character) {
  const auto s = stream(text("ab") + text("\xE4\xBD\xA0\xE5\xA5\xBD", "stop"), cumulative_row());
  EXPECT_EQ(s.reply.text(), "ab\xE5\xA5\xBD");
}

TEST(dashscope_delta, a_whole_reply_of_a_cumulative_row_is_read_as_it_is) {
  const auto r =
      decode(answer_of(R"({"role":"assistant","content":"hi"})", "stop"), cumulative_row());
  ASSERT_TRUE(r);
  EXPECT_EQ(r->text(), "hi");
}

}  // namespace
}  // namespace ark::test::dashscope
