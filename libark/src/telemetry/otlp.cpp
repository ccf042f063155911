#include "telemetry/otlp.hpp"

#include "base/json_reader.hpp"
#include "telemetry/attributes.hpp"

#include <algorithm>
#include <charconv>

namespace ark::telemetry {
namespace {

constexpr std::int64_t cumulative = 2;  // AggregationTemporality of metrics.proto

void add_resource(json::writer& w, const telemetry_options& options) {
  w.key("resource").begin_object().key("attributes").begin_array();
  attribute_writer a(w);
  a.text("service.name", options.service_name.empty() ? "unknown_service" : options.service_name);
  a.text("telemetry.sdk.name", "libark").text("telemetry.sdk.language", "cpp");
  a.text("telemetry.sdk.version", ARK_VERSION);
  for (const auto& [name, value] : options.resource_attributes)
    if (name != "service.name") a.text(name, value);
  w.end_array().end_object();
}

void add_scope(json::writer& w) {
  w.key("scope").begin_object().key("name").string("libark");
  w.key("version").string(ARK_VERSION).end_object();
}

double approximate(const amount& exact) {
  const std::string text = exact.to_string();
  double out = 0;
  std::from_chars(text.data(), text.data() + text.size(), out);
  return out;
}

struct period {
  std::string since, now;
};

void begin_point(json::writer& w, const series& s, const period& p) {
  w.begin_object().key("attributes").begin_array();
  attribute_writer a(w);
  for (const label& l : s.labels) {
    std::int64_t number = 0;
    std::from_chars(l.value.data(), l.value.data() + l.value.size(), number);
    if (l.is_integer)
      a.integer(l.name->otel, number);
    else if (l.name->otel == "otel.metric.overflow")
      a.boolean(l.name->otel, true);
    else
      a.text(l.name->otel, l.value);
  }
  w.end_array();
  w.key("startTimeUnixNano").string(p.since).key("timeUnixNano").string(p.now);
}

void add_values(json::writer& w, const instrument& i, const series& s) {
  w.key("count").string(std::to_string(s.count)).key("sum").number(s.sum);
  w.key("bucketCounts").begin_array();
  for (const auto n : s.in_bucket) w.string(std::to_string(n));
  w.end_array().key("explicitBounds").begin_array();
  for (const double bound : i.bounds) w.number(bound);
  w.end_array().key("min").number(s.low).key("max").number(s.high);
}

void add_metric(json::writer& w, const instrument& i, const period& p) {
  const bool is_histogram = i.kind == instrument_kind::histogram;
  w.begin_object().key("name").string(i.otel).key("description").string(i.description);
  w.key("unit").string(i.unit).key(is_histogram ? "histogram" : "sum").begin_object();
  w.key("dataPoints").begin_array();
  for (const series& s : i.all) {
    begin_point(w, s, p);
    if (is_histogram)
      add_values(w, i, s);
    else if (i.kind == instrument_kind::money)
      w.key("asDouble").number(approximate(s.money));
    else
      w.key("asInt").string(std::to_string(s.count));
    w.end_object();
  }
  w.end_array().key("aggregationTemporality").number(cumulative);
  if (!is_histogram) w.key("isMonotonic").boolean(true);
  w.end_object().end_object();
}

}  // namespace

std::string traces_request(const telemetry_options& options, std::span<const std::string> spans) {
  std::size_t bytes = 4096;  // of the resource, about
  for (const std::string& span : spans) bytes += span.size() + 1;
  std::string out;
  out.reserve(bytes);
  json::writer w(out);
  w.begin_object().key("resourceSpans").begin_array().begin_object();
  add_resource(w, options);
  w.key("scopeSpans").begin_array().begin_object();
  add_scope(w);
  w.key("spans").begin_array();
  for (const std::string& span : spans) w.raw(span);
  w.end_array().end_object().end_array().end_object().end_array().end_object();
  return out;
}

std::string metrics_request(const telemetry_options& options, const metrics& all,
                            std::chrono::system_clock::time_point since,
                            std::chrono::system_clock::time_point now) {
  std::string out;
  json::writer w(out);
  const period p{unix_nanoseconds(since), unix_nanoseconds(std::max(since, now))};
  bool any = false;
  w.begin_object().key("resourceMetrics").begin_array().begin_object();
  add_resource(w, options);
  w.key("scopeMetrics").begin_array().begin_object();
  add_scope(w);
  w.key("metrics").begin_array();
  all.read([&](std::span<const instrument> instruments) {
    for (const instrument& each : instruments) {
      if (each.all.empty()) continue;
      any = true;
      add_metric(w, each, p);
    }
  });
  w.end_array().end_object().end_array().end_object().end_array().end_object();
  return any ? out : "";
}

partial_success read_partial_success(std::string_view body) {
  json::reader reader;
  const auto parsed = reader.parse(body);
  json::element part;
  if (!parsed || !json::find(*parsed, "partialSuccess", part)) return {};
  partial_success out{.message = std::string(json::text_at(part, "errorMessage"))};
  for (const char* name : {"rejectedSpans", "rejectedDataPoints"}) {
    json::element count;
    if (!json::find(part, name, count)) continue;
    // An int64: a string by the mapping, a number from some collectors.
    const auto text = json::as_text(count);
    std::int64_t n = json::as_integer(count);
    if (!text.empty()) std::from_chars(text.data(), text.data() + text.size(), n);
    out.rejected += std::max<std::int64_t>(n, 0);
  }
  return out;
}

}  // namespace ark::telemetry
