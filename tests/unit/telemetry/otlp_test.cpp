#include "telemetry/otlp.hpp"

#include "base/json.hpp"
#include "facts.hpp"

#include <gtest/gtest.h>

namespace ark::telemetry {
namespace {

using testing::some_attempt;
using testing::some_moment;

const std::string head =
    R"("resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}},)"
    R"({"key":"telemetry.sdk.name","value":{"stringValue":"libark"}},)"
    R"({"key":"telemetry.sdk.language","value":{"stringValue":"cpp"}},)"
    R"({"key":"telemetry.sdk.version","value":{"stringValue":")" ARK_VERSION R"("}},)"
    R"({"key":"zone","value":{"stringValue":"eu"}}]},)";
const std::string scope = R"("scope":{"name":"libark","version":")" ARK_VERSION R"("},)";

telemetry_options shop() {
  return {.service_name = "shop", .resource_attributes = {{"zone", "eu"}}};
}

// Both derived by hand from opentelemetry-proto: trace.proto, metrics.proto, resource.proto.
TEST(otlp, spans_stand_in_their_resource_and_scope) {
  const std::vector<std::string> spans{R"({"name":"a"})", R"({"name":"b"})"};
  EXPECT_EQ(traces_request(shop(), spans), R"({"resourceSpans":[{)" + head + R"("scopeSpans":[{)" +
                                               scope +
                                               R"("spans":[{"name":"a"},{"name":"b"}]}]}]})");
}

TEST(otlp, metrics_are_the_golden_text) {
  metrics m(100);
  auto a = some_attempt();
  a.streamed = false;
  a.usage = {};
  m.add(a);
  const std::string model = R"({"key":"ark.vendor","value":{"stringValue":"toy"}},)"
                            R"({"key":"ark.model","value":{"stringValue":"m1"}},)";
  const std::string times = R"("startTimeUnixNano":"1767225600000000000",)"
                            R"("timeUnixNano":"1767225660000000000",)";
  EXPECT_EQ(
      metrics_request(shop(), m, some_moment, some_moment + std::chrono::minutes(1)),
      R"({"resourceMetrics":[{)" + head + R"("scopeMetrics":[{)" + scope +
          R"("metrics":[{"name":"ark.client.attempts","description":"Attempts by how they ended.",)"
          R"("unit":"{attempt}","sum":{"dataPoints":[{"attributes":[)" +
          model + R"({"key":"ark.attempt.state","value":{"stringValue":"settled"}}],)" + times +
          R"("asInt":"1"}],"aggregationTemporality":2,"isMonotonic":true}},)"
          R"({"name":"ark.client.cost","description":"Sum of the exactly known costs.","unit":"1",)"
          R"("sum":{"dataPoints":[{"attributes":[)" +
          model + R"({"key":"ark.cost.currency","value":{"stringValue":"USD"}}],)" + times +
          R"("asDouble":0.00435}],"aggregationTemporality":2,"isMonotonic":true}}]}]}]})");
}

TEST(otlp, a_histogram_has_one_bucket_more_than_bounds) {
  metrics m(100);
  m.add(testing::some_call());
  const std::string json = metrics_request(shop(), m, some_moment, some_moment);
  EXPECT_TRUE(json::is_valid(json));
  EXPECT_NE(
      json.find(R"("count":"1","sum":1.5,)"
                R"("bucketCounts":["0","0","0","0","0","0","0","0","1","0","0","0","0","0","0"],)"
                R"("explicitBounds":[0.01,0.02,0.04,0.08,0.16,0.32,0.64,1.28,2.56,5.12,10.24,)"
                R"(20.48,40.96,81.92],"min":1.5,"max":1.5}],"aggregationTemporality":2}})"),
      std::string::npos)
      << json;
  EXPECT_NE(json.find(R"({"key":"server.port","value":{"intValue":"443"}})"), std::string::npos);
}

TEST(otlp, nothing_is_no_request) { EXPECT_EQ(metrics_request({}, metrics(9), {}, {}), ""); }

TEST(otlp, a_resource_has_a_service_in_any_case) {
  EXPECT_NE(traces_request({}, {}).find(R"({"stringValue":"unknown_service"})"), std::string::npos);
}

TEST(otlp, rejected_counts_are_read_as_strings_and_numbers) {
  EXPECT_EQ(read_partial_success(R"({"partialSuccess":{"rejectedSpans":"12"}})").rejected, 12);
  EXPECT_EQ(read_partial_success(R"({"partialSuccess":{"rejectedDataPoints":4}})").rejected, 4);
  EXPECT_EQ(read_partial_success(R"({"partialSuccess":{"rejectedSpans":"-1"}})").rejected, 0);
  EXPECT_EQ(read_partial_success(R"({"partialSuccess":null})").rejected, 0);
  EXPECT_EQ(read_partial_success("").rejected, 0);
}

}  // namespace
}  // namespace ark::telemetry
