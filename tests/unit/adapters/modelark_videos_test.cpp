#include "task_support.hpp"

namespace ark::test::media::modelark_videos_tests {
namespace {

task_maker ark_videos(std::string_view name = "volcengine-ark") {
  return {adapters::modelark_videos(), row(name)};
}
result<dialect::encoded> film(const video_call& c) {
  const task_maker m = ark_videos();
  return m.family.encode_video(c, "doubao-seedance", m.v);
}

TEST(modelark_videos, a_task) {
  const auto e = film({.prompt = "a storm",
                       .first_frame = at("https://e.test/a.png"),
                       .last_frame = png(),
                       .duration_s = 5,
                       .resolution = "720p",
                       .ratio = "16:9",
                       .seed = 7,
                       .extra = {{"generate_audio", "true"}}});
  ASSERT_TRUE(e) << e.error().message;
  EXPECT_EQ(e->request.target, "/contents/generations/tasks");
  EXPECT_EQ(e->request.body,
            R"({"model":"doubao-seedance","content":[{"type":"text","text":"a storm"},)"
            R"({"type":"image_url","image_url":{"url":"https://e.test/a.png"},)"
            R"("role":"first_frame"},{"type":"image_url","image_url":)"
            R"({"url":"data:image/png;base64,UE5H"},"role":"last_frame"}],"duration":5,)"
            R"("resolution":"720p","ratio":"16:9","seed":7,"generate_audio":true})");
  const auto seen = film({.prompt = "x", .references = {png()}});
  EXPECT_NE(seen->request.body.find("reference_image"), std::string::npos);
}

TEST(modelark_videos, what_the_vendor_does_not_take) {
  EXPECT_EQ(film({.prompt = "x", .size = "1x1"}).error().code, errc::unsupported);
  EXPECT_EQ(film({.prompt = "x", .negative_prompt = "y"}).error().code, errc::unsupported);
  EXPECT_EQ(film({.first_frame = image_part{}}).error().code, errc::invalid_request);
  // The library asks; nobody is called back.
  EXPECT_EQ(film({.prompt = "x", .extra = {{"callback_url", "\"u\""}}}).error().code,
            errc::invalid_request);
  EXPECT_EQ(film({.prompt = "x", .extra = {{"guidance_scale", "1"}}}).error().code,
            errc::invalid_request)
      << "a parameter of the row's images";
}

TEST(modelark_videos, is_asked_for_until_it_ends) {
  const task_maker m = ark_videos("byteplus-modelark");
  EXPECT_EQ(m.step(R"({"id":"cgt-1"})"), "cgt-1 GET /contents/generations/tasks/cgt-1");
  EXPECT_EQ(m.step(R"({"id":"cgt-1","status":"queued"})"), "again");
  EXPECT_EQ(m.step(R"({"id":"cgt-1","status":"running"})"), "again");
  for (const char* word : {"succeeded", "failed", "cancelled", "expired", "new word"})
    EXPECT_EQ(m.step(std::string(R"({"id":"cgt-1","status":")") + word + "\"}"), "") << word;
  EXPECT_EQ(m.step("{}"), "");
  EXPECT_EQ(m.step("[]"), "protocol");
  EXPECT_EQ(m.step(R"({"id":".."})"), "invalid_request");
  EXPECT_EQ(m.ask("a/b"), "GET /contents/generations/tasks/a%2Fb");
}

TEST(modelark_videos, a_video_and_its_tokens) {
  const auto r = ark_videos().videos(
      R"({"id":"cgt-1","model":"doubao-seedance-1-0-pro-250528","status":"succeeded","error":null,)"
      R"("content":{"video_url":"https://e.test/v.mp4","last_frame_url":"https://e.test/l.png"},)"
      R"("duration":5,"usage":{"completion_tokens":108900,"total_tokens":108900}})");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->videos.at(0).url, "https://e.test/v.mp4");
  EXPECT_EQ(r->last_frame_url, "https://e.test/l.png");
  EXPECT_EQ(r->duration_s, 5.0);
  EXPECT_EQ(r->model, "doubao-seedance-1-0-pro-250528");
  EXPECT_EQ(r->usage.units.at("video_generation_tokens"), 108900);
  EXPECT_TRUE(r->usage.reported);
  EXPECT_TRUE(r->notes.empty());
}

TEST(modelark_videos, tokens_that_are_not_the_videos_are_said) {
  const auto r = ark_videos().videos(R"({"status":"succeeded","content":{"video_url":"u"},)"
                                     R"("usage":{"completion_tokens":10,"total_tokens":15}})");
  ASSERT_TRUE(r);
  EXPECT_NE(r->notes.at(0).find("15 tokens in all"), std::string::npos);
  EXPECT_FALSE(
      ark_videos().videos(R"({"status":"succeeded","content":{"video_url":"u"}})")->usage.reported);
}

TEST(modelark_videos, tasks_that_failed) {
  const task_maker m = ark_videos();
  const auto failed = m.videos(
      R"({"id":"cgt-1","status":"failed","error":{"code":"OutputVideoSensitiveContentDetected",)"
      R"("message":"no"}})");
  EXPECT_EQ(failed.error().code, errc::content_filter);
  EXPECT_EQ(failed.error().vendor_message, "no");
  EXPECT_EQ(m.videos(R"({"status":"failed"})").error().code, errc::server);
  EXPECT_EQ(m.videos(R"({"status":"cancelled"})").error().vendor_code, "cancelled");
  EXPECT_EQ(m.videos(R"({"error":{"code":"QuotaExceeded"}})").error().code, errc::quota);
  for (const char* none : {"", "{}", R"({"status":"succeeded"})", R"({"status":"new word"})"})
    EXPECT_EQ(m.videos(none).error().code, errc::protocol) << none;
}

}  // namespace
}  // namespace ark::test::media::modelark_videos_tests
