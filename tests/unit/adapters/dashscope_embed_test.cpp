#include "dashscope_support.hpp"

namespace ark::test::dashscope {
namespace {

result<dialect::encoded> encode_embed(const embed_call& c, const vendor& v = plain_row()) {
  return adapters::dashscope_native().encode_embed(c, "text-embedding-v4", v);
}
result<embed_reply> decode_embed(const std::string& body) {
  const vendor v = plain_row();
  const wire::http_head head{200, {}};
  return adapters::dashscope_native().decode_embed({head, body}, v);
}

TEST(dashscope_embed, request) {
  const auto e = encode_embed({.input = {"a", "b"},
                               .dimensions = 64,
                               .extra = {{"text_type", "\"query\""}, {"output_type", "\"dense\""}}},
                              plain_row({quirk::set_default{"top_k", "1"}}));
  expect_json(body_of(e), R"({"model":"text-embedding-v4","input":{"texts":["a","b"]},
      "parameters":{"dimension":64,"output_type":"dense","text_type":"query"}})");
  EXPECT_EQ(e->request.target, "/services/embeddings/text-embedding/text-embedding");
}

TEST(dashscope_embed, requests_that_cannot_be_made) {
  vendor none = plain_row();
  none.embed_path = "-";
  EXPECT_EQ(encode_embed({.input = {"a"}}, none).error().code, errc::unsupported);
  EXPECT_EQ(encode_embed({}).error().code, errc::invalid_request);
  EXPECT_EQ(encode_embed({.input = {"a"}, .extra = {{"top_k", "1"}}}).error().code,
            errc::invalid_request);
  EXPECT_EQ(encode_embed({.input = {"a"}, .extra = {{"output_type", "\"sparse\""}}}).error().code,
            errc::unsupported);
}

TEST(dashscope_embed, vectors_in_the_order_of_the_inputs) {
  // Documented: success has an empty code.
  const auto r = decode_embed(R"({"status_code":200,"code":"","message":"","request_id":"q",
      "output":{"embeddings":[{"text_index":1,"embedding":[3,4.5]},
                              {"text_index":0,"embedding":[1,-2]}]},
      "usage":{"total_tokens":27}})");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->vectors, (std::vector<std::vector<float>>{{1, -2}, {3, 4.5}}));
  EXPECT_EQ(r->usage.input, 27);
  EXPECT_TRUE(r->usage.reported);
  EXPECT_EQ(r->request_id, "q");
}

TEST(dashscope_embed, answers_that_are_not_ours) {
  for (const char* body :
       {"", "{}", R"({"output":{}})", R"({"output":{"embeddings":{}}})",
        R"({"output":{"embeddings":[{"text_index":5,"embedding":[1]}]}})",
        R"({"output":{"embeddings":[{"text_index":0,"embedding":["x"]}]}})",
        R"({"output":{"embeddings":[{"embedding":[1]},{"text_index":0,"embedding":[1]}]}})",
        R"({"output":{"embeddings":[{"text_index":0,"sparse_embedding":[]}]}})"})
    EXPECT_EQ(decode_embed(body).error().code, errc::protocol) << body;
  EXPECT_EQ(decode_embed(R"({"code":"Throttling","message":"m"})").error().code, errc::rate_limit);
}

}  // namespace
}  // namespace ark::test::dashscope
