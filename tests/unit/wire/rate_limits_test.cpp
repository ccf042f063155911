#include "wire/rate_limits.hpp"

#include <gtest/gtest.h>

namespace ark::wire::rate_limits_test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const wall_time now = *parse_rfc3339("2025-05-13T13:41:22Z");

header_list headers(std::initializer_list<std::pair<const char*, const char*>> lines) {
  header_list out;
  for (const auto& [name, value] : lines) out.push_back({name, value, false});
  return out;
}

TEST(rate_limits, requests_and_tokens_with_go_durations) {  // recorded
  const auto all = read_rate_limits(headers({{"x-ratelimit-limit-requests", "10000"},
                                             {"x-ratelimit-limit-tokens", "200000"},
                                             {"x-ratelimit-remaining-requests", "9999"},
                                             {"x-ratelimit-remaining-tokens", "199956"},
                                             {"x-ratelimit-reset-requests", "8.64s"},
                                             {"x-ratelimit-reset-tokens", "13ms"}}),
                                    now);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0],
            (rate_reading{rate_kind::requests, seconds(0), 10'000, 9999, milliseconds(8640)}));
  EXPECT_EQ(all[1],
            (rate_reading{rate_kind::tokens, seconds(0), 200'000, 199'956, milliseconds(13)}));
}

TEST(rate_limits, a_prefix_a_role_at_the_end_and_dates) {  // recorded
  const auto all =
      read_rate_limits(headers({{"Prefix-Ratelimit-Input-Tokens-Limit", "400000"},
                                {"Prefix-Ratelimit-Input-Tokens-Remaining", "399000"},
                                {"Prefix-Ratelimit-Input-Tokens-Reset", "2025-05-13T13:41:24Z"},
                                {"prefix-ratelimit-output-tokens-limit", "80000"},
                                {"prefix-ratelimit-output-tokens-remaining", "80000"},
                                {"prefix-ratelimit-output-tokens-reset", "2025-05-13T13:41:25Z"}}),
                       now);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].kind, rate_kind::input_tokens);
  EXPECT_EQ(all[0].reset, milliseconds(2000));
  EXPECT_EQ(all[1].kind, rate_kind::output_tokens);
  EXPECT_EQ(all[1].remaining, 80'000);
}

TEST(rate_limits, a_date_counts_from_the_answers_own) {
  const auto all =
      read_rate_limits(headers({{"date", "Tue, 13 May 2025 13:41:00 GMT"},
                                {"p-ratelimit-requests-limit", "10"},
                                {"p-ratelimit-requests-remaining", "1"},
                                {"p-ratelimit-requests-reset", "2025-05-13T13:41:30Z"}}),
                       now);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].reset, milliseconds(30'000));
}

TEST(rate_limits, windows_in_the_name_stand_for_a_reset) {  // recorded
  const auto all = read_rate_limits(headers({{"x-ratelimit-limit-req-60-second", "360"},
                                             {"x-ratelimit-remaining-req-60-second", "180"},
                                             {"x-ratelimit-limit-tokens-5-minute", "600000"},
                                             {"x-ratelimit-remaining-tokens-5-minute", "600000"},
                                             {"x-ratelimit-limit-tokens-month", "10000000000"},
                                             {"x-ratelimit-remaining-tokens-month", "9999999370"}}),
                                    now);
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].window, seconds(60));
  EXPECT_EQ(all[0].reset, milliseconds(30'000));
  EXPECT_EQ(all[1].window, seconds(300));
  EXPECT_EQ(all[1].reset, milliseconds(0));
  EXPECT_EQ(all[2].window, seconds(30 * 86'400));
}

TEST(rate_limits, a_reset_beside_a_window_in_fractions_of_a_second) {  // recorded
  const auto all = read_rate_limits(headers({{"x-ratelimit-limit-requests-day", "1440000"},
                                             {"x-ratelimit-remaining-requests-day", "1439996"},
                                             {"x-ratelimit-reset-requests-day", "18037.26"}}),
                                    now);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].reset, milliseconds(18'037'260));
}

TEST(rate_limits, without_a_word_it_is_requests) {  // recorded
  const auto all = read_rate_limits(
      headers(
          {{"ratelimit-limit", "3000"}, {"ratelimit-remaining", "2999"}, {"ratelimit-reset", "1"}}),
      now);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0],
            (rate_reading{rate_kind::requests, seconds(0), 3000, 2999, milliseconds(1000)}));
}

TEST(rate_limits, the_drafts_structured_fields) {
  const auto all = read_rate_limits(headers({{"RateLimit-Policy", "\"default\";q=100;w=60"},
                                             {"RateLimit", "\"default\";r=50;t=30"}}),
                                    now);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0], (rate_reading{rate_kind::requests, seconds(0), 100, 50, milliseconds(30'000)}));
}

TEST(rate_limits, limits_of_other_things_are_left_out) {  // recorded
  EXPECT_TRUE(read_rate_limits(headers({{"x-ratelimit-limit-input-images", "50000"},
                                        {"x-ratelimit-remaining-input-images", "0"},
                                        {"x-ratelimit-reset-input-images", "1ms"},
                                        {"x-ratelimit-limit-audio-seconds-minute", "2000"},
                                        {"x-ratelimit-remaining-audio-seconds-minute", "0"},
                                        {"x-ratelimitbysize-limit-minute", "500000"},
                                        {"x-ratelimitbysize-remaining-minute", "0"},
                                        {"x-ratelimit-over-limit", "no"},
                                        {"x-ratelimit-tokens-query-cost", "110"},
                                        {"x-ratelimit-renewalperiod-tokens", "60"},
                                        {"x-ratelimit-dynamic-scale-tokens", "1.00"}}),
                               now)
                  .empty());
}

TEST(rate_limits, what_is_not_whole_or_no_number_is_left_out) {
  EXPECT_TRUE(read_rate_limits(headers({{"x-ratelimit-limit-requests", "10"},
                                        {"x-ratelimit-reset-requests", "1s"},
                                        {"x-ratelimit-limit-tokens", "many"},
                                        {"x-ratelimit-remaining-tokens", "-5"},
                                        {"x-ratelimit-reset-tokens", "1s"}}),
                               now)
                  .empty());
  EXPECT_TRUE(
      read_rate_limits(headers({{"x-ratelimit-limit", "10"}, {"x-ratelimit-remaining", "1"}}), now)
          .empty())
      << "neither a reset nor a window";
}

}  // namespace
}  // namespace ark::wire::rate_limits_test
