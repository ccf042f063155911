#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace ark::telemetry {

/// Where a span belongs (W3C Trace Context, Recommendation of 2021-11-23).
struct trace_context {
  std::string trace_id;  ///< 32 lower-case hexadecimal digits, not all 0
  std::string span_id;   ///< 16
  bool sampled = true;
};

/// "00-TRACE-SPAN-FLAGS". Nothing if it is malformed: then a trace of its own begins, as the
/// recommendation has it. Later versions are read as far as they are like this one.
std::optional<trace_context> parse_traceparent(std::string_view text);

}  // namespace ark::telemetry
