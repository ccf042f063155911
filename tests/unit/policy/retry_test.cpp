#include "policy/retry.hpp"

#include <gtest/gtest.h>

namespace ark::policy::retry_test {
namespace {

using std::chrono::milliseconds;
const time_point t0{};
constexpr std::uint64_t most = ~std::uint64_t{0};

error failure(retry_class retry) { return {.code = errc::server, .retry = retry}; }

// S19
TEST(retry, repeats_only_what_is_provably_unbilled) {
  const deadline until(t0, milliseconds(60'000));
  const retry_policy policy;
  for (const auto retry : {retry_class::safe, retry_class::after})
    EXPECT_TRUE(next_attempt(policy, {failure(retry)}, until, t0, 0)) << to_string(retry);
  for (const auto retry : {retry_class::never, retry_class::maybe_billed})
    EXPECT_FALSE(next_attempt(policy, {failure(retry)}, until, t0, 0)) << to_string(retry);
}

TEST(retry, the_caller_may_allow_the_cost) {
  const deadline until(t0, milliseconds(60'000));
  const retry_policy allowed{.allow_billed = true};
  const auto maybe = failure(retry_class::maybe_billed), safe = failure(retry_class::safe);
  EXPECT_TRUE(next_attempt(allowed, {.error = maybe, .may_pay_again = true}, until, t0, 0));
  EXPECT_FALSE(next_attempt(allowed, {.error = maybe}, until, t0, 0)) << "a cap is reached";
  EXPECT_FALSE(next_attempt(allowed, {.error = failure(retry_class::never), .may_pay_again = true},
                            until, t0, 0));
  EXPECT_FALSE(next_attempt(allowed, {.error = safe, .within_caps = false, .billed_before = true},
                            until, t0, 0))
      << "one before may be billed: a cap holds for what is safe now, too";
  EXPECT_TRUE(next_attempt(allowed, {.error = safe, .billed_before = true}, until, t0, 0));
  EXPECT_TRUE(next_attempt(allowed, {.error = safe, .within_caps = false}, until, t0, 0));
  EXPECT_FALSE(next_attempt(
      {}, {.error = maybe, .stale_socket = true, .within_caps = false, .billed_before = true},
      until, t0, 0))
      << "so does it for a stale socket";
}

// S19
TEST(retry, never_without_money_or_with_a_refused_key) {
  const deadline until(t0, milliseconds(60'000));
  for (const errc code : {errc::quota, errc::auth, errc::permission})
    for (const auto retry : {retry_class::safe, retry_class::after, retry_class::maybe_billed}) {
      const error e{.code = code, .retry = retry};
      EXPECT_FALSE(
          next_attempt({.allow_billed = true}, {.error = e, .may_pay_again = true}, until, t0, 0))
          << to_string(code);
      EXPECT_FALSE(next_attempt({}, {.error = e, .stale_socket = true}, until, t0, 0));
    }
}

TEST(retry, never_after_content) {
  const deadline until(t0, milliseconds(60'000));
  const auto e = failure(retry_class::safe);
  EXPECT_FALSE(next_attempt({}, {.error = e, .content_seen = true}, until, t0, 0));
}

TEST(retry, stops_at_the_limit_of_attempts) {
  const deadline until(t0, milliseconds(60'000));
  const auto e = failure(retry_class::safe);
  EXPECT_TRUE(next_attempt({.max_attempts = 3}, {.error = e, .attempts_made = 2}, until, t0, 0));
  EXPECT_FALSE(next_attempt({.max_attempts = 3}, {.error = e, .attempts_made = 3}, until, t0, 0));
}

TEST(retry, a_stale_socket_is_tried_again_once_and_at_once) {
  const deadline until(t0, milliseconds(60'000));
  const auto e = failure(retry_class::maybe_billed);
  const auto first = next_attempt({}, {.error = e, .stale_socket = true}, until, t0, most);
  ASSERT_TRUE(first);
  EXPECT_EQ(*first, duration::zero());
  EXPECT_FALSE(
      next_attempt({}, {.error = e, .attempts_made = 2, .stale_socket = true, .stale_retries = 1},
                   until, t0, most));
}

TEST(retry, waits_as_the_vendor_asks) {
  const deadline until(t0, milliseconds(60'000));
  auto e = failure(retry_class::after);
  e.retry_after = milliseconds(7'000);
  EXPECT_EQ(next_attempt({}, {e}, until, t0, 12345), milliseconds(7'000));
}

TEST(retry, gives_up_rather_than_wait_past_the_deadline) {
  const deadline until(t0, milliseconds(5'000));
  auto e = failure(retry_class::after);
  e.retry_after = milliseconds(7'000);
  EXPECT_FALSE(next_attempt({}, {e}, until, t0, 0));
}

TEST(retry, jitter_is_full_and_capped) {
  const deadline until(t0, milliseconds(600'000));
  const auto e = failure(retry_class::safe);
  const retry_policy policy{
      .max_attempts = 100, .base = milliseconds(500), .cap = milliseconds(20'000)};
  EXPECT_EQ(next_attempt(policy, {.error = e}, until, t0, 501), milliseconds(0));
  EXPECT_EQ(next_attempt(policy, {.error = e}, until, t0, 500), milliseconds(500));
  EXPECT_EQ(next_attempt(policy, {.error = e, .attempts_made = 3}, until, t0, 2000),
            milliseconds(2000));
  EXPECT_EQ(next_attempt(policy, {.error = e, .attempts_made = 60}, until, t0, 20'000),
            milliseconds(20'000));
  EXPECT_EQ(next_attempt(policy, {.error = e, .attempts_made = 60}, until, t0, 20'001),
            milliseconds(0));
}

}  // namespace
}  // namespace ark::policy::retry_test
