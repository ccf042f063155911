// Where each built-in vendor's requests really go: row, dialect and client together.
#include "adapters/rows.hpp"
#include "adapters/standard.hpp"
#include "client/prepare.hpp"
#include "row_client.hpp"
#include "tests/support/fake_net.hpp"
#include "tests/support/fake_os.hpp"

#include <gtest/gtest.h>

namespace ark::testing {
namespace {

struct vendor_urls : ::testing::Test {
  vendor_urls() {
    parts->book =
        catalog::load_book({adapters::vendor_rows(), adapters::model_rows()}, {}, {}).value();
    parts->dialects = std::make_shared<dialect::dialect_list>(adapters::built_in_dialects());
    parts->os = &os;
    parts->options.keys = [](std::string_view name,
                             std::string_view) -> result<std::optional<secret>> {
      return std::optional(secret(name.ends_with("-iam") ? "domain:user:password" : "id:secret"));
    };
    for (const char* exchanged :
         {"volcengine-ark", "volcengine-ark-responses", "volcengine-ark-bots",
          "volcengine-ark-batch", "volcengine-ark-context", "byteplus-modelark",
          "byteplus-modelark-responses", "byteplus-modelark-batch", "byteplus-modelark-context"})
      parts->options.vendors[exchanged].project = "p";
  }
  std::string chat_url(const std::string& vendor) const {
    auto p =
        prepare_chat(*parts, {.model = vendor + "/some-model", .messages = {user("hi")}}, false);
    if (!p) return to_string(p.error());
    return p->endpoint.origin.to_string() + p->request.target;
  }
  fake_system os;
  std::shared_ptr<core> parts = std::make_shared<core>();
};

TEST_F(vendor_urls, chat) {
  const std::pair<const char*, const char*> known[] = {
      {"openai", "https://api.openai.com/v1/chat/completions"},
      {"openai-responses", "https://api.openai.com/v1/responses"},
      {"openai-completions", "https://api.openai.com/v1/completions"},
      {"mistral-fim", "https://api.mistral.ai/v1/fim/completions"},
      {"mistral-agents", "https://api.mistral.ai/v1/agents/completions"},
      {"deepseek-fim", "https://api.deepseek.com/beta/completions"},
      {"gemini-interactions", "https://generativelanguage.googleapis.com/v1beta/interactions"},
      {"anthropic", "https://api.anthropic.com/v1/messages"},
      {"anthropic-complete", "https://api.anthropic.com/v1/complete"},
      {"cohere", "https://api.cohere.com/v2/chat"},
      {"cohere-v1", "https://api.cohere.com/v1/chat"},
      {"cohere-generate", "https://api.cohere.com/v1/generate"},
      {"volcengine-ark", "https://ark.cn-beijing.volces.com/api/v3/chat/completions"},
      {"deepseek", "https://api.deepseek.com/chat/completions"},
      {"moonshot", "https://api.moonshot.ai/v1/chat/completions"},
      {"zhipu", "https://open.bigmodel.cn/api/paas/v4/chat/completions"},
      {"sensenova-native", "https://api.sensenova.cn/v1/llm/chat-completions"},
      {"qianfan", "https://qianfan.baidubce.com/v2/chat/completions"},
      {"qianfan-v1",
       "https://aip.baidubce.com/rpc/2.0/ai_custom/v1/wenxinworkshop/chat/some-model"},
      {"openrouter", "https://openrouter.ai/api/v1/chat/completions"},
      {"groq", "https://api.groq.com/openai/v1/chat/completions"},
      {"ollama", "http://localhost:11434/api/chat"},
      {"ollama-generate", "http://localhost:11434/api/generate"},
      {"ollama-openai", "http://localhost:11434/v1/chat/completions"},
      {"vllm", "http://localhost:8000/v1/chat/completions"},
      {"llamacpp", "http://localhost:8080/v1/chat/completions"},
      {"gemini",
       "https://generativelanguage.googleapis.com/v1beta/models/some-model:generateContent"},
  };
  for (const auto& [vendor, url] : known) EXPECT_EQ(chat_url(vendor), url);
}

TEST_F(vendor_urls, every_built_in_vendor_with_chat_has_one_or_asks_for_a_base_url) {
  for (const vendor* v : parts->book->vendors()) {
    if (v->name == "spark-ws") continue;  // takes models that it knows only: the next test
    const std::string url = chat_url(v->name);
    const std::string said = v->chat_path == "-"   ? "has no chat"
                             : v->base_url.empty() ? "base URL"
                                                   : v->base_url + "/";
    EXPECT_NE(url.find(said), std::string::npos) << v->name << " " << url;
  }
}

TEST_F(vendor_urls, a_socket_is_opened_where_its_model_is) {
  const auto p = prepare_chat(
      *parts,
      {.model = "spark-ws/4.0Ultra", .messages = {user("hi")}, .extra = {{"app_id", R"("a1")"}}},
      false);
  ASSERT_TRUE(p) << to_string(p.error());
  EXPECT_EQ(p->endpoint.origin.to_string() + p->request.target,
            "https://spark-api.xf-yun.com/v4.0/chat");
  EXPECT_TRUE(p->request.websocket);
  EXPECT_FALSE(p->signing_key.empty()) << "each attempt is signed";
}

TEST_F(vendor_urls, an_overriding_base_url_brings_its_own_path) {
  parts->options.vendors["custom"].base_url = "https://models.example/gateway/v9";
  parts->options.vendors["custom"].key = secret("k");
  EXPECT_EQ(chat_url("custom"), "https://models.example/gateway/v9/chat/completions");
  parts->options.vendors["vertex"] = {.base_url = "https://v.example/v1/projects/p/locations/l",
                                      .key = secret("k")};
  EXPECT_EQ(chat_url("vertex"),
            "https://v.example/v1/projects/p/locations/l/publishers/google/models/some-model"
            ":generateContent");
  for (const char* name : {"pangu-v1", "pangu-v1-iam"}) {
    parts->options.vendors[name].base_url = "https://pangu.example/v1/project-1";
    EXPECT_EQ(chat_url(name),
              "https://pangu.example/v1/project-1/deployments/some-model/chat/completions");
  }
  parts->options.vendors["openai"] = {.base_url = "http://127.0.0.1:9/x", .key = secret("k")};
  EXPECT_EQ(chat_url("openai"), "http://127.0.0.1:9/x/chat/completions");
}

TEST_F(vendor_urls, embeddings) {
  const auto p = prepare_embed(*parts, {.model = "openai/text-embedding-3-small", .input = {"a"}});
  ASSERT_TRUE(p) << to_string(p.error());
  EXPECT_EQ(p->endpoint.origin.to_string() + p->request.target,
            "https://api.openai.com/v1/embeddings");
}

/// Answers so often that there is no room, then `then`.
struct queueing_client : row_client {
  explicit queueing_client(int full, int then_status = 200) {
    parts->options.keys = keys_from_map({{"volcengine-ark-batch", secret("k")}});
    net->respond = [this, full, then_status](const net::exchange_request&) {
      if (++asked_so_far <= full) {
        auto busy = toy_client::whole(R"({"error":{"code":"ServerOverloaded"}})", 429);
        busy.headers.push_back({"retry-after", "120", false});
        return busy;
      }
      return toy_client::whole(
          then_status == 200 ? chat_json("yes") : R"({"error":{"code":"InvalidParameter"}})",
          then_status);
    };
  }
  static call ask() {
    call c{.model = "volcengine-ark-batch/ep-1", .messages = {user("hi")}};
    c.timeouts.total = std::chrono::hours(1);
    c.retry.max_attempts = 20;
    return c;
  }
  int asked_so_far = 0;
};

TEST_F(vendor_urls, a_batch_chat_waits_as_told_until_the_callers_deadline) {
  queueing_client t(4);
  const auto began = t.loop->now;
  const auto r = t.make().complete(queueing_client::ask());
  ASSERT_TRUE(r) << to_string(r.error());
  EXPECT_EQ(r->attempts, 5);
  EXPECT_GE(t.loop->now - began, std::chrono::minutes(8));

  queueing_client never(1000);
  call hurried = queueing_client::ask();
  hurried.timeouts.total = std::chrono::minutes(5);
  ASSERT_FALSE(never.make().complete(hurried));
  EXPECT_EQ(never.asked_so_far, 3) << "at 0, 2 and 4 minutes";

  queueing_client wrong(0, 400);
  ASSERT_FALSE(wrong.make().complete(queueing_client::ask()));
  EXPECT_EQ(wrong.asked_so_far, 1);
}

}  // namespace
}  // namespace ark::testing
