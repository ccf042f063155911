#include "task_support.hpp"

namespace ark::test::media::minimax_media_tests {
namespace {

task_maker minimax() { return {adapters::minimax_media(), row("minimax")}; }
result<dialect::encoded> draw(const image_call& c) {
  const task_maker m = minimax();
  return m.family.encode_image(c, "image-01", m.v);
}
result<dialect::encoded> film(const video_call& c) {
  const task_maker m = minimax();
  return m.family.encode_video(c, "hailuo-02", m.v);
}

TEST(minimax_media, images_come_at_once) {
  const auto e = draw(
      {.prompt = "a cat", .n = 2, .size = "1024x768", .extra = {{"aspect_ratio", "\"16:9\""}}});
  ASSERT_TRUE(e) << e.error().message;
  EXPECT_EQ(e->request.target, "/image_generation");
  EXPECT_EQ(e->request.body, R"({"model":"image-01","prompt":"a cat","n":2,"width":1024,)"
                             R"("height":768,"aspect_ratio":"16:9"})");
  EXPECT_EQ(draw({.prompt = "x", .quality = "hd"}).error().code, errc::unsupported);
  EXPECT_EQ(draw({.prompt = "x", .images = {png()}}).error().code, errc::unsupported);
  EXPECT_EQ(draw({.prompt = "x", .size = "big"}).error().code, errc::invalid_request);
  const task_maker m = minimax();
  const std::string body = R"({"id":"i1","data":{"image_urls":["u1","u2"]},)"
                           R"("base_resp":{"status_code":0,"status_msg":"success"}})";
  EXPECT_EQ(m.step(body), "");
  const auto r = m.images(body);
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->images.at(1).url, "u2");
  EXPECT_EQ(r->usage.units.at("image_generation"), 2);
  EXPECT_EQ(m.images(R"({"data":{"image_base64":["YWJj"]}})")->images.at(0).bytes, "abc");
}

TEST(minimax_media, a_video_in_three_steps) {
  const auto e = film({.prompt = "x", .first_frame = png(), .duration_s = 6});
  ASSERT_TRUE(e) << e.error().message;
  EXPECT_EQ(e->request.target, "/video_generation");
  EXPECT_EQ(e->request.body, R"({"model":"hailuo-02","prompt":"x",)"
                             R"("first_frame_image":"data:image/png;base64,UE5H","duration":6})");
  EXPECT_EQ(film({.prompt = "x", .ratio = "1:1"}).error().code, errc::unsupported);
  const task_maker m = minimax();
  EXPECT_EQ(m.step(R"({"task_id":"t1","base_resp":{"status_code":0}})"),
            "t1 GET /query/video_generation?task_id=t1");
  EXPECT_EQ(m.step(R"({"task_id":"t1","status":"Processing","file_id":""})"),
            "t1 GET /query/video_generation?task_id=t1");
  EXPECT_EQ(m.step(R"({"task_id":"t1","status":"Success","file_id":"f1"})"),
            "t1 GET /files/retrieve?file_id=f1 now");
  EXPECT_EQ(m.step(R"({"task_id":"t1","status":"Success","file_id":7})"),
            "t1 GET /files/retrieve?file_id=7 now");
  EXPECT_EQ(m.step(R"({"task_id":"t1","status":"Success"})"), "protocol");
  const std::string file = R"({"file":{"file_id":1,"download_url":"https://e.test/v"}})";
  EXPECT_EQ(m.step(file), "");
  EXPECT_EQ(m.videos(file)->videos.at(0).url, "https://e.test/v");
}

TEST(minimax_media, errors_have_status_200) {
  const task_maker m = minimax();
  const std::string body =
      R"({"task_id":"","base_resp":{"status_code":1026,"status_msg":"sensitive"}})";
  EXPECT_EQ(m.step(body), "");
  EXPECT_EQ(m.videos(body).error().code, errc::content_filter);
  EXPECT_EQ(m.images(body).error().code, errc::content_filter);
  const std::string failed = R"({"task_id":"t1","status":"Fail","base_resp":{"status_code":0}})";
  EXPECT_EQ(m.step(failed), "");
  EXPECT_EQ(m.videos(failed).error().code, errc::server);
  for (const char* none : {"", "{}", R"({"data":{"image_urls":[]}})"})
    EXPECT_EQ(m.images(none).error().code, errc::protocol) << none;
}

}  // namespace
}  // namespace ark::test::media::minimax_media_tests
