#include "bedrock_support.hpp"

#include <boost/json.hpp>

namespace ark::test::bedrock {
namespace {

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

TEST(bedrock_invoke, what_no_shape_is_known_of_is_unsupported) {
  for (const char* body : {R"({"answer":"a"})", "[]"}) {
    const auto r = decode_invoke(body);
    ASSERT_FALSE(r) << body;
    EXPECT_EQ(r.error().code, errc::unsupported) << body;
    EXPECT_EQ(r.error().request_id, "r1") << body;
    const auto s = stream_chunks({chunk(body)});
    ASSERT_TRUE(s.failure) << body;
    EXPECT_EQ(s.failure->code, errc::unsupported) << body;
  }
}

TEST(bedrock_invoke, an_error_inside_a_good_answer) {
  const std::string body = R"({"message":"m"})";
  const auto r = decode_invoke(body);
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().vendor_message, "m");
  EXPECT_NE(r.error().code, errc::unsupported);
  EXPECT_NE(r.error().retry, retry_class::safe);
  EXPECT_EQ(r.error().http_status, 200);
  const auto s = stream_chunks({chunk(body)});
  ASSERT_TRUE(s.failure);
  EXPECT_EQ(s.failure->vendor_message, "m");
}

TEST(bedrock_invoke, errors_and_embeddings) {
  const vendor v = invoke_row();
  const wire::http_head head{503, {{"x-amzn-errortype", "ServiceUnavailableException:http://a"}}};
  const error e = adapters::bedrock_invoke().decode_error({head, R"({"message":"m"})"}, v);
  EXPECT_EQ(e.code, errc::overloaded);
  EXPECT_EQ(e.retry, retry_class::safe);
  expect_json(body_of(adapters::bedrock_invoke().encode_embed({.input = {"a"}},
                                                              "amazon.titan-embed-text-v2:0", v)),
              R"({"inputText":"a"})");
  EXPECT_EQ(adapters::bedrock_invoke().decode_embed({head, R"({"embedding":[1]})"}, v)->vectors[0],
            std::vector<float>{1.0F});
}

TEST(bedrock_invoke, a_model_without_a_makers_name) {
  const std::string profile = "arn:aws:bedrock:us-east-1:1:application-inference-profile/a1";
  const auto e = encode_invoke({.messages = {user("hi")}}, profile);
  ASSERT_TRUE(e);
  EXPECT_TRUE(body_of(e).as_object().contains("anthropic_version"));
  EXPECT_TRUE(has_note(e->notes, "not known by its id"));
  EXPECT_TRUE(encode_invoke({.messages = {user("hi")}, .max_tokens = 5}, "anthropic.claude-v2:1")
                  ->notes.empty());
  for (const char* model : {"us.deepseek.r1-v1:0", "writer.palmyra-x5-v1:0"}) {
    const auto none = encode_invoke({.messages = {user("hi")}}, model);
    ASSERT_FALSE(none) << model;
    EXPECT_EQ(none.error().code, errc::unsupported);
    EXPECT_NE(none.error().message.find("Converse"), std::string::npos);
  }
}

TEST(bedrock_invoke, nova_takes_the_body_of_converse) {
  const call c{.messages = {system("s"), user("hi")}, .max_tokens = 5};
  const auto e = encode_invoke(c, "us.amazon.nova-lite-v1:0", true);
  expect_json(body_of(e), R"({"system":[{"text":"s"}],"messages":[{"role":"user",
    "content":[{"text":"hi"}]}],"inferenceConfig":{"maxTokens":5}})");
  EXPECT_EQ(e->request.target, "/model/us.amazon.nova-lite-v1%3A0/invoke-with-response-stream");
  call beyond = c;
  beyond.reasoning = reasoning_effort::low;
  EXPECT_EQ(encode_invoke(beyond, "amazon.nova-2-lite-v1:0").error().code, errc::unsupported);
  beyond = c;
  beyond.response_format.kind = response_format_kind::json_schema;
  EXPECT_EQ(encode_invoke(beyond, "amazon.nova-lite-v1:0").error().code, errc::unsupported);
  beyond = c;
  beyond.extra = {{"topK", "20"}};
  EXPECT_EQ(encode_invoke(beyond, "amazon.nova-lite-v1:0").error().code, errc::unsupported);
  beyond = c;
  beyond.service_tier = "flex";
  EXPECT_EQ(encode_invoke(beyond, "amazon.nova-lite-v1:0").error().code, errc::unsupported);
}

