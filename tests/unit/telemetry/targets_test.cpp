#include "telemetry/targets.hpp"

#include <gtest/gtest.h>

namespace ark::telemetry {
namespace {

TEST(targets, the_signals_paths_are_added_to_the_endpoint) {
  const telemetry_options o{.endpoint = "https://collector.test:8443/otlp/"};
  const auto t = target_of(o, signal::traces);
  ASSERT_TRUE(t) << to_string(t.error());
  EXPECT_EQ(t->origin.to_string(), "https://collector.test:8443");
  EXPECT_EQ(t->path, "/otlp/v1/traces");
  EXPECT_EQ(target_of(o, signal::metrics)->path, "/otlp/v1/metrics");
}

TEST(targets, an_endpoint_of_ones_own_is_taken_as_it_is) {
  const telemetry_options o{.traces_endpoint = "http://127.0.0.1:9",
                            .metrics_endpoint = "http://127.0.0.1:9/m"};
  EXPECT_EQ(target_of(o, signal::traces)->path, "/");
  EXPECT_EQ(target_of(o, signal::metrics)->path, "/m");
}

TEST(targets, headers_are_secret_and_stay_one_line) {
  telemetry_options o;
  o.headers["api-key"] = secret("k");
  const auto t = target_of(o, signal::traces);
  ASSERT_TRUE(t);
  ASSERT_EQ(t->headers.size(), 1U);
  EXPECT_TRUE(t->headers[0].is_secret);
  o.headers["api-key"] = secret("k\r\nhost: evil");
  const auto refused = target_of(o, signal::traces);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::config);
  EXPECT_EQ(refused.error().message.find("evil"), std::string::npos);
}

TEST(targets, an_unusable_url_says_which_it_is) {
  const auto t = target_of({.metrics_endpoint = "ftp://x"}, signal::metrics);
  ASSERT_FALSE(t);
  EXPECT_EQ(t.error().code, errc::config);
  EXPECT_NE(t.error().message.find("metrics endpoint"), std::string::npos);
}

}  // namespace
}  // namespace ark::telemetry
