#include "dashscope_support.hpp"
#include "dialect/frame_driver.hpp"

#include <algorithm>

namespace ark::test::dashscope {
namespace {

std::string error_frame(const std::string& code, int status) {
  return frame(R"({"code":")" + code + R"(","message":"m","request_id":"r9"})", "error", status);
}

TEST(dashscope_native, the_family) {
  EXPECT_EQ(adapters::dashscope_native().name(), "dashscope");
  EXPECT_EQ(adapters::dashscope_native().stream_framing(), dialect::framing::sse);
}

TEST(dashscope_native, threat_P16_an_end_without_finish_reason_is_truncated) {
  const auto cut = stream(text("a") + text("b"));
  ASSERT_TRUE(cut.failure);
  EXPECT_EQ(cut.failure->code, errc::truncated);
  EXPECT_EQ(cut.reply.text(), "ab");
  expect_lawful(cut);
  EXPECT_EQ(stream("").failure->code, errc::truncated);
  const std::string whole = text("a", "stop");
  EXPECT_EQ(stream(whole.substr(0, whole.size() - 20)).failure->code, errc::truncated);
}

TEST(dashscope_native, the_finish_reason_ends_it) {
  const auto s = stream(text("a") + text("b", "stop"));
  ASSERT_FALSE(s.failure) << s.failure->message;
  expect_lawful(s);
  EXPECT_EQ(s.events.back().kind, event_kind::done);
  EXPECT_EQ(s.reply.id, "r1");
}

TEST(dashscope_native, pieces_of_any_size) {
  const std::string bytes = text("a") + text("b", "stop");
  const vendor v = plain_row();
  const auto at_once = stream(bytes);
  for (std::size_t size = 1; size < 40; ++size) {
    dialect::frame_driver driver(adapters::dashscope_native(), v, {});
    for (std::size_t at = 0; at < bytes.size(); at += size)
      ASSERT_TRUE(driver.feed(std::string_view(bytes).substr(at, size)));
    ASSERT_TRUE(driver.finish());
    EXPECT_EQ(driver.builder().reply().message, at_once.reply.message) << size;
  }
}

TEST(dashscope_native, an_error_event_after_200) {
  auto s = stream(text("a") + error_frame("DataInspectionFailed", 400) + text("b", "stop"));
  ASSERT_TRUE(s.failure);
  EXPECT_EQ(s.failure->code, errc::content_filter);
  EXPECT_EQ(s.failure->request_id, "r9");
  EXPECT_EQ(s.reply.text(), "a");
  expect_lawful(s);
  s = stream(error_frame("Throttling.RateQuota", 429));
  ASSERT_TRUE(s.failure);
  EXPECT_EQ(s.failure->code, errc::rate_limit);
  EXPECT_EQ(s.failure->retry, retry_class::maybe_billed);
  // An error without its type, and one without a code.
  EXPECT_EQ(stream("data:{\"code\":\"Arrearage\",\"message\":\"m\"}\n\n").failure->code,
            errc::quota);
  EXPECT_EQ(stream(frame(R"({"message":"m"})", "error", 500)).failure->code, errc::server);
}

TEST(dashscope_native, an_answer_that_is_no_stream) {
  EXPECT_FALSE(stream(answer_of(R"({"role":"assistant","content":"a"})", "stop")).failure);
  EXPECT_EQ(stream(R"({"code":"InvalidApiKey","message":"m"})").failure->code, errc::auth);
}

TEST(dashscope_native, unknown_and_corrupt_frames) {
  const auto s = stream(frame(R"({"brand":"new"})", "result") + frame(R"({"output":{"x":1}})") +
                        frame("[DONE]", "done") + text("a", "stop"));
  ASSERT_FALSE(s.failure);
  EXPECT_EQ(std::count_if(s.events.begin(), s.events.end(),
                          [](const event& e) { return e.kind == event_kind::unknown; }),
            2);
  for (const char* data : {"not json", "[1]", "{\"output\""})
    EXPECT_EQ(stream(frame(data) + text("a", "stop")).failure->code, errc::protocol) << data;
}

TEST(dashscope_native, answers_that_are_not_ours) {
  for (const char* body : {"", "[]", "{}", "<html>", R"({"usage":{"input_tokens":1}})",
                           R"({"output":null})", R"({"output":"AbCd=="})", R"({"output":{}})"}) {
    const auto r = decode(body);
    ASSERT_FALSE(r) << body;
    EXPECT_EQ(r.error().code, errc::protocol) << body;
    EXPECT_EQ(r.error().retry, retry_class::maybe_billed) << body;
  }
}

TEST(dashscope_native, a_header_names_the_request_first) {
  const auto r =
      decode(answer_of(R"({"content":"a"})", "stop"), plain_row(), {{"x-request-id", "h1"}});
  EXPECT_EQ(r->request_id, "h1");
  EXPECT_EQ(r->id, "r1");
  const wire::http_head head{200, {{"X-Request-Id", "h2"}}};
  EXPECT_EQ(adapters::dashscope_native().request_id(head), "h2");
}

TEST(dashscope_native, a_reply_that_breaks_a_law_is_an_error_with_its_request) {
  const auto r = decode(answer_of(R"({"tool_calls":[{"function":{"arguments":"{}"}}]})", "stop"));
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().request_id, "r1");
  EXPECT_EQ(r.error().http_status, 200);
}

}  // namespace
}  // namespace ark::test::dashscope
