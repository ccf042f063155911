#pragma once
#include "telemetry/metrics.hpp"

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Prometheus' text exposition format 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats,
/// read 2026-11-28). Pure.
namespace ark::telemetry {

/// `value` between quotes: backslash, quote and line end are escaped, what is not UTF-8 replaced.
void append_label_value(std::string& out, std::string_view value);

using name_and_value = std::pair<std::string_view, std::string_view>;
/// "name{a="b"} value\n".
void append_sample(std::string& out, std::string_view name, std::span<const name_and_value> labels,
                   std::string_view value);
/// "# HELP" and "# TYPE".
void append_family(std::string& out, std::string_view name, std::string_view type,
                   std::string_view help);

/// Instruments without series are left out.
std::string prometheus_text(std::span<const instrument> instruments);

}  // namespace ark::telemetry
