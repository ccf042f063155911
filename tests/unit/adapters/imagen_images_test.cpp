#include "media_support.hpp"

namespace ark::test::media {
namespace {

result<dialect::encoded> imagine(const image_call& c, std::string_view vendor = "vertex") {
  return adapters::imagen_images().encode_image(c, "imagen-4", row(vendor));
}
result<image_reply> imagined(const std::string& body) {
  const wire::http_head head = head_of();
  return adapters::imagen_images().decode_image({head, body}, row("vertex"));
}

TEST(imagen_images, an_instance_and_its_parameters) {
  const auto e = imagine({.prompt = "a cat",
                          .n = 2,
                          .output_format = "png",
                          .seed = 7,
                          .negative_prompt = "dogs",
                          .extra = {{"aspectRatio", "\"16:9\""}}});
  expect_json(body_of(e), R"({"instances":[{"prompt":"a cat"}],"parameters":{"sampleCount":2,
    "negativePrompt":"dogs","seed":7,"outputOptions":{"mimeType":"image/png"},
    "aspectRatio":"16:9"}})");
  EXPECT_EQ(e->request.target, "/publishers/google/models/imagen-4:predict");
  EXPECT_EQ(imagine({.prompt = "a"}, "gemini")->request.target, "/models/imagen-4:predict");
}

TEST(imagen_images, what_cannot_be_said) {
  EXPECT_EQ(imagine({.prompt = "a", .size = "1x1"}).error().code, errc::unsupported);
  EXPECT_EQ(imagine({.prompt = "a", .quality = "hd"}).error().code, errc::unsupported);
  EXPECT_EQ(imagine({.prompt = "a", .images = {image_bytes("P", "image/png")}}).error().code,
            errc::unsupported);
  EXPECT_EQ(imagine({.prompt = "a", .extra = {{"n", "1"}}}).error().code, errc::invalid_request);
}

TEST(imagen_images, predictions) {
  const auto r = imagined(R"({"predictions":[
    {"bytesBase64Encoded":"YWJj","mimeType":"image/png","prompt":"p"},
    {"raiFilteredReason":"a person"}]})");
  ASSERT_TRUE(r) << r.error().message;
  ASSERT_EQ(r->images.size(), 1u);
  EXPECT_EQ(r->images[0],
            (generated_image{.bytes = "abc", .media_type = "image/png", .revised_prompt = "p"}));
  EXPECT_EQ(r->usage.units.at("image_generation"), 1);
  EXPECT_TRUE(has_note(r->notes, "a person"));
}

TEST(imagen_images, all_kept_back) {
  const auto r = imagined(R"({"predictions":[{"raiFilteredReason":"a person"}]})");
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, errc::content_filter);
  EXPECT_EQ(r.error().vendor_message, "a person");
}

TEST(imagen_images, answers_that_are_none) {
  for (const char* body : {"", "[]", "{}", R"({"predictions":[]})", R"({"predictions":[{}]})",
                           R"({"predictions":[{"bytesBase64Encoded":"*"}]})"})
    EXPECT_EQ(imagined(body).error().code, errc::protocol) << body;
  EXPECT_EQ(imagined(R"({"error":{"code":404,"status":"NOT_FOUND"}})").error().code,
            errc::not_found);
}

}  // namespace
}  // namespace ark::test::media
