#include "responses_support.hpp"

namespace ark::test::responses {
namespace {

TEST(responses_stream, ends_with_the_response_and_not_before) {
  const std::vector<std::string> frames = {added(0, saying("")), delta("output_text", 0, "a")};
  const auto cut = stream(frames);
  ASSERT_TRUE(cut.failure);
  EXPECT_EQ(cut.failure->code, errc::truncated);
  EXPECT_EQ(cut.reply.text(), "a");
  auto marked = frames;
  marked.push_back("[DONE]");
  EXPECT_EQ(stream(marked).failure->code, errc::truncated);
  marked[2] = frame("incomplete", "\"response\":" + response("", R"(,"status":"incomplete",
      "incomplete_details":{"reason":"max_output_tokens"},
      "usage":{"input_tokens":2,"output_tokens":1})"));
  const auto whole = stream(marked);
  ASSERT_FALSE(whole.failure);
  EXPECT_EQ(whole.reply.finish, finish_reason::length);
  EXPECT_EQ(whole.reply.usage.input, 2);
  expect_lawful(whole);
}

TEST(responses_stream, started_by_the_first_response_that_comes) {
  const auto s = stream({frame("queued", "\"response\":" + response("")), ended(saying("a"))});
  ASSERT_FALSE(s.events.empty());
  EXPECT_EQ(s.events[0].kind, event_kind::started);
  EXPECT_EQ(s.events[0].id, "r1");
  EXPECT_EQ(s.events[0].name, "m1");
}

TEST(responses_stream, errors) {
  const auto failed = stream({delta("output_text", 0, "a"),
                              frame("failed", "\"response\":" + response("", R"(,"status":"failed",
           "error":{"code":"rate_limit_exceeded","message":"slow"},
           "usage":{"input_tokens":5,"output_tokens":1})"))});
  ASSERT_TRUE(failed.failure);
  EXPECT_EQ(failed.failure->code, errc::rate_limit);
  EXPECT_EQ(failed.failure->retry, retry_class::maybe_billed);
  EXPECT_EQ(failed.reply.usage.input, 5);
  EXPECT_EQ(failed.reply.text(), "a");
  expect_lawful(failed);
  for (const char* said : {R"({"type":"error","code":"server_error","message":"m","param":null})",
                           R"({"type":"error","error":{"code":"server_error","message":"m"}})",
                           R"({"error":{"code":"server_error","message":"m"}})"}) {
    const auto s = stream({said, ended(saying("a"))});
    ASSERT_TRUE(s.failure) << said;
    EXPECT_EQ(s.failure->code, errc::server);
    EXPECT_EQ(s.failure->vendor_message, "m");
    EXPECT_EQ(s.failure->vendor_code, "server_error");
  }
}

TEST(responses_stream, frames_of_other_kinds_and_none) {
  const auto odd = stream({R"({"type":"response.new_thing","x":1})", ended(saying("a"))});
  ASSERT_FALSE(odd.failure);
  EXPECT_EQ(odd.events[0].kind, event_kind::unknown);
  EXPECT_EQ(odd.events[0].name, "response.new_thing");
  for (const char* bad : {"{\"type\":", "[1]", "word"}) {
    const auto broken = stream({bad, ended(saying("a"))});
    ASSERT_TRUE(broken.failure) << bad;
    EXPECT_EQ(broken.failure->code, errc::protocol);
  }
}

TEST(responses_stream, the_type_may_stand_in_the_event_only) {
  const auto s = stream_bytes(adapters::openai_responses(), plain_row(),
                              "event: response.output_text.delta\ndata: "
                              "{\"output_index\":0,\"delta\":\"a\"}\n\n"
                              "event: response.completed\ndata: {\"response\":" +
                                  response("") + "}\n\n");
  ASSERT_FALSE(s.failure) << s.failure->message;
  EXPECT_EQ(s.reply.text(), "a");
}

TEST(responses_stream, a_server_that_does_not_stream) {
  const auto s = stream_bytes(adapters::openai_responses(), plain_row(), response(saying("a")));
  ASSERT_FALSE(s.failure) << s.failure->message;
  EXPECT_EQ(s.reply.text(), "a");
}

}  // namespace
}  // namespace ark::test::responses
