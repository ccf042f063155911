#include "policy/rate_bucket.hpp"

#include <algorithm>

namespace ark::policy {
namespace {

constexpr std::int64_t second_ns = 1'000'000'000;
/// No window is longer; so no product below overflows.
constexpr std::int64_t longest_ns = 40 * 86'400 * second_ns;
/// Calls that wait have booked beyond a burst: not further than their deadlines.
constexpr std::int64_t most_ahead_ns = 3600 * second_ns;
constexpr auto relaxed = std::memory_order_relaxed;

struct limit_values {
  std::int64_t unit_ns, burst;
};

std::optional<limit_values> values_of(const rate_bucket& b) noexcept {
  const limit_values v{b.unit_ns.load(relaxed), b.burst.load(relaxed)};
  if (v.unit_ns <= 0 || v.burst <= 0 || v.burst > longest_ns / v.unit_ns) return std::nullopt;
  return v;
}

/// What the clock before a restart of the machine left behind lies too far ahead: nothing is used.
std::int64_t full_at(std::int64_t stored, const limit_values& v, std::int64_t now_ns) noexcept {
  const bool absurd = stored > now_ns + v.unit_ns * v.burst + most_ahead_ns;
  return absurd ? now_ns : std::max(stored, now_ns);
}

}  // namespace

void set_limit(rate_bucket& b, std::int64_t limit, std::int64_t window_ns) noexcept {
  if (limit <= 0 || window_ns <= 0 || window_ns > longest_ns) return;
  b.unit_ns.store(std::max<std::int64_t>(window_ns / limit, 1), relaxed);
  b.burst.store(std::min(limit, longest_ns / std::max<std::int64_t>(window_ns / limit, 1)),
                relaxed);
}

void learn_limit(rate_bucket& b, std::int64_t limit, std::int64_t remaining, std::int64_t reset_ns,
                 std::int64_t now_ns) noexcept {
  if (limit <= 0 || remaining < 0 || reset_ns < 0 || reset_ns > longest_ns) return;
  const std::int64_t used = limit - std::min(remaining, limit);
  const auto before = values_of(b);
  std::int64_t stored = b.full_at_ns.load(relaxed);
  const std::int64_t booked =
      before ? (full_at(stored, *before, now_ns) - now_ns) / before->unit_ns : 0;
  // Nothing used says nothing about how fast it comes back.
  if (used == 0 && !before) return;
  const std::int64_t unit = used > 0 ? std::max<std::int64_t>(reset_ns / used, 1) : before->unit_ns;
  b.unit_ns.store(unit, relaxed);
  b.burst.store(std::min(limit, longest_ns / unit), relaxed);
  const std::int64_t taken = std::min(std::max(used, booked), longest_ns / unit);
  b.full_at_ns.compare_exchange_strong(stored, now_ns + taken * unit, relaxed);
}

std::optional<std::int64_t> book(rate_bucket& b, std::int64_t n, std::int64_t now_ns,
                                 std::int64_t most_ns) noexcept {
  const auto v = values_of(b);
  if (!v || n <= 0) return 0;
  std::int64_t stored = b.full_at_ns.load(relaxed);
  for (;;) {
    const std::int64_t next = full_at(stored, *v, now_ns) + std::min(n, v->burst) * v->unit_ns;
    const std::int64_t wait = std::max<std::int64_t>(next - now_ns - v->burst * v->unit_ns, 0);
    if (wait > most_ns) return std::nullopt;
    if (b.full_at_ns.compare_exchange_weak(stored, next, relaxed)) return wait;
  }
}

void give_back(rate_bucket& b, std::int64_t n) noexcept {
  const auto v = values_of(b);
  if (!v) return;
  b.full_at_ns.fetch_sub(std::clamp(n, -v->burst, v->burst) * v->unit_ns, relaxed);
}

}  // namespace ark::policy
