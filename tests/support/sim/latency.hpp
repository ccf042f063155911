#pragma once
#include <ark/result.hpp>

#include <chrono>
#include <cstdint>
#include <string_view>

namespace ark::testing {

/// "2s", "150ms", "20us", "1.5s": a length of time; a bare number is milliseconds.
result<std::chrono::microseconds> parse_duration(std::string_view text);

/// How long a vendor takes: a range for the first byte and one for each token after it.
struct latency {
  std::chrono::microseconds first_low{0}, first_high{0};
  std::chrono::microseconds token_low{0}, token_high{0};

  /// FIRST[..MAX][+TOKEN[..MAX]], as in "200ms", "50ms..300ms", "200ms+5ms", "1s..2s+1ms..9ms".
  static result<latency> parse(std::string_view text);
  /// The wait before the first byte, fixed by `dice`.
  std::chrono::microseconds first(std::uint64_t dice) const noexcept;
  /// The wait before one token, fixed by `dice`.
  std::chrono::microseconds token(std::uint64_t dice) const noexcept;
};

}  // namespace ark::testing
