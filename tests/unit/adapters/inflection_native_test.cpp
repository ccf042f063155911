#include "inflection_support.hpp"

namespace ark::test::inflection {
namespace {

const std::string one = R"({"created": 1728094708.25, "idx": 0, "text": "Hello"})";
const std::string two = R"({"created": 1728094708.57, "idx": 1, "text": " there"})";

TEST(inflection_native, a_reply_has_neither_usage_nor_reason) {
  const auto r = decode(R"({"created":1714688002.05,"text":"Hello there"})");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->text(), "Hello there");
  EXPECT_FALSE(r->usage.reported);
  EXPECT_EQ(r->finish, finish_reason::stop);
  EXPECT_TRUE(has_note(r->notes, "why the answer ended"));
  EXPECT_EQ(r->request_id, "r1");
}

TEST(inflection_native, a_stream_is_lines_or_events_and_ends_with_its_bytes) {
  for (const std::string& bytes :
       {one + "\n" + two + "\n", one + "\r\n" + two, "data: " + one + "\n\ndata: " + two + "\n\n",
        ": ping\nevent: message\nid: 1\ndata:" + one + "\n\n" + two + "\n\ndata: [DONE]\n\n"}) {
    const auto s = stream(bytes);
    ASSERT_FALSE(s.failure) << bytes << s.failure->message;
    EXPECT_EQ(s.reply.text(), "Hello there") << bytes;
    EXPECT_EQ(s.reply.finish, finish_reason::stop);
    EXPECT_EQ(s.reply.notes, decode(R"({"text":"x"})")->notes) << "as a whole reply";
    EXPECT_FALSE(s.reply.usage.reported);
    expect_lawful(s);
    expect_same_wherever_cut(adapters::inflection_native(), own_row(), bytes);
  }
}

TEST(inflection_native, threat_P16_an_end_inside_of_a_line_is_truncated) {
  const std::string bytes = one + "\n" + two;
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto s = stream(bytes.substr(0, size));
    const bool between = size == one.size() || size == one.size() + 1;
    EXPECT_EQ(!s.failure, between) << size;
    if (s.failure) {
      EXPECT_EQ(s.failure->code, errc::truncated) << size;
    }
  }
}

TEST(inflection_native, errors_are_fastapis) {
  const auto e = decode_error(401, R"({"detail":"Invalid token"})");
  EXPECT_EQ(e.code, errc::auth);
  EXPECT_EQ(e.vendor_message, "Invalid token");
  EXPECT_EQ(e.request_id, "r1");
  const auto field = decode_error(
      422, R"({"detail":[{"loc":["body","config"],"msg":"field required","type":"missing"}]})");
  EXPECT_EQ(field.code, errc::invalid_request);
  EXPECT_EQ(field.vendor_message, "field required");
  EXPECT_EQ(decode_error(429, "").retry, retry_class::safe);
}

TEST(inflection_native, an_error_object_in_a_200_is_an_error_and_not_safe) {
  const auto r = decode(R"({"detail":"overloaded"})");
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().vendor_message, "overloaded");
  const auto s = stream(one + "\n" + R"({"detail":"overloaded"})" + "\n");
  ASSERT_TRUE(s.failure);
  EXPECT_EQ(s.failure->vendor_message, "overloaded");
  EXPECT_NE(s.failure->retry, retry_class::safe);
}

TEST(inflection_native, what_it_does_not_read_is_said) {
  const auto r = decode(R"({"text":"","tool_calls":[{"id":"a"}]})");
  ASSERT_TRUE(r);
  EXPECT_TRUE(has_note(r->notes, "tool calls"));
  EXPECT_FALSE(has_note(decode(R"({"text":"a","tool_calls":[]})")->notes, "tool calls"));
  const auto s = stream(R"({"brand":"new"})"
                        "\n" +
                        one + "\n");
  ASSERT_FALSE(s.failure);
  EXPECT_EQ(s.events.front().kind, event_kind::unknown);
}

TEST(inflection_native, bodies_that_are_not_the_vendors) {
  for (const char* body : {"", "[]", "{}", "<html>", R"({"text":7})", R"({"choices":[]})"}) {
    const auto r = decode(body);
    ASSERT_FALSE(r) << body;
    EXPECT_EQ(r.error().code, errc::protocol) << body;
  }
  EXPECT_EQ(stream("not json\n" + one + "\n").failure->code, errc::protocol);
}

TEST(inflection_native, there_are_no_embeddings) {
  const auto e = adapters::inflection_native().encode_embed({.input = {"a"}}, "m", own_row());
  EXPECT_EQ(e.error().code, errc::unsupported);
}

}  // namespace
}  // namespace ark::test::inflection
