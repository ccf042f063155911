#include "media_support.hpp"

namespace ark::test::media {
namespace {

result<dialect::encoded> draw(const image_call& c, std::string_view model = "sd3.5-large") {
  return adapters::stability_images().encode_image(c, model, row("stability"));
}
result<image_reply> drawn(const std::string& body, wire::header_list headers) {
  const wire::http_head head{200, std::move(headers)};
  return adapters::stability_images().decode_image({head, body}, row("stability"));
}
const wire::header_list as_json{{"content-type", "application/json"}};

TEST(stability_images, a_form_even_without_files) {
  const auto e = draw({.prompt = "a cat",
                       .output_format = "png",
                       .seed = 7,
                       .negative_prompt = "dogs",
                       .extra = {{"aspect_ratio", "\"16:9\""}}});
  ASSERT_TRUE(e) << e.error().message;
  EXPECT_EQ(e->request.target, "/stable-image/generate/sd3");
  EXPECT_TRUE(has_field(e, "model", "sd3.5-large"));
  EXPECT_TRUE(has_field(e, "prompt", "a cat"));
  EXPECT_TRUE(has_field(e, "output_format", "png"));
  EXPECT_TRUE(has_field(e, "seed", "7"));
  EXPECT_TRUE(has_field(e, "negative_prompt", "dogs"));
  EXPECT_TRUE(has_field(e, "aspect_ratio", "16:9"));
  EXPECT_EQ(wire::find_header(e->request.headers, "accept"), "application/json");
}

TEST(stability_images, models_that_are_paths) {
  const auto e = draw({.prompt = "a"}, "ultra");
  ASSERT_TRUE(e);
  EXPECT_EQ(e->request.target, "/stable-image/generate/ultra");
  EXPECT_FALSE(has_field(e, "model", "ultra"));
  EXPECT_EQ(draw({.prompt = "a"}, "core")->request.target, "/stable-image/generate/core");
}

TEST(stability_images, an_image_to_be_changed) {
  const image_part png = image_bytes("PNG", "image/png");
  const auto e = draw({.prompt = "a", .images = {png}, .extra = {{"strength", "0.5"}}});
  EXPECT_TRUE(has_field(e, "mode", "image-to-image"));
  EXPECT_TRUE(has_field(e, "strength", "0.5"));
  EXPECT_TRUE(has_file(e, "image", "image.png", "image/png", "PNG"));
  EXPECT_EQ(draw({.prompt = "a", .images = {png}}, "core").error().code, errc::unsupported);
  EXPECT_EQ(draw({.prompt = "a", .images = {png, png}}).error().code, errc::unsupported);
  EXPECT_EQ(draw({.prompt = "a", .images = {image_part{.url = "u"}}}).error().code,
            errc::unsupported);
}

TEST(stability_images, what_the_vendor_does_not_take) {
  EXPECT_EQ(draw({.prompt = "a", .n = 2}).error().code, errc::unsupported);
  EXPECT_EQ(draw({.prompt = "a", .size = "1x1"}).error().code, errc::unsupported);
  EXPECT_EQ(draw({.prompt = "a", .mask = image_bytes("P", "image/png")}).error().code,
            errc::unsupported);
  EXPECT_EQ(draw({.prompt = "a", .extra = {{"n", "1"}}}).error().code, errc::invalid_request);
}

TEST(stability_images, answers) {
  const auto packed = drawn(R"({"image":"YWJj","finish_reason":"SUCCESS","seed":1})", as_json);
  ASSERT_TRUE(packed);
  EXPECT_EQ(packed->images.at(0).bytes, "abc");
  EXPECT_EQ(packed->usage.units.at("image_generation"), 1);
  const auto plain = drawn("PNG", {{"content-type", "image/png"}, {"finish-reason", "SUCCESS"}});
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->images.at(0).media_type, "image/png");
  EXPECT_EQ(plain->images.at(0).bytes, "PNG");
}

TEST(stability_images, a_blurred_image_is_an_error) {
  EXPECT_EQ(drawn(R"({"image":"YWJj","finish_reason":"CONTENT_FILTERED"})", as_json).error().code,
            errc::content_filter);
  EXPECT_EQ(drawn("PNG", {{"content-type", "image/png"}, {"finish-reason", "CONTENT_FILTERED"}})
                .error()
                .code,
            errc::content_filter);
}

TEST(stability_images, answers_that_are_none) {
  for (const char* body : {"", "[]", "{}", R"({"image":"*"})", R"({"image":""})"})
    EXPECT_EQ(drawn(body, as_json).error().code, errc::protocol) << body;
}

}  // namespace
}  // namespace ark::test::media
