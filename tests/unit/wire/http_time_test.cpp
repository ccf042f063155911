#include "wire/http_time.hpp"

#include <gtest/gtest.h>

namespace ark::wire {
namespace {

using std::chrono::milliseconds;

std::optional<long> duration(std::string_view text) {
  const auto d = parse_go_duration(text);
  return d ? std::optional<long>(d->count()) : std::nullopt;
}

std::optional<long> seconds_of(std::optional<wall_time> t) {
  return t ? std::optional<long>(t->time_since_epoch().count() / 1000) : std::nullopt;
}

constexpr wall_time now{milliseconds{784111777'000}};  // 1994-11-06T08:49:37Z

TEST(http_time, go_durations) {
  EXPECT_EQ(duration("1m3.57s"), 63570);
  EXPECT_EQ(duration("120ms"), 120);
  EXPECT_EQ(duration("6m0s"), 360000);
  EXPECT_EQ(duration("1h"), 3600000);
  EXPECT_EQ(duration("0"), 0);
  EXPECT_EQ(duration("0s"), 0);
  EXPECT_EQ(duration(" 2s "), 2000);
  EXPECT_EQ(duration("20us"), 1);
  EXPECT_EQ(duration("20\xC2\xB5s"), 1);
  EXPECT_EQ(duration("1d2h"), 93600000);
  EXPECT_EQ(duration("7.66s"), 7660);
  for (const std::string_view text : {"", "s", "1", "1.2.3s", "-1s", "1s2", "1x", "1e3s", "infs",
                                      "nans", ".s", "99999999999999h", "1 s", "0x1s"})
    EXPECT_EQ(duration(text), std::nullopt) << text;
  EXPECT_EQ(duration(std::string(400, '9') + "s"), std::nullopt);
}

TEST(http_time, rfc3339) {
  EXPECT_EQ(seconds_of(parse_rfc3339("1994-11-06T08:49:37Z")), 784111777);
  EXPECT_EQ(seconds_of(parse_rfc3339("1994-11-06t16:49:37+08:00")), 784111777);
  EXPECT_EQ(seconds_of(parse_rfc3339("1994-11-06 05:19:37-03:30")), 784111777);
  EXPECT_EQ(parse_rfc3339("1994-11-06T08:49:37.25Z")->time_since_epoch().count(), 784111777250);
  EXPECT_EQ(parse_rfc3339("1994-11-06T08:49:37.123456789Z")->time_since_epoch().count(),
            784111777123);
  EXPECT_TRUE(parse_rfc3339("2024-02-29T23:59:60Z"));
  for (const std::string_view text :
       {"", "1994-11-06", "1994-11-06T08:49:37", "1994-13-06T08:49:37Z", "2023-02-29T00:00:00Z",
        "1994-11-06T24:00:00Z", "1994-11-06T08:60:37Z", "1994-11-06T08:49:37.Z",
        "1994-11-06T08:49:37Zx", "1994-11-00T08:49:37Z", "94-11-06T08:49:37Z",
        "1994-11-06T08:49:37+0x:00"})
    EXPECT_FALSE(parse_rfc3339(text)) << text;
}

TEST(http_time, http_dates) {
  EXPECT_EQ(seconds_of(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT")), 784111777);
  EXPECT_EQ(seconds_of(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT")), 784111777);
  EXPECT_EQ(seconds_of(parse_http_date("Sun Nov  6 08:49:37 1994")), 784111777);
  EXPECT_EQ(seconds_of(parse_http_date("Sat, 21 Nov 2026 20:15:00 GMT")), 1795292100);
  for (const std::string_view text :
       {"", "Sun", "Sun,", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 PST",
        "Sun, 32 Nov 1994 08:49:37 GMT", "Sun, 06 Nox 1994 08:49:37 GMT", "06 Nov 1994"})
    EXPECT_FALSE(parse_http_date(text)) << text;
}

TEST(http_time, retry_after) {
  const auto of = [](header_list headers) { return retry_after(headers, now); };
  EXPECT_EQ(of({{"Retry-After", "3"}}), milliseconds(3000));
  EXPECT_EQ(of({{"retry-after", "0.5"}}), milliseconds(500));
  EXPECT_EQ(of({{"retry-after", "9"}, {"retry-after-ms", "120"}}), milliseconds(120));
  EXPECT_EQ(of({{"retry-after", "9"}, {"retry-after-ms", "soon"}}), milliseconds(9000));
  EXPECT_EQ(of({{"retry-after", "1"}, {"retry-after-ms", "0"}}), milliseconds(1000));
  EXPECT_EQ(of({{"retry-after-ms", "0"}}), milliseconds(0));
  EXPECT_EQ(of({{"Retry-After", "Sun, 06 Nov 1994 08:50:37 GMT"}}), milliseconds(60000));
  EXPECT_EQ(of({{"Retry-After", "Sun, 06 Nov 1994 08:00:00 GMT"}}), milliseconds(0));
  EXPECT_EQ(of({{"Retry-After", "7s"}}), milliseconds(7000));
  for (const std::string_view value : {"", "-1", "soon", "1e9", "999999999999999999999999"})
    EXPECT_EQ(of({{"Retry-After", std::string(value)}}), std::nullopt) << value;
  EXPECT_EQ(of({}), std::nullopt);
}

TEST(http_time, resets_in_every_form_that_vendors_use) {
  EXPECT_EQ(reset_after("1m0s", now), milliseconds(60000));
  EXPECT_EQ(reset_after("12", now), milliseconds(12000));
  EXPECT_EQ(reset_after("1994-11-06T08:49:47Z", now), milliseconds(10000));
  EXPECT_EQ(reset_after("1994-11-06T08:00:00Z", now), milliseconds(0));
  constexpr wall_time later{milliseconds{1'795'292'100'000}};
  EXPECT_EQ(reset_after("1795292101", later), milliseconds(1000));
  EXPECT_EQ(reset_after("1795292100500", later), milliseconds(500));
  EXPECT_EQ(reset_after("1795292000", later), milliseconds(0));
  EXPECT_EQ(reset_after("tomorrow", now), std::nullopt);
}

}  // namespace
}  // namespace ark::wire
