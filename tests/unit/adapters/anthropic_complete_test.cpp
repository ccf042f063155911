#include "dialect/anthropic_complete/anthropic_complete.hpp"
#include "catalog/vendor_rows.hpp"
#include "dialect_support.hpp"
#include "rows.hpp"

namespace ark::test::anthropic_complete {
namespace {

vendor plain_row() {
  const auto rows = catalog::unpack_vendors(adapters::vendor_rows());
  if (rows)
    for (const vendor& v : *rows)
      if (v.name == "anthropic-complete") return v;
  ADD_FAILURE() << "no row \"anthropic-complete\"";
  return {};
}

result<dialect::encoded> encode(const call& c, bool stream = false) {
  return adapters::anthropic_complete().encode_chat(c, "claude-2.1", plain_row(), stream);
}

result<reply> decode(const std::string& body) {
  const vendor v = plain_row();
  const wire::http_head head{200, {{"request-id", "r1"}}};
  return adapters::anthropic_complete().decode_chat({head, body}, v);
}

std::string frame(const std::string& text, const std::string& reason) {
  return R"({"type":"completion","id":"compl_1","model":"claude-2.1","completion":")" + text +
         R"(","stop_reason":)" + reason + R"(,"stop":null,"log_id":"compl_1"  })";
}

streamed stream(const std::vector<std::string>& frames) {
  const vendor v = plain_row();
  return stream_frames(adapters::anthropic_complete(), v, frames);
}

TEST(anthropic_complete, the_prompt_as_it_is_and_a_limit_that_is_demanded) {
  call c{.messages = {user("\n\nHuman: hi\n\nAssistant:")}};
  auto e = encode(c);
  expect_json(body_of(e), R"({"model":"claude-2.1","prompt":"\n\nHuman: hi\n\nAssistant:",
      "max_tokens_to_sample":4096})");
  EXPECT_TRUE(has_note(e->notes, "4096"));
  EXPECT_EQ(e->max_output_tokens, 4096);
  EXPECT_EQ(e->request.target, "/complete");
  EXPECT_EQ(wire::find_header(e->request.headers, "anthropic-version"), "2023-06-01");
  c.max_tokens = 3;
  c.stop = {"x"};
  c.end_user = "u";
  c.extra = {{"top_k", "5"}};
  e = encode(c, true);
  expect_json(body_of(e), R"({"model":"claude-2.1","prompt":"\n\nHuman: hi\n\nAssistant:",
      "max_tokens_to_sample":3,"stop_sequences":["x"],"metadata":{"user_id":"u"},"top_k":5,
      "stream":true})");
  EXPECT_TRUE(e->notes.empty());
  c = {.messages = {user("a")}, .extra = {{"max_tokens_to_sample", "9"}}};
  EXPECT_EQ(encode(c)->max_output_tokens, 9);
}

TEST(anthropic_complete, what_it_cannot_say) {
  EXPECT_EQ(encode({.messages = {user("a"), user("b")}}).error().code, errc::unsupported);
  EXPECT_EQ(encode({.messages = {user("a")}, .tools = {{.name = "f"}}}).error().code,
            errc::unsupported);
  EXPECT_EQ(encode({.messages = {user("a")}, .seed = 1}).error().code, errc::invalid_request);
  const vendor v = plain_row();
  EXPECT_EQ(adapters::anthropic_complete().encode_embed({.input = {"a"}}, "m", v).error().code,
            errc::unsupported);
}

TEST(anthropic_complete, a_whole_answer_has_no_usage) {
  const auto r = decode(frame(" Hi i'm", R"("max_tokens")"));
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->text(), " Hi i'm");
  EXPECT_EQ(r->finish, finish_reason::length);
  EXPECT_EQ(r->id, "compl_1");
  EXPECT_EQ(r->model, "claude-2.1");
  EXPECT_EQ(r->request_id, "r1");
  EXPECT_FALSE(r->usage.reported);
  EXPECT_EQ(decode(R"({"type":"message","content":[]})").error().code, errc::protocol);
  EXPECT_EQ(decode("<html>").error().code, errc::protocol);
}

TEST(anthropic_complete, the_event_with_a_stop_reason_is_the_last) {
  const auto s = stream({frame("a", "null"), R"({"type": "ping"})", frame("b", "null"),
                         frame("", R"("stop_sequence")")});
  ASSERT_FALSE(s.failure) << s.failure->message;
  expect_lawful(s);
  EXPECT_EQ(s.reply.text(), "ab");
  EXPECT_EQ(s.reply.finish, finish_reason::stop);
  const auto cut = stream({frame("a", "null")});
  ASSERT_TRUE(cut.failure);
  EXPECT_EQ(cut.failure->code, errc::truncated);
}

TEST(anthropic_complete, errors_inside_a_200_are_never_safe) {
  const std::string overloaded =
      R"({"type":"error","error":{"type":"overloaded_error","message":"m"}})";
  const auto s = stream({frame("a", "null"), overloaded});
  ASSERT_TRUE(s.failure);
  EXPECT_EQ(s.failure->code, errc::overloaded);
  EXPECT_EQ(s.failure->retry, retry_class::maybe_billed);
  EXPECT_EQ(decode(overloaded).error().retry, retry_class::maybe_billed);
  const vendor v = plain_row();
  const wire::http_head head{400, {}};
  const auto e = adapters::anthropic_complete().decode_error(
      {head, R"({"type":"error","error":{"type":"invalid_request_error","message":"old"},
                 "request_id":"q"})"},
      v);
  EXPECT_EQ(e.code, errc::invalid_request);
  EXPECT_EQ(e.request_id, "q");
}

}  // namespace
}  // namespace ark::test::anthropic_complete
