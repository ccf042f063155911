#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace jinja {

/// strftime in the C locale, of seconds since 1970.
std::string clock_text(std::string_view format, std::int64_t seconds);

}  // namespace jinja
