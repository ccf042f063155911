#include "gemini_support.hpp"

namespace ark::test::gemini {
namespace {

result<dialect::encoded> encode_inputs(const embed_call& c, const vendor& v = row()) {
  return adapters::gemini_content().encode_embed(c, "e1", v);
}

result<embed_reply> decode_vectors(const std::string& body) {
  const wire::http_head head{200, {}};
  return adapters::gemini_content().decode_embed({head, body}, row());
}

TEST(gemini_embed, one_input) {
  const auto e = encode_inputs({.input = {"a"}, .dimensions = 8, .extra = {{"taskType", "\"T\""}}});
  ASSERT_TRUE(e) << e.error().message;
  EXPECT_EQ(e->request.target, "/models/e1:embedContent");
  expect_json(body_of(e), R"({"model":"models/e1","content":{"parts":[{"text":"a"}]},
                              "outputDimensionality":8,"taskType":"T"})");
}

TEST(gemini_embed, several_inputs_each_with_its_parameters) {
  const auto e = encode_inputs({.input = {"a", "b"}, .dimensions = 8});
  ASSERT_TRUE(e) << e.error().message;
  EXPECT_EQ(e->request.target, "/models/e1:batchEmbedContents");
  expect_json(body_of(e), R"({"requests":[
    {"model":"models/e1","content":{"parts":[{"text":"a"}]},"outputDimensionality":8},
    {"model":"models/e1","content":{"parts":[{"text":"b"}]},"outputDimensionality":8}]})");
}

TEST(gemini_embed, a_text_and_an_image_are_one_content) {
  const embed_call c{.parts = {{text_part{"logo"}, image_bytes("\x01\x02\x03", "image/png")}}};
  auto e = encode_inputs(c);
  ASSERT_TRUE(e) << e.error().message;
  EXPECT_EQ(e->request.target, "/models/e1:embedContent");
  expect_json(body_of(e), R"({"model":"models/e1","content":{"parts":[{"text":"logo"},
      {"inlineData":{"mimeType":"image/png","data":"AQID"}}]}})");
  e = encode_inputs({.input = {"a"}, .parts = {{video_url("https://h/v")}}});
  ASSERT_TRUE(e) << e.error().message;
  expect_json(body_of(e).at("requests").at(1).at("content"),
              R"({"parts":[{"fileData":{"fileUri":"https://h/v"}}]})");
  EXPECT_EQ(encode_inputs({.parts = {{image_part{}}}}).error().code, errc::invalid_request);
  EXPECT_EQ(encode_inputs(c, row("vertex")).error().code, errc::unsupported);
}

TEST(gemini_embed, what_cannot_be_said) {
  EXPECT_EQ(encode_inputs({}).error().code, errc::invalid_request);
  EXPECT_EQ(encode_inputs({.input = {"a"}, .extra = {{"encoding_format", "1"}}}).error().code,
            errc::invalid_request);
}

TEST(gemini_embed, answers) {
  const auto one = decode_vectors(R"({"embedding":{"values":[1,-0.5]}})");
  ASSERT_TRUE(one);
  EXPECT_EQ(one->vectors, (std::vector<std::vector<float>>{{1.0F, -0.5F}}));
  EXPECT_FALSE(one->usage.reported);
  const auto two = decode_vectors(R"({"embeddings":[{"values":[1]},{"values":[2]}],"usageMetadata":
    {"promptTokenCount":261,"promptTokenDetails":[{"modality":"IMAGE","tokenCount":258}]}})");
  ASSERT_TRUE(two);
  EXPECT_EQ(two->vectors, (std::vector<std::vector<float>>{{1.0F}, {2.0F}}));
  EXPECT_EQ(two->usage.input, 3);
  EXPECT_EQ(two->usage.input_image, 258);
}

TEST(gemini_embed, predictions_of_vertex) {
  const auto e = encode_inputs({.input = {"a", "b"},
                                .dimensions = 8,
                                .extra = {{"task_type", "\"T\""}, {"autoTruncate", "false"}}},
                               row("vertex"));
  ASSERT_TRUE(e) << e.error().message;
  EXPECT_EQ(e->request.target, "/publishers/google/models/e1:predict");
  expect_json(body_of(e), R"({"instances":[{"content":"a","task_type":"T"},
    {"content":"b","task_type":"T"}],
    "parameters":{"outputDimensionality":8,"autoTruncate":false}})");
  EXPECT_EQ(encode_inputs({.input = {"a"}, .extra = {{"top_k", "1"}}}, row("vertex")).error().code,
            errc::invalid_request);

  const wire::http_head head{200, {}};
  const auto read = [&](const std::string& body) {
    return adapters::gemini_content().decode_embed({head, body}, row("vertex"));
  };
  const auto two = read(R"({"predictions":[
    {"embeddings":{"values":[1],"statistics":{"token_count":4,"truncated":false}}},
    {"embeddings":{"statistics":{"token_count":3,"truncated":true},"values":[2]}}]})");
  ASSERT_TRUE(two);
  EXPECT_EQ(two->vectors, (std::vector<std::vector<float>>{{1.0F}, {2.0F}}));
  EXPECT_EQ(two->usage.input, 7);
  EXPECT_TRUE(two->usage.reported);
  EXPECT_EQ(read(R"({"predictions":[{"content":"x"}]})").error().code, errc::protocol);
  EXPECT_EQ(read("[]").error().code, errc::protocol);
}

TEST(gemini_embed, bodies_that_are_not_the_vendors) {
  for (const char* body : {"", "[]", "{}", R"({"embeddings":{}})",
                           R"({"embedding":{"values":["x"]}})", R"({"embeddings":[{}]})"})
    EXPECT_EQ(decode_vectors(body).error().code, errc::protocol) << body;
  EXPECT_EQ(decode_vectors(R"({"error":{"code":404,"status":"NOT_FOUND"}})").error().code,
            errc::not_found);
}

}  // namespace
}  // namespace ark::test::gemini
