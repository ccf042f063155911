#include "anthropic_support.hpp"

#include <boost/json.hpp>

namespace ark::test::anthropic {
namespace {

TEST(anthropic_blocks, thinking_text_and_parallel_tools_in_order) {
  const auto r = decode(whole(
      R"({"type":"thinking","thinking":"hm","signature":"s=="},
         {"type":"redacted_thinking","data":"zz"},
         {"type":"text","text":"ok"},
         {"type":"tool_use","id":"t1","name":"f","input":{"a":[1,2]}},
         {"type":"tool_use","id":"t2","name":"g","input":{}})",
      R"(,"stop_reason":"tool_use")"));
  ASSERT_TRUE(r);
  const std::vector<part> expected = {
      reasoning_part{"hm", "s==", ""},
      reasoning_part{"", "", R"({"type":"redacted_thinking","data":"zz"})"}, text_part{"ok"},
      tool_call_part{"t1", "f", R"({"a":[1,2]})"}, tool_call_part{"t2", "g", "{}"}};
  EXPECT_EQ(r->message.parts, expected);
  EXPECT_EQ(r->finish, finish_reason::tool_calls);
}

TEST(anthropic_blocks, unknown_blocks_are_kept_and_can_be_sent_back) {
  const std::string block =
      R"({"type":"server_tool_use","id":"srv1","name":"web_search","input":{"query":"q"}})";
  const std::string found =
      R"({"type":"web_search_tool_result","tool_use_id":"srv1","content":[{"url":"u"}]})";
  const auto r = decode(whole(block + "," + found + R"(,{"type":"text","text":"x"})",
                              R"(,"stop_reason":"pause_turn")"));
  ASSERT_TRUE(r);
  EXPECT_EQ(r->finish, finish_reason::paused);
  EXPECT_EQ(r->text(), "x");
  EXPECT_TRUE(r->tool_calls().empty());
  const auto sent = test::body_of(encode({.messages = {user("u"), r->message}}));
  EXPECT_EQ(sent.at_pointer("/messages/1/content/0"), boost::json::parse(block));
  EXPECT_EQ(sent.at_pointer("/messages/1/content/1"), boost::json::parse(found));
}

const char* const in_document =
    R"({"type":"char_location","cited_text":"w","document_index":1,"document_title":"t",)"
    R"("start_char_index":0,"end_char_index":1,"file_id":"f1"})";
const char* const on_the_web =
    R"({"type":"web_search_result_location","cited_text":"w","url":"u","title":"t"})";

std::vector<citation> cited() {
  return {
      {.title = "t", .text = "w", .start = 3, .end = 5, .document_index = 1, .document_id = "f1"},
      {.url = "u", .title = "t", .text = "w", .start = 3, .end = 5}};
}

TEST(anthropic_blocks, citations_stand_behind_the_text_of_their_block) {
  const auto r =
      decode(whole(R"({"type":"text","text":"abc"},{"type":"text","text":"de","citations":[)" +
                   std::string(in_document) + "," + on_the_web +
                   R"(]},{"type":"text","text":"b","citations":null})"));
  ASSERT_TRUE(r);
  EXPECT_EQ(r->citations, cited());
  EXPECT_TRUE(r->notes.empty());
}

TEST(anthropic_blocks, streamed_citations_are_the_same) {
  const auto cite = [](const char* one) {
    return delta(1, R"({"type":"citations_delta","citation":)" + std::string(one) + "}");
  };
  const auto s = stream({message_start, begin(0, R"({"type":"text","text":""})"),
                         delta(0, R"({"type":"text_delta","text":"abc"})"), end(0),
                         begin(1, R"({"type":"text","text":"","citations":[]})"), cite(in_document),
                         delta(1, R"({"type":"text_delta","text":"de"})"), cite(on_the_web), end(1),
                         stop("end_turn"), message_stop});
  ASSERT_FALSE(s.failure);
  EXPECT_EQ(s.reply.citations, cited());
}

TEST(anthropic_blocks, server_tools_are_kept_whole_and_said_as_unknown) {
  const auto s =
      stream({message_start,
              begin(0, R"({"type":"server_tool_use","id":"s","name":"web_search","input":{}})"),
              delta(0, R"({"type":"input_json_delta","partial_json":"{\"q\":"})"),
              delta(0, R"({"type":"input_json_delta","partial_json":"1}"})"), end(0),
              begin(1, R"({"type":"web_search_tool_result","tool_use_id":"s","content":[]})"),
              end(1), begin(2, R"({"type":"compaction","content":null})"),
              delta(2, R"({"type":"compaction_delta","content":"sum"})"),
              delta(2, R"({"type":"compaction_delta","content":"mary"})"), end(2), stop("end_turn"),
              message_stop});
  ASSERT_FALSE(s.failure);
  expect_lawful(s);
  const std::vector<part> expected = {
      reasoning_part{"", "",
                     R"({"type":"server_tool_use","id":"s","name":"web_search","input":{"q":1}})"},
      reasoning_part{"", "", R"({"type":"web_search_tool_result","tool_use_id":"s","content":[]})"},
      reasoning_part{"", "", R"({"type":"compaction","content":"summary"})"}};
  EXPECT_EQ(s.reply.message.parts, expected);
  std::vector<std::string> unknown;
  for (const event& e : s.events)
    if (e.kind == event_kind::unknown) unknown.push_back(e.name);
  EXPECT_EQ(unknown.at(0), "server_tool_use");
  EXPECT_EQ(unknown.at(1), "web_search_tool_result");
  EXPECT_EQ(unknown.at(2), "compaction");
}

