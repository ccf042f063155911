#include "media_support.hpp"

namespace ark::test::media {
namespace {

result<dialect::encoded> encode_images(const image_call& c, std::string_view vendor = "openai") {
  return family().encode_image(c, "m", row(vendor));
}

const image_part picture = image_bytes("PNG", "image/png");
const image_part linked{.url = "https://a.test/i.png"};

TEST(openai_image, a_new_image) {
  const auto e = encode_images({.prompt = "a cat",
                                .n = 2,
                                .size = "1024x1024",
                                .quality = "low",
                                .output_format = "webp",
                                .extra = {{"background", "\"opaque\""}}});
  expect_json(body_of(e), R"({"model":"m","prompt":"a cat","n":2,"size":"1024x1024",
    "quality":"low","output_format":"webp","background":"opaque"})");
  EXPECT_EQ(e->request.target, "/images/generations");
  // Recorded: newer models refuse response_format, so nothing is asked for unless the call does.
  expect_json(body_of(encode_images({.prompt = "a"})), R"({"model":"m","prompt":"a"})");
}

TEST(openai_image, what_the_rows_of_qianfan_and_huawei_take) {
  const auto one = encode_images({.prompt = "a",
                                  .n = 2,
                                  .size = "768x768",
                                  .extra = {{"refer_image", "\"https://a.test/i.png\""}}},
                                 "qianfan");
  expect_json(body_of(one), R"({"model":"m","prompt":"a","n":2,"size":"768x768",
    "refer_image":"https://a.test/i.png"})");
  const auto other = encode_images(
      {.prompt = "a", .size = "512x512", .seed = 1, .extra = {{"response_format", "\"b64_json\""}}},
      "huawei-maas-v1");
  expect_json(body_of(other), R"({"model":"m","prompt":"a","size":"512x512","seed":1,
    "response_format":"b64_json"})");
  EXPECT_EQ(row("huawei-maas-v1").base_url + other->request.target,
            "https://api.modelarts-maas.com/v1/images/generations");
}

TEST(openai_image, what_the_vendor_does_not_take) {
  EXPECT_EQ(encode_images({.prompt = "a", .seed = 1}).error().code, errc::invalid_request);
  EXPECT_EQ(encode_images({.prompt = "a", .negative_prompt = "b"}).error().code,
            errc::invalid_request);
  EXPECT_EQ(encode_images({.prompt = "a", .extra = {{"stream", "true"}}}).error().code,
            errc::invalid_request);
  EXPECT_EQ(encode_images({.prompt = "a", .mask = picture}).error().code, errc::invalid_request);
  EXPECT_EQ(encode_images({.prompt = "a", .images = {image_part{}}}).error().code,
            errc::invalid_request);
}

TEST(openai_image, files_to_be_changed) {
  const auto one = encode_images({.prompt = "red", .n = 2, .images = {picture}, .mask = picture});
  ASSERT_TRUE(one) << one.error().message;
  EXPECT_EQ(one->request.target, "/images/edits");
  EXPECT_TRUE(has_field(one, "model", "m"));
  EXPECT_TRUE(has_field(one, "prompt", "red"));
  EXPECT_TRUE(has_field(one, "n", "2"));
  EXPECT_TRUE(has_file(one, "image", "image.png", "image/png", "PNG"));
  EXPECT_TRUE(has_file(one, "mask", "mask.png", "image/png", "PNG"));
  const auto two = encode_images({.prompt = "red", .images = {picture, picture}});
  EXPECT_TRUE(has_file(two, "image[]", "image-1.png", "image/png", "PNG"));
  EXPECT_TRUE(has_file(two, "image[]", "image-2.png", "image/png", "PNG"));
}

TEST(openai_image, links_to_be_changed) {
  expect_json(body_of(encode_images({.prompt = "red", .images = {linked}})),
              R"({"model":"m","prompt":"red","images":[{"image_url":"https://a.test/i.png"}]})");
  EXPECT_EQ(encode_images({.prompt = "r", .images = {picture, linked}}).error().code,
            errc::invalid_request);
  EXPECT_EQ(encode_images({.prompt = "r", .images = {linked}, .mask = picture}).error().code,
            errc::unsupported);
}

TEST(openai_image, changes_as_other_vendors_take_them) {
  expect_json(body_of(encode_images({.prompt = "r", .images = {picture, linked}}, "xai")),
              R"({"model":"m","prompt":"r","images":[
                {"type":"image_url","url":"data:image/png;base64,UE5H"},
                {"type":"image_url","url":"https://a.test/i.png"}]})");
  const auto one = encode_images({.prompt = "r", .images = {linked}}, "volcengine-ark");
  expect_json(body_of(one), R"({"model":"m","prompt":"r","image":"https://a.test/i.png"})");
  EXPECT_EQ(one->request.target, "/images/generations");
  expect_json(
      body_of(encode_images({.prompt = "r", .images = {linked, linked}}, "byteplus-modelark")),
      R"({"model":"m","prompt":"r",
                  "image":["https://a.test/i.png","https://a.test/i.png"]})");
  EXPECT_EQ(
      encode_images({.prompt = "r", .images = {picture}, .mask = picture}, "xai").error().code,
      errc::unsupported);
  EXPECT_EQ(encode_images({.prompt = "r", .images = {picture}}, "venice").error().code,
            errc::unsupported);
}

