#pragma once
#include <cstdint>
#include <string>

namespace ark::cli {

/// "2026-11-28T09:15:00Z" of seconds since 1970; "" of 0.
std::string time_text(std::int64_t seconds);

}  // namespace ark::cli
