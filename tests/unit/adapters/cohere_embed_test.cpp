#include "cohere_support.hpp"
#include "dialect/cohere/cohere_v1.hpp"

namespace ark::test::cohere {
namespace {

result<dialect::encoded> encode_embed(const embed_call& c, const vendor& v = plain_row()) {
  return adapters::cohere_chat().encode_embed(c, "embed-x", v);
}
result<embed_reply> decode_embed(const std::string& body) {
  const vendor v = plain_row();
  const wire::http_head head{200, {{"x-debug-trace-id", "trace"}}};
  return adapters::cohere_chat().decode_embed({head, body}, v);
}

TEST(cohere_embed, an_input_type_is_demanded) {
  auto e = encode_embed({.input = {"a", "b"}, .dimensions = 256});
  expect_json(body_of(e), R"({"model":"embed-x","texts":["a","b"],"input_type":"search_document",
      "embedding_types":["float"],"output_dimension":256})");
  EXPECT_EQ(e->request.target, "/v2/embed");
  EXPECT_TRUE(has_note(e->notes, "input_type"));
  e = encode_embed({.input = {"a"},
                    .extra = {{"input_type", "\"search_query\""},
                              {"embedding_types", "[\"int8\"]"},
                              {"truncate", "\"END\""}}});
  expect_json(body_of(e), R"({"model":"embed-x","texts":["a"],"input_type":"search_query",
      "embedding_types":["int8"],"truncate":"END"})");
  EXPECT_TRUE(e->notes.empty());
}

TEST(cohere_embed, images_alone_and_contents_of_both) {
  const auto png = image_bytes("\x01\x02\x03", "image/png");
  auto e = encode_embed({.parts = {{png}}});
  expect_json(body_of(e), R"({"model":"embed-x","images":["data:image/png;base64,AQID"],
      "input_type":"image","embedding_types":["float"]})");
  EXPECT_TRUE(has_note(e->notes, "\"image\""));
  e = encode_embed({.input = {"a"},
                    .parts = {{text_part{"b"}, png}},
                    .extra = {{"input_type", "\"search_query\""}}});
  expect_json(body_of(e), R"({"model":"embed-x","inputs":[
      {"content":[{"type":"text","text":"a"}]},
      {"content":[{"type":"text","text":"b"},
        {"type":"image_url","image_url":{"url":"data:image/png;base64,AQID"}}]}],
      "input_type":"search_query","embedding_types":["float"]})");
  EXPECT_EQ(encode_embed({.parts = {{text_part{"a"}, video_url("u")}}}).error().code,
            errc::unsupported);
  const auto old = [&](const embed_call& c) {
    return adapters::cohere_v1().encode_embed(c, "e", plain_row());
  };
  EXPECT_TRUE(body_of(old({.parts = {{png}}})).as_object().contains("images"));
  EXPECT_EQ(old({.parts = {{png, text_part{"a"}}}}).error().code, errc::unsupported);
}

TEST(cohere_embed, requests_that_cannot_be_made) {
  EXPECT_EQ(encode_embed({}).error().code, errc::invalid_request);
  EXPECT_EQ(encode_embed({.input = {"a"}, .extra = {{"texts", "[]"}}}).error().code,
            errc::invalid_request);
  EXPECT_EQ(encode_embed({.input = {"a"}, .extra = {{"user", "1"}}}).error().code,
            errc::invalid_request);
  vendor v = plain_row();
  v.embed_path = "-";
  EXPECT_EQ(encode_embed({.input = {"a"}}, v).error().code, errc::unsupported);
}

TEST(cohere_embed, vectors_and_their_bill) {
  const auto r = decode_embed(R"({"id":"e","embeddings":{"float":[[1,-2.5],[3,4]]},
      "texts":["a","b"],"meta":{"api_version":{"version":"2"},"warnings":["old"],
      "billed_units":{"input_tokens":6,"image_tokens":2}},"response_type":"embeddings_by_type"})");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->vectors, (std::vector<std::vector<float>>{{1, -2.5f}, {3, 4}}));
  EXPECT_EQ(r->usage.input, 6);
  EXPECT_EQ(r->usage.input_image, 2);
  EXPECT_EQ(r->request_id, "trace");
  EXPECT_TRUE(has_note(r->notes, "warnings"));
  EXPECT_EQ(r->notes.size(), 1u);
}

TEST(cohere_embed, another_type_alone_is_read_and_noted) {
  const auto r = decode_embed(R"({"embeddings":{"int8":[[1,-2]]}})");
  ASSERT_TRUE(r);
  EXPECT_EQ(r->vectors.at(0), (std::vector<float>{1, -2}));
  EXPECT_TRUE(has_note(r->notes, "\"int8\""));
  EXPECT_FALSE(r->usage.reported);
}

TEST(cohere_embed, answers_that_are_not_ours) {
  for (const char* bad :
       {"", "[]", "{}", R"({"embeddings":[1]})", R"({"embeddings":{"float":[1]}})",
        R"({"embeddings":{"float":[["x"]]}})", R"({"embeddings":{"base64":["AAAA"]}})",
        R"({"embeddings":{}})", R"({"embeddings":{"int8":[[1]],"uint8":[[1]]}})"})
    EXPECT_EQ(decode_embed(bad).error().code, errc::protocol) << bad;
  EXPECT_EQ(decode_embed(R"({"message":"no"})").error().vendor_message, "no");
}

}  // namespace
}  // namespace ark::test::cohere
