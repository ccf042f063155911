#include "telemetry/delivery.hpp"

#include <gtest/gtest.h>

namespace ark::telemetry {
namespace {

using std::chrono::milliseconds;
using kind = delivery_verdict::kind;

constexpr wire::wall_time now{std::chrono::seconds{1767225600}};

delivery_verdict judge(delivery_answer a, int made = 1, std::uint64_t random = 0) {
  return judge_delivery(a, made, 5, now, random);
}

TEST(delivery, a_200_is_delivered) {
  EXPECT_EQ(judge({.status = 200, .body = "{}"}).what, kind::delivered);
  EXPECT_EQ(judge({.status = 200, .body = ""}).what, kind::delivered);
  EXPECT_EQ(judge({.status = 202, .body = "not json"}).what, kind::delivered);
}

TEST(delivery, a_partial_success_is_counted_and_never_sent_again) {
  const auto v = judge(
      {.status = 200,
       .body = R"({"partialSuccess":{"rejectedSpans":"3","errorMessage":"too many attributes"}})"});
  EXPECT_EQ(v.what, kind::delivered);
  EXPECT_EQ(v.rejected, 3);
  EXPECT_NE(v.problem.find("too many attributes"), std::string::npos);
}

TEST(delivery, a_warning_rejects_nothing) {
  const auto v =
      judge({.status = 200, .body = R"({"partialSuccess":{"errorMessage":"old version"}})"});
  EXPECT_EQ(v.rejected, 0);
  EXPECT_EQ(v.problem, "the collector warns: old version");
}

TEST(delivery, the_four_statuses_and_a_lost_connection_are_sent_again) {
  for (const int status : {429, 502, 503, 504, 0})
    EXPECT_EQ(judge({.status = status}).what, kind::again) << status;
  for (const int status : {301, 400, 401, 403, 404, 413, 500, 501})
    EXPECT_EQ(judge({.status = status}).what, kind::refused) << status;
}

TEST(delivery, retry_after_is_obeyed_in_seconds_and_as_a_date) {
  EXPECT_EQ(judge({.status = 503, .headers = {{"Retry-After", "7", false}}}).wait,
            milliseconds(7000));
  EXPECT_EQ(
      judge({.status = 429, .headers = {{"retry-after", "Thu, 01 Jan 2026 00:00:09 GMT", false}}})
          .wait,
      milliseconds(9000));
  EXPECT_EQ(judge({.status = 503, .headers = {{"retry-after", "864000", false}}}).wait,
            std::chrono::minutes(10));
}

TEST(delivery, without_it_the_wait_doubles_and_half_of_it_is_chance) {
  EXPECT_EQ(judge({.status = 503}, 1, 0).wait, milliseconds(500));
  EXPECT_EQ(judge({.status = 503}, 1, 500).wait, milliseconds(1000));
  EXPECT_EQ(judge({.status = 503}, 3, 0).wait, milliseconds(2000));
  EXPECT_LE(judge_delivery({.status = 503}, 50, 99, now, ~0ULL).wait, milliseconds(30'000));
}

TEST(delivery, the_last_attempt_is_the_last) {
  const auto v = judge({.status = 503}, 5);
  EXPECT_EQ(v.what, kind::refused);
  EXPECT_EQ(v.problem, "the collector answered with status 503");
  EXPECT_EQ(judge({.problem = "refused"}, 5).problem, "the collector cannot be reached: refused");
}

}  // namespace
}  // namespace ark::telemetry
