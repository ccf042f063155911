#pragma once
#include <atomic>
#include <cstdint>
#include <optional>

namespace ark::policy {

/// A limit of so many units for each window, by the generic cell rate algorithm (ITU-T I.371): one
/// point in time says how much is used, so processes share it without a lock, and one that dies at
/// any instruction leaves it whole. Times are nanoseconds of a clock that all users share. All zero
/// is "no limit". What another program wrote into it can make a call wait, not more.
struct rate_bucket {
  std::atomic<std::int64_t> unit_ns{0};     ///< in which one unit comes back
  std::atomic<std::int64_t> burst{0};       ///< units at once
  std::atomic<std::int64_t> full_at_ns{0};  ///< when all units are back
};
static_assert(std::atomic<std::int64_t>::is_always_lock_free);

/// `limit` units in `window_ns`, as configured. What is used stays used.
void set_limit(rate_bucket& b, std::int64_t limit, std::int64_t window_ns) noexcept;
/// As a vendor says: of `limit` units `remaining` are left, all are back in `reset_ns`. What was
/// booked here and the vendor has not seen yet stays booked.
void learn_limit(rate_bucket& b, std::int64_t limit, std::int64_t remaining, std::int64_t reset_ns,
                 std::int64_t now_ns) noexcept;
/// Books `n` units (at most a burst) and returns how long to wait for them; nothing, and nothing is
/// booked, if that is longer than `most_ns`.
std::optional<std::int64_t> book(rate_bucket& b, std::int64_t n, std::int64_t now_ns,
                                 std::int64_t most_ns) noexcept;
/// Gives back units that were booked and not used; books more where `n` is negative.
void give_back(rate_bucket& b, std::int64_t n) noexcept;

}  // namespace ark::policy
