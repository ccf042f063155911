#include "qianfan_support.hpp"

namespace ark::test::qianfan {
namespace {

result<dialect::encoded> encode_embed(const embed_call& c, std::string_view model) {
  static const vendor v = own_row();
  return adapters::qianfan_v1().encode_embed(c, model, v);
}
result<embed_reply> decode_embed(const std::string& body) {
  const vendor v = own_row();
  const wire::http_head head{200, {}};
  return adapters::qianfan_v1().decode_embed({head, body}, v);
}

TEST(qianfan_embed, the_question) {
  const auto e =
      encode_embed({.input = {"a", "b"}, .extra = {{"user_id", "\"u\""}}}, "Embedding-V1");
  expect_json(body_of(e), R"({"input":["a","b"],"user_id":"u"})");
  EXPECT_EQ(e->request.target, "/embeddings/embedding-v1");
  EXPECT_EQ(encode_embed({.input = {"a"}}, "bge-large-zh")->request.target,
            "/embeddings/bge_large_zh");
  EXPECT_EQ(encode_embed({.input = {"a"}}, "mine")->request.target, "/embeddings/mine");
  EXPECT_EQ(encode_embed({.input = {"a"}, .dimensions = 8}, "m").error().code,
            errc::invalid_request);
  EXPECT_FALSE(encode_embed({}, "m"));
}

TEST(qianfan_embed, the_answer) {
  const auto r = decode_embed(R"({"id":"as-1","object":"embedding_list","data":[
      {"embedding":[2.0],"index":1},{"embedding":[1.0],"index":0}],
      "usage":{"prompt_tokens":4,"total_tokens":4}})");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->vectors, (std::vector<std::vector<float>>{{1.0F}, {2.0F}}));
  EXPECT_EQ(r->usage.input, 4);
  EXPECT_EQ(r->request_id, "as-1");
  EXPECT_EQ(decode_embed(R"({"error_code":336003,"error_msg":"the length of input is too long"})")
                .error()
                .code,
            errc::context_length);
  EXPECT_EQ(decode_embed(R"({"data":[{"index":0}]})").error().code, errc::protocol);
}

}  // namespace
}  // namespace ark::test::qianfan
