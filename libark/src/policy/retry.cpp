#include "policy/retry.hpp"

#include <algorithm>

namespace ark::policy {
namespace {

bool may_repeat(const retry_policy& policy, const failed_attempt& failed) {
  if (failed.content_seen || failed.attempts_made >= policy.max_attempts) return false;
  const errc code = failed.error.code;
  if (code == errc::quota || code == errc::auth || code == errc::permission) return false;
  if (failed.stale_socket) return failed.stale_retries == 0 && failed.within_caps;
  switch (failed.error.retry) {
    case retry_class::safe:
    case retry_class::after:
      return !failed.billed_before || failed.within_caps;
    case retry_class::maybe_billed:
      return failed.may_pay_again;
    case retry_class::never:
      return false;
  }
  return false;
}

duration full_jitter(const retry_policy& policy, int attempts_made, std::uint64_t random) {
  const auto base = std::max<std::int64_t>(policy.base.count(), 0);
  const auto cap = std::max<std::int64_t>(policy.cap.count(), 0);
  const int doublings = std::clamp(attempts_made - 1, 0, 30);
  const std::int64_t ceiling = std::min(cap, base > (cap >> doublings) ? cap : base << doublings);
  const auto picked = random % static_cast<std::uint64_t>(ceiling + 1);
  return std::chrono::milliseconds(static_cast<std::int64_t>(picked));
}

}  // namespace

std::optional<duration> next_attempt(const retry_policy& policy, const failed_attempt& failed,
                                     const deadline& until, time_point now, std::uint64_t random) {
  if (!may_repeat(policy, failed)) return std::nullopt;
  duration wait = duration::zero();
  if (failed.error.retry_after)
    wait = std::max(*failed.error.retry_after, std::chrono::milliseconds{0});
  else if (!failed.stale_socket)
    wait = full_jitter(policy, failed.attempts_made, random);
  if (wait >= until.remaining(now)) return std::nullopt;
  return wait;
}

}  // namespace ark::policy
