#include "tencent_support.hpp"

namespace ark::test::tencent {
namespace {

TEST(tencent_native, the_family) {
  EXPECT_EQ(adapters::tencent_native().name(), "tencent");
  const wire::http_head head{200, {{"X-TC-RequestId", "h"}}};
  EXPECT_EQ(adapters::tencent_native().request_id(head), "h");
}

TEST(tencent_native, threat_P16_an_end_without_finish_reason_is_truncated) {
  const auto cut = stream({chunk(R"({"Content":"a"})")});
  ASSERT_TRUE(cut.failure);
  EXPECT_EQ(cut.failure->code, errc::truncated);
  EXPECT_EQ(cut.reply.text(), "a");
  expect_lawful(cut);
  EXPECT_FALSE(stream({chunk(R"({"Content":"a"})"), chunk("{}", "stop")}).failure);
  EXPECT_FALSE(stream({chunk(R"({"Content":"a"})", "stop"), "[DONE]"}).failure);
}

TEST(tencent_native, an_error_inside_a_stream) {
  auto s = stream({chunk(R"({"Content":"a"})"), R"({"ErrorMsg":{"Msg":"m","Code":"x"}})"});
  ASSERT_TRUE(s.failure);
  EXPECT_EQ(s.failure->code, errc::server);
  EXPECT_EQ(s.failure->retry, retry_class::maybe_billed);
  EXPECT_EQ(s.reply.text(), "a");
  expect_lawful(s);
  // Before the stream begins it is one JSON text, no event.
  s = stream_bytes(adapters::tencent_native(), plain_row(),
                   R"({"Response":{"Error":{"Code":"LimitExceeded","Message":"m"}}})");
  ASSERT_TRUE(s.failure);
  EXPECT_EQ(s.failure->code, errc::rate_limit);
}

TEST(tencent_native, unknown_and_corrupt_frames) {
  const auto s = stream({R"({"brand":"new"})", chunk(R"({"Content":"a"})", "stop")});
  ASSERT_FALSE(s.failure);
  EXPECT_EQ(s.events.front().kind, event_kind::unknown);
  for (const char* frame : {"not json", "[1]"})
    EXPECT_EQ(stream({frame}).failure->code, errc::protocol) << frame;
}

TEST(tencent_native, answers_that_are_not_ours) {
  for (const char* body : {"", "[]", "{}", R"({"Response":{}})", R"({"Response":{"Usage":{}}})",
                           R"({"Response":{"Choices":1}})"})
    EXPECT_EQ(decode(body).error().code, errc::protocol) << body;
  const auto broken =
      decode(whole(R"({"ToolCalls":[{"Function":{"Arguments":"{}"}}]})", "tool_calls"));
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().request_id, "q1");
}

}  // namespace
}  // namespace ark::test::tencent
