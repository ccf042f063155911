#include "cli/time_text.hpp"

#include <fmt/chrono.h>

namespace ark::cli {

std::string time_text(std::int64_t seconds) {
  // fmt asks the C library, which knows years of four digits; vendors' times are text of others.
  constexpr std::int64_t year_10000 = 253'402'300'800;
  if (seconds <= 0 || seconds >= year_10000) return {};
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(static_cast<std::time_t>(seconds)));
}

}  // namespace ark::cli
