#include "media/skywork_images.hpp"

#include "media_support.hpp"

namespace ark::test::media {
namespace {

result<dialect::encoded> paint(const image_call& c) {
  return adapters::skywork_images().encode_image(c, "default", row("skywork"));
}
result<image_reply> painted(const std::string& body) {
  const wire::http_head head = head_of();
  return adapters::skywork_images().decode_image({head, body}, row("skywork"));
}

TEST(skywork_images, a_prompt_is_all) {
  const auto e = paint({.prompt = "a cat"});
  expect_json(body_of(e), R"({"content":"a cat"})");
  EXPECT_EQ(e->request.target, "/sky-saas-image/api/v1/generate");
  EXPECT_TRUE(has_note(e->notes, "name is not sent"));
}

TEST(skywork_images, what_cannot_be_said) {
  EXPECT_EQ(paint({.prompt = "a", .n = 2}).error().code, errc::unsupported);
  EXPECT_EQ(paint({.prompt = "a", .size = "1x1"}).error().code, errc::unsupported);
  EXPECT_EQ(paint({.prompt = "a", .seed = 1}).error().code, errc::unsupported);
  EXPECT_EQ(paint({.prompt = "a", .images = {image_bytes("P", "image/png")}}).error().code,
            errc::unsupported);
  EXPECT_EQ(paint({.prompt = "a", .extra = {{"style", "1"}}}).error().code, errc::invalid_request);
}

TEST(skywork_images, an_answer) {
  const auto r =
      painted(R"({"code":200,"code_msg":"ok","resp_data":{"image_url":"https://i.test/a.png"}})");
  ASSERT_TRUE(r) << r.error().message;
  ASSERT_EQ(r->images.size(), 1u);
  EXPECT_EQ(r->images[0].url, "https://i.test/a.png");
  EXPECT_EQ(r->usage.units.at("image_generation"), 1);
  EXPECT_EQ(r->request_id, "r1");
}

TEST(skywork_images, an_error_has_status_200) {
  const auto r = painted(R"({"code":400007,"code_msg":"busy"})");
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, errc::overloaded);
  EXPECT_EQ(r.error().vendor_message, "busy");
  EXPECT_NE(r.error().retry, retry_class::safe);
}

TEST(skywork_images, answers_that_are_none) {
  for (const char* body : {"", "[]", "{}", R"({"code":200})", R"({"code":200,"resp_data":{}})",
                           R"({"resp_data":{"image_url":7}})"})
    EXPECT_EQ(painted(body).error().code, errc::protocol) << body;
}

}  // namespace
}  // namespace ark::test::media
