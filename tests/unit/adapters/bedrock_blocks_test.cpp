#include "bedrock_support.hpp"

#include <boost/json.hpp>

namespace ark::test::bedrock {
namespace {

/// What is sent back of a reply: its content blocks.
boost::json::value sent_back(const ark::reply& r) {
  return body_of(encode({.messages = {user("u"), r.message, user("v")}}))
      .at("messages")
      .at(1)
      .at("content");
}

TEST(bedrock_blocks, a_whole_reply_and_its_way_back) {
  const std::string blocks =
      R"({"reasoningContent":{"reasoningText":{"text":"t","signature":"s"}}},)"
      R"({"reasoningContent":{"redactedContent":"QUJD"}},{"text":"a"},{"text":"b"},)"
      R"({"toolUse":{"toolUseId":"1","name":"f","input":{"x":1}}})";
  const auto r = decode(whole(blocks, "tool_use"));
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->text(), "ab");
  EXPECT_EQ(r->reasoning(), "t");
  ASSERT_EQ(r->tool_calls().size(), 1u);
  EXPECT_EQ(r->tool_calls()[0].arguments, R"({"x":1})");
  expect_json(sent_back(*r), ('[' + blocks + ']').c_str());
}

TEST(bedrock_blocks, the_vendors_own_tools_are_kept_and_are_no_calls) {
  const std::string blocks =
      R"({"toolUse":{"toolUseId":"1","name":"g","input":{},"type":"server_tool_use"}},)"
      R"({"toolResult":{"toolUseId":"1","content":[{"text":"x"}]}},{"text":"a"})";
  const auto r = decode(whole(blocks));
  ASSERT_TRUE(r);
  EXPECT_TRUE(r->tool_calls().empty());
  expect_json(sent_back(*r), ('[' + blocks + ']').c_str());
  // A function's call may have a type too (recorded).
  EXPECT_EQ(decode(whole(R"({"toolUse":{"toolUseId":"1","name":"f","type":"tool_use"}})"))
                ->tool_calls()
                .size(),
            1u);
}

TEST(bedrock_blocks, citations_stand_behind_their_text) {
  const auto r = decode(
      whole(R"({"text":"c"},{"citationsContent":{"content":[{"text":"a"},{"text":"b"}],)"
            R"("citations":[{"title":"t","sourceContent":[{"text":"w"}],)"
            R"("location":{"documentChar":{"documentIndex":2,"start":5,"end":6}}},)"
            R"({"source":"https://s.test","location":{"web":{"url":"https://w.test"}}}]}})"));
  EXPECT_EQ(r->text(), "cab");
  EXPECT_EQ(
      r->citations,
      (std::vector<citation>{{.title = "t", .text = "w", .start = 1, .end = 3, .document_index = 2},
                             {.url = "https://w.test", .start = 1, .end = 3}}));
}

TEST(bedrock_blocks, the_vendors_own_tools_in_a_stream) {
  const auto s = stream(
      {message_start,
       start(0, R"({"toolUse":{"toolUseId":"1","name":"g","type":"server_tool_use"}})"),
       delta(0, R"({"toolUse":{"input":"{\"q\":"}})"), delta(0, R"({"toolUse":{"input":"1}"}})"),
       end(0), start(1, R"({"toolResult":{"toolUseId":"1","status":"success"}})"),
       delta(1, R"({"toolResult":[{"text":"x"}]})"), delta(1, R"({"toolResult":[{"json":{}}]})"),
       end(1), delta(2, R"({"text":"a"})"), delta(2, R"({"citation":{"title":"t"}})"), end(2),
       stop(), metadata});
  ASSERT_FALSE(s.failure) << s.failure->message;
  expect_lawful(s);
  EXPECT_TRUE(s.reply.tool_calls().empty());
  EXPECT_EQ(s.reply.citations, (std::vector<citation>{{.title = "t", .start = 0, .end = 1}}));
  expect_json(sent_back(s.reply), R"([
    {"toolUse":{"toolUseId":"1","name":"g","type":"server_tool_use","input":{"q":1}}},
    {"toolResult":{"toolUseId":"1","status":"success","content":[{"text":"x"},{"json":{}}]}},
    {"text":"a"}])");
}

TEST(bedrock_blocks, redacted_pieces_are_joined_as_bytes) {
  const auto s =
      stream({message_start, delta(0, R"({"reasoningContent":{"redactedContent":"QQ=="}})"),
              delta(0, R"({"reasoningContent":{"redactedContent":"QkM="}})"), end(0),
              delta(1, R"({"reasoningContent":{"text":"t"}})"),
              delta(1, R"({"reasoningContent":{"signature":"s"}})"), end(1),
              delta(2, R"({"text":"a"})"), end(2), stop(), metadata});
  ASSERT_FALSE(s.failure) << s.failure->message;
  expect_json(sent_back(s.reply), R"([{"reasoningContent":{"redactedContent":"QUJD"}},
    {"reasoningContent":{"reasoningText":{"text":"t","signature":"s"}}},{"text":"a"}])");
}

TEST(bedrock_blocks, blocks_of_an_unknown_kind) {
  const auto r = decode(whole(R"({"audio":{"x":1}},{"text":"a"})"));
  ASSERT_TRUE(r);
  expect_json(sent_back(*r), R"([{"audio":{"x":1}},{"text":"a"}])");
  const auto s = stream({message_start, start(0, R"({"image":{"format":"png"}})"),
                         delta(0, R"({"image":{"source":{}}})"), end(0),
                         delta(1, R"({"text":"a"})"), stop(), metadata});
  ASSERT_FALSE(s.failure);
  EXPECT_EQ(s.reply.text(), "a");
  EXPECT_TRUE(has_note(s.reply.notes, "\"image\" is not kept"));
}

}  // namespace
}  // namespace ark::test::bedrock
