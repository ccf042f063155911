#include "openai_support.hpp"

namespace ark::test::openai {
namespace {

result<dialect::encoded> encode_rerank(const rerank_call& c, const vendor& v) {
  return adapters::openai_chat().encode_rerank(c, "r", v);
}
result<rerank_reply> decode_rerank(const std::string& body, const vendor& v = plain_row()) {
  const wire::http_head head{200, {{"x-request-id", "r"}}};
  return adapters::openai_chat().decode_rerank({head, body}, v, 3);
}

TEST(openai_rerank, only_where_the_row_has_a_path) {
  const rerank_call c{.query = "q", .documents = {"a"}, .top_n = 1};
  vendor v = plain_row();
  const auto none = encode_rerank(c, v);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, errc::unsupported);
  EXPECT_NE(none.error().message.find("has no rerank"), std::string::npos);
  v.rerank_path = "/m/{model}/rerank";
  const auto e = encode_rerank(c, v);
  EXPECT_EQ(e->request.target, "/m/r/rerank");
  expect_json(body_of(e), R"({"model":"r","query":"q","documents":["a"],"top_n":1})");
  EXPECT_EQ(encode_rerank({}, v).error().code, errc::invalid_request);
}

TEST(openai_rerank, qianfan_calls_it_rerankers) {
  const auto e = encode_rerank({.query = "q", .documents = {"a"}, .top_n = 1}, row("qianfan"));
  ASSERT_TRUE(e) << e.error().message;
  EXPECT_EQ(e->request.target, "/rerankers");
  expect_json(body_of(e), R"({"model":"r","query":"q","documents":["a"],"top_n":1})");
}

TEST(openai_rerank, rows_that_have_it) {
  for (const char* name : {"custom", "fireworks", "llamacpp", "openrouter", "siliconflow",
                           "together", "vllm", "voyage"}) {
    const auto e = encode_rerank(
        {.query = "q", .documents = {"a"}, .top_n = 1, .extra = {{"return_documents", "false"}}},
        row(name));
    ASSERT_TRUE(e) << name << ": " << e.error().message;
    EXPECT_EQ(e->request.target, "/rerank") << name;
    const char* top = std::string_view(name) == "voyage" ? "top_k" : "top_n";
    EXPECT_EQ(body_of(e).at(top).as_int64(), 1) << name;
  }
}

TEST(openai_rerank, tokens_of_a_local_server_and_logits) {
  const auto r = decode_rerank(R"({"model":"bge","object":"list","results":[
      {"index":2,"relevance_score":0.5},{"index":0,"relevance_score":-8.25}],
      "usage":{"prompt_tokens":55,"total_tokens":55}})");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->results, (std::vector<ranked_document>{{2, 0.5}, {0, -8.25}}));
  EXPECT_EQ(r->model, "bge");
  EXPECT_EQ(r->usage.input, 55);
  EXPECT_EQ(r->usage.vendor_total, 55);
  EXPECT_TRUE(r->notes.empty());
  EXPECT_EQ(r->request_id, "r");
}

TEST(openai_rerank, search_units_and_the_vendors_own_cost) {
  const auto r = decode_rerank(R"({"id":"gen","model":"r1","provider":"P","results":[
      {"document":{"text":"x"},"index":1,"relevance_score":0.0625}],
      "usage":{"cost":0.001,"search_units":1}})",
                               row("openrouter"));
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->usage.units, (std::map<std::string, std::int64_t>{{"query", 1}}));
  EXPECT_EQ(r->usage.vendor_cost->value.to_string(), "0.001");
  EXPECT_EQ(r->usage.vendor_cost->currency, "USD");
  EXPECT_TRUE(r->notes.empty());
}

TEST(openai_rerank, answers_that_are_not_ours) {
  for (const char* bad : {"", "[]", "{}", R"({"results":[{"index":3,"relevance_score":1}]})"})
    EXPECT_EQ(decode_rerank(bad).error().code, errc::protocol) << bad;
  EXPECT_EQ(decode_rerank(R"({"error":{"message":"m","code":429}})").error().code,
            errc::rate_limit);
}

}  // namespace
}  // namespace ark::test::openai