TEST(openai_image, sizes_and_names_of_other_vendors) {
  const auto venice = encode_images(
      {.prompt = "a", .n = 2, .size = "256x512", .output_format = "webp", .seed = 4}, "venice");
  expect_json(body_of(venice), R"({"model":"m","prompt":"a","variants":2,"width":256,"height":512,
                                   "format":"webp","seed":4})");
  EXPECT_EQ(venice->request.target, "/image/generate");
  expect_json(body_of(encode_images({.prompt = "a", .n = 2, .size = "1x1"}, "siliconflow")),
              R"({"model":"m","prompt":"a","batch_size":2,"image_size":"1x1"})");
  expect_json(body_of(encode_images({.prompt = "a", .size = "512x256"}, "together")),
              R"({"model":"m","prompt":"a","width":512,"height":256})");
  for (const char* size : {"512", "x", "512x", "axb", "512x256x"})
    EXPECT_EQ(encode_images({.prompt = "a", .size = size}, "together").error().code,
              errc::invalid_request)
        << size;
}

TEST(openai_image, bytes_and_their_type) {
  const auto r = read_images(R"({"output_format":"png","data":[{"b64_json":"YWJj",
    "revised_prompt":"p"},{"b64_json":"YQ=="}],"usage":{"input_tokens":22,"output_tokens":20,
    "input_tokens_details":{"image_tokens":2,"text_tokens":20},"total_tokens":42,
    "output_tokens_details":{"image_tokens":20,"text_tokens":0}}})");
  ASSERT_TRUE(r) << r.error().message;
  ASSERT_EQ(r->images.size(), 2u);
  EXPECT_EQ(r->images[0],
            (generated_image{.bytes = "abc", .media_type = "image/png", .revised_prompt = "p"}));
  EXPECT_EQ(r->usage.input, 20);
  EXPECT_EQ(r->usage.input_image, 2);
  EXPECT_EQ(r->usage.output_image, 20);
  EXPECT_EQ(r->usage.output, 0);
  EXPECT_TRUE(r->usage.units.empty());
  EXPECT_TRUE(r->notes.empty());
  EXPECT_EQ(r->request_id, "r1");
}

TEST(openai_image, tokens_of_an_answer_that_does_not_say_of_what) {
  const auto r = read_images(R"({"data":[{"b64_json":"YWJj"}],"usage":{"input_tokens":9,
    "input_tokens_details":{"image_tokens":0,"text_tokens":9},"output_tokens":70,
    "total_tokens":79}})");
  ASSERT_TRUE(r);
  EXPECT_EQ(r->usage.output_image, 70);
  EXPECT_EQ(r->usage.input, 9);
}

TEST(openai_image, urls_without_usage_are_counted) {
  const auto r = read_images(R"({"data":[{"url":"https://a.test/1"},{"url":"https://a.test/2"}]})");
  ASSERT_TRUE(r);
  EXPECT_EQ(r->images[1].url, "https://a.test/2");
  EXPECT_TRUE(r->usage.reported);
  EXPECT_EQ(r->usage.units.at("image_generation"), 2);
  EXPECT_TRUE(has_note(r->notes, "no usage"));
}

TEST(openai_image, the_cost_that_the_vendor_says) {
  const auto r = read_images(R"({"data":[{"url":"u","mime_type":"image/jpeg"}],
                                 "usage":{"cost_in_usd_ticks":200000000}})",
                             "xai");
  ASSERT_TRUE(r);
  EXPECT_EQ(r->images[0].media_type, "image/jpeg");
  ASSERT_TRUE(r->usage.vendor_cost);
  EXPECT_EQ(r->usage.vendor_cost->currency, "USD");
  EXPECT_EQ(r->usage.units.at("image_generation"), 1);
  EXPECT_TRUE(r->notes.empty());
}

TEST(openai_image, lists_of_other_vendors) {
  const auto venice = read_images(R"({"images":["YWJj"],"request":{"data":{"format":"jpg"}}})");
  ASSERT_TRUE(venice);
  EXPECT_EQ(venice->images[0].bytes, "abc");
  EXPECT_EQ(venice->images[0].media_type, "image/jpeg");
  const auto silicon = read_images(R"({"images":[{"url":"u"}],"seed":1})");
  ASSERT_TRUE(silicon);
  EXPECT_EQ(silicon->images[0].url, "u");
}

TEST(openai_image, pieces_with_tokens_beside_them) {
  const auto r = read_images(R"({"model":"s","data":[{"url":"u"},{"error":{"code":"c",
    "message":"filtered"}}],"usage":{"generated_images":1,"output_tokens":6240,
    "total_tokens":6240}})",
                             "volcengine-ark");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->images.size(), 1u);
  EXPECT_EQ(r->usage.units.at("image_generation"), 1);
  EXPECT_EQ(r->usage.output_total(), 0);
  EXPECT_FALSE(r->usage.vendor_total);
  EXPECT_TRUE(has_note(r->notes, "6240 tokens"));
  EXPECT_TRUE(has_note(r->notes, "filtered"));
}

TEST(openai_image, answers_that_are_none) {
  for (const char* body : {"", "[]", "{}", R"({"data":[]})", R"({"data":{}})", R"({"data":[{}]})",
                           R"({"data":[{"b64_json":"*"}]})", R"({"data":[1]})",
                           R"({"data":[{"error":{"message":"m"}}]})"})
    EXPECT_EQ(read_images(body).error().code, errc::protocol) << body;
  const auto failed = read_images(R"({"error":{"code":"rate_limit_exceeded","message":"m"}})");
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, errc::rate_limit);
  EXPECT_NE(failed.error().retry, retry_class::safe);
}

}  // namespace
}  // namespace ark::test::media
