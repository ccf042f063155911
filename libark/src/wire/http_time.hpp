#pragma once
#include "wire/http_types.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace ark::wire {

/// UTC; what the wire's times are read into.
using wall_time = std::chrono::sys_time<std::chrono::milliseconds>;

/// "1m3.57s", "120ms", "1h", "0": as Go prints durations, rounded up. Nothing if it is not one, or
/// negative, or longer than ten years.
std::optional<std::chrono::milliseconds> parse_go_duration(std::string_view text);
/// "2026-11-21T20:15:00.25Z", "...+08:00" (RFC 3339); digits beyond milliseconds are dropped.
std::optional<wall_time> parse_rfc3339(std::string_view text);
/// The three forms of RFC 9110, 5.6.7: "Sun, 06 Nov 1994 08:49:37 GMT", RFC 850, asctime.
std::optional<wall_time> parse_http_date(std::string_view text);

/// How long the vendor asks to wait: `retry-after-ms` if it is not 0, else `Retry-After` as
/// seconds (decimals too, which vendors send) or as a date. In the past: zero.
std::optional<std::chrono::milliseconds> retry_after(const header_list& headers, wall_time now);
/// How long until a limit is reset, in any of the forms vendors use: a Go duration, RFC 3339,
/// seconds, or seconds or milliseconds since 1970.
std::optional<std::chrono::milliseconds> reset_after(std::string_view value, wall_time now);

}  // namespace ark::wire