TEST(bedrock_invoke, models_of_the_chat_completions_family) {
  call c{.messages = {user("hi")}, .max_tokens = 5, .seed = 7};
  for (const char* model :
       {"openai.gpt-oss-20b-1:0", "ai21.jamba-1-5-mini-v1:0", "mistral.mistral-large-2407-v1:0",
        "us.mistral.pixtral-large-2502-v1:0"}) {
    const auto e = encode_invoke(c, model, true);
    expect_json(body_of(e), R"({"messages":[{"role":"user","content":"hi"}],"max_tokens":5,
      "seed":7})");
    EXPECT_EQ(wire::find_header(e->request.headers, "accept"),
              "application/vnd.amazon.eventstream");
    EXPECT_TRUE(e->request.target.ends_with("%3A0/invoke-with-response-stream")) << model;
    EXPECT_EQ(e->max_output_tokens, 5);
  }
  c.reasoning = reasoning_effort::low;
  expect_json(body_of(encode_invoke(c, "openai.gpt-oss-20b-1:0")).at("reasoning_effort"),
              R"("low")");
  EXPECT_EQ(encode_invoke(c, "ai21.jamba-1-5-mini-v1:0").error().code, errc::unsupported);
}

TEST(bedrock_invoke, a_whole_answer_of_nova) {
  const auto r = decode_invoke(R"({"output":{"message":{"role":"assistant","content":[{"text":"a"},
    {"toolUse":{"toolUseId":"t1","name":"f","input":{"x":1}}}]}},"stopReason":"tool_use",
    "usage":{"inputTokens":6,"outputTokens":2,"totalTokens":28,"cacheReadInputTokenCount":20,
    "cacheWriteInputTokenCount":0},"amazon-bedrock-guardrailAction":"INTERVENED"})");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->text(), "a");
  EXPECT_EQ(r->tool_calls().at(0).arguments, R"({"x":1})");
  EXPECT_EQ(r->finish, finish_reason::tool_calls);
  EXPECT_EQ(r->usage.cache_read, 20);
  EXPECT_EQ(r->usage.input, 6);
  EXPECT_EQ(r->request_id, "r1");
  EXPECT_TRUE(has_note(r->notes, "guardrail"));
  EXPECT_FALSE(has_note(r->notes, "sum of its parts"));
}

TEST(bedrock_invoke, gpt_oss_writes_its_reasoning_into_the_text) {
  const auto r = decode_invoke(R"({"id":"c1","model":"openai.x","choices":[{"index":0,
    "finish_reason":"stop","message":{"role":"assistant",
    "content":"<reasoning>why</reasoning>so"}}],
    "usage":{"prompt_tokens":7,"completion_tokens":4,"total_tokens":11}})");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->text(), "so");
  EXPECT_EQ(r->reasoning(), "why");
  EXPECT_EQ(r->usage.output_total(), 4);
}

TEST(bedrock_invoke, a_finish_reason_and_a_usage_in_other_places) {
  const auto r = decode_invoke(R"({"choices":[{"index":0,"stop_reason":"length",
    "message":{"role":"assistant","content":"a"}}]})",
                               {{"x-amzn-bedrock-input-token-count", "5"},
                                {"x-amzn-bedrock-output-token-count", "2"},
                                {"x-amzn-bedrock-cache-read-input-token-count", "3"}});
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->finish, finish_reason::length);
  EXPECT_EQ(r->vendor_finish_reason, "length");
  EXPECT_EQ(r->usage.input, 5);
  EXPECT_EQ(r->usage.cache_read, 3);
  EXPECT_EQ(r->usage.output, 2);
}

TEST(bedrock_invoke, a_count_holds_the_whole_body) {
  const vendor v = invoke_row();
  const call c{.messages = {user("u")}, .max_tokens = 5};
  const auto e = adapters::bedrock_invoke().encode_count(c, "us.anthropic.claude-x", v);
  ASSERT_TRUE(e) << to_string(e.error());
  EXPECT_EQ(e->request.target, "/model/us.anthropic.claude-x/count-tokens");
  EXPECT_FALSE(e->max_output_tokens);
  const auto chat = adapters::bedrock_invoke().encode_chat(c, "us.anthropic.claude-x", v, false);
  const auto inner = body_of(e).at("input").at("invokeModel").at("body").as_string();
  EXPECT_EQ(wire::base64_decode(std::string_view(inner)).value(), chat->request.body);
  EXPECT_EQ(adapters::bedrock_invoke().encode_count(c, "invoke-r", v)->request.target,
            "/model/invoke-r/count-tokens");
  const wire::http_head head{200, {}};
  EXPECT_EQ(
      adapters::bedrock_invoke().decode_count({head, R"({"inputTokens":18})"}, v)->input_tokens,
      18);
}

}  // namespace
}  // namespace ark::test::bedrock
