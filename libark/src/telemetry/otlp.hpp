#pragma once
#include "telemetry/metrics.hpp"

#include <ark/telemetry.hpp>

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Bodies of OTLP/HTTP requests in JSON (opentelemetry-proto 1.x, docs/specification.md, "JSON
/// Protobuf Encoding"): lowerCamelCase names, ids in hexadecimal, 64-bit integers as decimal
/// strings, enums as integers. Pure.
namespace ark::telemetry {

/// ExportTraceServiceRequest of spans that are JSON objects.
std::string traces_request(const telemetry_options& options, std::span<const std::string> spans);

/// ExportMetricsServiceRequest with cumulative sums from `since` to `now`; "" if there is nothing.
std::string metrics_request(const telemetry_options& options, const metrics& all,
                            std::chrono::system_clock::time_point since,
                            std::chrono::system_clock::time_point now);

/// What a 200 says about parts that were not taken.
struct partial_success {
  std::int64_t rejected = 0;
  std::string message;
};
/// A body that is not JSON, or has no partialSuccess, rejects nothing.
partial_success read_partial_success(std::string_view body);

}  // namespace ark::telemetry
