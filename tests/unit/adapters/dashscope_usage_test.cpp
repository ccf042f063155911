#include "dashscope_support.hpp"

namespace ark::test::dashscope {
namespace {

reply with_usage(const std::string& usage) {
  const auto r = decode(answer_of(R"({"content":"a"})", "stop", R"("usage":)" + usage));
  if (!r) ADD_FAILURE() << r.error().message;
  return r ? *r : reply{};
}

TEST(dashscope_usage, buckets_are_disjoint) {
  const reply r = with_usage(R"({"input_tokens":100,"output_tokens":50,"total_tokens":150,
      "prompt_tokens_details":{"cached_tokens":30},
      "output_tokens_details":{"reasoning_tokens":20,"text_tokens":30}})");
  EXPECT_TRUE(r.usage.reported);
  EXPECT_EQ(r.usage.input, 70);
  EXPECT_EQ(r.usage.cache_read, 30);
  EXPECT_EQ(r.usage.output, 30);
  EXPECT_EQ(r.usage.reasoning, 20);
  EXPECT_EQ(r.usage.input_total() + r.usage.output_total(), r.usage.vendor_total);
  EXPECT_TRUE(r.notes.empty());
}

TEST(dashscope_usage, images_sounds_and_videos_are_parts_of_the_input) {
  ark::usage u =
      with_usage(R"({"input_tokens":1271,"output_tokens":55,"image_tokens":1247})").usage;
  EXPECT_EQ(u.input, 24);
  EXPECT_EQ(u.input_image, 1247);
  EXPECT_FALSE(u.vendor_total);
  u = with_usage(R"({"input_tokens":60,"output_tokens":9,"image_tokens":10,
      "input_tokens_details":{"text_tokens":10,"image_tokens":10,"video_tokens":20,
                              "audio_tokens":20},
      "output_tokens_details":{"text_tokens":4,"audio_tokens":5},"total_tokens":69})")
          .usage;
  EXPECT_EQ(u.input, 10);
  EXPECT_EQ(u.input_image, 10);
  EXPECT_EQ(u.input_video, 20);
  EXPECT_EQ(u.input_audio, 20);
  EXPECT_EQ(u.output, 4);
  EXPECT_EQ(u.output_audio, 5);
}

TEST(dashscope_usage, the_explicit_cache) {
  ark::usage u = with_usage(R"({"input_tokens":100,"output_tokens":1,"prompt_tokens_details":{
      "cached_tokens":10,"cache_creation_input_tokens":50,"cache_type":"ephemeral",
      "cache_creation":{"ephemeral_5m_input_tokens":50}}})")
                     .usage;
  EXPECT_EQ(u.cache_read, 10);
  EXPECT_EQ(u.cache_write_5m, 50);
  EXPECT_EQ(u.cache_write, 0);
  EXPECT_EQ(u.input, 40);
  u = with_usage(R"({"input_tokens":100,"output_tokens":1,"prompt_tokens_details":{
      "cache_creation_input_tokens":50}})")
          .usage;
  EXPECT_EQ(u.cache_write, 50);
}

TEST(dashscope_usage, searches_of_the_vendors_are_counted) {
  EXPECT_EQ(with_usage(R"({"input_tokens":1,"output_tokens":1,
      "plugins":{"search":{"count":2,"strategy":"turbo"}}})")
                .usage.units.at("web_search"),
            2);
}

TEST(dashscope_usage, what_does_not_add_up_is_noted) {
  reply r = with_usage(R"({"input_tokens":10,"output_tokens":5,"total_tokens":18})");
  EXPECT_TRUE(has_note(r.notes, "3 more than the sum"));
  r = with_usage(R"({"input_tokens":10,"output_tokens":5,"image_tokens":12})");
  EXPECT_TRUE(has_note(r.notes, "more image tokens"));
  EXPECT_EQ(r.usage.input_total(), 10);
  r = with_usage(R"({"input_tokens":-10,"output_tokens":5})");
  EXPECT_EQ(r.usage.input, -10);
  EXPECT_TRUE(has_note(r.notes, "cannot be"));
  r = with_usage(R"({"input_tokens":1e300,"output_tokens":1.5,"total_tokens":1})");
  EXPECT_TRUE(has_note(r.notes, "cannot be"));
  EXPECT_GT(r.usage.input, 1'000'000'000'000);
}

TEST(dashscope_usage, without_counts_it_is_unknown) {
  EXPECT_FALSE(with_usage("{}").usage.reported);
  EXPECT_FALSE(with_usage(R"({"input_tokens":null})").usage.reported);
  EXPECT_FALSE(with_usage("null").usage.reported);
}

TEST(dashscope_usage, of_a_stream_the_last_one_counts) {
  const auto chunk = [](int output, const char* finish) {
    return frame(
        answer_of(R"({"content":"a"})", finish,
                  R"("usage":{"input_tokens":3,"output_tokens":)" + std::to_string(output) + "}"));
  };
  const auto s = stream(chunk(1, "null") + chunk(2, "null") + chunk(7, "stop"));
  EXPECT_EQ(s.reply.usage.output, 7);
  EXPECT_EQ(s.reply.usage.input, 3);
  // Counts alone may also come after the finish reason.
  const auto late =
      stream(chunk(1, "stop") + frame(R"({"usage":{"input_tokens":3,"output_tokens":9}})"));
  ASSERT_FALSE(late.failure);
  EXPECT_EQ(late.reply.usage.output, 9);
}

}  // namespace
}  // namespace ark::test::dashscope
