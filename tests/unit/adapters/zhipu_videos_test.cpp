#include "task_support.hpp"

namespace ark::test::media::zhipu_videos_tests {
namespace {

task_maker cogvideo() { return {adapters::zhipu_videos(), row("zhipu")}; }
result<dialect::encoded> film(const video_call& c) {
  const task_maker m = cogvideo();
  return m.family.encode_video(c, "cogvideox-3", m.v);
}

TEST(zhipu_videos, one_image_or_two) {
  const auto e = film({.prompt = "x",
                       .first_frame = at("https://e.test/a"),
                       .duration_s = 5,
                       .size = "1280x720",
                       .extra = {{"with_audio", "true"}}});
  ASSERT_TRUE(e) << e.error().message;
  EXPECT_EQ(e->request.target, "/videos/generations");
  EXPECT_EQ(e->request.body,
            R"({"model":"cogvideox-3","prompt":"x","image_url":"https://e.test/a",)"
            R"("size":"1280x720","duration":5,"with_audio":true})");
  const auto two = film({.first_frame = at("https://e.test/a"), .last_frame = png()});
  EXPECT_NE(two->request.body.find(R"("image_url":["https://e.test/a","data:image/png)"),
            std::string::npos);
  EXPECT_EQ(film({.last_frame = png()}).error().code, errc::unsupported);
  EXPECT_EQ(film({.prompt = "x", .ratio = "1:1"}).error().code, errc::unsupported);
}

TEST(zhipu_videos, is_asked_for_until_it_ends) {
  const task_maker m = cogvideo();
  EXPECT_EQ(m.step(R"({"id":"z1","request_id":"q","task_status":"PROCESSING"})"),
            "z1 GET /async-result/z1");
  EXPECT_EQ(m.step(R"({"request_id":"q","task_status":"PROCESSING"})"), "again");
  EXPECT_EQ(m.step(R"({"id":"z1","task_status":"SUCCESS"})"), "");
  EXPECT_EQ(m.step(R"({"error":{"code":"1113"}})"), "");
}

TEST(zhipu_videos, ends) {
  const task_maker m = cogvideo();
  const auto r = m.videos(
      R"({"model":"cogvideox-3","task_status":"SUCCESS","video_result":[{"url":"https://e.test/v"}]})");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->videos.at(0).url, "https://e.test/v");
  EXPECT_EQ(r->usage.units.at("video_generation_videos"), 1);
  EXPECT_FALSE(r->notes.empty()) << "nobody counts";
  EXPECT_EQ(m.videos(R"({"task_status":"FAIL"})").error().code, errc::server);
  EXPECT_EQ(
      m.videos(R"({"task_status":"FAIL","error":{"code":"1301","message":"m"}})").error().code,
      errc::content_filter);
  for (const char* none : {"", "{}", R"({"task_status":"SUCCESS","video_result":[]})"})
    EXPECT_EQ(m.videos(none).error().code, errc::protocol) << none;
}

}  // namespace
}  // namespace ark::test::media::zhipu_videos_tests
