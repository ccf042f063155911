#pragma once
#include <ark/telemetry.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace ark::telemetry {

using variable_lookup = std::function<std::optional<std::string>(std::string_view name)>;

/// `telemetry_from_environment` on any environment. Pure.
result<telemetry_options> options_from_variables(telemetry_options base,
                                                 const variable_lookup& variable);

/// "key1=value1,key2=value2" with percent-encoded values, as OTEL_EXPORTER_OTLP_HEADERS and
/// OTEL_RESOURCE_ATTRIBUTES are written (the W3C Baggage format without properties). Nothing if it
/// is not.
std::optional<std::map<std::string, std::string>> parse_pairs(std::string_view text);

}  // namespace ark::telemetry
