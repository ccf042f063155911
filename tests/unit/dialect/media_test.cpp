#include "dialect/media.hpp"

#include <gtest/gtest.h>

namespace ark::test {
namespace {

using dialect::media_of;

TEST(media, one_place_and_a_type_for_bytes) {
  const image_part gif = image_url("data:image/gif;base64,R0lG");
  const auto inline_data = media_of("it", gif);
  ASSERT_TRUE(inline_data);
  EXPECT_EQ(inline_data->data, "R0lG");
  EXPECT_EQ(inline_data->media_type, "image/gif");
  EXPECT_TRUE(inline_data->is_inline() && inline_data->url.empty());
  const video_part film = video_url("https://h.test/v");
  EXPECT_FALSE(media_of("it", film)->is_inline());
  const document_part uploaded{.file_id = "f"};
  EXPECT_EQ(media_of("it", uploaded)->file_id, "f");
  for (const audio_part& odd :
       {audio_part{}, audio_part{.bytes = "x"}, audio_part{.url = "u", .file_id = "f"},
        audio_part{.url = "data:audio/wav,x"}, audio_part{.bytes = "x", .media_type = "a\"b"}})
    EXPECT_EQ(media_of("it", odd).error().code, errc::invalid_request);
}

TEST(media, content_in_base64_as_text_and_as_url) {
  std::string text;
  json::writer out(text);
  const audio_part sound = audio_bytes("abc", "audio/wav");
  const image_part encoded = image_url("data:text/plain;base64,YWJj"),
                   elsewhere = image_url("https://h.test/i"),
                   broken = image_url("data:text/plain;base64,*");
  const auto bytes = *media_of("it", sound);
  const auto data = *media_of("it", encoded);
  out.begin_array();
  dialect::write_base64(out, bytes);
  dialect::write_base64(out, data);
  dialect::write_url(out, bytes);
  dialect::write_url(out, data);
  dialect::write_url(out, *media_of("it", elsewhere));
  out.end_array();
  EXPECT_EQ(text, R"(["YWJj","YWJj","data:audio/wav;base64,YWJj",)"
                  R"("data:text/plain;base64,YWJj","https://h.test/i"])");
  EXPECT_EQ(*dialect::text_of(bytes), "abc");
  EXPECT_EQ(*dialect::text_of(data), "abc");
  EXPECT_FALSE(dialect::text_of(*media_of("it", broken)));
}

TEST(media, marks_and_items_of_the_callers) {
  std::string text;
  json::writer out(text);
  out.begin_array();
  EXPECT_TRUE(dialect::write_items(out, R"([{"a": [1]}, 2])"));
  EXPECT_EQ(dialect::write_items(out, "{}").error().code, errc::invalid_request);
  out.begin_object();
  dialect::write_cache_mark(cache_mark::none, out);
  dialect::write_cache_mark(cache_mark::one_hour, out);
  out.end_object().end_array();
  EXPECT_EQ(text, R"([{"a":[1]},2,{"cache_control":{"type":"ephemeral","ttl":"1h"}}])");
  EXPECT_TRUE(dialect::is_media(image_url("u")) && dialect::is_media(video_url("u")));
  EXPECT_FALSE(dialect::is_media(text_part{}));
}

TEST(media, short_formats) {
  using dialect::short_format;
  EXPECT_EQ(short_format("audio/mpeg"), "mp3");
  EXPECT_EQ(short_format("audio/wav; codecs=1"), "wav");
  EXPECT_EQ(short_format("video/quicktime"), "mov");
  EXPECT_EQ(short_format("image/png"), "png");
  EXPECT_EQ(short_format("odd"), "");
}

TEST(media, what_a_family_cannot_say_is_refused) {
  vendor v;
  v.name = "plain";
  const auto code = [&v](part p, const dialect::sayable& can) {
    const auto said =
        dialect::check_sayable({.messages = {message{role::user, {std::move(p)}}}}, can, v);
    return said ? errc::internal : said.error().code;
  };
  EXPECT_EQ(code(audio_bytes("x", "audio/wav"), {}), errc::unsupported);
  EXPECT_EQ(code(audio_bytes("x", "audio/wav"), {.audio = true}), errc::internal);
  EXPECT_EQ(code(document_url("u"), {.audio = true}), errc::unsupported);
  EXPECT_EQ(code(video_url("u"), {.documents = true}), errc::unsupported);
  EXPECT_EQ(code(image_part{.file_id = "f"}, {}), errc::unsupported);
  EXPECT_EQ(code(image_part{.file_id = "f"}, {.file_ids = true}), errc::internal);
  EXPECT_EQ(code(image_url("u"), {}), errc::internal);
  call c{.messages = {user("u")}, .top_logprobs = 1};
  EXPECT_EQ(dialect::check_sayable(c, {}, v).error().code, errc::unsupported);
  EXPECT_TRUE(dialect::check_sayable(c, {.logprobs = true}, v));
}

}  // namespace
}  // namespace ark::test
