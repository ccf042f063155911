#include "cli/telemetry_setup.hpp"

#include "cli/mistake.hpp"
#include "cli/settings.hpp"
#include "telemetry/environment.hpp"

namespace ark::cli {
namespace {

using pair = std::pair<std::string, std::string>;

/// "name=value", as it is: in a file nothing is percent-encoded.
result<pair> pair_of(const std::string& text, std::string_view setting) {
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0)
    return config_mistake("telemetry." + std::string(setting) + ": write \"name=value\"");
  return pair{text.substr(0, equals), text.substr(equals + 1)};
}

result<telemetry_options> from_settings(const schema::TelemetryConfig& c) {
  telemetry_options out{.enabled = c.enabled()};
  if (c.has_endpoint()) out.endpoint = c.endpoint();
  out.traces_endpoint = c.traces_endpoint();
  out.metrics_endpoint = c.metrics_endpoint();
  if (c.has_traces()) out.traces = c.traces();
  if (c.has_metrics()) out.metrics = c.metrics();
  out.gzip = c.gzip();
  out.service_name = c.service_name();
  out.capture_messages = c.capture_messages();
  if (c.has_close_timeout_ms()) out.close_timeout = std::chrono::milliseconds(c.close_timeout_ms());
  for (const auto& each : c.headers()) {
    const auto header = pair_of(each, "headers");
    if (!header) return header.error();
    out.headers[header->first] = secret(header->second);
  }
  for (const auto& each : c.resource_attributes()) {
    const auto attribute = pair_of(each, "resource_attributes");
    if (!attribute) return attribute.error();
    out.resource_attributes[attribute->first] = attribute->second;
  }
  return out;
}

}  // namespace

result<telemetry_options> telemetry_settings(context& ctx) {
  const auto all = ctx.configuration();
  if (!all) return all.error();
  const auto& written = (*all)->values.telemetry();
  if (!written.enabled()) return telemetry_options{};
  auto base = from_settings(written);
  if (!base) return base;
  auto out = telemetry::options_from_variables(
      std::move(*base), [&](std::string_view name) { return ctx.machine.environment(name); });
  if (!out) return out;
  // As OpenTelemetry hands a context to programs ("Environment Variables as Context Propagation
  // Carriers").
  out->traceparent = ctx.machine.environment("TRACEPARENT").value_or("");
  out->tracestate = ctx.machine.environment("TRACESTATE").value_or("");
  if (out->service_name.empty()) out->service_name = "ark";
  out->on_problem = [&ctx](const error& e) { ctx.warn(e.message); };
  return out;
}

}  // namespace ark::cli
