#pragma once
#include "policy/deadline.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace ark::policy {

/// The last 128 measured times of one kind. Pure; 0.5 KiB.
class latency_window {
 public:
  void add(duration measured) noexcept;
  /// The smallest measured time that at least `share` (0 to 1) of them do not exceed; nothing with
  /// fewer than `least` measured.
  std::optional<duration> quantile(double share, std::size_t least) const;

 private:
  static constexpr std::size_t most = 128;
  std::array<std::uint32_t, most> ms_{};
  std::size_t count_ = 0;  ///< ever
};

/// When a second attempt is begun beside one that has brought nothing yet: after the 95th
/// percentile of at least 20 measured times ("The Tail at Scale", Dean and Barroso, 2013).
std::optional<duration> hedge_delay(const latency_window& measured);

}  // namespace ark::policy
