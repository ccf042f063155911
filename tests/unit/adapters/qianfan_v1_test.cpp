#include "qianfan_support.hpp"

namespace ark::test::qianfan {
namespace {

std::string frame(const std::string& text, const std::string& more = "") {
  return R"({"id":"as-1","object":"chat.completion","sentence_id":0,"is_end":false,"result":")" +
         text + '"' + more + "}";
}
std::string last(const std::string& text, const std::string& more = "") {
  return R"({"id":"as-1","object":"chat.completion","sentence_id":1,"is_end":true,"result":")" +
         text + '"' + more + "}";
}
constexpr const char* usage_json =
    R"(,"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5})";

TEST(qianfan_v1, a_whole_answer) {
  const auto r = decode(R"({"id":"as-1","object":"chat.completion","created":1,"result":"hi",
      "is_truncated":false,"need_clear_history":false,"finish_reason":"normal")" +
                        std::string(usage_json) + "}");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->id, "as-1");
  EXPECT_EQ(r->text(), "hi");
  EXPECT_EQ(r->finish, finish_reason::stop);
  EXPECT_EQ(r->usage.input, 3);
  EXPECT_EQ(r->usage.output, 2);
  EXPECT_TRUE(r->notes.empty());
}

TEST(qianfan_v1, without_usage_nothing_is_reported) {
  EXPECT_FALSE(decode(R"({"result":"hi"})")->usage.reported);
}

TEST(qianfan_v1, tokens_of_plugins_stand_beside_the_others_and_it_is_noted) {
  const auto r = decode(R"({"result":"x","usage":{"prompt_tokens":3,"completion_tokens":2,
      "total_tokens":15,"plugins":[{"name":"chatFile","total_tokens":10}]}})");
  EXPECT_EQ(r->usage.input, 3);
  EXPECT_EQ(r->usage.output, 2);
  EXPECT_TRUE(has_note(r->notes, "15")) << "the total is another";
}

TEST(qianfan_v1, finish_reasons) {
  const auto finish = [](const std::string& more) {
    return decode(R"({"result":"x")" + more + "}")->finish;
  };
  EXPECT_EQ(finish(""), finish_reason::stop);
  EXPECT_EQ(finish(R"(,"is_truncated":true)"), finish_reason::length);
  EXPECT_EQ(finish(R"(,"is_truncated":true,"finish_reason":"normal")"), finish_reason::length);
  EXPECT_EQ(finish(R"(,"finish_reason":"stop")"), finish_reason::stop);
  EXPECT_EQ(finish(R"(,"finish_reason":"length")"), finish_reason::length);
  EXPECT_EQ(finish(R"(,"finish_reason":"content_filter")"), finish_reason::content_filter);
  EXPECT_EQ(finish(R"(,"finish_reason":"new_word")"), finish_reason::other);
}

TEST(qianfan_v1, a_risk_is_noted) {
  EXPECT_TRUE(has_note(decode(R"({"result":"x","need_clear_history":true,"ban_round":2})")->notes,
                       "in turn 2 (need_clear_history)"));
  EXPECT_TRUE(has_note(decode(R"({"result":"x","need_clear_history":true,"ban_round":-1})")->notes,
                       "what the user said (need_clear_history)"));
  EXPECT_TRUE(decode(R"({"result":"x","need_clear_history":false,"ban_round":0})")->notes.empty());
}

TEST(qianfan_v1, a_function_call) {
  const auto r = decode(R"({"id":"as-1","result":"","finish_reason":"function_call",
      "function_call":{"name":"f","thoughts":"look","arguments":"{\"a\":1}"}})");
  ASSERT_TRUE(r) << r.error().message;
  ASSERT_EQ(r->message.tool_calls().size(), 1U);
  EXPECT_EQ(r->message.tool_calls()[0].name, "f");
  EXPECT_EQ(r->message.tool_calls()[0].arguments, R"({"a":1})");
  EXPECT_EQ(r->message.reasoning(), "look");
  EXPECT_EQ(r->finish, finish_reason::tool_calls);
  EXPECT_EQ(decode(R"({"result":"","function_call":{"name":"f","arguments":"{}"}})")->finish,
            finish_reason::tool_calls);
}

TEST(qianfan_v1, what_was_searched_is_cited) {
  const auto r = decode(R"({"result":"x[1]","search_info":{"is_beset":0,"search_results":[
      {"index":1,"url":"https://a.test/","title":"A"}]}})");
  ASSERT_EQ(r->citations.size(), 1U);
  EXPECT_EQ(r->citations[0].url, "https://a.test/");
  EXPECT_EQ(r->citations[0].title, "A");
}

TEST(qianfan_v1, a_stream_ends_with_is_end) {
  const auto s = stream({frame("a"), frame("b"), last("c", usage_json)});
  EXPECT_FALSE(s.failure) << s.failure->message;
  EXPECT_EQ(s.reply.text(), "abc");
  EXPECT_EQ(s.reply.finish, finish_reason::stop);
  EXPECT_EQ(s.reply.usage.output, 2);
  expect_lawful(s);
}

TEST(qianfan_v1, a_stream_without_its_end_is_cut) {
  const auto s = stream({frame("a"), frame("b")});
  ASSERT_TRUE(s.failure);
  EXPECT_EQ(s.failure->code, errc::truncated);
  EXPECT_EQ(s.reply.text(), "ab");
}

TEST(qianfan_v1, the_last_usage_counts_and_a_cut_answer_is_said) {
  const auto s = stream({frame("a", R"(,"usage":{"prompt_tokens":3,"completion_tokens":0,)"
                                    R"("total_tokens":3})"),
                         last("b", R"(,"is_truncated":true)" + std::string(usage_json))});
  EXPECT_EQ(s.reply.usage.input, 3);
  EXPECT_EQ(s.reply.usage.output, 2);
  EXPECT_EQ(s.reply.finish, finish_reason::length);
}

TEST(qianfan_v1, a_streamed_function_call) {
  const auto s = stream({frame(""), last("", R"(,"finish_reason":"function_call","function_call":)"
                                             R"({"name":"f","arguments":"{}"})")});
  EXPECT_FALSE(s.failure);
  EXPECT_EQ(s.reply.message.tool_calls().at(0).name, "f");
  expect_lawful(s);
}

TEST(qianfan_v1, an_error_in_a_stream) {
  const auto s = stream({frame("a"), R"({"error_code":336100,"error_msg":"busy","id":"as-1"})"});
  ASSERT_TRUE(s.failure);
  EXPECT_EQ(s.failure->code, errc::overloaded);
  EXPECT_NE(s.failure->retry, retry_class::safe);
  EXPECT_EQ(s.failure->http_status, 200);
  const auto plain = stream_bytes(adapters::qianfan_v1(), own_row(),
                                  R"({"error_code":110,"error_msg":"invalid"})");
  ASSERT_TRUE(plain.failure);
  EXPECT_EQ(plain.failure->code, errc::auth) << "without data: in front";
}

TEST(qianfan_v1, unknown_and_corrupt_frames) {
  const auto s = stream({frame("a"), R"({"id":"as-1","plugin":1})", last("b")});
  EXPECT_FALSE(s.failure);
  EXPECT_EQ(s.reply.text(), "ab");
  EXPECT_EQ(stream({frame("a"), "no json"}).failure->code, errc::protocol);
}

}  // namespace
}  // namespace ark::test::qianfan
