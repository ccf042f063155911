#include "task_support.hpp"

namespace ark::test::media::replicate_images_tests {
namespace {

const std::string digest(64, 'a');

task_maker predictions() { return {adapters::replicate_images(), row("replicate")}; }
result<dialect::encoded> draw(const image_call& c, std::string_view model) {
  const task_maker m = predictions();
  return m.family.encode_image(c, model, m.v);
}

TEST(replicate_images, models_have_a_path_and_versions_have_not) {
  const auto model = draw({.prompt = "robots", .seed = 7, .extra = {{"steps", "4"}}}, "own/name");
  ASSERT_TRUE(model) << model.error().message;
  EXPECT_EQ(model->request.target, "/models/own/name/predictions");
  EXPECT_EQ(model->request.body, R"({"input":{"prompt":"robots","seed":7,"steps":4}})");
  // Recorded.
  const auto version = draw({.prompt = "robots"}, digest);
  EXPECT_EQ(version->request.target, "/predictions");
  EXPECT_EQ(version->request.body,
            R"({"version":")" + digest + R"(","input":{"prompt":"robots"}})");
  EXPECT_EQ(draw({.prompt = "robots"}, "own/name:" + digest)->request.body, version->request.body);
  EXPECT_FALSE(draw({.prompt = "x"}, "../name"));
  EXPECT_EQ(draw({.prompt = "x", .size = "1x1"}, "own/name").error().code, errc::unsupported);
  EXPECT_EQ(draw({.prompt = "x", .images = {png()}}, "own/name").error().code, errc::unsupported);
}

TEST(replicate_images, is_asked_for_until_it_ends) {
  const task_maker m = predictions();
  EXPECT_EQ(m.step(R"({"id":"p1","status":"starting","error":null})"), "p1 GET /predictions/p1");
  EXPECT_EQ(m.step(R"({"id":"p1","status":"processing"})"), "p1 GET /predictions/p1");
  EXPECT_EQ(m.step(R"({"status":"processing"})"), "again");
  EXPECT_EQ(m.step(R"({"id":"p1","status":"succeeded"})"), "");
}

TEST(replicate_images, ends) {
  const task_maker m = predictions();
  const auto several = m.images(
      R"({"id":"p1","model":"own/name","status":"succeeded","error":null,"output":["u1","u2"]})");
  ASSERT_TRUE(several) << several.error().message;
  EXPECT_EQ(several->images.at(1).url, "u2");
  EXPECT_EQ(several->model, "own/name");
  EXPECT_EQ(several->usage.units.at("image_generation"), 2);
  EXPECT_EQ(m.images(R"({"status":"succeeded","output":"u1"})")->images.at(0).url, "u1");
  EXPECT_EQ(m.images(R"({"status":"failed","error":"NSFW content detected"})").error().code,
            errc::content_filter);
  EXPECT_EQ(m.images(R"({"status":"canceled","error":null})").error().vendor_code, "canceled");
  for (const char* none : {"", "{}", R"({"status":"succeeded","output":null})",
                           R"({"status":"succeeded","output":[]})"})
    EXPECT_EQ(m.images(none).error().code, errc::protocol) << none;
}

}  // namespace
}  // namespace ark::test::media::replicate_images_tests
