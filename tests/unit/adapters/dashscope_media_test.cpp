#include "task_support.hpp"

namespace ark::test::media::dashscope_media_tests {
namespace {

task_maker wan() { return {adapters::dashscope_media(), row("dashscope-native")}; }
result<dialect::encoded> draw(const image_call& c) {
  const task_maker m = wan();
  return m.family.encode_image(c, "wan2.2-t2i-plus", m.v);
}
result<dialect::encoded> film(const video_call& c) {
  const task_maker m = wan();
  return m.family.encode_video(c, "wan2.5-t2v", m.v);
}

TEST(dashscope_media, an_image) {
  const auto e = draw({.prompt = "a cat",
                       .n = 2,
                       .size = "1024x768",
                       .seed = 7,
                       .negative_prompt = "dogs",
                       .extra = {{"prompt_extend", "false"}}});
  ASSERT_TRUE(e) << e.error().message;
  EXPECT_EQ(e->request.target, "/services/aigc/text2image/image-synthesis");
  EXPECT_EQ(wire::find_header(e->request.headers, "x-dashscope-async"), "enable");
  EXPECT_EQ(e->request.body,
            R"({"model":"wan2.2-t2i-plus","input":{"prompt":"a cat","negative_prompt":"dogs"},)"
            R"("parameters":{"n":2,"size":"1024*768","seed":7,"prompt_extend":false}})");
  EXPECT_EQ(draw({.prompt = "x", .images = {png()}}).error().code, errc::unsupported);
  EXPECT_EQ(draw({.prompt = "x", .quality = "hd"}).error().code, errc::unsupported);
}

TEST(dashscope_media, a_video_by_what_it_begins_and_ends_with) {
  const auto text = film({.prompt = "x", .duration_s = 5, .size = "1280x720"});
  ASSERT_TRUE(text) << text.error().message;
  EXPECT_EQ(text->request.target, "/services/aigc/video-generation/video-synthesis");
  EXPECT_EQ(text->request.body, R"({"model":"wan2.5-t2v","input":{"prompt":"x"},)"
                                R"("parameters":{"size":"1280*720","duration":5}})");
  const auto one = film({.first_frame = at("https://e.test/a")});
  EXPECT_NE(one->request.body.find(R"("img_url":"https://e.test/a")"), std::string::npos);
  const auto two = film({.first_frame = at("https://e.test/a"), .last_frame = png()});
  EXPECT_EQ(two->request.target, "/services/aigc/image2video/video-synthesis");
  EXPECT_NE(
      two->request.body.find(R"("first_frame_url":"https://e.test/a","last_frame_url":"data:)"),
      std::string::npos);
  EXPECT_EQ(film({.last_frame = png()}).error().code, errc::unsupported);
  EXPECT_EQ(film({.prompt = "x", .ratio = "1:1"}).error().code, errc::unsupported);
}

TEST(dashscope_media, is_asked_for_until_it_ends) {
  const task_maker m = wan();
  EXPECT_EQ(m.step(R"({"output":{"task_status":"PENDING","task_id":"t1"},"request_id":"r"})"),
            "t1 GET /tasks/t1");
  EXPECT_EQ(m.step(R"({"output":{"task_status":"RUNNING"}})"), "again");
  EXPECT_EQ(m.step(R"({"output":{"task_status":"SUCCEEDED","task_id":"t1"}})"), "");
  EXPECT_EQ(m.step(R"({"code":"InvalidParameter","message":"m"})"), "");
  EXPECT_EQ(m.ask("t1"), "GET /tasks/t1");
}

TEST(dashscope_media, images_of_which_one_may_be_missing) {
  const auto r = wan().images(
      R"({"request_id":"q1","output":{"task_id":"t1","task_status":"SUCCEEDED","results":[)"
      R"({"url":"https://e.test/1.png","actual_prompt":"a big cat"},)"
      R"({"code":"InternalError.Timeout","message":"too long"}]},"usage":{"image_count":1}})");
  ASSERT_TRUE(r) << r.error().message;
  ASSERT_EQ(r->images.size(), 1U);
  EXPECT_EQ(r->images[0].revised_prompt, "a big cat");
  EXPECT_EQ(r->usage.units.at("image_generation"), 1);
  EXPECT_EQ(r->request_id, "q1");
  EXPECT_EQ(r->notes, std::vector<std::string>{"one image was not made: too long"});
}

TEST(dashscope_media, a_video_by_the_second) {
  for (const char* counted :
       {R"({"video_duration":5,"video_ratio":"1280*720","video_count":1})",
        R"({"duration":9,"output_video_duration":5,"SR":720})", R"({"duration":5})"}) {
    const auto r = wan().videos(
        R"({"output":{"task_status":"SUCCEEDED","video_url":"https://e.test/v.mp4"},"usage":)" +
        std::string(counted) + "}");
    ASSERT_TRUE(r) << counted;
    EXPECT_EQ(r->usage.units.at("video_generation"), 5) << counted;
    EXPECT_EQ(r->duration_s, 5.0);
  }
  EXPECT_FALSE(
      wan().videos(R"({"output":{"task_status":"SUCCEEDED","video_url":"u"}})")->usage.reported);
}

TEST(dashscope_media, tasks_that_failed) {
  const task_maker m = wan();
  const auto failed = m.images(
      R"({"request_id":"q1","output":{"task_status":"FAILED","code":"DataInspectionFailed",)"
      R"("message":"no"}})");
  EXPECT_EQ(failed.error().code, errc::content_filter);
  EXPECT_EQ(failed.error().request_id, "q1");
  const auto busy = m.videos(R"({"output":{"task_status":"FAILED","code":"Throttling"}})");
  EXPECT_EQ(busy.error().code, errc::rate_limit);
  EXPECT_NE(busy.error().retry, retry_class::safe) << "it was begun";
  EXPECT_EQ(m.videos(R"({"output":{"task_status":"UNKNOWN"}})").error().code, errc::not_found);
  EXPECT_EQ(m.videos(R"({"output":{"task_status":"CANCELED"}})").error().vendor_code, "CANCELED");
  for (const char* none : {"", "{}", R"({"output":{"task_status":"SUCCEEDED"}})"})
    EXPECT_EQ(m.videos(none).error().code, errc::protocol) << none;
}

}  // namespace
}  // namespace ark::test::media::dashscope_media_tests
