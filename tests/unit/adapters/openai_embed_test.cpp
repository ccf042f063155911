#include "openai_support.hpp"

namespace ark::test::openai {
namespace {

result<dialect::encoded> encode_embed(const embed_call& c, const vendor& v = plain_row()) {
  return adapters::openai_chat().encode_embed(c, "e", v);
}
result<embed_reply> decode_embed(const std::string& body) {
  const vendor v = plain_row();
  const wire::http_head head{200, {{"x-request-id", "r"}}};
  return adapters::openai_chat().decode_embed({head, body}, v);
}

TEST(openai_embed, request) {
  const auto e = encode_embed({.input = {"a", "b"}, .dimensions = 3},
                              plain_row({quirk::set_default{"top_k", "1"}}));
  expect_json(body_of(e), R"({"model":"e","input":["a","b"],"dimensions":3})");
  EXPECT_EQ(e->request.target, "/embeddings");
}

TEST(openai_embed, requests_that_cannot_be_made) {
  EXPECT_EQ(encode_embed({}).error().code, errc::invalid_request);
  EXPECT_EQ(encode_embed({.input = {"a"}}, row("deepseek")).error().code, errc::unsupported);
  EXPECT_EQ(encode_embed({.input = {"a"}, .extra = {{"top_k", "1"}}}).error().code,
            errc::invalid_request);
}

TEST(openai_embed, vectors_in_the_order_of_the_inputs) {
  const auto r = decode_embed(R"({"object":"list","model":"e1","data":[
      {"index":1,"embedding":[3,4.5]},{"index":0,"embedding":[1,-2]}],
      "usage":{"prompt_tokens":6,"total_tokens":6}})");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->vectors, (std::vector<std::vector<float>>{{1, -2}, {3, 4.5}}));
  EXPECT_EQ(r->model, "e1");
  EXPECT_EQ(r->usage.input, 6);
  EXPECT_EQ(r->request_id, "r");
}

TEST(openai_embed, contents_of_parts_where_several_are_taken) {
  const vendor v = row("voyage");
  const embed_call c{.input = {"a"},
                     .parts = {{text_part{"b"}, image_url("https://h/i")},
                               {image_bytes("\x01\x02\x03", "image/png")}},
                     .extra = {{"input_type", "\"document\""}}};
  const auto e = encode_embed(c, v);
  ASSERT_TRUE(e) << e.error().message;
  EXPECT_EQ(e->request.target, "/multimodalembeddings");
  expect_json(body_of(e), R"({"model":"e","inputs":[{"content":[{"type":"text","text":"a"}]},
      {"content":[{"type":"text","text":"b"},{"type":"image_url","image_url":"https://h/i"}]},
      {"content":[{"type":"image_base64","image_base64":"data:image/png;base64,AQID"}]}],
      "input_type":"document"})");
  EXPECT_EQ(encode_embed({.parts = {{video_url("u")}}}, v).error().code, errc::unsupported);
  EXPECT_EQ(encode_embed({.parts = {{text_part{"a"}}}}).error().code, errc::unsupported)
      << "the family has none of its own";
}

TEST(openai_embed, packed_vectors) {
  // 1.0f and -2.5f, little-endian.
  const auto r = decode_embed(R"({"data":[{"index":0,"embedding":"AACAPwAAIMA="}]})");
  ASSERT_TRUE(r);
  EXPECT_EQ(r->vectors.at(0), (std::vector<float>{1.0f, -2.5f}));
}

TEST(openai_embed, answers_that_are_not_ours) {
  for (const char* body :
       {"", "{}", R"({"data":{}})", R"({"data":[{"index":5,"embedding":[1]}]})",
        R"({"data":[{"index":0,"embedding":[1]},{"index":0,"embedding":[1]}]})",
        R"({"data":[{"index":0,"embedding":["x"]}]})",
        R"({"data":[{"index":0,"embedding":"AA=="}]})", R"({"data":[{"index":0}]})"})
    EXPECT_EQ(decode_embed(body).error().code, errc::protocol) << body;
  EXPECT_EQ(decode_embed(R"({"error":{"message":"m","code":429}})").error().code, errc::rate_limit);
}

TEST(openai_embed, a_total_alone_is_the_input) {
  EXPECT_EQ(decode_embed(R"({"data":[{"embedding":[1]}],"usage":{"total_tokens":4}})")->usage.input,
            4);
}

}  // namespace
}  // namespace ark::test::openai
