#include "telemetry/environment.hpp"

#include "tests/support/fake_os.hpp"

#include <gtest/gtest.h>

namespace ark::telemetry {
namespace {

using environment = std::map<std::string, std::string, std::less<>>;

result<telemetry_options> read(environment set, telemetry_options base = {}) {
  return options_from_variables(std::move(base),
                                [&set](std::string_view name) -> std::optional<std::string> {
                                  const auto it = set.find(name);
                                  return it == set.end() ? std::nullopt : std::optional(it->second);
                                });
}

TEST(environment, nothing_set_changes_nothing_and_enables_nothing) {
  const auto o = read({});
  ASSERT_TRUE(o);
  EXPECT_FALSE(o->enabled);
  EXPECT_EQ(o->endpoint, "http://localhost:4318");
  EXPECT_TRUE(o->headers.empty());
}

TEST(environment, the_standard_variables_are_read) {
  const auto o = read({{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1"},
                       {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://127.0.0.1:2/t"},
                       {"OTEL_EXPORTER_OTLP_HEADERS", "api-key=a%20b, x = y=z"},
                       {"OTEL_EXPORTER_OTLP_COMPRESSION", "gzip"},
                       {"OTEL_EXPORTER_OTLP_TIMEOUT", "250"},
                       {"OTEL_RESOURCE_ATTRIBUTES", "service.name=s1,zone=eu"},
                       {"OTEL_METRICS_EXPORTER", "none"},
                       {"OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "True"}});
  ASSERT_TRUE(o) << to_string(o.error());
  EXPECT_FALSE(o->enabled);
  EXPECT_EQ(o->endpoint, "http://127.0.0.1:1");
  EXPECT_EQ(o->traces_endpoint, "http://127.0.0.1:2/t");
  EXPECT_EQ(o->headers.at("api-key").reveal_secret(), "a b");
  EXPECT_EQ(o->headers.at("x").reveal_secret(), "y=z");
  EXPECT_TRUE(o->gzip);
  EXPECT_EQ(o->request_timeout.count(), 250);
  EXPECT_EQ(o->service_name, "s1");
  EXPECT_EQ(o->resource_attributes.at("zone"), "eu");
  EXPECT_FALSE(o->metrics);
  EXPECT_TRUE(o->traces);
  EXPECT_TRUE(o->capture_messages);
}

TEST(environment, what_the_application_says_comes_first) {
  telemetry_options base{.enabled = true, .endpoint = "http://own:1", .service_name = "own"};
  base.headers["k"] = secret("v");
  const auto o = read({{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://other:1"},
                       {"OTEL_EXPORTER_OTLP_HEADERS", "k=w"},
                       {"OTEL_SERVICE_NAME", "other"}},
                      base);
  ASSERT_TRUE(o);
  EXPECT_EQ(o->endpoint, "http://own:1");
  EXPECT_EQ(o->headers.at("k").reveal_secret(), "v");
  EXPECT_EQ(o->service_name, "own");
}

TEST(environment, the_services_name_wins_over_the_resource) {
  const auto o = read({{"OTEL_SERVICE_NAME", "a"}, {"OTEL_RESOURCE_ATTRIBUTES", "service.name=b"}});
  EXPECT_EQ(o->service_name, "a");
}

TEST(environment, the_kill_switch_turns_it_off) {
  EXPECT_FALSE(read({{"OTEL_SDK_DISABLED", "true"}}, {.enabled = true})->enabled);
}

TEST(environment, what_cannot_be_read_names_its_variable_and_never_its_value) {
  for (const auto& [name, value] : environment{{"OTEL_EXPORTER_OTLP_HEADERS", "sk-123"},
                                               {"OTEL_EXPORTER_OTLP_TIMEOUT", "5s"},
                                               {"OTEL_EXPORTER_OTLP_COMPRESSION", "zstd"},
                                               {"OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"},
                                               {"OTEL_RESOURCE_ATTRIBUTES", "a=%zz"}}) {
    const auto o = read({{name, value}});
    ASSERT_FALSE(o) << name;
    EXPECT_EQ(o.error().code, errc::config);
    EXPECT_TRUE(o.error().message.starts_with(name)) << o.error().message;
    EXPECT_EQ(o.error().message.find("sk-123"), std::string::npos);
  }
}

}  // namespace
}  // namespace ark::telemetry
