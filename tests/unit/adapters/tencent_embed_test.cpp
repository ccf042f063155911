#include "tencent_support.hpp"

namespace ark::test::tencent {
namespace {

result<dialect::encoded> encode_embed(const embed_call& c, const vendor& v = plain_row()) {
  return adapters::tencent_native().encode_embed(c, "hunyuan-embedding", v);
}
result<embed_reply> decode_embed(const std::string& body) {
  const vendor v = plain_row();
  const wire::http_head head{200, {}};
  return adapters::tencent_native().decode_embed({head, body}, v);
}

TEST(tencent_embed, request) {
  const auto e = encode_embed({.input = {"a", "b"}});
  expect_json(body_of(e), R"({"InputList":["a","b"]})");
  EXPECT_EQ(e->request.target, "/");
  EXPECT_EQ(wire::find_header(e->request.headers, "x-tc-action"), "GetEmbedding");
  EXPECT_EQ(encode_embed({}).error().code, errc::invalid_request);
  EXPECT_EQ(encode_embed({.input = {"a"}, .dimensions = 5}).error().code, errc::invalid_request);
  vendor none = plain_row();
  none.embed_path = "-";
  EXPECT_EQ(encode_embed({.input = {"a"}}, none).error().code, errc::unsupported);
}

TEST(tencent_embed, vectors_in_the_order_of_the_inputs) {
  const auto r = decode_embed(R"({"Response":{"Data":[{"Index":1,"Embedding":[3,4.5]},
      {"Index":0,"Embedding":[1,-2]}],"Usage":{"PromptTokens":6,"TotalTokens":6},
      "RequestId":"q"}})");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->vectors, (std::vector<std::vector<float>>{{1, -2}, {3, 4.5}}));
  EXPECT_EQ(r->usage.input, 6);
  EXPECT_EQ(r->request_id, "q");
}

TEST(tencent_embed, answers_that_are_not_ours) {
  for (const char* body : {"", "{}", R"({"Response":{"Data":{}}})",
                           R"({"Response":{"Data":[{"Index":5,"Embedding":[1]}]}})",
                           R"({"Response":{"Data":[{"Index":0,"Embedding":["x"]}]}})"})
    EXPECT_EQ(decode_embed(body).error().code, errc::protocol) << body;
  EXPECT_EQ(
      decode_embed(R"({"Response":{"Error":{"Code":"AuthFailure","Message":"m"}}})").error().code,
      errc::auth);
}

}  // namespace
}  // namespace ark::test::tencent
