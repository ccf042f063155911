#include "dialect/frame_driver.hpp"
#include "openai_support.hpp"

namespace ark::test::openai {
namespace {

TEST(openai_chat, has_its_name) { EXPECT_EQ(adapters::openai_chat().name(), "openai_chat"); }

TEST(openai_chat, a_stream_without_terminal_is_truncated) {
  const std::vector<std::string> frames = {chunk(R"({"content":"a"})"),
                                           chunk("{}", R"(,"finish_reason":"stop")")};
  const auto cut = stream(frames);
  ASSERT_TRUE(cut.failure);
  EXPECT_EQ(cut.failure->code, errc::truncated);
  EXPECT_EQ(cut.reply.text(), "a");
  EXPECT_FALSE(stream(frames, plain_row({quirk::stream_without_terminal{}})).failure);
  EXPECT_TRUE(
      stream({frames[0]}, plain_row({quirk::stream_without_terminal{}})).failure.has_value());
}

TEST(openai_chat, nothing_after_done_is_read) {
  const auto s = stream({chunk(R"({"content":"a"})"), "[DONE]", chunk(R"({"content":"b"})")});
  EXPECT_FALSE(s.failure);
  EXPECT_EQ(s.reply.text(), "a");
}

TEST(openai_chat, frames_of_other_kinds_and_none) {
  const auto odd =
      stream({R"({"object":"new.thing","x":1})", chunk(R"({"content":"a"})"), "[DONE]"});
  EXPECT_FALSE(odd.failure);
  ASSERT_FALSE(odd.events.empty());
  EXPECT_EQ(odd.events[0].kind, event_kind::unknown);
  for (const char* bad : {"{\"choices\":", "[1]", "word", "7"}) {
    const auto broken = stream({chunk(R"({"content":"a"})"), bad, "[DONE]"});
    ASSERT_TRUE(broken.failure) << bad;
    EXPECT_EQ(broken.failure->code, errc::protocol);
    EXPECT_NE(broken.failure->message.find("frame 2"), std::string::npos);
    EXPECT_EQ(broken.reply.text(), "a");
  }
}

TEST(openai_chat, an_error_in_a_stream) {
  const auto s = stream({chunk(R"({"content":"a"})"),
                         R"({"error":{"message":"busy","code":503},"usage":{"prompt_tokens":4}})",
                         chunk(R"({"content":"b"})"), "[DONE]"});
  ASSERT_TRUE(s.failure);
  EXPECT_EQ(s.failure->code, errc::overloaded);
  EXPECT_EQ(s.failure->retry, retry_class::maybe_billed);
  EXPECT_EQ(s.failure->vendor_message, "busy");
  EXPECT_EQ(s.failure->vendor_code, "503");
  EXPECT_EQ(s.reply.usage.input, 4);
  EXPECT_EQ(s.reply.text(), "a");
  EXPECT_EQ(stream({R"({"object":"error","message":"m","code":400})"}).failure->code,
            errc::invalid_request);
}

TEST(openai_chat, an_error_by_the_name_of_its_event) {
  const vendor v = plain_row();
  dialect::frame_driver driver(adapters::openai_chat(), v, {});
  const auto fed =
      driver.feed("event: error\ndata: {\"message\":\"m\",\"code\":\"tool_use_failed\"}\n\n");
  ASSERT_FALSE(fed);
  EXPECT_EQ(fed.error().vendor_code, "tool_use_failed");
}

TEST(openai_chat, an_error_outside_of_the_frames) {
  const vendor v = plain_row();
  dialect::frame_driver driver(adapters::openai_chat(), v, {});
  ASSERT_TRUE(driver.feed("data: " + chunk(R"({"content":"a"})") +
                          "\n\nerror: {\"detail\":\"failed to decode\"}\n"));
  const auto end = driver.finish();
  ASSERT_FALSE(end);
  EXPECT_EQ(end.error().code, errc::server);
  EXPECT_EQ(end.error().vendor_message, "failed to decode");
}

TEST(openai_chat, a_server_that_does_not_stream) {
  const vendor v = plain_row();
  dialect::frame_driver driver(adapters::openai_chat(), v, {});
  ASSERT_TRUE(driver.feed(whole(R"({"content":"all"})", R"(,"finish_reason":"stop")")));
  ASSERT_TRUE(driver.finish());
  EXPECT_EQ(driver.builder().reply().text(), "all");
}

TEST(openai_chat, an_error_inside_a_200) {
  const auto e = decode(R"({"error":{"message":"no credit","code":402}})").error();
  EXPECT_EQ(e.code, errc::quota);
  EXPECT_EQ(e.retry, retry_class::never);
  EXPECT_EQ(e.http_status, 200);
  EXPECT_TRUE(decode(whole(R"({"content":"x"})", "", R"(,"error":null)")));
  EXPECT_TRUE(decode(whole(R"({"content":"x"})", "", R"(,"error":{})")));
  EXPECT_EQ(
      decode(whole(R"({"content":"x"})", R"(,"error":{"message":"m","code":502})")).error().code,
      errc::server);
}

TEST(openai_chat, answers_that_are_not_ours) {
  for (const char* body : {"", "<html>", "[]", "{}", R"({"choices":[]})", R"({"data":[]})"})
    EXPECT_EQ(decode(body).error().code, errc::protocol) << body;
}

TEST(openai_chat, a_chunk_that_repeats_the_one_before_brings_its_text_only) {
  const auto text = [](const char* of) {
    return chunk(std::string(R"({"content":")") + of + "\"}");
  };
  const auto thought = [](const char* of) {
    return chunk(std::string(R"({"content":"","reasoning_content":")") + of + "\"}");
  };
  const std::string tool =
      chunk(R"({"tool_calls":[{"index":0,"id":"t","function":{"name":"f","arguments":"{}"}}]})");
  const auto s =
      stream({thought("a"), thought("b"), thought(""), text("c"), text("d"), text("\\n"), text("e"),
              tool, text("f"), chunk("{}", R"(,"finish_reason":"stop")"), "[DONE]"});
  ASSERT_FALSE(s.failure);
  EXPECT_EQ(s.reply.reasoning(), "ab");
  EXPECT_EQ(s.reply.text(), "cd\nef");
  EXPECT_EQ(s.reply.tool_calls().size(), 1u);
  expect_lawful(s);
}

TEST(openai_chat, what_a_repeated_chunk_has_beside_its_text_is_read_each_time) {
  const auto probable = [](const char* of) {
    return chunk(std::string(R"({"content":")") + of + "\"}",
                 R"(,"logprobs":{"content":[{"token":"t","logprob":-1,"top_logprobs":[]}]})");
  };
  EXPECT_EQ(stream({probable("a"), probable("b"), "[DONE]"}).reply.logprobs.size(), 2u);
  const auto details = [](const char* of) {
    return chunk(std::string(R"({"content":")") + of +
                 R"(","reasoning_details":[{"type":"reasoning.text","text":"r","index":0}]})");
  };
  EXPECT_EQ(stream({details("a"), details("b"), "[DONE]"}).reply.reasoning(), "rr");
  const auto two = R"({"choices":[{"delta":{"content":"a"}},{"delta":{"reasoning":"b"}}]})";
  EXPECT_EQ(stream({two, two, "[DONE]"}).reply.text(), "aa");
}

TEST(openai_chat, tags_of_thinking_are_found_in_repeated_chunks) {
  const auto text = [](const char* of) {
    return chunk(std::string(R"({"content":")") + of + "\"}");
  };
  const auto s =
      stream({text("<thi"), text("nk>a"), text("b</"), text("think>"), text("c"), "[DONE]"},
             plain_row({quirk::think_tags{"<think>", "</think>"}}));
  EXPECT_EQ(s.reply.reasoning(), "ab");
  EXPECT_EQ(s.reply.text(), "c");
}

}  // namespace
}  // namespace ark::test::openai
