#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

/// Times of the ledger and of vendors' reports as text. Pure; UTC unless it says otherwise.
namespace ark::billing {

using moment = std::chrono::system_clock::time_point;

/// "2026-11-21T10:00:00.123456Z".
std::string time_text(moment at);
/// "2026-11-21T10:00:00Z", without the rest of the second.
std::string second_text(moment at);
/// "2026-11-21".
std::string day_text(moment at);

/// RFC 3339 ("2026-11-21T10:00:00Z", "...+08:00"), or with a space, without seconds, or a date
/// alone; what names no offset is `offset` ahead of UTC. Also "2026/11/21" and "2026-11" (its first
/// day). Of the years 1970 to 2199.
std::optional<moment> parse_time(std::string_view text, std::chrono::minutes offset);

/// The begin of the day of `at` where clocks are `offset` ahead of UTC.
moment day_of(moment at, std::chrono::minutes offset);
/// The first of the month, and of the next one.
std::pair<moment, moment> month_of(moment at, std::chrono::minutes offset);

}  // namespace ark::billing
