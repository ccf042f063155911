#include "telemetry/environment.hpp"

#include "base/text.hpp"
#include "os/os.hpp"

#include <charconv>

namespace ark {
namespace telemetry {
namespace {

error unreadable(std::string_view name, std::string_view wanted) {
  return {.code = errc::config,
          .message = std::string(name) + " cannot be read: write " + std::string(wanted)};
}

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const int high = text::hex_value(text[i + 1]);
    const int low = text::hex_value(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

/// Reads variables; an empty one counts as not set (OpenTelemetry specification, "Environment
/// Variable Specification").
class variables {
 public:
  explicit variables(const variable_lookup& lookup) : lookup_(lookup) {}
  std::string text(std::string_view name) const { return lookup_(name).value_or(""); }
  /// OTEL_EXPORTER_OTLP_<ending>: its name and value.
  std::pair<std::string, std::string> otlp(std::string_view ending) const {
    std::string name = "OTEL_EXPORTER_OTLP_" + std::string(ending);
    std::string value = text(name);
    return {std::move(name), std::move(value)};
  }
  bool is_true(std::string_view name) const { return text::lower(text(name)) == "true"; }

 private:
  const variable_lookup& lookup_;
};

result<void> add_headers(telemetry_options& out, const variables& v) {
  if (!out.headers.empty()) return {};
  const auto [name, value] = v.otlp("HEADERS");
  const auto pairs = parse_pairs(value);
  if (!pairs) return unreadable(name, "name=value pairs with commas");
  for (const auto& [key, text] : *pairs) out.headers[key] = secret(text);
  return {};
}

result<void> add_transport(telemetry_options& out, const variables& v) {
  const telemetry_options fresh;
  if (const auto [name, value] = v.otlp("COMPRESSION"); !value.empty()) {
    if (value != "gzip" && value != "none") return unreadable(name, "gzip or none");
    out.gzip = out.gzip || value == "gzip";
  }
  if (const auto [name, value] = v.otlp("TIMEOUT"); !value.empty()) {
    std::int64_t ms = 0;
    const auto read = std::from_chars(value.data(), value.data() + value.size(), ms);
    if (read.ec != std::errc{} || read.ptr != value.data() + value.size() || ms <= 0)
      return unreadable(name, "milliseconds");
    if (out.request_timeout == fresh.request_timeout)
      out.request_timeout = std::chrono::milliseconds(ms);
  }
  // What is sent is JSON; a collector's HTTP port takes it beside Protobuf, its gRPC port does not.
  if (const auto [name, value] = v.otlp("PROTOCOL"); value == "grpc")
    return unreadable(name, "http/json, and the endpoint of the collector's HTTP port (4318)");
  return {};
}

result<void> add_resource(telemetry_options& out, const variables& v) {
  const auto pairs = parse_pairs(v.text("OTEL_RESOURCE_ATTRIBUTES"));
  if (!pairs) return unreadable("OTEL_RESOURCE_ATTRIBUTES", "name=value pairs with commas");
  for (const auto& [key, text] : *pairs) out.resource_attributes.emplace(key, text);
  if (out.service_name.empty()) out.service_name = v.text("OTEL_SERVICE_NAME");
  if (const auto named = out.resource_attributes.find("service.name");
      out.service_name.empty() && named != out.resource_attributes.end())
    out.service_name = named->second;
  return {};
}

}  // namespace

std::optional<std::map<std::string, std::string>> parse_pairs(std::string_view text) {
  std::map<std::string, std::string> out;
  while (!text.empty()) {
    const auto comma = text.find(',');
    const auto item = text::trim(text.substr(0, comma));
    text.remove_prefix(comma == text.npos ? text.size() : comma + 1);
    if (item.empty()) continue;
    const auto equals = item.find('=');
    if (equals == item.npos) return std::nullopt;
    const auto key = percent_decoded(text::trim(item.substr(0, equals)));
    auto value = percent_decoded(text::trim(item.substr(equals + 1)));
    if (!key || !value || key->empty()) return std::nullopt;
    out[*key] = std::move(*value);
  }
  return out;
}

result<telemetry_options> options_from_variables(telemetry_options base,
                                                 const variable_lookup& variable) {
  const variables v(variable);
  const telemetry_options fresh;
  if (v.is_true("OTEL_SDK_DISABLED")) base.enabled = false;
  if (const auto value = v.otlp("ENDPOINT").second;
      base.endpoint == fresh.endpoint && !value.empty())
    base.endpoint = value;
  if (base.traces_endpoint.empty()) base.traces_endpoint = v.otlp("TRACES_ENDPOINT").second;
  if (base.metrics_endpoint.empty()) base.metrics_endpoint = v.otlp("METRICS_ENDPOINT").second;
  if (v.text("OTEL_TRACES_EXPORTER") == "none") base.traces = false;
  if (v.text("OTEL_METRICS_EXPORTER") == "none") base.metrics = false;
  if (v.is_true("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT")) base.capture_messages = true;
  if (auto ok = add_headers(base, v); !ok) return ok.error();
  if (auto ok = add_transport(base, v); !ok) return ok.error();
  if (auto ok = add_resource(base, v); !ok) return ok.error();
  return base;
}

}  // namespace telemetry

result<telemetry_options> telemetry_from_environment(telemetry_options base) {
  return telemetry::options_from_variables(
      std::move(base), [](std::string_view name) { return os::real().environment(name); });
}

}  // namespace ark
