#include "dialect/access_dialect.hpp"

#include <gtest/gtest.h>

namespace ark::dialect {
namespace {

using std::chrono::seconds;
using std::chrono::system_clock;

TEST(access_dialect, a_key_is_visible_ascii_with_an_end) {
  const auto key = make_temporary_key("k-1", 1'767'225'600, 200);
  ASSERT_TRUE(key);
  EXPECT_EQ(key->key.reveal_secret(), "k-1");
  EXPECT_EQ(key->expires.time_since_epoch(), seconds(1'767'225'600));
  EXPECT_EQ(make_temporary_key("k", INT64_MAX, 200)->expires.time_since_epoch(),
            seconds(4'102'444'800));
  for (const char* text : {"", "a b", "a\r\nx: y", "\xc3\xa9"}) {
    const auto none = make_temporary_key(text, 1, 200);
    ASSERT_FALSE(none) << text;
    EXPECT_EQ(none.error().code, errc::protocol);
    EXPECT_EQ(none.error().retry, retry_class::never);
  }
  EXPECT_FALSE(make_temporary_key("k", 0, 200));
  EXPECT_FALSE(make_temporary_key("k", -1, 200));
}

TEST(access_dialect, a_life_ends) {
  const system_clock::time_point now{seconds(1000)};
  EXPECT_EQ(end_of_life(now, 60), 1060);
  EXPECT_EQ(end_of_life(now, 0), 0);
  EXPECT_EQ(end_of_life(now, -5), 0);
  EXPECT_EQ(end_of_life(now, INT64_MAX), 1000 + 366 * 24 * 3600);
}

TEST(access_dialect, an_error_means_its_code_or_its_status) {
  const wire::http_head head{.status = 403, .headers = {}};
  const error known = key_error({head, ""}, "NoKey", "no such key", errc::auth);
  EXPECT_EQ(known.code, errc::auth);
  EXPECT_EQ(known.retry, retry_class::never);
  EXPECT_EQ(known.vendor_code, "NoKey");
  EXPECT_EQ(known.vendor_message, "no such key");
  EXPECT_EQ(known.http_status, 403);
  EXPECT_EQ(key_error({head, ""}, "x", "m", {}).code, errc::permission);
  const wire::http_head busy{.status = 429, .headers = {{"retry-after", "3"}}};
  EXPECT_EQ(key_error({busy, ""}, {}, {}, {}).retry, retry_class::after);
}

}  // namespace
}  // namespace ark::dialect
