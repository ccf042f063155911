#include "dialect/vertex_messages/vertex_messages.hpp"
#include "catalog/vendor_rows.hpp"
#include "dialect_support.hpp"
#include "rows.hpp"

namespace ark::test::vertex {
namespace {

vendor plain_row() {
  const auto rows = catalog::unpack_vendors(adapters::vendor_rows());
  if (rows)
    for (const vendor& v : *rows)
      if (v.name == "vertex-anthropic") return v;
  ADD_FAILURE() << "no row \"vertex-anthropic\"";
  return {};
}

result<dialect::encoded> encode(const call& c, const std::string& model, bool stream = false) {
  return adapters::vertex_messages().encode_chat(c, model, plain_row(), stream);
}

error decode_error(int status, const std::string& body) {
  const vendor v = plain_row();
  const wire::http_head head{status, {{"x-vertex-ai-received-request-id", "r1"}}};
  return adapters::vertex_messages().decode_error({head, body}, v);
}

TEST(vertex_messages, the_model_is_in_the_path_and_the_version_in_the_body) {
  const call c{.messages = {user("hi")}, .max_tokens = 5, .extra = {{"anthropic_beta", R"("b")"}}};
  const auto e = encode(c, "claude-3-7-sonnet@20250219", true);
  expect_json(body_of(e), R"({"messages":[{"role":"user","content":[{"type":"text","text":"hi"}]}],
    "max_tokens":5,"stream":true,"anthropic_version":"vertex-2023-10-16","anthropic_beta":["b"]})");
  EXPECT_EQ(e->request.target,
            "/publishers/anthropic/models/claude-3-7-sonnet@20250219:streamRawPredict");
  EXPECT_FALSE(wire::has_header(e->request.headers, "anthropic-version"));
  EXPECT_EQ(wire::find_header(e->request.headers, "accept"), "text/event-stream");
  const auto whole = encode(c, "m/x");
  EXPECT_EQ(whole->request.target, "/publishers/anthropic/models/m%2Fx:rawPredict");
  EXPECT_FALSE(body_of(whole).as_object().contains("stream"));
  EXPECT_FALSE(body_of(whole).as_object().contains("model"));
  EXPECT_EQ(encode(c, "..").error().code, errc::invalid_request);
}

TEST(vertex_messages, a_model_is_known_by_its_makers_own_id) {
  call c{.messages = {user("hi")}, .max_tokens = 9000};
  c.reasoning = reasoning_effort::medium;
  for (const char* model : {"claude-haiku-4-5@20251001", "claude-sonnet-4@20250514"})
    expect_json(body_of(encode(c, model)).at("thinking"),
                R"({"type":"enabled","budget_tokens":4096})");
  expect_json(body_of(encode(c, "claude-opus-4-6")).at("thinking"), R"({"type":"adaptive"})");
}

TEST(vertex_messages, answers_are_its_makers) {
  const vendor v = plain_row();
  const wire::http_head head{200, {{"x-vertex-ai-received-request-id", "r1"}}};
  const auto& family = adapters::vertex_messages();
  const auto r = family.decode_chat({head, R"({"type":"message","id":"msg_vrtx_1","model":"c",
      "content":[{"type":"text","text":"a"}],"stop_reason":"end_turn",
      "usage":{"input_tokens":1,"output_tokens":2}})"},
                                    v);
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->text(), "a");
  EXPECT_EQ(r->request_id, "r1");
  EXPECT_EQ(family.decode_chat({head, "{}"}, v).error().request_id, "r1");
  EXPECT_EQ(family.encode_embed({.input = {"a"}}, "m", v).error().code, errc::unsupported);
  const auto s = stream_frames(
      family, v,
      {R"({"type":"message_start","message":{"id":"m1","model":"c",
           "usage":{"input_tokens":4,"output_tokens":1}}})",
       R"({"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}})",
       R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"}})",
       R"({"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":7}})",
       R"({"type":"message_stop"})"});
  ASSERT_FALSE(s.failure) << s.failure->message;
  expect_lawful(s);
  EXPECT_EQ(s.reply.text(), "a");
  EXPECT_EQ(s.reply.usage.output, 7);
}

TEST(vertex_messages, errors_of_both_houses) {
  const auto own =
      decode_error(429, R"({"type":"error","error":{"type":"rate_limit_error","message":"m"}})");
  EXPECT_EQ(own.code, errc::rate_limit);
  EXPECT_EQ(own.vendor_code, "rate_limit_error");
  const auto google =
      decode_error(403, R"({"error":{"code":403,"message":"m","status":"PERMISSION_DENIED"}})");
  EXPECT_EQ(google.code, errc::permission);
  EXPECT_EQ(google.vendor_message, "m");
  EXPECT_EQ(google.vendor_code, "PERMISSION_DENIED");
}

}  // namespace
}  // namespace ark::test::vertex
