#include "interactions_support.hpp"

namespace ark::test::interactions {
namespace {

TEST(gemini_interactions, a_stream_ends_with_its_terminal_frame) {
  const auto text = step(0, R"({"type":"model_output"})", {R"({"type":"text","text":"hi"})"});
  const auto s = stream_steps({text});
  ASSERT_FALSE(s.failure) << s.failure->message;
  EXPECT_EQ(s.reply.text(), "hi");
  EXPECT_EQ(s.reply.id, "v1_a");
  EXPECT_EQ(s.reply.model, "m1");
  EXPECT_EQ(s.reply.finish, finish_reason::stop);
  EXPECT_EQ(s.reply.vendor_finish_reason, "completed");
  expect_lawful(s);
}

TEST(gemini_interactions, a_frame_of_DONE_may_come_behind_it_and_is_no_terminal) {
  auto text = step(0, R"({"type":"model_output"})", {R"({"type":"text","text":"hi"})"});
  text.insert(text.begin(), created());
  auto whole = text, cut = text;
  whole.push_back(completed());
  whole.emplace_back("[DONE]");
  EXPECT_FALSE(stream(whole).failure);
  cut.emplace_back("[DONE]");
  const auto s = stream(cut);
  ASSERT_TRUE(s.failure);
  EXPECT_EQ(s.failure->code, errc::truncated);
}

TEST(gemini_interactions, threat_P16_an_end_without_the_terminal_is_truncated) {
  EXPECT_EQ(stream({created()}).failure->code, errc::truncated);
  EXPECT_EQ(stream({}).failure->code, errc::truncated);
}

TEST(gemini_interactions, frames_that_are_not_the_vendors) {
  EXPECT_EQ(stream({"not json"}).failure->code, errc::protocol);
  EXPECT_EQ(stream({"[1]"}).failure->code, errc::protocol);
  const auto s = stream({created(), R"({"event_type":"brand.new"})",
                         R"({"event_type":"step.pause","index":0})", completed()});
  ASSERT_FALSE(s.failure);
  EXPECT_EQ(s.events[1].kind, event_kind::unknown);
  EXPECT_EQ(s.events[1].name, "brand.new");
  EXPECT_EQ(s.events[2].name, "step.pause");
}

TEST(gemini_interactions, the_kind_of_a_frame_may_stand_in_its_event_line_only) {
  const auto s = stream_bytes(
      adapters::gemini_interactions(), plain_row(),
      "event: step.delta\ndata: {\"index\":0,\"delta\":{\"type\":\"text\",\"text\":\"a\"}}\n\n"
      "event: interaction.completed\ndata: {\"interaction\":{\"status\":\"completed\"}}\n\n");
  ASSERT_FALSE(s.failure) << s.failure->message;
  EXPECT_EQ(s.reply.text(), "a");
}

TEST(gemini_interactions, errors_in_a_stream_are_errors_and_not_safe) {
  const auto s = stream(
      {created(),
       R"({"event_type":"error","error":{"code":"resource_exhausted","message":"slow down"}})"});
  ASSERT_TRUE(s.failure);
  EXPECT_EQ(s.failure->code, errc::rate_limit);
  EXPECT_EQ(s.failure->retry, retry_class::maybe_billed);
  EXPECT_EQ(s.failure->vendor_message, "slow down");
}

TEST(gemini_interactions, a_server_that_does_not_stream) {
  const auto s =
      stream({interaction(R"({"type":"model_output","content":[{"type":"text","text":"a"}]})")});
  ASSERT_FALSE(s.failure) << s.failure->message;
  EXPECT_EQ(s.reply.text(), "a");
}

TEST(gemini_interactions, bodies_that_are_not_the_vendors) {
  for (const char* body : {"", "null", "[]", "{}", R"({"choices":[]})", R"({"steps":[]})",
                           R"({"object":"interaction","status":"completed","outputs":[]})"}) {
    const auto r = decode(body);
    ASSERT_FALSE(r) << body;
    EXPECT_EQ(r.error().code, errc::protocol) << body;
    EXPECT_EQ(r.error().retry, retry_class::maybe_billed) << body;
  }
}

TEST(gemini_interactions, errors_have_words_in_small_letters) {
  const auto e =
      decode_error(400, R"({"error":{"code":"invalid_request","message":"no such field"}})");
  EXPECT_EQ(e.code, errc::invalid_request);
  EXPECT_EQ(e.retry, retry_class::never);
  EXPECT_EQ(e.vendor_code, "invalid_request");
  EXPECT_EQ(decode_error(404, R"({"error":{"code":"not_found"}})").code, errc::not_found);
  EXPECT_EQ(decode_error(429, R"({"error":{"code":429,"status":"RESOURCE_EXHAUSTED"}})").code,
            errc::rate_limit);
  const auto inside = decode(R"({"error":{"code":"internal","message":"x"}})");
  ASSERT_FALSE(inside);
  EXPECT_EQ(inside.error().code, errc::server);
  EXPECT_EQ(inside.error().retry, retry_class::maybe_billed);
}

TEST(gemini_interactions, there_are_no_embeddings) {
  const auto e = adapters::gemini_interactions().encode_embed({.input = {"a"}}, "m", plain_row());
  ASSERT_FALSE(e);
  EXPECT_EQ(e.error().code, errc::unsupported);
}

}  // namespace
}  // namespace ark::test::interactions
