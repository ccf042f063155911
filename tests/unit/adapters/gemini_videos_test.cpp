#include "task_support.hpp"

namespace ark::test::media::gemini_videos_tests {
namespace {

task_maker veo() { return {adapters::gemini_videos(), row("gemini")}; }
result<dialect::encoded> film(const video_call& c) {
  const task_maker m = veo();
  return m.family.encode_video(c, "veo-3.1", m.v);
}

TEST(gemini_videos, an_operation) {
  const auto e = film({.prompt = "a storm",
                       .first_frame = png(),
                       .duration_s = 8,
                       .resolution = "720p",
                       .ratio = "16:9",
                       .negative_prompt = "rain"});
  ASSERT_TRUE(e) << e.error().message;
  EXPECT_EQ(e->request.target, "/models/veo-3.1:predictLongRunning");
  EXPECT_EQ(e->request.body,
            R"({"instances":[{"prompt":"a storm","image":{"bytesBase64Encoded":"UE5H",)"
            R"("mimeType":"image/png"}}],"parameters":{"aspectRatio":"16:9","resolution":"720p",)"
            R"("durationSeconds":8,"negativePrompt":"rain"}})");
  const auto more = film({.prompt = "x", .last_frame = png(), .references = {png()}});
  EXPECT_NE(more->request.body.find(R"("lastFrame":{)"), std::string::npos);
  EXPECT_NE(more->request.body.find(R"("referenceType":"asset"})"), std::string::npos);
  EXPECT_EQ(film({.prompt = "x", .first_frame = at("u")}).error().code, errc::unsupported);
  EXPECT_EQ(film({.prompt = "x", .references = {at("u")}}).error().code, errc::unsupported);
  EXPECT_EQ(film({.prompt = "x", .size = "1x1"}).error().code, errc::unsupported);
}

// Recorded: `done` is left out while it runs.
TEST(gemini_videos, is_asked_for_until_it_is_done) {
  const task_maker m = veo();
  EXPECT_EQ(m.step(R"({"name":"models/veo-2/operations/abc"})"),
            "models/veo-2/operations/abc GET /models/veo-2/operations/abc");
  EXPECT_EQ(m.step(R"({"name":"models/veo-2/operations/abc","done":false})"),
            "models/veo-2/operations/abc GET /models/veo-2/operations/abc");
  EXPECT_EQ(m.step(R"({"name":"models/veo-2/operations/abc","done":true})"), "");
  EXPECT_EQ(m.step(R"({"name":"../v1/models/operations/x"})"), "protocol");
  EXPECT_EQ(m.step(R"({"error":{"code":400}})"), "");
  for (const char* none : {"", "abc", "/operations/x", "operations/a?b", "operations/../x"})
    EXPECT_EQ(m.ask(none), "invalid_request") << none;
}

TEST(gemini_videos, ends) {
  const task_maker m = veo();
  const auto r = m.videos(
      R"({"name":"n","done":true,"response":{"generateVideoResponse":{"generatedSamples":[)"
      R"({"video":{"uri":"https://e.test/files/a:download?alt=media"}}]}}})");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->videos.at(0).url, "https://e.test/files/a:download?alt=media");
  EXPECT_FALSE(r->usage.reported);
  EXPECT_NE(r->notes.at(0).find("key"), std::string::npos);
  const auto kept =
      m.videos(R"({"done":true,"response":{"generateVideoResponse":{"raiMediaFilteredCount":1,)"
               R"("raiMediaFilteredReasons":["a face"]}}})");
  EXPECT_EQ(kept.error().code, errc::content_filter);
  EXPECT_EQ(kept.error().vendor_message, "a face");
  const auto failed =
      m.videos(R"({"name":"n","done":true,"error":{"code":13,"message":"internal"}})");
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().vendor_message, "internal");
  EXPECT_NE(failed.error().retry, retry_class::safe);
  for (const char* none :
       {"", "{}", R"({"done":true,"response":{"generateVideoResponse":{}}})",
        R"({"done":true,"response":{"generateVideoResponse":{"generatedSamples":[{}]}}})"})
    EXPECT_EQ(m.videos(none).error().code, errc::protocol) << none;
}

}  // namespace
}  // namespace ark::test::media::gemini_videos_tests
