#pragma once
#include "policy/deadline.hpp"

#include <ark/call.hpp>
#include <ark/error.hpp>

#include <cstdint>
#include <optional>

namespace ark::policy {

/// What is known when an attempt has failed.
struct failed_attempt {
  const ark::error& error;
  int attempts_made = 1;
  bool content_seen = false;   ///< the caller has been given part of an answer
  bool stale_socket = false;   ///< reused connection, request begun, no byte of an answer
  int stale_retries = 0;       ///< how often that was the reason already
  bool may_pay_again = false;  ///< see fallback.hpp
  bool within_caps = true;     ///< the same without the question of leave
  bool billed_before = false;  ///< an attempt of the call is not provably free
};

/// How long to wait before the next attempt, or nothing: give up. `random` is 64 random bits.
///
/// Only what is provably unbilled is sent again, unless the caller allows the cost; never after
/// content was seen, and never an account without money or a refused key, whatever the class; a
/// stale pooled socket once. The wait is the vendor's Retry-After if it gave
/// one, else full jitter over base * 2^n capped (AWS Architecture Blog, "Exponential Backoff And
/// Jitter", 2015). A wait that the deadline does not leave room for is not begun.
std::optional<duration> next_attempt(const retry_policy& policy, const failed_attempt& failed,
                                     const deadline& until, time_point now, std::uint64_t random);

}  // namespace ark::policy
