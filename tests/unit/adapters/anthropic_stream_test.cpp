#include "../../support/stream_laws.hpp"
#include "anthropic_support.hpp"

using namespace ark;
using test::message_start;
using test::message_stop;

namespace {

std::string begin(int index, const std::string& block) {
  return R"({"type":"content_block_start","index":)" + std::to_string(index) +
         R"(,"content_block":)" + block + "}";
}
std::string delta(int index, const std::string& change) {
  return R"({"type":"content_block_delta","index":)" + std::to_string(index) + R"(,"delta":)" +
         change + "}";
}
std::string end(int index) {
  return R"({"type":"content_block_stop","index":)" + std::to_string(index) + "}";
}
std::string stop(const std::string& word, const std::string& usage = R"({"output_tokens":5})") {
  return R"({"type":"message_delta","delta":{"stop_reason":")" + word +
         R"(","stop_sequence":null},"usage":)" + usage + "}";
}

void expect_lawful(const test::streamed& s) {
  EXPECT_EQ(test::stream_laws::broken(s.events, s.failure.has_value(), &s.reply),
            std::vector<std::string>{});
}

TEST(anthropic_stream, everything_at_once) {
  const auto s = test::stream({message_start,
                               begin(0, R"({"type":"thinking","thinking":"","signature":""})"),
                               R"({"type":"ping"})",
                               delta(0, R"({"type":"thinking_delta","thinking":"h"})"),
                               delta(0, R"({"type":"thinking_delta","thinking":"m"})"),
                               delta(0, R"({"type":"signature_delta","signature":"sig"})"),
                               end(0),
                               begin(1, R"({"type":"redacted_thinking","data":"zz"})"),
                               end(1),
                               begin(2, R"({"type":"text","text":""})"),
                               delta(2, R"({"type":"text_delta","text":"a"})"),
                               delta(2, R"({"type":"text_delta","text":"b"})"),
                               end(2),
                               begin(3, R"({"type":"tool_use","id":"t1","name":"f","input":{}})"),
                               delta(3, R"({"type":"input_json_delta","partial_json":""})"),
                               delta(3, R"({"type":"input_json_delta","partial_json":"{\"a\":"})"),
                               delta(3, R"({"type":"input_json_delta","partial_json":"1}"})"),
                               end(3),
                               begin(4, R"({"type":"tool_use","id":"t2","name":"g","input":{}})"),
                               end(4),
                               stop("tool_use"),
                               message_stop});
  ASSERT_FALSE(s.failure) << s.failure->message;
  expect_lawful(s);
  const std::vector<part> expected = {
      reasoning_part{"hm", "sig", ""},
      reasoning_part{"", "", R"({"type":"redacted_thinking","data":"zz"})"}, text_part{"ab"},
      tool_call_part{"t1", "f", R"({"a":1})"}, tool_call_part{"t2", "g", "{}"}};
  EXPECT_EQ(s.reply.message.parts, expected);
  EXPECT_EQ(s.reply.finish, finish_reason::tool_calls);
  EXPECT_EQ(s.reply.usage.input, 10);
  EXPECT_EQ(s.reply.usage.output, 5);
}

TEST(anthropic_stream, usage_later_fields_that_are_not_null_replace_earlier_ones) {
  const std::string start =
      R"({"type":"message_start","message":{"id":"m","model":"c","usage":{"input_tokens":10,
         "cache_creation_input_tokens":100,"cache_read_input_tokens":7,"output_tokens":1,
         "cache_creation":{"ephemeral_5m_input_tokens":100,"ephemeral_1h_input_tokens":0},
         "service_tier":"standard"}}})";
  const auto s = test::stream({start, stop("end_turn", R"({"input_tokens":12,"output_tokens":40,
                                   "cache_creation_input_tokens":150,"cache_read_input_tokens":null,
                                   "output_tokens_details":{"thinking_tokens":15}})"),
                               message_stop});
  ASSERT_FALSE(s.failure);
  const usage& u = s.reply.usage;
  EXPECT_EQ(u.input, 12);
  EXPECT_EQ(u.cache_read, 7);
  // The split by time to live is the start's; what came on top has none.
  EXPECT_EQ(u.cache_write_5m, 100);
  EXPECT_EQ(u.cache_write, 50);
  EXPECT_EQ(u.input_total(), 12 + 7 + 150);
  EXPECT_EQ(u.output, 25);
  EXPECT_EQ(u.reasoning, 15);
  EXPECT_EQ(u.service_tier, "standard");
}

