#include "openai_support.hpp"

namespace ark::test::openai {
namespace {

TEST(openai_reader, a_whole_reply) {
  const auto r = decode(whole(R"({"role":"assistant","content":"hi","reasoning_content":"hm",
      "tool_calls":[{"id":"t1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}},
                    {"id":"t2","type":"function","function":{"name":"g","arguments":""}}]})",
                              R"(,"finish_reason":"tool_calls")",
                              R"(,"usage":{"prompt_tokens":3,"completion_tokens":2})"),
                        plain_row(), {{"x-request-id", "r1"}});
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->text(), "hi");
  EXPECT_EQ(r->reasoning(), "hm");
  ASSERT_EQ(r->tool_calls().size(), 2u);
  EXPECT_EQ(r->tool_calls()[0], (tool_call_part{"t1", "f", R"({"a":1})"}));
  EXPECT_EQ(r->tool_calls()[1].arguments, "{}");
  EXPECT_EQ(r->finish, finish_reason::tool_calls);
  EXPECT_EQ(r->id, "c1");
  EXPECT_EQ(r->model, "m1");
  EXPECT_EQ(r->request_id, "r1");
  EXPECT_EQ(r->usage.input, 3);
  EXPECT_TRUE(std::holds_alternative<reasoning_part>(r->message.parts[0]));
}

TEST(openai_reader, a_stream_gives_the_same_reply_as_a_whole) {
  const auto s = stream(
      {chunk(R"({"role":"assistant","content":""})"), chunk(R"({"reasoning_content":"h"})"),
       chunk(R"({"reasoning_content":"m"})"), chunk(R"({"content":"h"})"),
       chunk(R"({"content":"i"})"),
       chunk(R"({"tool_calls":[{"index":0,"id":"t1","function":{"name":"f","arguments":""}}]})"),
       chunk(R"({"tool_calls":[{"index":0,"function":{"arguments":"{\"a\""}}]})"),
       chunk(R"({"tool_calls":[{"index":0,"function":{"arguments":":1}"}}]})"),
       chunk(R"({"tool_calls":[{"index":1,"id":"t2","function":{"name":"g","arguments":"{}"}}]})"),
       chunk("{}", R"(,"finish_reason":"tool_calls")"),
       R"({"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2}})", "[DONE]"});
  const auto w = decode(whole(R"({"content":"hi","reasoning_content":"hm","tool_calls":[
      {"id":"t1","function":{"name":"f","arguments":"{\"a\":1}"}},
      {"id":"t2","function":{"name":"g","arguments":"{}"}}]})",
                              R"(,"finish_reason":"tool_calls")",
                              R"(,"usage":{"prompt_tokens":3,"completion_tokens":2})"));
  ASSERT_FALSE(s.failure);
  EXPECT_EQ(s.reply.message, w->message);
  EXPECT_EQ(s.reply.usage, w->usage);
  EXPECT_EQ(s.reply.finish, w->finish);
  EXPECT_EQ(s.events.back().kind, event_kind::done);
  EXPECT_EQ(std::count_if(s.events.begin(), s.events.end(),
                          [](const event& e) { return e.kind == event_kind::done; }),
            1);
}

TEST(openai_reader, reasoning_comes_first_and_once) {
  const auto both = decode(whole(R"({"content":"a","reasoning":"x","reasoning_content":"x"})"));
  EXPECT_EQ(both->reasoning(), "x");
  EXPECT_TRUE(std::holds_alternative<reasoning_part>(both->message.parts[0]));
  const auto named = decode(whole(R"({"content":"a","thoughts":"y","reasoning":"x"})"),
                            plain_row({quirk::reasoning_field{{"thoughts"}}}));
  EXPECT_EQ(named->reasoning(), "y");
}

TEST(openai_reader, content_in_parts_and_as_json) {
  const auto parts = decode(whole(R"({"content":[
      {"type":"thinking","thinking":[{"type":"text","text":"hm"}]},
      {"type":"text","text":"a"},{"type":"text","text":"b"},{"type":"reference","ids":[1]}]})"));
  EXPECT_EQ(parts->text(), "ab");
  EXPECT_EQ(parts->reasoning(), "hm");
  EXPECT_EQ(decode(whole(R"({"content":{"a":1}})"))->text(), R"({"a":1})");
}

TEST(openai_reader, the_first_form_of_calls) {
  const auto w = decode(whole(R"({"content":null,"function_call":{"name":"f","arguments":"{}"}})",
                              R"(,"finish_reason":"function_call")"));
  ASSERT_EQ(w->tool_calls().size(), 1u);
  EXPECT_EQ(w->finish, finish_reason::tool_calls);
  EXPECT_EQ(w->vendor_finish_reason, "function_call");
  const auto s = stream({chunk(R"({"function_call":{"name":"f","arguments":""}})"),
                         chunk(R"({"function_call":{"arguments":"{\"a\""}})"),
                         chunk(R"({"function_call":{"arguments":":2}"}})"), "[DONE]"});
  EXPECT_EQ(s.reply.tool_calls().at(0).arguments, R"({"a":2})");
  const auto none = decode(whole(R"({"content":"x","function_call":{"name":"","arguments":""}})"));
  EXPECT_TRUE(none->tool_calls().empty());
}

