#include "responses_support.hpp"

namespace ark::test::responses {
namespace {

TEST(openai_responses, has_its_name) {
  EXPECT_EQ(adapters::openai_responses().name(), "openai_responses");
}

TEST(openai_responses, a_whole_reply) {
  const auto r = decode(response(saying("hi")), plain_row(), {{"x-request-id", "q1"}});
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->text(), "hi");
  EXPECT_EQ(r->id, "r1");
  EXPECT_EQ(r->model, "m1");
  EXPECT_EQ(r->request_id, "q1");
  EXPECT_EQ(r->message.role, role::assistant);
}

TEST(openai_responses, what_is_no_response) {
  for (const char* body : {"", "[]", "<html>", R"({"choices":[]})", R"({"output":"x"})"})
    EXPECT_EQ(decode(body).error().code, errc::protocol) << body;
  const auto r = decode(R"({"error":{"message":"m","code":"insufficient_quota"}})", plain_row(),
                        {{"x-request-id", "q1"}});
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, errc::quota);
  EXPECT_EQ(r.error().http_status, 200);
  EXPECT_EQ(r.error().request_id, "q1");
}

TEST(openai_responses, errors_by_status) {
  EXPECT_EQ(decode_error(404, R"({"error":{"message":"m","code":"model_not_found"}})").code,
            errc::not_found);
  const error odd = decode_error(400, R"({"code":"invalid-argument","error":"no such thing"})");
  EXPECT_EQ(odd.code, errc::invalid_request);
  EXPECT_EQ(odd.vendor_message, "no such thing");
}

TEST(openai_responses, has_no_embeddings) {
  const auto& d = adapters::openai_responses();
  EXPECT_EQ(d.encode_embed({.input = {"a"}}, "m", plain_row()).error().code, errc::unsupported);
  EXPECT_EQ(d.decode_embed({{}, "{}"}, plain_row()).error().code, errc::unsupported);
}

/// Where each row goes, whose key it takes, and whether the vendor is told to keep nothing.
struct facts {
  const char *name, *url, *key;
  bool keeps_nothing;
};

constexpr facts rows[] = {
    {"azure-responses", "/openai/responses?api-version=2025-04-01-preview", "AZURE_OPENAI_API_KEY",
     true},
    {"azure-v1-responses", "/responses", "AZURE_OPENAI_API_KEY", true},
    {"bedrock-mantle-responses", "https://bedrock-mantle.us-east-1.api.aws/openai/v1/responses",
     "AWS_BEARER_TOKEN_BEDROCK", true},
    {"byteplus-modelark-responses", "https://ark.ap-southeast.bytepluses.com/api/v3/responses",
     "BYTEPLUS_ARK_API_KEY|BYTEPLUS_ACCESSKEY+BYTEPLUS_SECRETKEY", true},
    {"chatgpt-responses", "https://chatgpt.com/backend-api/codex/responses", "CHATGPT_ACCESS_TOKEN",
     true},
    {"copilot-responses", "https://api.githubcopilot.com/responses", "GITHUB_COPILOT_API_KEY",
     false},
    {"custom-responses", "/responses", "ARK_CUSTOM_API_KEY", false},
    {"deepseek-responses", "https://api.deepseek.com/responses", "DEEPSEEK_API_KEY", false},
    {"llamacpp-responses", "http://localhost:8080/v1/responses", "LLAMA_API_KEY", false},
    {"lmstudio-responses", "http://localhost:1234/v1/responses", "LMSTUDIO_API_KEY", false},
    {"mistralrs-responses", "http://localhost:1234/v1/responses", "MISTRALRS_API_KEY", false},
    {"openai-responses", "https://api.openai.com/v1/responses", "OPENAI_API_KEY", true},
    {"openrouter-responses", "https://openrouter.ai/api/v1/responses", "OPENROUTER_API_KEY", false},
    {"qianfan-responses", "https://qianfan.baidubce.com/v2/responses",
     "QIANFAN_API_KEY|QIANFAN_ACCESS_KEY+QIANFAN_SECRET_KEY", true},
    {"volcengine-ark-responses", "https://ark.cn-beijing.volces.com/api/v3/responses",
     "ARK_API_KEY|VOLC_ACCESSKEY+VOLC_SECRETKEY", true},
    {"xai-responses", "https://api.x.ai/v1/responses", "XAI_API_KEY", true},
};

TEST(openai_responses, where_the_rows_go) {
  for (const facts& f : rows) {
    const vendor v = own_row(f.name);
    EXPECT_EQ(v.dialect, "openai_responses") << f.name;
    EXPECT_EQ(v.key_variable, f.key) << f.name;
    EXPECT_EQ(v.private_network, v.base_url.starts_with("http://localhost")) << f.name;
    const auto e = encode({.messages = {user("q")}}, v);
    ASSERT_TRUE(e) << f.name << ": " << e.error().message;
    EXPECT_EQ(v.base_url + e->request.target, f.url);
    const auto body = body_of(e).as_object();
    EXPECT_EQ(body.contains("store"), f.keeps_nothing) << f.name;
    if (f.keeps_nothing) expect_json(body.at("store"), "false");
  }
}

}  // namespace
}  // namespace ark::test::responses
