#include "bedrock_support.hpp"

namespace ark::test::bedrock {
namespace {

TEST(bedrock_stream, text_then_a_call) {
  const auto s = stream({message_start, delta(0, R"({"text":"a"})"), delta(0, R"({"text":"b"})"),
                         end(0), start(1, R"({"toolUse":{"toolUseId":"t1","name":"f"}})"),
                         delta(1, R"({"toolUse":{"input":"{\"x\""}})"),
                         delta(1, R"({"toolUse":{"input":":1}"}})"), end(1),
                         start(2, R"({"toolUse":{"toolUseId":"t2","name":"g"}})"), end(2),
                         stop("tool_use"), metadata});
  ASSERT_FALSE(s.failure) << s.failure->message;
  expect_lawful(s);
  EXPECT_EQ(s.reply.text(), "ab");
  const auto calls = s.reply.tool_calls();
  ASSERT_EQ(calls.size(), 2u);
  EXPECT_EQ(calls[0].id, "t1");
  EXPECT_EQ(calls[0].arguments, R"({"x":1})");
  EXPECT_EQ(calls[1].arguments, "{}");
  EXPECT_EQ(s.reply.finish, finish_reason::tool_calls);
  EXPECT_EQ(s.reply.usage.input, 3);
  EXPECT_EQ(s.reply.usage.output, 2);
}

TEST(bedrock_stream, is_whole_with_its_stop_and_its_metadata) {
  const std::vector<std::string> begun = {message_start, delta(0, R"({"text":"a"})"), end(0)};
  auto frames = begun;
  frames.push_back(stop());
  const auto cut = stream(frames);
  ASSERT_TRUE(cut.failure);
  EXPECT_EQ(cut.failure->code, errc::truncated);
  EXPECT_EQ(cut.reply.text(), "a");
  vendor row = plain_row();
  row.quirks = {quirk::stream_without_terminal{}};
  EXPECT_FALSE(stream(frames, row).failure);
  EXPECT_TRUE(stream(begun, row).failure.has_value());
  frames.push_back(metadata);
  EXPECT_FALSE(stream(frames).failure);
  frames = begun;
  frames.insert(frames.end(), {metadata, stop()});
  EXPECT_FALSE(stream(frames).failure);
}

TEST(bedrock_stream, exceptions_are_errors_and_never_safe) {
  const std::pair<const char*, errc> known[] = {{"throttlingException", errc::rate_limit},
                                                {"serviceUnavailableException", errc::overloaded},
                                                {"modelStreamErrorException", errc::server},
                                                {"internalServerException", errc::server},
                                                {"validationException", errc::invalid_request},
                                                {"newException", errc::server}};
  for (const auto& [name, code] : known) {
    const auto s = stream({message_start, delta(0, R"({"text":"a"})"),
                           frame(name, R"({"message":"m"})", "exception")});
    ASSERT_TRUE(s.failure) << name;
    EXPECT_EQ(s.failure->code, code) << name;
    EXPECT_EQ(s.failure->vendor_code, name);
    EXPECT_EQ(s.failure->vendor_message, "m");
    EXPECT_EQ(s.failure->retry,
              code == errc::invalid_request ? retry_class::never : retry_class::maybe_billed);
    EXPECT_EQ(s.reply.text(), "a");
    expect_lawful(s);
  }
}

TEST(bedrock_stream, an_error_message_has_its_text_in_a_header) {
  const auto s = stream({message_start, frame("InternalError", "it broke", "error")});
  ASSERT_TRUE(s.failure);
  EXPECT_EQ(s.failure->code, errc::server);
  EXPECT_EQ(s.failure->vendor_code, "InternalError");
  EXPECT_EQ(s.failure->vendor_message, "it broke");
}

TEST(bedrock_stream, frames_of_other_kinds_and_none) {
  const auto odd =
      stream({frame("newEvent", "{}"), message_start,
              frame("contentBlockNew", R"({"contentBlockIndex":0})"), delta(0, R"({"newDelta":1})"),
              delta(0, R"({"text":"a"})"), stop(), metadata});
  ASSERT_FALSE(odd.failure);
  EXPECT_EQ(std::count_if(odd.events.begin(), odd.events.end(),
                          [](const event& e) { return e.kind == event_kind::unknown; }),
            3);
  for (const char* bad : {"{", "[1]", "", R"({"delta":{"text":"a"}})"}) {
    const auto broken = stream({message_start, frame("contentBlockDelta", bad)});
    ASSERT_TRUE(broken.failure) << bad;
    EXPECT_EQ(broken.failure->code, errc::protocol) << bad;
  }
  EXPECT_EQ(stream({delta(0, R"({"toolUse":{"input":"{}"}})")}).failure->code, errc::protocol);
}

}  // namespace
}  // namespace ark::test::bedrock
