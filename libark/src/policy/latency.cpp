#include "policy/latency.hpp"

#include <algorithm>
#include <cmath>

namespace ark::policy {

using std::chrono::milliseconds;

void latency_window::add(duration measured) noexcept {
  constexpr std::int64_t longest_ms = 1 << 30;
  const auto ms = std::chrono::ceil<milliseconds>(measured).count();
  ms_[count_++ % most] = static_cast<std::uint32_t>(std::clamp<std::int64_t>(ms, 0, longest_ms));
}

std::optional<duration> latency_window::quantile(double share, std::size_t least) const {
  const std::size_t n = std::min(count_, most);
  if (n == 0 || n < least) return std::nullopt;
  auto sorted = ms_;
  const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(n)));
  const auto at =
      sorted.begin() + static_cast<std::ptrdiff_t>(std::clamp(rank, std::size_t{1}, n) - 1);
  std::nth_element(sorted.begin(), at, sorted.begin() + static_cast<std::ptrdiff_t>(n));
  return milliseconds(*at);
}

std::optional<duration> hedge_delay(const latency_window& measured) {
  constexpr double share = 0.95;
  constexpr std::size_t least = 20;
  return measured.quantile(share, least);
}

}  // namespace ark::policy
