#include "cli/telemetry_setup.hpp"

#include <gtest/gtest.h>

#include "tests/unit/cli/bench.hpp"

namespace ark::cli {
namespace {

struct telemetry_bench : testing::cli_bench {
  result<telemetry_options> read() {
    cli::input in{no_input};
    cli::output to_out{out};
    cli::output to_err{err};
    cli::context ctx{machine, in, to_out, to_err};
    auto options = telemetry_settings(ctx);
    if (options && options->on_problem) options->on_problem({.message = "telemetry: lost"});
    return options;
  }
  std::string no_input;
};

TEST(telemetry_setup, is_off_whatever_the_environment_says) {
  telemetry_bench b;
  b.machine.variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:1";
  b.machine.variables["OTEL_EXPORTER_OTLP_TIMEOUT"] = "not read";
  const auto o = b.read();
  ASSERT_TRUE(o);
  EXPECT_FALSE(o->enabled);
  EXPECT_EQ(o->endpoint, telemetry_options{}.endpoint);
}

TEST(telemetry_setup, takes_what_the_file_says_and_the_rest_from_the_variables) {
  telemetry_bench b;
  b.write_config(
      "telemetry:\n  enabled: true\n  endpoint: http://127.0.0.1:4318\n"
      "  headers: [\"api-key=a=b\"]\n  resource_attributes: [zone=eu]\n  gzip: true\n"
      "  close_timeout_ms: 100\n");
  b.machine.variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:1";
  b.machine.variables["OTEL_SERVICE_NAME"] = "nightly";
  b.machine.variables["TRACEPARENT"] = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  const auto o = b.read();
  ASSERT_TRUE(o) << to_string(o.error());
  EXPECT_TRUE(o->enabled);
  EXPECT_EQ(o->headers.at("api-key").reveal_secret(), "a=b");
  EXPECT_EQ(o->resource_attributes.at("zone"), "eu");
  EXPECT_EQ(o->service_name, "nightly");
  EXPECT_TRUE(o->gzip);
  EXPECT_FALSE(o->capture_messages);
  EXPECT_EQ(o->close_timeout.count(), 100);
  EXPECT_EQ(o->traceparent, b.machine.variables["TRACEPARENT"]);
  EXPECT_EQ(b.err, "telemetry: lost\n");
}

TEST(telemetry_setup, the_variable_of_ark_turns_it_on) {
  telemetry_bench b;
  b.machine.variables["ARK_TELEMETRY_ENABLED"] = "true";
  b.machine.variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:1";
  const auto o = b.read();
  ASSERT_TRUE(o);
  EXPECT_EQ(o->endpoint, "http://127.0.0.1:1");
  EXPECT_EQ(o->service_name, "ark");
}

TEST(telemetry_setup, a_header_without_a_name_is_a_mistake_that_shows_no_value) {
  telemetry_bench b;
  b.write_config("telemetry: {enabled: true, headers: [\"sk-secret\"]}\n");
  const auto o = b.read();
  ASSERT_FALSE(o);
  EXPECT_EQ(o.error().code, errc::config);
  EXPECT_EQ(o.error().message.find("sk-secret"), std::string::npos);
}

TEST(telemetry_setup, headers_are_not_shown) {
  telemetry_bench b;
  b.write_config("telemetry: {enabled: true, headers: [\"api-key=sk-secret\"]}\n");
  EXPECT_EQ(b.run({"config", "explain"}), 0);
  EXPECT_EQ(b.out.find("sk-secret"), std::string::npos) << b.out;
  EXPECT_NE(b.out.find("telemetry.headers"), std::string::npos) << b.out;
  b.run({"config", "get", "telemetry.headers"});
  EXPECT_EQ(b.out.find("sk-secret"), std::string::npos) << b.out;
}

}  // namespace
}  // namespace ark::cli
