#include "anthropic_support.hpp"

namespace ark::test::anthropic {
namespace {

TEST(anthropic_stream, everything_at_once) {
  const auto s = stream({message_start,
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

TEST(anthropic_stream, unknown_frames_go_by) {
  const auto s = stream(
      {message_start, R"({"type":"brand_new","x":1})", R"({"type":"content_block_new","index":0})",
       delta(0, R"({"type":"new_delta","x":1})"), stop("end_turn"), message_stop});
  ASSERT_FALSE(s.failure);
  EXPECT_EQ(std::count_if(s.events.begin(), s.events.end(),
                          [](const event& e) { return e.kind == event_kind::unknown; }),
            3);
}

TEST(anthropic_stream, an_error_event_after_200_ends_it) {
  const std::string overloaded =
      R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})";
  auto s =
      stream({message_start, begin(0, R"({"type":"text","text":"a"})"), overloaded, message_stop});
  ASSERT_TRUE(s.failure);
  EXPECT_EQ(s.failure->code, errc::overloaded);
  EXPECT_EQ(s.failure->retry, retry_class::maybe_billed);
  EXPECT_EQ(s.failure->vendor_message, "Overloaded");
  EXPECT_EQ(s.reply.text(), "a");
  expect_lawful(s);
  s = stream({overloaded});
  EXPECT_EQ(s.failure->retry, retry_class::maybe_billed);
}

TEST(anthropic_stream, threat_P16_an_end_without_terminal_is_truncated) {
  const std::vector<std::string> frames = {message_start, begin(0, R"({"type":"text","text":"a"})"),
                                           end(0), stop("end_turn"), message_stop};
  for (std::size_t kept = 0; kept < frames.size(); ++kept) {
    const auto s = stream({frames.begin(), frames.begin() + static_cast<long>(kept)});
    ASSERT_TRUE(s.failure) << kept;
    EXPECT_EQ(s.failure->code, errc::truncated) << kept;
    expect_lawful(s);
  }
}

TEST(anthropic_stream, a_row_may_say_that_the_terminal_is_missing) {
  vendor v = plain_row();
  v.quirks.push_back(quirk::stream_without_terminal{});
  EXPECT_FALSE(stream({message_start, stop("end_turn")}, v).failure);
  EXPECT_EQ(stream({message_start}, v).failure->code, errc::truncated);
}

TEST(anthropic_stream, frames_that_are_not_the_vendors_are_errors) {
  for (const char* frame :
       {"not json", "[1]", "{\"type\":\"content_block_delta\"",
        R"({"type":"content_block_delta","delta":{}})",
        R"({"type":"content_block_start","index":0})", R"({"type":"message_start"})"}) {
    const auto s = stream({frame});
    ASSERT_TRUE(s.failure) << frame;
    EXPECT_EQ(s.failure->code, errc::protocol) << frame;
  }
  // A gateway's end mark says nothing and harms nothing.
  EXPECT_FALSE(stream({message_start, "[DONE]", message_stop, "[DONE]"}).failure);
}

}  // namespace
}  // namespace ark::test::anthropic
