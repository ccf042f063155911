#include "ollama_support.hpp"

namespace ark::test::ollama {
namespace {

std::string whole(const std::string& message, const std::string& more = "") {
  return R"({"model":"m1","created_at":"2025-01-01T00:00:00Z","message":)" + message +
         R"(,"done":true,"done_reason":"stop")" + more + "}";
}
reply read(const std::string& body, const vendor& v = plain_row()) {
  auto r = decode(body, v);
  EXPECT_TRUE(r) << r.error().message;
  return r ? *std::move(r) : reply{};
}

const std::string two_calls =
    R"({"content":"","tool_calls":[{"function":{"index":0,"name":"add","arguments":{"x":1.5}}},)"
    R"({"function":{"index":0,"name":"now","arguments":{}}}]})";

TEST(ollama_reader, calls_come_whole_and_the_word_stays_stop) {
  const reply r = read(whole(
      R"({"content":"","tool_calls":[{"id":"call_1","function":{"name":"f","arguments":{"b":1,"a":[]}}}]})"));
  EXPECT_EQ(r.tool_calls().at(0), (tool_call_part{"call_1", "f", R"({"b":1,"a":[]})"}));
  EXPECT_EQ(r.finish, finish_reason::tool_calls);
  EXPECT_EQ(r.vendor_finish_reason, "stop");
}

TEST(ollama_reader, calls_without_id_get_stable_ones) {
  const auto calls = read(whole(two_calls)).tool_calls();
  ASSERT_EQ(calls.size(), 2u);
  EXPECT_EQ(calls[0].name, "add");
  EXPECT_EQ(calls[0].arguments, R"({"x":1.5})");
  EXPECT_EQ(calls[1].arguments, "{}");
  EXPECT_TRUE(calls[0].id.starts_with("call_"));
  EXPECT_EQ(calls[0].id.size(), 21u);
  EXPECT_NE(calls[0].id, calls[1].id);
  EXPECT_EQ(read(whole(two_calls)).tool_calls(), calls);
  const auto s = stream(line(two_calls) + last_line());
  ASSERT_FALSE(s.failure);
  EXPECT_EQ(s.reply.tool_calls(), calls);
  EXPECT_EQ(s.reply.finish, finish_reason::tool_calls);
  expect_lawful(s);
}

TEST(ollama_reader, calls_in_lines_of_their_own_are_counted_on) {
  const std::string one =
      R"({"tool_calls":[{"function":{"index":0,"name":"f","arguments":{"n":1}}}]})";
  const auto s = stream(line(one) + line(one) + last_line());
  ASSERT_EQ(s.reply.tool_calls().size(), 2u);
  EXPECT_NE(s.reply.tool_calls()[0].id, s.reply.tool_calls()[1].id);
  expect_lawful(s);
}

TEST(ollama_reader, arguments_as_text_and_calls_without_name) {
  const reply r = read(
      whole(R"({"tool_calls":[{"function":{"name":"f","arguments":"{\"a\":1}"}},{"name":"g"}]})"));
  EXPECT_EQ(r.tool_calls().at(0).arguments, R"({"a":1})");
  EXPECT_EQ(r.tool_calls().at(1).name, "g");
  const auto bad = decode(whole(R"({"tool_calls":[{"function":{}},7]})"));
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().code, errc::protocol);
}

TEST(ollama_reader, finish_reasons) {
  const auto finish = [](const std::string& reason, const vendor& v = plain_row()) {
    return stream(line(R"({"content":"x"})") + last_line(reason), v).reply.finish;
  };
  EXPECT_EQ(finish("stop"), finish_reason::stop);
  EXPECT_EQ(finish("length"), finish_reason::length);
  for (const char* word : {"load", "unload", "new", ""})
    EXPECT_EQ(finish(word), finish_reason::other) << word;
  EXPECT_EQ(finish("new", plain_row({quirk::finish_map{"new", finish_reason::refusal}})),
            finish_reason::refusal);
  EXPECT_EQ(stream(line(two_calls) + last_line("length")).reply.finish, finish_reason::length);
}

