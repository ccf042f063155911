#include "cohere_support.hpp"

namespace ark::test::cohere {
namespace {

TEST(cohere_reader, thinking_text_plan_and_calls) {
  const auto r = decode(whole(R"({"role":"assistant","content":[
      {"type":"thinking","thinking":"hm"},{"type":"text","text":"a"}],"tool_plan":"I will",
      "tool_calls":[{"id":"t1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}},
                    {"id":"t2","type":"function","function":{"name":"g","arguments":""}}]})",
                              R"(,"finish_reason":"TOOL_CALL")"));
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->message.parts,
            (std::vector<part>{
                reasoning_part{"hm", "", ""}, text_part{"a"}, reasoning_part{"I will", "", ""},
                tool_call_part{"t1", "f", R"({"a":1})"}, tool_call_part{"t2", "g", "{}"}}));
  EXPECT_EQ(r->finish, finish_reason::tool_calls);
  EXPECT_EQ(r->id, "r1");
}

TEST(cohere_reader, parts_of_the_same_kind_stay_apart) {
  const auto r =
      decode(whole(R"({"content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]})"));
  EXPECT_EQ(r->message.parts, (std::vector<part>{text_part{"a"}, text_part{"b"}}));
  EXPECT_EQ(decode(whole(R"({"content":"plain"})"))->text(), "plain");
  EXPECT_TRUE(decode(whole(R"({"content":null,"tool_plan":null,"tool_calls":null})"))
                  ->message.parts.empty());
}

TEST(cohere_reader, citations_count_characters_and_have_their_sources) {
  const auto r = decode(whole(
      R"({"content":[{"type":"text","text":"\u00e9 is Quack."}],"citations":[
        {"start":5,"end":10,"text":"Quack","sources":[
          {"type":"document","id":"d1","document":{"title":"t","url":"u","snippet":"s"}},
          {"type":"tool","id":"c:0","tool_output":{"x":1}}]},{"start":7,"end":99}]})",
      R"(,"logprobs":[{"text":"q","token_ids":[1],"logprobs":[-0.5]},
                      {"text":"rs","token_ids":[1,2],"logprobs":[-0.5,-0.25]}])"));
  ASSERT_TRUE(r);
  EXPECT_EQ(r->citations,
            (std::vector<citation>{
                {.url = "u", .title = "t", .text = "s", .start = 6, .end = 11, .document_id = "d1"},
                {.start = 6, .end = 11, .document_id = "c:0"},
                {}}));
  EXPECT_EQ(r->logprobs,
            (std::vector<token_logprob>{{.chosen = {.token = "q", .logprob = -0.5}},
                                        {.chosen = {.token = "rs", .logprob = -0.75}}}));
}

TEST(cohere_reader, what_is_not_kept_is_noted) {
  const auto r = decode(whole(R"({"content":[{"type":"video","url":"u"}]})"));
  ASSERT_TRUE(r);
  EXPECT_TRUE(has_note(r->notes, "kind that this version does not know"));
  EXPECT_TRUE(decode(whole(R"({"content":[],"citations":[]})"))->notes.empty());
}

TEST(cohere_reader, finish_reasons) {
  const auto finish = [](const std::string& word, const vendor& v = plain_row()) {
    const auto r = decode(whole(R"({"content":[]})", R"(,"finish_reason":")" + word + "\""), v);
    return r ? r->finish : finish_reason::paused;
  };
  EXPECT_EQ(finish("COMPLETE"), finish_reason::stop);
  EXPECT_EQ(finish("STOP_SEQUENCE"), finish_reason::stop);
  EXPECT_EQ(finish("MAX_TOKENS"), finish_reason::length);
  EXPECT_EQ(finish("TOOL_CALL"), finish_reason::tool_calls);
  EXPECT_EQ(finish("NEW_ONE"), finish_reason::other);
  const auto v = plain_row({quirk::finish_map{"NEW_ONE", finish_reason::content_filter},
                            quirk::finish_map{"ERROR", finish_reason::other}});
  EXPECT_EQ(finish("NEW_ONE", v), finish_reason::content_filter);
  EXPECT_EQ(finish("ERROR", v), finish_reason::other);
}

TEST(cohere_reader, a_call_without_a_name_is_an_error) {
  EXPECT_EQ(
      decode(whole(R"({"tool_calls":[{"id":"t","function":{"arguments":"{}"}}]})")).error().code,
      errc::protocol);
}

}  // namespace
}  // namespace ark::test::cohere
