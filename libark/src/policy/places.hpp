#pragma once
#include "policy/deadline.hpp"

#include <ark/error.hpp>

#include <cstddef>
#include <optional>
#include <span>

namespace ark::policy {

/// One of a vendor's places (an address and a key), as its calls see it.
struct place_state {
  int weight = 1;
  int in_flight = 0;
  time_point aside_until{};  ///< not asked before: rate limited, no money, a refused key
};

/// The place that has the least to do for its weight, of those that are not aside; among equals the
/// first from `start` on, round. Nothing if all are aside. Pure.
std::optional<std::size_t> choose_place(std::span<const place_state> places, std::size_t start,
                                        time_point now);
/// The one that is back first. `places` is not empty.
std::size_t first_back(std::span<const place_state> places);

/// How long a place is left aside after `e`; zero: it is not. What the vendor asks for with too
/// many requests (1 s without a word); five minutes for a refused key or an account without money.
duration aside_after(const error& e);

}  // namespace ark::policy
