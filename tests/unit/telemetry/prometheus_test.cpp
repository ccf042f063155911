#include "telemetry/prometheus.hpp"

#include "facts.hpp"

#include <gtest/gtest.h>

namespace ark::telemetry {
namespace {

std::string escaped(std::string_view value) {
  std::string out;
  append_label_value(out, value);
  return out;
}

TEST(prometheus, label_values_are_escaped) {
  EXPECT_EQ(escaped("a\\b\"c\nd"), R"("a\\b\"c\nd")");
  EXPECT_EQ(escaped("\xFF"), "\"\xEF\xBF\xBD\"");
  EXPECT_EQ(escaped(""), R"("")");
}

TEST(prometheus, a_sample_without_labels_has_no_braces) {
  std::string out;
  append_sample(out, "a_total", {}, "1");
  EXPECT_EQ(out, "a_total 1\n");
}

TEST(prometheus, live_metrics_are_the_golden_text) {
  live_metrics m;
  auto a = testing::some_attempt();
  a.streamed = false;
  a.usage = {};
  a.to.model = "m\"1";
  m.attempt_ended(a);
  EXPECT_EQ(m.prometheus(),
            "# HELP ark_attempts_total Attempts by how they ended.\n"
            "# TYPE ark_attempts_total counter\n"
            "ark_attempts_total{vendor=\"toy\",model=\"m\\\"1\",state=\"settled\"} 1\n"
            "# HELP ark_cost_total Sum of the exactly known costs.\n"
            "# TYPE ark_cost_total counter\n"
            "ark_cost_total{vendor=\"toy\",model=\"m\\\"1\",currency=\"USD\"} 0.00435\n");
}

TEST(prometheus, buckets_are_cumulative_and_end_at_infinity) {
  live_metrics m;
  auto c = testing::some_call();
  c.streamed = false;
  m.call_ended(c);
  c.ended = c.begun + std::chrono::milliseconds(5);
  m.call_ended(c);
  const std::string text = m.prometheus();
  const std::string name = "gen_ai_client_operation_duration_seconds";
  const std::string labels =
      "gen_ai_operation_name=\"chat\",gen_ai_provider_name=\"toy.cloud\","
      "gen_ai_request_model=\"m1\",gen_ai_response_model=\"m1-2026\","
      "server_address=\"api.toy.test\",server_port=\"443\"";
  for (const char* line : {",le=\"0.01\"} 1\n", ",le=\"1.28\"} 1\n", ",le=\"2.56\"} 2\n",
                           ",le=\"81.92\"} 2\n", ",le=\"+Inf\"} 2\n"})
    EXPECT_NE(text.find(name + "_bucket{" + labels + line), std::string::npos) << line << text;
  EXPECT_NE(text.find(name + "_sum{" + labels + "} 1.505\n"), std::string::npos) << text;
  EXPECT_NE(text.find(name + "_count{" + labels + "} 2\n"), std::string::npos);
}

TEST(prometheus, nothing_counted_is_an_empty_page) { EXPECT_EQ(live_metrics().prometheus(), ""); }

}  // namespace
}  // namespace ark::telemetry
