#include "media/siliconflow_videos.hpp"

#include "task_support.hpp"

namespace ark::test::media::siliconflow_videos_tests {
namespace {

task_maker wan_there() { return {adapters::siliconflow_videos(), row("siliconflow")}; }
result<dialect::encoded> film(const video_call& c) {
  const task_maker m = wan_there();
  return m.family.encode_video(c, "Wan-AI/Wan2.2-T2V-A14B", m.v);
}

TEST(siliconflow_videos, a_task) {
  const auto e = film({.prompt = "x", .first_frame = at("u"), .size = "1280x720", .seed = 7});
  ASSERT_TRUE(e) << e.error().message;
  EXPECT_EQ(e->request.target, "/video/submit");
  EXPECT_EQ(e->request.body, R"({"model":"Wan-AI/Wan2.2-T2V-A14B","prompt":"x","image":"u",)"
                             R"("image_size":"1280x720","seed":7})");
  EXPECT_EQ(film({.prompt = "x", .duration_s = 5}).error().code, errc::unsupported);
  EXPECT_EQ(film({.prompt = "x", .last_frame = png()}).error().code, errc::unsupported);
}

TEST(siliconflow_videos, questions_are_posted) {
  const task_maker m = wan_there();
  EXPECT_EQ(m.step(R"({"requestId":"q1"})"), "q1 POST /video/status");
  EXPECT_EQ(m.family.ask_task("q1", m.v)->request.body, R"({"requestId":"q1"})");
  EXPECT_EQ(m.step(R"({"status":"InQueue"})"), "again");
  EXPECT_EQ(m.step(R"({"status":"InProgress"})"), "again");
  EXPECT_EQ(m.step(R"({"status":"Succeed"})"), "");
}

TEST(siliconflow_videos, ends) {
  const task_maker m = wan_there();
  const auto r = m.videos(R"({"status":"Succeed","results":{"videos":[{"url":"u"}]}})");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->videos.at(0).url, "u");
  EXPECT_EQ(r->usage.units.at("video_generation_videos"), 1);
  EXPECT_EQ(m.videos(R"({"status":"Failed","reason":"why"})").error().vendor_message, "why");
  for (const char* none : {"", "{}", R"({"status":"Succeed","results":{}})"})
    EXPECT_EQ(m.videos(none).error().code, errc::protocol) << none;
}

}  // namespace
}  // namespace ark::test::media::siliconflow_videos_tests