TEST(anthropic_blocks, a_tools_whole_input_at_its_start) {
  const auto s =
      stream({message_start, begin(0, R"({"type":"tool_use","id":"t","name":"f","input":{"a":1}})"),
              end(0), stop("tool_use"), message_stop});
  expect_lawful(s);
  EXPECT_EQ(s.reply.tool_calls().at(0).arguments, R"({"a":1})");
}

TEST(anthropic_blocks, blocks_left_open_are_ended_by_the_message) {
  const auto s =
      stream({message_start, begin(0, R"({"type":"tool_use","id":"t","name":"f","input":{}})"),
              stop("tool_use"), message_stop});
  ASSERT_FALSE(s.failure);
  expect_lawful(s);
  EXPECT_EQ(s.reply.tool_calls().at(0).arguments, "{}");
}

TEST(anthropic_blocks, arguments_of_a_call_that_has_not_begun) {
  const auto s =
      stream({message_start, delta(7, R"({"type":"input_json_delta","partial_json":"{}"})")});
  EXPECT_EQ(s.failure->code, errc::protocol);
}

TEST(anthropic_blocks, arguments_cut_by_the_token_limit_stay_and_are_noted) {
  const auto s =
      stream({message_start, begin(0, R"({"type":"tool_use","id":"t","name":"f","input":{}})"),
              delta(0, R"({"type":"input_json_delta","partial_json":"{\"a\":"})"), end(0),
              stop("max_tokens"), message_stop});
  ASSERT_FALSE(s.failure);
  expect_lawful(s);
  EXPECT_EQ(s.reply.finish, finish_reason::length);
  EXPECT_EQ(s.reply.tool_calls().at(0).arguments, "{\"a\":");
  EXPECT_EQ(s.reply.notes.size(), 1u);
}

TEST(anthropic_blocks, threat_P02_deep_arguments_are_not_json) {
  const auto s =
      stream({message_start, begin(0, R"({"type":"tool_use","id":"t","name":"f","input":{}})"),
              delta(0, R"({"type":"input_json_delta","partial_json":")" + std::string(50'000, '[') +
                           R"("})"),
              end(0), stop("tool_use"), message_stop});
  ASSERT_FALSE(s.failure);
  for (const event& e : s.events) EXPECT_NE(e.kind, event_kind::tool_call_end);
  EXPECT_EQ(s.reply.notes.size(), 1u);
}

TEST(anthropic_blocks, threat_P18_a_flood_of_arguments_meets_a_limit) {
  for (const char* type : {"tool_use", "server_tool_use"}) {
    std::vector<std::string> frames = {
        message_start,
        begin(0, std::string(R"({"type":")") + type + R"(","id":"t","name":"f","input":{}})")};
    const std::string piece = delta(
        0, R"({"type":"input_json_delta","partial_json":")" + std::string(1 << 20, 'x') + R"("})");
    frames.insert(frames.end(), 20, piece);
    const auto s = stream(frames);
    ASSERT_TRUE(s.failure) << type;
    EXPECT_EQ(s.failure->code, errc::too_large) << type;
  }
}

TEST(anthropic_blocks, a_flood_of_blocks_meets_a_limit) {
  std::vector<std::string> frames = {message_start};
  for (int i = 0; i < 2000; ++i)
    frames.push_back(begin(i, R"({"type":"tool_use","id":"t","name":"f","input":{}})"));
  EXPECT_EQ(stream(frames).failure->code, errc::too_large);
}

}  // namespace
}  // namespace ark::test::anthropic
