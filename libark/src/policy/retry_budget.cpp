#include "policy/retry_budget.hpp"

#include <algorithm>

namespace ark::policy {

bool retry_budget::take(const retry_budget_options& o, errc why) noexcept {
  if (o.capacity <= 0) return true;
  const int wanted = std::max(price(o, why), 0);
  if (used_ > o.capacity - wanted) return false;
  used_ += wanted;
  return true;
}

void retry_budget::give_back(const retry_budget_options& o, int taken) noexcept {
  used_ = std::max(used_ - std::max(taken > 0 ? taken : o.refund, 0), 0);
}

}  // namespace ark::policy
