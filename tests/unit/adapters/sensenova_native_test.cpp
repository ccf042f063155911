#include "sensenova_support.hpp"

namespace ark::test::sensenova {
namespace {

/// As documented: no space behind "data:".
std::string frames(const std::vector<std::string>& all) {
  std::string bytes;
  for (const std::string& frame : all) bytes += "data:" + frame + "\n\n";
  return bytes;
}

streamed stream(const std::vector<std::string>& all) {
  return stream_bytes(adapters::sensenova_native(), own_row(), frames(all));
}

std::string piece(const std::string& text, const std::string& finish = "") {
  return R"({"data":{"id":"c1","choices":[{"index":0,"role":"assistant","delta":")" + text +
         R"(","finish_reason":")" + finish + R"("}]},"status":{"code":0,"message":"ok"}})";
}

const std::string last =
    R"({"data":{"id":"c1","choices":[{"index":0,"delta":"","finish_reason":"stop"}],)"
    R"("usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}})";

TEST(sensenova_native, a_message_is_a_plain_text_inside_data) {
  const auto r = decode(
      R"({"data":{"id":"c1","choices":[{"index":0,"message":"hi","finish_reason":"length"}],)"
      R"("usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}})");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->text(), "hi");
  EXPECT_EQ(r->id, "c1");
  EXPECT_EQ(r->finish, finish_reason::length);
  EXPECT_EQ(r->usage.input, 3);
  EXPECT_EQ(r->usage.output, 2);
  EXPECT_EQ(r->request_id, "r1");
  EXPECT_TRUE(r->notes.empty());
}

TEST(sensenova_native, a_delta_is_a_plain_text_and_an_empty_reason_is_none) {
  const auto s = stream({piece("h"), piece("i"), last, "[DONE]"});
  ASSERT_FALSE(s.failure) << s.failure->message;
  EXPECT_EQ(s.reply.text(), "hi");
  EXPECT_EQ(s.reply.finish, finish_reason::stop);
  EXPECT_EQ(s.reply.usage.vendor_total, 5);
  expect_lawful(s);
}

TEST(sensenova_native, threat_P16_an_end_without_the_terminal_is_truncated) {
  EXPECT_EQ(stream({piece("h")}).failure->code, errc::truncated);
  EXPECT_EQ(stream({piece("h"), last}).failure->code, errc::truncated);
}

TEST(sensenova_native, a_status_that_is_not_0_is_an_error_and_not_safe) {
  const auto s = stream({piece("h"), R"({"data":null,"status":{"code":18,"message":"stopped"}})"});
  ASSERT_TRUE(s.failure);
  EXPECT_EQ(s.failure->code, errc::content_filter);
  EXPECT_EQ(s.failure->vendor_code, "18");
  EXPECT_EQ(s.failure->vendor_message, "stopped");
  const auto busy = stream({R"({"status":{"code":8,"message":"slow down"}})"});
  EXPECT_EQ(busy.failure->code, errc::rate_limit);
  EXPECT_NE(busy.failure->retry, retry_class::safe);
}

TEST(sensenova_native, an_error_object_in_a_200_is_an_error) {
  const std::string body = R"({"error":{"code":17,"message":"no","details":[]}})";
  const auto r = decode(body);
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, errc::content_filter);
  EXPECT_EQ(stream({body}).failure->code, errc::content_filter);
}

TEST(sensenova_native, errors_are_numbers) {
  const auto at = [](int status, const char* code) {
    return decode_error(status, R"({"error":{"code":)" + std::string(code) + R"(,"message":"m"}})");
  };
  EXPECT_EQ(at(400, "3").code, errc::invalid_request);
  EXPECT_EQ(at(404, "5").code, errc::not_found);
  EXPECT_EQ(at(403, "7").code, errc::permission);
  EXPECT_EQ(at(429, "8").code, errc::rate_limit);
  EXPECT_EQ(at(429, "8").retry, retry_class::safe);
  EXPECT_EQ(at(401, "16").code, errc::auth);
  EXPECT_EQ(at(401, "16").request_id, "r1");
  EXPECT_EQ(at(500, "13").code, errc::server);
}

TEST(sensenova_native, what_it_does_not_read_is_said) {
  const auto r = decode(
      R"({"data":{"id":"c1","choices":[{"index":0,"message":"","finish_reason":"tool_calls",)"
      R"("tool_calls":[{}]},{"index":1,"message":"other"}]}})");
  ASSERT_TRUE(r);
  EXPECT_EQ(r->finish, finish_reason::other);
  EXPECT_FALSE(r->usage.reported);
  EXPECT_TRUE(has_note(r->notes, "tool calls"));
  EXPECT_TRUE(has_note(r->notes, "more than one choice"));
  EXPECT_EQ(r->text(), "");
}

TEST(sensenova_native, bodies_that_are_not_the_vendors) {
  for (const char* body : {"", "[]", "{}", R"({"data":{}})", R"({"data":{"id":"a"}})",
                           R"({"choices":[{"message":{"content":"a"}}]})"}) {
    const auto r = decode(body);
    ASSERT_FALSE(r) << body;
    EXPECT_EQ(r.error().code, errc::protocol) << body;
  }
  EXPECT_EQ(stream({"not json"}).failure->code, errc::protocol);
  const auto s = stream({R"({"brand":"new"})", last, "[DONE]"});
  ASSERT_FALSE(s.failure);
  EXPECT_EQ(s.events.front().kind, event_kind::unknown);
}

TEST(sensenova_native, there_are_no_embeddings) {
  const auto e = adapters::sensenova_native().encode_embed({.input = {"a"}}, "m", own_row());
  EXPECT_EQ(e.error().code, errc::unsupported);
}

}  // namespace
}  // namespace ark::test::sensenova