TEST(anthropic_stream, a_split_larger_than_the_whole_is_not_believed) {
  const auto s = test::stream({message_start, stop("end_turn", R"({"cache_creation_input_tokens":5,
         "cache_creation":{"ephemeral_5m_input_tokens":9}})"),
                               message_stop});
  EXPECT_EQ(s.reply.usage.cache_write, 5);
  EXPECT_EQ(s.reply.usage.cache_write_5m, 0);
}

TEST(anthropic_stream, server_tools_are_kept_whole_and_said_as_unknown) {
  const auto s = test::stream(
      {message_start,
       begin(0, R"({"type":"server_tool_use","id":"s","name":"web_search","input":{}})"),
       delta(0, R"({"type":"input_json_delta","partial_json":"{\"q\":"})"),
       delta(0, R"({"type":"input_json_delta","partial_json":"1}"})"), end(0),
       begin(1, R"({"type":"web_search_tool_result","tool_use_id":"s","content":[]})"), end(1),
       begin(2, R"({"type":"compaction","content":null})"),
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

TEST(anthropic_stream, unknown_frames_go_by) {
  const auto s = test::stream(
      {message_start, R"({"type":"brand_new","x":1})", R"({"type":"content_block_new","index":0})",
       delta(0, R"({"type":"new_delta","x":1})"), stop("end_turn"), message_stop});
  ASSERT_FALSE(s.failure);
  EXPECT_EQ(std::count_if(s.events.begin(), s.events.end(),
                          [](const event& e) { return e.kind == event_kind::unknown; }),
            3);
}

TEST(anthropic_stream, a_tools_whole_input_at_its_start) {
  const auto s = test::stream(
      {message_start, begin(0, R"({"type":"tool_use","id":"t","name":"f","input":{"a":1}})"),
       end(0), stop("tool_use"), message_stop});
  expect_lawful(s);
  EXPECT_EQ(s.reply.tool_calls().at(0).arguments, R"({"a":1})");
}

TEST(anthropic_stream, blocks_left_open_are_ended_by_the_message) {
  const auto s = test::stream({message_start,
                               begin(0, R"({"type":"tool_use","id":"t","name":"f","input":{}})"),
                               stop("tool_use"), message_stop});
  ASSERT_FALSE(s.failure);
  expect_lawful(s);
  EXPECT_EQ(s.reply.tool_calls().at(0).arguments, "{}");
}

TEST(anthropic_stream, an_error_event_after_200_ends_it) {
  const std::string overloaded =
      R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})";
  auto s = test::stream(
      {message_start, begin(0, R"({"type":"text","text":"a"})"), overloaded, message_stop});
  ASSERT_TRUE(s.failure);
  EXPECT_EQ(s.failure->code, errc::overloaded);
  EXPECT_EQ(s.failure->retry, retry_class::maybe_billed);
  EXPECT_EQ(s.failure->vendor_message, "Overloaded");
  EXPECT_EQ(s.reply.text(), "a");
  expect_lawful(s);
  s = test::stream({overloaded});
  EXPECT_EQ(s.failure->retry, retry_class::safe);
}

TEST(anthropic_stream, threat_P16_an_end_without_terminal_is_truncated) {
  const std::vector<std::string> frames = {message_start, begin(0, R"({"type":"text","text":"a"})"),
                                           end(0), stop("end_turn"), message_stop};
  for (std::size_t kept = 0; kept < frames.size(); ++kept) {
    const auto s = test::stream({frames.begin(), frames.begin() + static_cast<long>(kept)});
    ASSERT_TRUE(s.failure) << kept;
    EXPECT_EQ(s.failure->code, errc::truncated) << kept;
    expect_lawful(s);
  }
}

