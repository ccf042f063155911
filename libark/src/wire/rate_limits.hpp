#pragma once
#include "wire/http_time.hpp"

#include <cstdint>
#include <vector>

namespace ark::wire {

enum class rate_kind : std::uint8_t { requests, tokens, input_tokens, output_tokens };

/// What an answer's headers say of one limit.
struct rate_reading {
  rate_kind kind = rate_kind::requests;
  std::chrono::seconds window{0};  ///< as the header's name has it; 0: it does not say
  std::int64_t limit = 0;
  std::int64_t remaining = 0;
  std::chrono::milliseconds reset{0};  ///< until all of it is back

  friend bool operator==(const rate_reading&, const rate_reading&) = default;
};

/// Reads every spelling that was recorded: PREFIX-ratelimit-{limit,remaining,reset} with
/// "requests", "req", "tokens", "input-tokens", "output-tokens" and a window ("minute", "5-minute",
/// "60-second", "day", "month") in any order; ratelimit-*; RateLimit and RateLimit-Policy of the
/// IETF draft (draft-ietf-httpapi-ratelimit-headers-10, 2025). Limits of other things (images,
/// characters) are left out, and those without a limit, what remains, and a reset or a window.
/// `now` is for dates where the answer has none of its own.
std::vector<rate_reading> read_rate_limits(const header_list& headers, wall_time now);

}  // namespace ark::wire
