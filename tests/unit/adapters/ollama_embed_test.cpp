#include "ollama_support.hpp"

namespace ark::test::ollama {
namespace {

result<dialect::encoded> encode_embed(const embed_call& c, const vendor& v = plain_row()) {
  return adapters::ollama_chat().encode_embed(c, "e", v);
}
result<embed_reply> decode_embed(const std::string& body) {
  const vendor v = plain_row();
  const wire::http_head head{200, {{"x-request-id", "r"}}};
  return adapters::ollama_chat().decode_embed({head, body}, v);
}
vendor older_row() {
  vendor v = plain_row();
  v.embed_path = "/api/embeddings";
  return v;
}

TEST(ollama_embed, request) {
  const auto e = encode_embed(
      {.input = {"a", "b"}, .dimensions = 3, .extra = {{"truncate", "false"}, {"num_ctx", "64"}}});
  expect_json(body_of(e), R"({"model":"e","input":["a","b"],"dimensions":3,"truncate":false,
      "options":{"num_ctx":64}})");
  EXPECT_EQ(e->request.target, "/api/embed");
}

TEST(ollama_embed, the_older_path_takes_one_text) {
  const auto e = encode_embed({.input = {"a"}}, older_row());
  expect_json(body_of(e), R"({"model":"e","prompt":"a"})");
  EXPECT_EQ(e->request.target, "/api/embeddings");
  EXPECT_EQ(encode_embed({.input = {"a", "b"}}, older_row()).error().code, errc::unsupported);
}

TEST(ollama_embed, requests_that_cannot_be_made) {
  vendor none = plain_row();
  none.embed_path = "-";
  EXPECT_EQ(encode_embed({}).error().code, errc::invalid_request);
  EXPECT_EQ(encode_embed({.input = {"a"}}, none).error().code, errc::unsupported);
  EXPECT_EQ(encode_embed({.input = {"a"}, .extra = {{"think", "true"}}}).error().code,
            errc::invalid_request);
}

TEST(ollama_embed, answers) {
  const auto r = decode_embed(
      R"({"model":"e1","embeddings":[[1,-2.5],[3,4]],"total_duration":9,"prompt_eval_count":6})");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->vectors, (std::vector<std::vector<float>>{{1, -2.5f}, {3, 4}}));
  EXPECT_EQ(r->model, "e1");
  EXPECT_EQ(r->usage.input, 6);
  EXPECT_TRUE(r->usage.reported);
  EXPECT_EQ(r->request_id, "r");
  EXPECT_TRUE(r->notes.empty());
  const auto older = decode_embed(R"({"embedding":[0.5]})");
  ASSERT_TRUE(older);
  EXPECT_EQ(older->vectors, (std::vector<std::vector<float>>{{0.5f}}));
  EXPECT_FALSE(older->usage.reported);
}

TEST(ollama_embed, answers_that_are_not_ours) {
  for (const char* body : {"", "{}", R"({"embeddings":{}})", R"({"embeddings":[["x"]]})",
                           R"({"embeddings":[1]})", R"({"embedding":"x"})"})
    EXPECT_EQ(decode_embed(body).error().code, errc::protocol) << body;
  EXPECT_EQ(decode_embed(R"({"error":"the input length exceeds the context length"})").error().code,
            errc::context_length);
}

}  // namespace
}  // namespace ark::test::ollama
