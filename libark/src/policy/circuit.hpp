#pragma once
#include "policy/deadline.hpp"

#include <ark/error.hpp>
#include <ark/traffic.hpp>

#include <cstdint>

namespace ark::policy {

/// What an attempt's end says of the vendor's health.
enum class health : std::uint8_t {
  good,    ///< it answers, be it that the call was wrong
  fault,   ///< its own
  unsaid,  ///< cancelled, never sent, too many requests, the caller's own total limit
};
/// `limit`: which time limit passed ("total" is the caller's), with errc::timeout.
health health_of(const error& e, std::string_view limit = {}) noexcept;

/// A circuit breaker: closed, open until a time, then half-open: one probe at a time. Pure.
class circuit {
 public:
  /// May an attempt be made now? Half-open: only while no probe runs.
  bool allows(time_point now) const noexcept;
  /// An attempt begins; if the circuit is not closed it is the probe.
  void begin(time_point now) noexcept;
  void end(const circuit_options& o, health how, time_point now) noexcept;
  bool is_open() const noexcept { return opened_ > 0; }
  /// When the next probe may begin, while it is open.
  time_point retry_at() const noexcept { return until_; }

 private:
  void remember(bool fault) noexcept;
  void open(const circuit_options& o, time_point now) noexcept;

  int in_a_row_ = 0;
  std::uint32_t last_ = 0;  ///< one bit an answer, 1: a fault
  int answers_ = 0;
  int opened_ = 0;  ///< times in a row; 0: closed
  bool probing_ = false;
  time_point until_{};
};

}  // namespace ark::policy
