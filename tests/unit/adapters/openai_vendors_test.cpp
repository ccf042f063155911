// Every row of the family: where it goes, whose key it takes, and what its document lets through.
#include "openai_support.hpp"

#include <algorithm>

namespace ark::test::openai {
namespace {

/// `takes` and `refuses`: a parameter that the row lets through and one that it does not; "" where
/// anything is (or nothing that is known is not).
struct facts {
  const char *name, *url, *key, *takes, *refuses;
};

constexpr facts table[] = {
    {"anthropic-openai", "https://api.anthropic.com/v1/chat/completions", "ANTHROPIC_API_KEY",
     "thinking", ""},
    {"avian", "https://api.avian.io/v1/chat/completions", "AVIAN_API_KEY", "top_k", ""},
    {"azure", "/openai/deployments/m/chat/completions?api-version=2024-10-21",
     "AZURE_OPENAI_API_KEY", "verbosity", "top_k"},
    {"azure-foundry", "/chat/completions?api-version=2024-05-01-preview", "AZURE_AI_API_KEY",
     "top_k", ""},
    {"azure-v1", "/chat/completions", "AZURE_OPENAI_API_KEY", "verbosity", "top_k"},
    {"baichuan", "https://api.baichuan-ai.com/v1/chat/completions", "BAICHUAN_API_KEY", "top_k",
     "verbosity"},
    {"baseten", "https://inference.baseten.co/v1/chat/completions", "BASETEN_API_KEY", "top_k", ""},
    {"bedrock-mantle", "https://bedrock-mantle.us-east-1.api.aws/v1/chat/completions",
     "AWS_BEARER_TOKEN_BEDROCK", "top_k", ""},
    {"byteplus-modelark", "https://ark.ap-southeast.bytepluses.com/api/v3/chat/completions",
     "BYTEPLUS_ARK_API_KEY|BYTEPLUS_ACCESSKEY+BYTEPLUS_SECRETKEY", "thinking", "top_k"},
    {"byteplus-modelark-batch",
     "https://ark.ap-southeast.bytepluses.com/api/v3/batch/chat/completions",
     "BYTEPLUS_ARK_API_KEY|BYTEPLUS_ACCESSKEY+BYTEPLUS_SECRETKEY", "thinking", "bot_id"},
    {"byteplus-modelark-context",
     "https://ark.ap-southeast.bytepluses.com/api/v3/context/chat/completions",
     "BYTEPLUS_ARK_API_KEY|BYTEPLUS_ACCESSKEY+BYTEPLUS_SECRETKEY", "context_id", "thinking"},
    {"cerebras", "https://api.cerebras.ai/v1/chat/completions", "CEREBRAS_API_KEY",
     "clear_thinking", ""},
    {"cloudflare", "/chat/completions", "CLOUDFLARE_API_TOKEN", "top_k", ""},
    {"copilot", "https://api.githubcopilot.com/chat/completions", "GITHUB_COPILOT_API_KEY", "top_k",
     ""},
    {"crusoe", "https://api.inference.crusoecloud.com/v1/chat/completions", "CRUSOE_API_KEY",
     "top_k", ""},
    {"custom", "/chat/completions", "ARK_CUSTOM_API_KEY", "top_k", ""},
    {"dashscope", "https://dashscope.aliyuncs.com/compatible-mode/v1/chat/completions",
     "DASHSCOPE_API_KEY", "enable_search", "safe_prompt"},
    {"databricks", "/chat/completions", "DATABRICKS_TOKEN", "top_k", ""},
    {"deepseek", "https://api.deepseek.com/chat/completions", "DEEPSEEK_API_KEY", "thinking",
     "top_k"},
    {"doubleword", "https://api.doubleword.ai/v1/chat/completions", "DOUBLEWORD_API_KEY", "top_k",
     ""},
    {"fireworks", "https://api.fireworks.ai/inference/v1/chat/completions", "FIREWORKS_API_KEY",
     "min_p", "safe_prompt"},
    {"gemini-openai", "https://generativelanguage.googleapis.com/v1beta/openai/chat/completions",
     "GEMINI_API_KEY", "top_k", ""},
    {"gpustack", "http://localhost/v1/chat/completions", "GPUSTACK_API_KEY", "top_k", ""},
    {"groq", "https://api.groq.com/openai/v1/chat/completions", "GROQ_API_KEY", "documents",
     "top_k"},
    {"huawei-maas", "https://api.modelarts-maas.com/v2/chat/completions", "MAAS_API_KEY",
     "chat_template_kwargs", "verbosity"},
    {"huggingface", "https://router.huggingface.co/v1/chat/completions", "HF_TOKEN", "top_k", ""},
    {"hunyuan", "https://api.hunyuan.cloud.tencent.com/v1/chat/completions", "HUNYUAN_API_KEY",
     "citation", "top_k"},
    {"inflection-openai", "https://api.inflection.ai/v1/chat/completions", "INFLECTION_API_KEY",
     "top_p", "top_k"},
    {"llamacpp", "http://localhost:8080/v1/chat/completions", "LLAMA_API_KEY", "top_k", ""},
    {"lmstudio", "http://localhost:1234/v1/chat/completions", "LMSTUDIO_API_KEY", "top_k", ""},
    {"minimax", "https://api.minimax.io/v1/chat/completions", "MINIMAX_API_KEY", "top_k", ""},
    {"mistral", "https://api.mistral.ai/v1/chat/completions", "MISTRAL_API_KEY", "safe_prompt",
     "top_k"},
    {"mistral-agents", "https://api.mistral.ai/v1/agents/completions", "MISTRAL_API_KEY",
     "prompt_mode", "top_k"},
    {"mistralrs", "http://localhost:1234/v1/chat/completions", "MISTRALRS_API_KEY", "top_k", ""},
    {"mobvoi", "https://open-ka.mobvoi.com/api/chat/v2/chat", "MOBVOI_APP_KEY+MOBVOI_APP_SECRET",
     "presence_penalty", "stop"},
    {"moonshot", "https://api.moonshot.ai/v1/chat/completions", "MOONSHOT_API_KEY", "thinking",
     "top_k"},
    {"ollama-openai", "http://localhost:11434/v1/chat/completions", "OLLAMA_API_KEY",
     "frequency_penalty", "top_k"},
    {"openai", "https://api.openai.com/v1/chat/completions", "OPENAI_API_KEY", "verbosity",
     "top_k"},
    {"openrouter", "https://openrouter.ai/api/v1/chat/completions", "OPENROUTER_API_KEY", "top_k",
     ""},
    {"pangu", "https://pangu.cn-southwest-2.myhuaweicloud.com/api/v2/chat/completions",
     "PANGU_API_KEY|HUAWEICLOUD_SDK_AK+HUAWEICLOUD_SDK_SK", "presence_penalty", "stream_options"},
    {"pangu-iam", "https://pangu.cn-southwest-2.myhuaweicloud.com/api/v2/chat/completions",
     "PANGU_IAM_TOKEN|HW_DOMAIN_NAME+HW_USER_NAME+HW_USER_PASSWORD", "presence_penalty", "tools"},
    {"pangu-v1", "/deployments/m/chat/completions",
     "PANGU_API_KEY|HUAWEICLOUD_SDK_AK+HUAWEICLOUD_SDK_SK", "frequency_penalty", "seed"},
    {"pangu-v1-iam", "/deployments/m/chat/completions",
     "PANGU_IAM_TOKEN|HW_DOMAIN_NAME+HW_USER_NAME+HW_USER_PASSWORD", "frequency_penalty", "seed"},
    {"perplexity", "https://api.perplexity.ai/chat/completions", "PERPLEXITY_API_KEY",
     "return_images", ""},
    {"pollinations", "https://text.pollinations.ai/openai", "POLLINATIONS_API_KEY", "private", ""},
    {"portkey", "https://api.portkey.ai/v1/chat/completions", "PORTKEY_API_KEY", "top_k", ""},
    {"qianfan", "https://qianfan.baidubce.com/v2/chat/completions",
     "QIANFAN_API_KEY|QIANFAN_ACCESS_KEY+QIANFAN_SECRET_KEY", "penalty_score", "top_k"},
    {"sensenova", "https://token.sensenova.cn/v1/chat/completions", "SENSENOVA_API_KEY",
     "reasoning_effort", "response_format"},
    {"siliconflow", "https://api.siliconflow.cn/v1/chat/completions", "SILICONFLOW_API_KEY",
     "min_p", "verbosity"},
    {"snowflake", "/chat/completions", "SNOWFLAKE_TOKEN", "top_k", ""},
    {"spark", "https://spark-api-open.xf-yun.com/v1/chat/completions", "SPARK_API_PASSWORD",
     "tool_calls_switch", "seed"},
    {"spark-x1", "https://spark-api-open.xf-yun.com/v2/chat/completions", "SPARK_API_PASSWORD",
     "thinking", "seed"},
    {"stepfun", "https://api.stepfun.com/v1/chat/completions", "STEPFUN_API_KEY",
     "reasoning_format", ""},
    {"tgi", "http://localhost:3000/v1/chat/completions", "HF_TOKEN", "top_k", ""},
    {"together", "https://api.together.ai/v1/chat/completions", "TOGETHER_API_KEY", "min_p",
     "verbosity"},
    {"tokenhub", "https://tokenhub.tencentmaas.com/v1/chat/completions", "TOKENHUB_API_KEY",
     "top_k", ""},
    {"venice", "https://api.venice.ai/api/v1/chat/completions", "VENICE_API_KEY",
     "venice_parameters", ""},
    {"vercel-gateway", "https://ai-gateway.vercel.sh/v1/chat/completions", "AI_GATEWAY_API_KEY",
     "top_k", ""},
    {"vllm", "http://localhost:8000/v1/chat/completions", "VLLM_API_KEY", "top_k", ""},
    {"volcengine-ark", "https://ark.cn-beijing.volces.com/api/v3/chat/completions",
     "ARK_API_KEY|VOLC_ACCESSKEY+VOLC_SECRETKEY", "thinking", "top_k"},
    {"volcengine-ark-batch", "https://ark.cn-beijing.volces.com/api/v3/batch/chat/completions",
     "ARK_API_KEY|VOLC_ACCESSKEY+VOLC_SECRETKEY", "thinking", "context_id"},
    {"volcengine-ark-bots", "https://ark.cn-beijing.volces.com/api/v3/bots/chat/completions",
     "ARK_API_KEY|VOLC_ACCESSKEY+VOLC_SECRETKEY", "bot_id", "thinking"},
    {"volcengine-ark-context", "https://ark.cn-beijing.volces.com/api/v3/context/chat/completions",
     "ARK_API_KEY|VOLC_ACCESSKEY+VOLC_SECRETKEY", "context_id", "thinking"},
    {"writer", "https://api.writer.com/v1/chat", "WRITER_API_KEY", "top_k", ""},
    {"xai", "https://api.x.ai/v1/chat/completions", "XAI_API_KEY", "reasoning_effort", "deferred"},
    {"xiaomi", "https://api.xiaomimimo.com/v1/chat/completions", "MIMO_API_KEY", "audio", ""},
    {"yi", "https://api.lingyiwanwu.com/v1/chat/completions", "YI_API_KEY", "top_k", ""},
    {"zhinao360", "https://api.360.cn/v1/chat/completions", "ZHINAO_API_KEY", "num_beams",
     "verbosity"},
    {"zhipu", "https://open.bigmodel.cn/api/paas/v4/chat/completions", "ZHIPUAI_API_KEY",
     "do_sample", "top_k"},
};

result<dialect::encoded> with(const vendor& v, const char* parameter) {
  return encode({.messages = {user("q")}, .extra = {{parameter, "1"}}}, v);
}

TEST(openai_vendors, where_they_go_and_what_they_take) {
  for (const facts& f : table) {
    const vendor v = row(f.name);
    EXPECT_EQ(v.dialect, "openai_chat") << f.name;
    EXPECT_EQ(v.key_variable, f.key) << f.name;
    const auto taken = with(v, f.takes);
    ASSERT_TRUE(taken) << f.name << ": " << taken.error().message;
    EXPECT_EQ(v.base_url + taken->request.target, f.url);
    EXPECT_TRUE(body_of(taken).as_object().contains(f.takes)) << f.name;
    if (*f.refuses == '\0') continue;
    const auto refused = with(v, f.refuses);
    ASSERT_FALSE(refused) << f.name << " takes " << f.refuses;
    EXPECT_EQ(refused.error().code, errc::invalid_request);
  }
}

bool is_date(const std::string& text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  return std::count_if(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }) ==
             8 &&
         text >= "2026-01-01" && text.substr(5, 2) <= "12" && text.substr(8) <= "31";
}

TEST(openai_vendors, no_row_is_missing_and_all_of_them_are_safe) {
  const auto rows = catalog::unpack_vendors(adapters::vendor_rows());
  ASSERT_TRUE(rows);
  for (const vendor& v : *rows) {
    if (v.dialect != "openai_chat") continue;
    const bool listed = std::any_of(std::begin(table), std::end(table),
                                    [&](const facts& f) { return v.name == f.name; });
    EXPECT_TRUE(listed || v.chat_path == "-") << v.name;
    EXPECT_TRUE(is_date(v.doc_date) || v.doc_date.starts_with("2025-")) << v.name;
    const bool open = !v.private_network && !v.base_url.empty();
    EXPECT_TRUE(!open || v.base_url.starts_with("https://")) << v.name;
    EXPECT_EQ(v.private_network, v.base_url.find("//localhost") != std::string::npos) << v.name;
    const auto can = [&v](const char* what) {
      return std::find(v.capabilities.begin(), v.capabilities.end(), what) != v.capabilities.end();
    };
    EXPECT_EQ(can("embed"), v.embed_path != "-") << v.name;
    EXPECT_EQ(can("rerank"), !v.rerank_path.empty()) << v.name;
  }
}

TEST(openai_vendors, a_vendor_without_chat) {
  const vendor v = row("voyage");
  const auto chat = encode({.messages = {user("q")}}, v);
  ASSERT_FALSE(chat);
  EXPECT_EQ(chat.error().code, errc::unsupported);
  EXPECT_NE(chat.error().message.find("has no chat"), std::string::npos);
  const auto e = adapters::openai_chat().encode_embed(
      {.input = {"a"}, .dimensions = 256, .extra = {{"input_type", "\"query\""}}}, "voyage-3", v);
  expect_json(body_of(e),
              R"({"model":"voyage-3","input":["a"],"output_dimension":256,"input_type":"query"})");
}

}  // namespace
}  // namespace ark::test::openai
