#include "bedrock_support.hpp"

#include <boost/json.hpp>

namespace ark::test::bedrock {
namespace {

result<dialect::encoded> embed(const embed_call& c, const std::string& model,
                               const vendor& v = plain_row()) {
  return adapters::bedrock_converse().encode_embed(c, model, v);
}

result<embed_reply> vectors(const std::string& body, wire::header_list headers = {}) {
  const wire::http_head head{200, std::move(headers)};
  return adapters::bedrock_converse().decode_embed({head, body}, plain_row());
}

TEST(bedrock_embed, titan_takes_one_text) {
  const auto e = embed({.input = {"a"}, .dimensions = 256, .extra = {{"normalize", "true"}}},
                       "amazon.titan-embed-text-v2:0");
  expect_json(body_of(e), R"({"inputText":"a","dimensions":256,"normalize":true})");
  EXPECT_EQ(e->request.target, "/model/amazon.titan-embed-text-v2%3A0/invoke");
  EXPECT_TRUE(e->notes.empty());
  EXPECT_EQ(embed({.input = {"a", "b"}}, "amazon.titan-embed-text-v2:0").error().code,
            errc::unsupported);
  EXPECT_EQ(embed({}, "amazon.titan-embed-text-v2:0").error().code, errc::invalid_request);
}

TEST(bedrock_embed, cohere_takes_many_and_wants_their_use) {
  const auto e = embed({.input = {"a", "b"}, .dimensions = 512}, "us.cohere.embed-v4:0");
  expect_json(body_of(e),
              R"({"texts":["a","b"],"output_dimension":512,"input_type":"search_document"})");
  EXPECT_TRUE(has_note(e->notes, "input_type"));
  const auto said =
      embed({.input = {"a"}, .extra = {{"input_type", "\"search_query\""}}}, "cohere.embed-v4:0");
  expect_json(body_of(said), R"({"texts":["a"],"input_type":"search_query"})");
  EXPECT_TRUE(said->notes.empty());
}

TEST(bedrock_embed, nova_has_an_object_of_parameters_and_a_list_of_objects) {
  const std::string nova = "amazon.nova-2-multimodal-embeddings-v1:0";
  const auto e = embed({.input = {"a"}, .dimensions = 256}, nova);
  expect_json(body_of(e), R"({"taskType":"SINGLE_EMBEDDING","singleEmbeddingParams":{
    "text":{"truncationMode":"NONE","value":"a"},"embeddingDimension":256,
    "embeddingPurpose":"GENERIC_INDEX"}})");
  EXPECT_TRUE(has_note(e->notes, "embeddingPurpose"));
  EXPECT_TRUE(
      embed({.input = {"a"}, .extra = {{"embeddingPurpose", "\"GENERIC_RETRIEVAL\""}}}, nova)
          ->notes.empty());
  EXPECT_EQ(embed({.input = {"a", "b"}}, nova).error().code, errc::unsupported);
  const auto r = vectors(R"({"embeddings":[{"embedding":[0.5],"embeddingType":"TEXT"}]})",
                         {{"x-amzn-bedrock-input-token-count", "18"}});
  ASSERT_TRUE(r);
  EXPECT_EQ(r->vectors, (std::vector<std::vector<float>>{{0.5F}}));
  EXPECT_EQ(r->usage.input, 18);
}

TEST(bedrock_embed, other_models) {
  EXPECT_TRUE(has_note(embed({.input = {"a"}}, "arn:aws:bedrock:x")->notes, "not known"));
  vendor row = plain_row();
  row.embed_path = "-";
  EXPECT_EQ(embed({.input = {"a"}}, "cohere.embed-v4:0", row).error().code, errc::unsupported);
}

TEST(bedrock_embed, vectors_of_both_shapes) {
  const auto titan = vectors(R"({"embedding":[0.5,1],"inputTextTokenCount":4})");
  ASSERT_TRUE(titan);
  EXPECT_EQ(titan->vectors, (std::vector<std::vector<float>>{{0.5F, 1.0F}}));
  EXPECT_EQ(titan->usage.input, 4);
  const wire::header_list headers = {{"x-amzn-bedrock-input-token-count", "7"},
                                     {"x-amzn-requestid", "r1"}};
  for (const char* body :
       {R"({"embeddings":[[1],[2]]})", R"({"embeddings":{"float":[[1],[2]]}})"}) {
    const auto cohere = vectors(body, headers);
    ASSERT_TRUE(cohere) << body;
    EXPECT_EQ(cohere->vectors, (std::vector<std::vector<float>>{{1.0F}, {2.0F}}));
    EXPECT_EQ(cohere->usage.input, 7);
    EXPECT_EQ(cohere->request_id, "r1");
  }
  EXPECT_FALSE(vectors(R"({"embeddings":[[1]]})")->usage.reported);
  EXPECT_TRUE(
      has_note(vectors(R"({"embedding":[],"inputTextTokenCount":-4})")->notes, "cannot be"));
}

TEST(bedrock_embed, what_is_none) {
  for (const char* body : {"{}", "[]", R"({"embedding":["x"]})", R"({"embeddings":[{}]})"})
    EXPECT_EQ(vectors(body).error().code, errc::unsupported) << body;
  EXPECT_EQ(vectors("{").error().code, errc::protocol);
}

}  // namespace
}  // namespace ark::test::bedrock
