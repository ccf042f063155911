#include "dialect/bedrock/bedrock_invoke.hpp"
#include "bedrock_support.hpp"
#include "wire/base64.hpp"

#include <boost/json.hpp>

namespace ark::test::bedrock {
namespace {

vendor invoke_row() {
  vendor v = plain_row();
  v.name = "bedrock-anthropic";
  v.dialect = "bedrock_invoke";
  v.parameters = {};
  return v;
}

result<dialect::encoded> encode_invoke(const call& c, const std::string& model,
                                       bool stream = false) {
  return adapters::bedrock_invoke().encode_chat(c, model, invoke_row(), stream);
}

result<reply> decode_invoke(const std::string& body) {
  const vendor v = invoke_row();
  const wire::http_head head{200, {{"x-amzn-requestid", "r1"}}};
  return adapters::bedrock_invoke().decode_chat({head, body}, v);
}

std::string chunk(const std::string& event) {
  return frame("chunk", R"({"bytes":")" + wire::base64_encode(event) + R"(","p":"abc"})");
}

streamed stream_chunks(const std::vector<std::string>& frames) {
  std::string bytes;
  for (const std::string& each : frames) bytes += each;
  return stream_bytes(adapters::bedrock_invoke(), invoke_row(), bytes);
}

TEST(bedrock_invoke, the_model_is_in_the_path_and_the_version_in_the_body) {
  const auto e = encode_invoke(
      {.messages = {user("hi")}, .max_tokens = 5, .extra = {{"anthropic_beta", R"(["a","b"])"}}},
      "us.anthropic.claude-opus-4-6-v1:0", true);
  expect_json(body_of(e), R"({"messages":[{"role":"user","content":[{"type":"text","text":"hi"}]}],
    "max_tokens":5,"anthropic_version":"bedrock-2023-05-31","anthropic_beta":["a","b"]})");
  EXPECT_EQ(e->request.target,
            "/model/us.anthropic.claude-opus-4-6-v1%3A0/invoke-with-response-stream");
  EXPECT_FALSE(wire::has_header(e->request.headers, "anthropic-version"));
  EXPECT_FALSE(wire::has_header(e->request.headers, "anthropic-beta"));
  EXPECT_EQ(wire::find_header(e->request.headers, "accept"), "application/vnd.amazon.eventstream");
  EXPECT_EQ(encode_invoke({.messages = {user("hi")}}, "m")->request.target, "/model/m/invoke");
  expect_json(body_of(encode_invoke({.messages = {user("hi")},
                                     .max_tokens = 5,
                                     .extra = {{"anthropic_version", "\"v2\""}}},
                                    "m"))
                  .at("anthropic_version"),
              "\"v2\"");
}

TEST(bedrock_invoke, a_model_is_known_by_its_makers_own_id) {
  call c{.messages = {user("hi")}, .max_tokens = 9000};
  c.reasoning = reasoning_effort::medium;
  expect_json(
      body_of(encode_invoke(c, "eu.anthropic.claude-haiku-4-5-20251001-v1:0")).at("thinking"),
      R"({"type":"enabled","budget_tokens":4096})");
}

TEST(bedrock_invoke, a_whole_answer) {
  const auto r = decode_invoke(
      R"({"type":"message","id":"msg_bdrk_1","model":"claude-x","role":"assistant",
          "content":[{"type":"text","text":"a"}],"stop_reason":"end_turn",
          "usage":{"input_tokens":1,"output_tokens":2}})");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->text(), "a");
  EXPECT_EQ(r->request_id, "r1");
  EXPECT_EQ(r->usage.output, 2);
  EXPECT_EQ(decode_invoke(R"({"type":"message"})").error().request_id, "r1");
}

TEST(bedrock_invoke, answers_of_other_makers_are_unsupported) {
  for (const char* body :
       {R"({"generation":"a"})", R"({"type":"completion","completion":"a"})", "[]"}) {
    const auto r = decode_invoke(body);
    ASSERT_FALSE(r) << body;
    EXPECT_EQ(r.error().code, errc::unsupported) << body;
    const auto s = stream_chunks({chunk(body)});
    ASSERT_TRUE(s.failure) << body;
    EXPECT_EQ(s.failure->code, errc::unsupported) << body;
  }
}

TEST(bedrock_invoke, a_stream_of_chunks) {
  const auto s =
      stream_chunks({chunk(R"({"type":"message_start","message":{"id":"m1","model":"claude-x",
                 "usage":{"input_tokens":4,"output_tokens":1}}})"),
                     chunk(R"({"type":"content_block_start","index":0,
                 "content_block":{"type":"text","text":""}})"),
                     chunk(R"({"type":"content_block_delta","index":0,
                 "delta":{"type":"text_delta","text":"a"}})"),
                     chunk(R"({"type":"content_block_stop","index":0})"),
                     chunk(R"({"type":"message_delta","delta":{"stop_reason":"end_turn"},
                 "usage":{"output_tokens":7}})"),
                     chunk(R"({"type":"message_stop","amazon-bedrock-invocationMetrics":
                 {"inputTokenCount":4,"outputTokenCount":7}})")});
  ASSERT_FALSE(s.failure) << s.failure->message;
  expect_lawful(s);
  EXPECT_EQ(s.reply.id, "m1");
  EXPECT_EQ(s.reply.text(), "a");
  EXPECT_EQ(s.reply.usage.output, 7);
}

TEST(bedrock_invoke, what_goes_wrong_in_a_stream) {
  const auto failed =
      stream_chunks({frame("throttlingException", R"({"message":"m"})", "exception")});
  ASSERT_TRUE(failed.failure);
  EXPECT_EQ(failed.failure->code, errc::rate_limit);
  EXPECT_EQ(failed.failure->retry, retry_class::maybe_billed);
  for (const char* bad : {"{", R"({"bytes":"?"})"}) {
    const auto broken = stream_chunks({frame("chunk", bad)});
    ASSERT_TRUE(broken.failure) << bad;
    EXPECT_EQ(broken.failure->code, errc::protocol) << bad;
  }
  const auto cut = stream_chunks({frame("newEvent", "{}")});
  ASSERT_TRUE(cut.failure);
  EXPECT_EQ(cut.failure->code, errc::truncated);
}

TEST(bedrock_invoke, errors_and_embeddings) {
  const vendor v = invoke_row();
  const wire::http_head head{503, {{"x-amzn-errortype", "ServiceUnavailableException:http://a"}}};
  const error e = adapters::bedrock_invoke().decode_error({head, R"({"message":"m"})"}, v);
  EXPECT_EQ(e.code, errc::overloaded);
  EXPECT_EQ(e.retry, retry_class::safe);
  EXPECT_EQ(adapters::bedrock_invoke().encode_embed({.input = {"a"}}, "m", v).error().code,
            errc::unsupported);
}

}  // namespace
}  // namespace ark::test::bedrock
