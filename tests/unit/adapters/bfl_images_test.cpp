#include "task_support.hpp"

namespace ark::test::media::bfl_images_tests {
namespace {

task_maker flux() { return {adapters::bfl_images(), row("bfl")}; }
result<dialect::encoded> draw(const image_call& c, std::string_view model = "flux-dev") {
  const task_maker m = flux();
  return m.family.encode_image(c, model, m.v);
}

TEST(bfl_images, a_model_is_a_path) {
  const auto e = draw({.prompt = "a cat",
                       .size = "1024x768",
                       .output_format = "png",
                       .images = {png(), at("https://e.test/b.png")},
                       .seed = 7,
                       .extra = {{"safety_tolerance", "0"}}});
  ASSERT_TRUE(e) << e.error().message;
  EXPECT_EQ(e->request.target, "/flux-dev");
  EXPECT_EQ(e->request.body,
            R"({"prompt":"a cat","input_image":"UE5H","input_image_2":"https://e.test/b.png",)"
            R"("width":1024,"height":768,"output_format":"png","seed":7,"safety_tolerance":0})");
  EXPECT_EQ(draw({.prompt = "a"}, "../x")->request.target, "/..%2Fx");
  EXPECT_FALSE(draw({.prompt = "a"}, ".."));
}

TEST(bfl_images, what_the_vendor_does_not_take) {
  EXPECT_EQ(draw({.prompt = "a", .n = 2}).error().code, errc::unsupported);
  EXPECT_EQ(draw({.prompt = "a", .quality = "hd"}).error().code, errc::unsupported);
  EXPECT_EQ(draw({.prompt = "a", .mask = png()}).error().code, errc::unsupported);
  EXPECT_EQ(draw({.prompt = "a", .negative_prompt = "b"}).error().code, errc::unsupported);
  EXPECT_EQ(draw({.prompt = "a", .images = {5, png()}}).error().code, errc::unsupported);
  EXPECT_EQ(draw({.prompt = "a", .size = "big"}).error().code, errc::invalid_request);
  EXPECT_EQ(draw({.prompt = "a", .extra = {{"webhook_url", "\"u\""}}}).error().code,
            errc::invalid_request);
}

// Recorded: the answer names a region, and later answers have the plain id alone.
TEST(bfl_images, is_asked_for_at_the_region_that_makes_it) {
  const task_maker m = flux();
  EXPECT_EQ(m.step(R"({"id":"4ca5","polling_url":"https://api.eu4.bfl.ai/v1/get_result?id=4ca5",)"
                   R"("cost":null})"),
            "https://api.eu4.bfl.ai/v1/get_result?id=4ca5 GET "
            "https://api.eu4.bfl.ai/v1/get_result?id=4ca5");
  EXPECT_EQ(m.step(R"({"id":"4ca5","status":"Pending","result":null,"progress":0.6})"), "again");
  EXPECT_EQ(m.step(R"({"id":"4ca5"})"), "4ca5 GET /get_result?id=4ca5");
  EXPECT_EQ(m.step(R"({"id":"4ca5","status":"Ready"})"), "");
  EXPECT_EQ(m.step("<html>"), "protocol");
  EXPECT_EQ(m.ask("a&b"), "GET /get_result?id=a%26b");
  EXPECT_EQ(row("bfl").media.task_hosts, std::vector<std::string>{".bfl.ai"});
}

TEST(bfl_images, ends) {
  const task_maker m = flux();
  const auto r =
      m.images(R"({"id":"4ca5","status":"Ready","result":{"sample":"https://e.test/s.png"}})");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->images.at(0).url, "https://e.test/s.png");
  EXPECT_EQ(r->usage.units.at("image_generation"), 1);
  EXPECT_EQ(m.images(R"({"status":"Request Moderated"})").error().code, errc::content_filter);
  EXPECT_EQ(m.images(R"({"status":"Content Moderated"})").error().code, errc::content_filter);
  EXPECT_EQ(m.images(R"({"status":"Error"})").error().code, errc::server);
  EXPECT_EQ(m.images(R"({"status":"Task not found"})").error().code, errc::not_found);
  EXPECT_EQ(m.images(R"({"detail":"Not Found"})").error().vendor_message, "Not Found");
  for (const char* none : {"", "[]", "{}", R"({"status":"Ready","result":null})"})
    EXPECT_EQ(m.images(none).error().code, errc::protocol) << none;
}

}  // namespace
}  // namespace ark::test::media::bfl_images_tests