TEST(ollama_reader, cached_tokens_are_part_of_the_prompt) {
  const std::string counted =
      R"("prompt_eval_count":10,"prompt_eval_cached_count":8,"eval_count":2)";
  const auto u = stream(last_line("stop", counted)).reply.usage;
  EXPECT_EQ(u.input, 2);
  EXPECT_EQ(u.cache_read, 8);
  EXPECT_EQ(u.input_total(), 10);
  const auto more =
      stream(last_line("stop", R"("prompt_eval_count":10,"prompt_eval_cached_count":80)"));
  EXPECT_EQ(more.reply.usage.input_total(), 10);
  EXPECT_TRUE(has_note(more.reply.notes, "more cached tokens"));
}

TEST(ollama_reader, a_prompt_that_was_not_counted_is_said) {
  const auto s = stream(last_line("stop", R"("eval_count":79)"));
  EXPECT_TRUE(s.reply.usage.reported);
  EXPECT_EQ(s.reply.usage.input, 0);
  EXPECT_EQ(s.reply.usage.output, 79);
  EXPECT_TRUE(has_note(s.reply.notes, "did not count the prompt"));
}

TEST(ollama_reader, usage_that_cannot_be_known) {
  EXPECT_FALSE(stream(last_line("stop", R"("total_duration":1)")).reply.usage.reported);
  const auto text = stream(last_line("stop", R"("prompt_eval_count":"many","eval_count":2)"));
  EXPECT_FALSE(text.reply.usage.reported);
  EXPECT_TRUE(has_note(text.reply.notes, "not a number"));
  const auto huge = stream(last_line("stop", R"("prompt_eval_count":9223372036854775807)"));
  EXPECT_GT(huge.reply.usage.input, 1'000'000'000'000);
  EXPECT_TRUE(has_note(huge.reply.notes, "cannot be"));
  const auto negative = stream(last_line("stop", R"("prompt_eval_count":-5,"eval_count":2)"));
  EXPECT_EQ(negative.reply.usage.input, -5);
  EXPECT_TRUE(has_note(negative.reply.notes, "cannot be"));
}

TEST(ollama_reader, log_probabilities) {
  const reply r = read(whole(R"({"content":"x"})", R"(,"logprobs":[{"token":"x","logprob":-1}])"));
  EXPECT_EQ(r.logprobs, (std::vector<token_logprob>{{.chosen = {.token = "x", .logprob = -1}}}));
}

TEST(ollama_reader, reasoning_between_tags_where_the_row_says_so) {
  const vendor v = plain_row({quirk::think_tags{"<think>", "</think>"}});
  const auto s = stream(
      line(R"({"content":"<thi"})") + line(R"({"content":"nk>a</think>\n\nb"})") + last_line(), v);
  EXPECT_EQ(s.reply.reasoning(), "a");
  EXPECT_EQ(s.reply.text(), "b");
  EXPECT_EQ(read(whole(R"({"content":"<think>a"})"), v).reasoning(), "a");
}

TEST(ollama_reader, the_older_interface_has_its_text_beside_the_counts) {
  vendor v = plain_row();
  v.name = "ollama-generate";
  const auto s =
      stream(R"({"model":"m1","created_at":"t","response":"","thinking":"hm","done":false})"
             "\n"
             R"({"model":"m1","created_at":"t","response":"a","done":false})"
             "\n"
             R"({"model":"m1","created_at":"t","response":"b","done":true,)"
             R"("done_reason":"length","context":[1,2],"prompt_eval_count":7,)"
             R"("eval_count":3})"
             "\n",
             v);
  ASSERT_FALSE(s.failure) << s.failure->message;
  expect_lawful(s);
  EXPECT_EQ(s.reply.reasoning(), "hm");
  EXPECT_EQ(s.reply.text(), "ab");
  EXPECT_EQ(s.reply.finish, finish_reason::length);
  EXPECT_EQ(s.reply.usage.input, 7);
  EXPECT_EQ(s.reply.usage.output, 3);
  const reply r = read(R"({"model":"m1","response":"x","thinking":"y","done":true,
      "done_reason":"stop","eval_count":3})");
  EXPECT_EQ(r.text(), "x");
  EXPECT_EQ(r.reasoning(), "y");
  EXPECT_TRUE(has_note(r.notes, "did not count the prompt"));
}

}  // namespace
}  // namespace ark::test::ollama