TEST(openai_reader, calls_without_index_and_with_a_used_one) {
  const auto bare =
      stream({chunk(R"({"tool_calls":[{"id":"a","function":{"name":"f","arguments":"{}"}},
                                       {"id":"b","function":{"name":"g","arguments":"[]"}}]})"),
              "[DONE]"});
  ASSERT_EQ(bare.reply.tool_calls().size(), 2u);
  EXPECT_EQ(bare.reply.tool_calls()[1].arguments, "[]");
  const auto same = stream(
      {chunk(R"({"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}}]})"),
       chunk(R"({"tool_calls":[{"index":0,"id":"b","function":{"name":"g","arguments":"{}"}}]})"),
       "[DONE]"});
  EXPECT_EQ(same.reply.tool_calls().size(), 2u);
  const auto repeated = stream(
      {chunk(R"({"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{"}}]})"),
       chunk(R"({"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"}"}}]})"),
       "[DONE]"});
  ASSERT_EQ(repeated.reply.tool_calls().size(), 1u);
  EXPECT_EQ(repeated.reply.tool_calls()[0].arguments, "{}");
}

TEST(openai_reader, finish_reasons) {
  const auto finish = [](const char* word, const vendor& v) {
    return decode(whole(R"({"content":"x"})", std::string(R"(,"finish_reason":")") + word + '"'), v)
        ->finish;
  };
  EXPECT_EQ(finish("stop", plain_row()), finish_reason::stop);
  EXPECT_EQ(finish("length", plain_row()), finish_reason::length);
  EXPECT_EQ(finish("content_filter", plain_row()), finish_reason::content_filter);
  EXPECT_EQ(finish("odd", plain_row()), finish_reason::other);
  EXPECT_EQ(finish("odd", plain_row({quirk::finish_map{"odd", finish_reason::length}})),
            finish_reason::length);
  const auto declined =
      decode(whole(R"({"content":null,"refusal":"no"})", R"(,"finish_reason":"stop")"));
  EXPECT_EQ(declined->finish, finish_reason::refusal);
  EXPECT_EQ(std::get<refusal_part>(declined->message.parts.at(0)).text, "no");
  const auto called = decode(whole(R"({"tool_calls":[{"id":"a","function":{"name":"f"}}]})",
                                   R"(,"finish_reason":"stop")"));
  EXPECT_EQ(called->finish, finish_reason::tool_calls);
  EXPECT_EQ(decode(whole(R"({"content":"x"})", R"(,"finish_reason":"error")")).error().code,
            errc::server);
}

TEST(openai_reader, only_the_first_choice_and_a_note) {
  const auto w = decode(R"({"choices":[{"index":1,"message":{"content":"b"}},
                                       {"index":0,"message":{"content":"a"}}]})");
  EXPECT_EQ(w->text(), "a");
  EXPECT_TRUE(has_note(w->notes, "several choices"));
}

TEST(openai_reader, delta_and_message_in_one_choice) {
  const std::string both =
      R"({"choices":[{"index":0,"delta":{"content":"b"},"message":{"content":"ab"}}]})";
  EXPECT_EQ(stream({chunk(R"({"content":"a"})"), both, "[DONE]"}).reply.text(), "ab");
  EXPECT_EQ(decode(both)->text(), "ab");
}

TEST(openai_reader, think_tags) {
  const vendor v = plain_row({quirk::think_tags{"<think>", "</think>"}});
  const auto w = decode(whole(R"({"content":"<think>hm</think>\n\nyes"})"), v);
  EXPECT_EQ(w->reasoning(), "hm");
  EXPECT_EQ(w->text(), "yes");
  const auto s = stream({chunk(R"({"content":"<thi"})"), chunk(R"({"content":"nk>hm</think"})"),
                         chunk(R"({"content":">yes"})"), "[DONE]"},
                        v);
  EXPECT_EQ(s.reply.message, w->message);
}

// P03
TEST(openai_reader, the_last_of_two_equal_members_counts) {
  EXPECT_EQ(decode(whole(R"({"content":"a","content":"b"})"))->text(), "b");
}

TEST(openai_reader, the_text_of_a_completion_instead_of_a_message) {
  const auto r = decode(R"({"choices":[{"index":0,"text":"a","finish_reason":"stop"}]})");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->text(), "a");
  EXPECT_EQ(decode(whole(R"({"content":"b"})", R"(,"text":null)"))->text(), "b");
  // A chat's chunk with reasoning, and an empty text beside it.
  const auto s = stream({chunk(R"({"reasoning":"r"})", R"(,"text":"")"),
                         chunk(R"({"content":"c"})", R"(,"text":"c","finish_reason":"stop")")});
  EXPECT_EQ(s.reply.reasoning(), "r");
  EXPECT_EQ(s.reply.text(), "c");
}

}  // namespace
}  // namespace ark::test::openai
