#include "media/task_wire.hpp"

#include "task_support.hpp"

namespace ark::test::media {
namespace {

namespace wired = adapters::media;

TEST(task_wire, sizes_are_two_numbers) {
  EXPECT_EQ(wired::numbers_of("1024x768"), std::pair(std::int64_t{1024}, std::int64_t{768}));
  for (const char* none : {"", "x", "1024", "1024x", "x768", "1024*768", "1024x768x2", "1 x2"})
    EXPECT_FALSE(wired::numbers_of(none)) << none;
}

TEST(task_wire, what_failed_is_never_safe_to_begin_again) {
  const vendor v = row("volcengine-ark");
  const wired::media_row seen(v);
  const wire::http_head head = head_of();
  const auto failed = [&](const char* code, const char* message) {
    return wired::task_failure({head, ""}, code, message, seen.quirks());
  };
  EXPECT_EQ(failed("InternalServiceError", "oops").code, errc::server);
  EXPECT_EQ(failed("InternalServiceError", "oops").retry, retry_class::maybe_billed);
  EXPECT_EQ(failed("OutputVideoSensitiveContentDetected", "").code, errc::content_filter);
  EXPECT_EQ(failed("x", "blocked by moderation").code, errc::content_filter);
  // The row says "safe": inside a 200 it is not.
  EXPECT_EQ(failed("ServerOverloaded", "").code, errc::overloaded);
  EXPECT_NE(failed("ServerOverloaded", "").retry, retry_class::safe);
  EXPECT_EQ(failed("x", "the words").vendor_message, "the words");
  EXPECT_EQ(failed("x", "").request_id, "r1");
}

TEST(task_wire, frames_need_a_place) {
  EXPECT_TRUE(wired::check_frames({.first_frame = at("https://e.test/a"), .last_frame = png()}));
  EXPECT_FALSE(wired::check_frames({.first_frame = image_part{}}));
  EXPECT_FALSE(wired::check_frames({.last_frame = image_part{.bytes = "x"}}));
  EXPECT_FALSE(wired::check_frames({.references = {png(), image_part{}}}));
}

}  // namespace
}  // namespace ark::test::media
