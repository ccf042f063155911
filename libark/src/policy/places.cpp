#include "policy/places.hpp"

#include <algorithm>
#include <cstdint>

namespace ark::policy {

std::optional<std::size_t> choose_place(std::span<const place_state> places, std::size_t start,
                                        time_point now) {
  std::optional<std::size_t> best;
  const auto has_less = [&](const place_state& a, const place_state& b) {
    // What it would have with this call, for its weight, without fractions.
    return std::int64_t{a.in_flight + 1} * std::max(b.weight, 1) <
           std::int64_t{b.in_flight + 1} * std::max(a.weight, 1);
  };
  for (std::size_t i = 0; i < places.size(); ++i) {
    const std::size_t at = (start + i) % places.size();
    if (places[at].aside_until > now) continue;
    if (!best || has_less(places[at], places[*best])) best = at;
  }
  return best;
}

std::size_t first_back(std::span<const place_state> places) {
  const auto it = std::min_element(places.begin(), places.end(), [](const auto& a, const auto& b) {
    return a.aside_until < b.aside_until;
  });
  return static_cast<std::size_t>(it - places.begin());
}

duration aside_after(const error& e) {
  using namespace std::chrono_literals;
  if (e.code == errc::rate_limit) return std::max<duration>(e.retry_after.value_or(1s), 0ms);
  const bool is_refused = e.code == errc::auth || e.code == errc::quota;
  return is_refused && e.http_status != 0 ? duration{5min} : duration{0};
}

}  // namespace ark::policy
