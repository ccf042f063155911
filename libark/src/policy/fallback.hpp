#pragma once
#include <ark/call.hpp>
#include <ark/error.hpp>
#include <ark/usage.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ark::policy {

/// What the next model must be after a failure.
enum class fallback_need : std::uint8_t {
  none,           ///< no other model would do better: there is no fallback
  other_model,    ///< of the same vendor, too
  other_vendor,   ///< another failure domain
  larger_window,  ///< with more room for the prompt
};
/// By the failure's class alone; whether a second bill is allowed is `may_pay_again`'s question.
fallback_need need_after(const error& e, const fallback_rules& rules) noexcept;

/// A model in the terms of what can fail together.
struct failure_domain {
  std::string_view vendor, origin, model;
  std::int64_t context_tokens = 0;  ///< 0: unknown
};
/// Why `candidate` would not help after `failed`; "" if it may. Pure.
std::string unfit_because(fallback_need need, const failure_domain& failed,
                          const failure_domain& candidate);

/// Why a candidate is too dear; "" if it is not. Its worst case must not pass what is left of
/// `max_cost` after `so_far`; without a ceiling not the worst case of the model that was asked for
/// first, unless the rules allow it. What cannot be compared (unknown, another currency) is too
/// dear. Pure.
std::string too_dear_because(const fallback_rules& rules, const std::optional<amount>& max_cost,
                             const cost& so_far, const cost& first, const cost& candidate);

/// Does the sum of what the attempts before may cost and the next one's worst case stay under every
/// cap that is set (`max_billed_cost`, the call's `max_cost`)? What is not known does not. Pure.
bool within_caps(const retry_policy& policy, const std::optional<amount>& max_cost,
                 const cost& so_far, const cost& next);
/// May another attempt be made though one before it may be billed? With leave (`allow_billed`, or a
/// `max_billed_cost`), within the caps. Pure.
bool may_pay_again(const retry_policy& policy, const std::optional<amount>& max_cost,
                   const cost& so_far, const cost& next);

}  // namespace ark::policy
