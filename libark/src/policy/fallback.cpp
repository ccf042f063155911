#include "policy/fallback.hpp"

namespace ark::policy {
namespace {

/// The most that both may cost together; nothing where that is not known.
std::optional<amount> most_of(const cost& so_far, const cost& next) {
  if (next.status == cost_status::unknown || so_far.status == cost_status::unknown)
    return std::nullopt;
  if (so_far.status == cost_status::void_) return next.high;
  if (so_far.currency != next.currency) return std::nullopt;
  const auto sum = so_far.high.plus(next.high);
  if (!sum) return std::nullopt;
  return *sum;
}

}  // namespace

fallback_need need_after(const error& e, const fallback_rules& rules) noexcept {
  switch (e.code) {
    case errc::rate_limit:
    case errc::overloaded:
    case errc::server:
    case errc::not_found:
    case errc::truncated:
    case errc::protocol:
    case errc::circuit_open:
      return fallback_need::other_model;
    case errc::timeout:
    case errc::network:
    case errc::tls:
    case errc::auth:
    case errc::permission:
    case errc::quota:
      return fallback_need::other_vendor;
    case errc::context_length:
      return fallback_need::larger_window;
    case errc::content_filter:
      return rules.on_content_filter ? fallback_need::other_model : fallback_need::none;
    case errc::invalid_request:
    case errc::cancelled:
    case errc::too_large:
    case errc::no_candidate:
    case errc::budget:
    case errc::ledger:
    case errc::config:
    case errc::unsupported:
    case errc::internal:
      break;
  }
  return fallback_need::none;
}

std::string unfit_because(fallback_need need, const failure_domain& failed,
                          const failure_domain& candidate) {
  const bool same_vendor = failed.vendor == candidate.vendor || failed.origin == candidate.origin;
  switch (need) {
    case fallback_need::none:
      return "no other model would do better";
    case fallback_need::other_vendor:
      if (same_vendor) return "it is the same vendor's";
      break;
    case fallback_need::larger_window:
      if (candidate.context_tokens > 0 && failed.context_tokens > 0 &&
          candidate.context_tokens > failed.context_tokens)
        break;
      return "its context window is not known to be larger";
    case fallback_need::other_model:
      if (same_vendor && failed.model == candidate.model) return "it is the same model";
      break;
  }
  return {};
}

std::string too_dear_because(const fallback_rules& rules, const std::optional<amount>& max_cost,
                             const cost& so_far, const cost& first, const cost& candidate) {
  const auto text = [](const cost& c) { return c.high.to_string() + " " + c.currency; };
  if (max_cost) {
    const auto most = most_of(so_far, candidate);
    if (!most) return "what it may cost is not known";
    if (*most > *max_cost)
      return "with it the call may cost " + most->to_string() + " " + candidate.currency +
             ", above max_cost";
    return {};
  }
  if (rules.allow_dearer) return {};
  if (candidate.status == cost_status::unknown) return "what it may cost is not known";
  if (first.status == cost_status::unknown)
    return "it cannot be compared with the first model, whose price is not known";
  if (candidate.currency != first.currency && !candidate.high.is_zero())
    return "its price is in " + candidate.currency + ", and the first model's in " + first.currency;
  if (candidate.high > first.high)
    return "it may cost " + text(candidate) + ", more than the first model (" + text(first) + ")";
  return {};
}

bool within_caps(const retry_policy& policy, const std::optional<amount>& max_cost,
                 const cost& so_far, const cost& next) {
  if (!policy.max_billed_cost && !max_cost) return true;
  const auto most = most_of(so_far, next);
  if (!most) return false;
  return (!policy.max_billed_cost || *most <= *policy.max_billed_cost) &&
         (!max_cost || *most <= *max_cost);
}

bool may_pay_again(const retry_policy& policy, const std::optional<amount>& max_cost,
                   const cost& so_far, const cost& next) {
  const bool allowed = policy.allow_billed || policy.max_billed_cost;
  return allowed && within_caps(policy, max_cost, so_far, next);
}

}  // namespace ark::policy