TEST(anthropic_stream, a_row_may_say_that_the_terminal_is_missing) {
  vendor v = test::anthropic_row();
  v.quirks.push_back(quirk::stream_without_terminal{});
  EXPECT_FALSE(test::stream({message_start, stop("end_turn")}, v).failure);
  EXPECT_EQ(test::stream({message_start}, v).failure->code, errc::truncated);
}

TEST(anthropic_stream, frames_that_are_not_the_vendors_are_errors) {
  for (const char* frame :
       {"not json", "[1]", "{\"type\":\"content_block_delta\"",
        R"({"type":"content_block_delta","delta":{}})",
        R"({"type":"content_block_start","index":0})", R"({"type":"message_start"})"}) {
    const auto s = test::stream({frame});
    ASSERT_TRUE(s.failure) << frame;
    EXPECT_EQ(s.failure->code, errc::protocol) << frame;
  }
  // A gateway's end mark says nothing and harms nothing.
  EXPECT_FALSE(test::stream({message_start, "[DONE]", message_stop, "[DONE]"}).failure);
}

TEST(anthropic_stream, arguments_of_a_call_that_has_not_begun) {
  const auto s =
      test::stream({message_start, delta(7, R"({"type":"input_json_delta","partial_json":"{}"})")});
  EXPECT_EQ(s.failure->code, errc::protocol);
}

TEST(anthropic_stream, arguments_cut_by_the_token_limit_stay_and_are_noted) {
  const auto s = test::stream({message_start,
                               begin(0, R"({"type":"tool_use","id":"t","name":"f","input":{}})"),
                               delta(0, R"({"type":"input_json_delta","partial_json":"{\"a\":"})"),
                               end(0), stop("max_tokens"), message_stop});
  ASSERT_FALSE(s.failure);
  expect_lawful(s);
  EXPECT_EQ(s.reply.finish, finish_reason::length);
  EXPECT_EQ(s.reply.tool_calls().at(0).arguments, "{\"a\":");
  EXPECT_EQ(s.reply.notes.size(), 1u);
}

TEST(anthropic_stream, threat_P02_deep_arguments_are_not_json) {
  const auto s = test::stream({message_start,
                               begin(0, R"({"type":"tool_use","id":"t","name":"f","input":{}})"),
                               delta(0, R"({"type":"input_json_delta","partial_json":")" +
                                            std::string(50'000, '[') + R"("})"),
                               end(0), stop("tool_use"), message_stop});
  ASSERT_FALSE(s.failure);
  for (const event& e : s.events) EXPECT_NE(e.kind, event_kind::tool_call_end);
  EXPECT_EQ(s.reply.notes.size(), 1u);
}

TEST(anthropic_stream, threat_P18_a_flood_of_arguments_meets_a_limit) {
  for (const char* type : {"tool_use", "server_tool_use"}) {
    std::vector<std::string> frames = {
        message_start,
        begin(0, std::string(R"({"type":")") + type + R"(","id":"t","name":"f","input":{}})")};
    const std::string piece = delta(
        0, R"({"type":"input_json_delta","partial_json":")" + std::string(1 << 20, 'x') + R"("})");
    frames.insert(frames.end(), 20, piece);
    const auto s = test::stream(frames);
    ASSERT_TRUE(s.failure) << type;
    EXPECT_EQ(s.failure->code, errc::too_large) << type;
  }
}

TEST(anthropic_stream, a_flood_of_blocks_meets_a_limit) {
  std::vector<std::string> frames = {message_start};
  for (int i = 0; i < 2000; ++i)
    frames.push_back(begin(i, R"({"type":"tool_use","id":"t","name":"f","input":{}})"));
  EXPECT_EQ(test::stream(frames).failure->code, errc::too_large);
}

}  // namespace
