#include "task_support.hpp"

namespace ark::test::media::openai_videos_tests {
namespace {

task_maker sora() { return {adapters::openai_videos(), row("openai")}; }
result<dialect::encoded> film(const video_call& c) {
  const task_maker m = sora();
  return m.family.encode_video(c, "sora-2", m.v);
}

TEST(openai_videos, a_form) {
  const auto e =
      film({.prompt = "a storm", .first_frame = png(), .duration_s = 8, .size = "1280x720"});
  ASSERT_TRUE(e) << e.error().message;
  EXPECT_EQ(e->request.target, "/videos");
  EXPECT_TRUE(has_field(e, "model", "sora-2"));
  EXPECT_TRUE(has_field(e, "seconds", "8"));
  EXPECT_TRUE(has_field(e, "size", "1280x720"));
  EXPECT_TRUE(has_file(e, "input_reference", "frame.png", "image/png", "PNG"));
  EXPECT_EQ(film({.prompt = "x", .last_frame = png()}).error().code, errc::unsupported);
  EXPECT_EQ(film({.prompt = "x", .first_frame = at("u")}).error().code, errc::unsupported);
  EXPECT_EQ(film({.prompt = "x", .seed = 1}).error().code, errc::unsupported);
}

TEST(openai_videos, is_asked_for_and_then_fetched) {
  const task_maker m = sora();
  EXPECT_EQ(m.step(R"({"id":"video_1","object":"video","status":"queued","progress":0})"),
            "video_1 GET /videos/video_1");
  EXPECT_EQ(m.step(R"({"id":"video_1","status":"in_progress"})"), "video_1 GET /videos/video_1");
  EXPECT_EQ(m.step(R"({"id":"video_1","status":"completed"})"),
            "video_1 GET /videos/video_1/content now");
  EXPECT_EQ(m.step(R"({"id":"video_1","status":"failed"})"), "");
  const wire::http_head head = head_of("video/mp4");
  EXPECT_EQ(m.step("MP4", head), "");
  const auto r = m.videos("MP4", head);
  ASSERT_TRUE(r);
  EXPECT_EQ(r->videos.at(0).bytes, "MP4");
  EXPECT_EQ(r->videos.at(0).media_type, "video/mp4");
}

TEST(openai_videos, that_are_none) {
  const task_maker m = sora();
  EXPECT_EQ(m.videos(R"({"id":"v","status":"failed","error":{"code":"moderation_blocked",)"
                     R"("message":"no"}})")
                .error()
                .code,
            errc::content_filter);
  EXPECT_EQ(m.videos("<html>", head_of("text/html")).error().code, errc::protocol);
  EXPECT_EQ(m.videos("", head_of("video/mp4")).error().code, errc::protocol);
  EXPECT_EQ(m.videos("{}").error().code, errc::protocol);
}

}  // namespace
}  // namespace ark::test::media::openai_videos_tests
