#pragma once
#include <ark/error.hpp>
#include <ark/traffic.hpp>

namespace ark::policy {

/// A vendor's bucket of retries: what is made again takes, what succeeds gives back. Pure.
class retry_budget {
 public:
  /// Takes the price of an attempt more after `why`; false if there is too little left, or always
  /// true without a budget.
  bool take(const retry_budget_options& o, errc why) noexcept;
  /// After a success: `taken` is what its call took last, 0 for a first attempt.
  void give_back(const retry_budget_options& o, int taken) noexcept;
  static int price(const retry_budget_options& o, errc why) noexcept {
    return why == errc::timeout ? o.timeout_cost : o.cost;
  }
  int used() const noexcept { return used_; }

 private:
  int used_ = 0;  ///< of the capacity
};

}  // namespace ark::policy
