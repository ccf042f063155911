#include "policy/circuit.hpp"

#include <gtest/gtest.h>

namespace ark::policy::circuit_test {
namespace {

using std::chrono::milliseconds;
const time_point t0{};
const circuit_options options{
    .failures = 3, .open = milliseconds(1000), .longest_open = milliseconds(3000)};

void fail(circuit& c, int times, time_point at) {
  for (int i = 0; i < times; ++i) {
    c.begin(at);
    c.end(options, health::fault, at);
  }
}

TEST(circuit, opens_after_faults_in_a_row) {
  circuit c;
  fail(c, 2, t0);
  EXPECT_TRUE(c.allows(t0));
  c.end(options, health::good, t0);
  fail(c, 2, t0);
  EXPECT_TRUE(c.allows(t0)) << "a good answer between them";
  fail(c, 1, t0);
  EXPECT_FALSE(c.allows(t0));
  EXPECT_FALSE(c.allows(t0 + milliseconds(999)));
  EXPECT_EQ(c.retry_at(), t0 + milliseconds(1000));
}

TEST(circuit, one_probe_at_a_time_and_a_good_one_closes_it) {
  circuit c;
  fail(c, 3, t0);
  const auto later = t0 + milliseconds(1000);
  EXPECT_TRUE(c.allows(later));
  c.begin(later);
  EXPECT_FALSE(c.allows(later)) << "the probe runs";
  c.end(options, health::good, later);
  EXPECT_TRUE(c.allows(later));
  EXPECT_FALSE(c.is_open());
  fail(c, 2, later);
  EXPECT_TRUE(c.allows(later)) << "it counts anew";
}

TEST(circuit, a_bad_probe_opens_it_for_twice_as_long_up_to_a_limit) {
  circuit c;
  fail(c, 3, t0);
  auto at = c.retry_at();
  fail(c, 1, at);
  EXPECT_EQ(c.retry_at() - at, milliseconds(2000));
  at = c.retry_at();
  fail(c, 1, at);
  EXPECT_EQ(c.retry_at() - at, milliseconds(3000));
  for (int i = 0; i < 100; ++i) fail(c, 1, c.retry_at());
  EXPECT_TRUE(c.allows(c.retry_at()));
}

TEST(circuit, a_probe_that_says_nothing_lets_the_next_one_try) {
  circuit c;
  fail(c, 3, t0);
  const auto at = c.retry_at();
  c.begin(at);
  c.end(options, health::unsaid, at);
  EXPECT_TRUE(c.allows(at));
  EXPECT_TRUE(c.is_open());
}

TEST(circuit, what_was_begun_before_it_opened_does_not_close_it) {
  circuit c;
  c.begin(t0);
  fail(c, 3, t0);
  c.end(options, health::good, t0);
  EXPECT_FALSE(c.allows(t0));
}

TEST(circuit, half_of_the_last_twenty_open_it) {
  circuit c;
  const circuit_options patient{.failures = 100, .open = milliseconds(1000)};
  for (int i = 0; i < 19; ++i) {
    c.end(patient, i % 2 == 0 ? health::fault : health::good, t0);
    ASSERT_TRUE(c.allows(t0)) << i;
  }
  c.end(patient, health::fault, t0);
  EXPECT_FALSE(c.allows(t0));
}

TEST(circuit, without_a_number_it_never_opens) {
  circuit c;
  for (int i = 0; i < 100; ++i) c.end({.failures = 0}, health::fault, t0);
  EXPECT_TRUE(c.allows(t0));
}

TEST(circuit, only_the_vendors_faults_count) {
  for (const errc code :
       {errc::overloaded, errc::server, errc::network, errc::tls, errc::truncated, errc::protocol})
    EXPECT_EQ(health_of({.code = code}), health::fault) << to_string(code);
  for (const errc code :
       {errc::invalid_request, errc::auth, errc::permission, errc::not_found, errc::context_length,
        errc::content_filter, errc::quota, errc::unsupported}) {
    EXPECT_EQ(health_of({.code = code, .http_status = 400}), health::good) << to_string(code);
    EXPECT_EQ(health_of({.code = code}), health::unsaid) << to_string(code) << ": no answer";
  }
  for (const errc code :
       {errc::rate_limit, errc::cancelled, errc::budget, errc::ledger, errc::config, errc::internal,
        errc::no_candidate, errc::too_large, errc::circuit_open})
    EXPECT_EQ(health_of({.code = code, .http_status = 429}), health::unsaid) << to_string(code);
}

TEST(circuit, the_callers_total_limit_is_no_fault_of_the_vendors) {
  const error late{.code = errc::timeout};
  EXPECT_EQ(health_of(late, "total"), health::unsaid);
  EXPECT_EQ(health_of(late, "first_content"), health::fault);
  EXPECT_EQ(health_of(late), health::fault);
}

}  // namespace
}  // namespace ark::policy::circuit_test
