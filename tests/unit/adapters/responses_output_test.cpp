#include "responses_support.hpp"

namespace ark::test::responses {
namespace {

const std::string thought =
    R"({"id":"rs1","type":"reasoning","summary":[{"type":"summary_text","text":"hm"}],)"
    R"("encrypted_content":"gAAA=="})";
const std::string called =
    R"({"id":"fc1","type":"function_call","status":"completed","call_id":"t1","name":"f",)"
    R"("arguments":"{\"a\":1}"})";

TEST(responses_output, items_of_a_whole_reply_in_their_order) {
  const auto r = decode(response(thought + "," + saying("hi") + "," + called));
  ASSERT_TRUE(r) << r.error().message;
  ASSERT_EQ(r->message.parts.size(), 3u);
  EXPECT_EQ(std::get<reasoning_part>(r->message.parts[0]).text, "hm");
  EXPECT_EQ(std::get<reasoning_part>(r->message.parts[0]).opaque, thought);
  EXPECT_EQ(std::get<text_part>(r->message.parts[1]).text, "hi");
  EXPECT_EQ(std::get<tool_call_part>(r->message.parts[2]),
            (tool_call_part{"t1", "f", R"({"a":1})"}));
  EXPECT_EQ(r->finish, finish_reason::tool_calls);
}

TEST(responses_output, a_stream_gives_the_same_reply_as_a_whole) {
  const std::string items = thought + "," + saying("hi") + "," + called;
  const auto s = stream(
      {frame("created", "\"response\":" + response("", R"(,"status":"in_progress")")),
       added(0, R"({"id":"rs1","type":"reasoning","summary":[]})"),
       delta("reasoning_summary_text", 0, "h"), delta("reasoning_summary_text", 0, "m"),
       frame("reasoning_summary_text.done", R"("output_index":0,"summary_index":0,"text":"hm")"),
       done(0, thought), added(1, R"({"type":"message","role":"assistant","content":[]})"),
       delta("output_text", 1, "h"), delta("output_text", 1, "i"),
       frame("output_text.done", R"("output_index":1,"content_index":0,"text":"hi")"),
       done(1, saying("hi")),
       added(2, R"({"type":"function_call","call_id":"t1","name":"f","arguments":""})"),
       delta("function_call_arguments", 2, R"({\"a\")"), delta("function_call_arguments", 2, ":1}"),
       frame("function_call_arguments.done", R"("output_index":2,"arguments":"{\"a\":1}")"),
       done(2, called), ended(items), "[DONE]"});
  ASSERT_FALSE(s.failure) << s.failure->message;
  expect_lawful(s);
  EXPECT_EQ(s.reply.message, decode(response(items))->message);
}

TEST(responses_output, the_last_frame_alone_gives_the_reply) {
  const std::string items = thought + "," + saying("hi") + "," + called;
  const auto s = stream({ended(items)});
  ASSERT_FALSE(s.failure) << s.failure->message;
  expect_lawful(s);
  EXPECT_EQ(s.reply.message, decode(response(items))->message);
  // Items that were begun and not ended are ended by it.
  const auto begun =
      stream({added(0, R"({"type":"message","content":[]})"), delta("output_text", 0, "h"),
              delta("output_text", 0, "i"), ended(saying("hi") + "," + called)});
  EXPECT_EQ(begun.reply.text(), "hi");
  EXPECT_EQ(begun.reply.tool_calls().size(), 1u);
  expect_lawful(begun);
}

TEST(responses_output, items_that_end_without_a_beginning) {
  const auto s = stream({done(0, saying("hi")), done(1, called), ended()});
  ASSERT_FALSE(s.failure) << s.failure->message;
  EXPECT_EQ(s.reply.text(), "hi");
  ASSERT_EQ(s.reply.tool_calls().size(), 1u);
  EXPECT_EQ(s.reply.tool_calls()[0].arguments, R"({"a":1})");
  const auto late = stream({delta("output_text", 0, "hi"),
                            delta("function_call_arguments", 1, "{}"), done(1, called), ended()});
  EXPECT_EQ(late.reply.text(), "hi");
  EXPECT_EQ(late.reply.tool_calls()[0].arguments, R"({"a":1})");
  expect_lawful(late);
}

TEST(responses_output, a_counter_of_texts_that_begins_at_1) {
  const auto s =
      stream({added(0, R"({"type":"message","content":[]})"), delta("output_text", 0, "hi", 1),
              done(0, saying("hi")), ended(saying("hi"))});
  EXPECT_EQ(s.reply.text(), "hi");
  const std::string two = R"({"type":"message","content":[{"type":"output_text","text":"a"},)"
                          R"({"type":"output_text","text":"b"}]})";
  EXPECT_EQ(stream({delta("output_text", 0, "a", 0), ended(two)}).reply.text(), "ab");
}

TEST(responses_output, one_index_for_every_item) {
  const auto s = stream({done(0, saying("a")), added(0, saying("")), delta("output_text", 0, "b"),
                         done(0, saying("b")), ended(saying("a") + "," + saying("b"))});
  EXPECT_EQ(s.reply.text(), "ab");
}

TEST(responses_output, what_the_library_has_no_part_for_is_kept) {
  const std::string search =
      R"({"id":"ws1","type":"web_search_call","status":"completed","action":{"type":"search"}})";
  const auto s = stream({added(0, R"({"id":"ws1","type":"web_search_call"})"),
                         frame("web_search_call.searching", R"("output_index":0)"), done(0, search),
                         done(1, saying("hi")), ended()});
  ASSERT_FALSE(s.failure);
  ASSERT_EQ(s.reply.message.parts.size(), 2u);
  EXPECT_EQ(std::get<reasoning_part>(s.reply.message.parts[0]).opaque, search);
  ASSERT_GE(s.events.size(), 2u);
  EXPECT_EQ(s.events[0].kind, event_kind::unknown);
  EXPECT_EQ(s.events[0].name, "web_search_call");
  EXPECT_EQ(s.events[1].name, "response.web_search_call.searching");
  EXPECT_EQ(s.reply.finish, finish_reason::stop);
  EXPECT_EQ(decode(response(search + "," + saying("hi")))->message, s.reply.message);
}

TEST(responses_output, a_custom_call_is_the_callers_unless_it_is_answered) {
  const std::string custom =
      R"({"id":"c1","type":"custom_tool_call","call_id":"t1","name":"math","input":"4 + \"4\""})";
  const auto mine = decode(response(custom));
  ASSERT_EQ(mine->tool_calls().size(), 1u);
  EXPECT_EQ(mine->tool_calls()[0], (tool_call_part{"t1", "math", R"({"input":"4 + \"4\""})"}));
  EXPECT_EQ(mine->finish, finish_reason::tool_calls);
  // The vendor's own, which the message after it answers (recorded).
  const auto s = stream({added(0, R"({"type":"custom_tool_call","call_id":"t1","name":"math"})"),
                         frame("custom_tool_call_input.delta", R"("output_index":0,"delta":"4")"),
                         done(0, custom), added(1, saying("")), delta("output_text", 1, "8"),
                         done(1, saying("8")), ended(custom + "," + saying("8"))});
  EXPECT_TRUE(s.reply.tool_calls().empty());
  EXPECT_EQ(s.reply.finish, finish_reason::stop);
  EXPECT_EQ(std::get<reasoning_part>(s.reply.message.parts[0]).opaque, custom);
  EXPECT_EQ(s.reply.text(), "8");
  expect_lawful(s);
}

TEST(responses_output, reasoning_that_cannot_go_back_is_no_part) {
  const auto r = decode(response(R"({"id":"rs1","type":"reasoning","summary":[]},)" + saying("a")));
  EXPECT_EQ(r->message.parts.size(), 1u);
  const std::string plain = R"({"id":"rs1","type":"reasoning","summary":[],)"
                            R"("content":[{"type":"reasoning_text","text":"hm"}]})";
  const auto shown = stream({added(0, R"({"type":"reasoning"})"), delta("reasoning_text", 0, "hm"),
                             done(0, plain), ended(plain)});
  EXPECT_EQ(shown.reply.reasoning(), "hm");
  EXPECT_EQ(std::get<reasoning_part>(shown.reply.message.parts[0]).opaque, plain);
}

TEST(responses_output, refusals_citations_comments_and_odd_content) {
  const std::string refused = R"({"type":"message","content":[{"type":"refusal","refusal":"no"}]})";
  const auto s = stream({added(0, R"({"type":"message","content":[]})"), delta("refusal", 0, "no"),
                         frame("refusal.done", R"("output_index":0,"refusal":"no")"),
                         done(0, refused), ended(refused)});
  ASSERT_EQ(s.reply.message.parts.size(), 1u);
  EXPECT_EQ(std::get<refusal_part>(s.reply.message.parts[0]).text, "no");
  EXPECT_EQ(s.reply.finish, finish_reason::refusal);
  const auto odd = decode(response(
      saying("a", R"(,"phase":"commentary")") + "," +
      R"({"type":"message","content":[{"type":"output_text","text":"b","annotations":[{"type":"url_citation","url":"u",)"
      R"("title":"t","start_index":0,"end_index":1}],"logprobs":[{"token":"b","logprob":-1,)"
      R"("bytes":[98],"top_logprobs":[{"token":"c","logprob":-2}]}]},)"
      R"({"type":"output_smell"}]},{"type":"message","content":"c"})"));
  EXPECT_EQ(odd->text(), "abc");
  EXPECT_EQ(odd->citations,
            (std::vector<citation>{{.url = "u", .title = "t", .start = 1, .end = 2}}));
  EXPECT_EQ(odd->logprobs,
            (std::vector<token_logprob>{{.chosen = {.token = "b", .logprob = -1, .bytes = "b"},
                                         .top = {{.token = "c", .logprob = -2}}}}));
  EXPECT_TRUE(has_note(odd->notes, "commented"));
  EXPECT_TRUE(has_note(odd->notes, "output_smell"));
}

TEST(responses_output, more_items_than_anyone_makes) {
  std::string items = "{}";
  for (int i = 0; i < 4200; ++i) items += ",{}";
  const auto r = decode(response(items));
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, errc::too_large);
}

}  // namespace
}  // namespace ark::test::responses
