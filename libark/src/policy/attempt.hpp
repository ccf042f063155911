#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace ark::policy {

/// Where an attempt stands, in the terms of money. The last three are ends.
enum class attempt_stage : std::uint8_t {
  planned,
  reserved,        ///< its intent is durable
  sending,         ///< handed to the transport; no byte has left
  not_sent,        ///< and none will
  maybe_accepted,  ///< the first byte may have left
  accepted,        ///< the vendor answered 2xx
  streaming,       ///< bytes of the answer came
  settled,
  void_,
  ambiguous,
};
std::string_view to_string(attempt_stage value) noexcept;

/// What happens to an attempt.
enum class attempt_event : std::uint8_t {
  recorded,     ///< the ledger has the intent (or there is no ledger)
  handed_over,  ///< to the transport
  kept_back,    ///< refused by the ledger, cancelled, or no connection: nothing left
  left,         ///< the next thing is the request's first byte
  taken,        ///< an answer that is no error has begun
  came,         ///< bytes of its body
  counted,      ///< end: the answer is whole
  refused,      ///< end: provably not billed
  lost,         ///< end: nobody knows
};

/// The stage after `what`; nothing if that cannot happen at `from`. The rules that guard money:
/// what was kept back is never ambiguous, what was accepted is never void, and an end stays. Pure.
std::optional<attempt_stage> next_stage(attempt_stage from, attempt_event what) noexcept;

constexpr bool is_end(attempt_stage s) noexcept { return s >= attempt_stage::settled; }

/// One attempt's stage. A value; pure.
class attempt_machine {
 public:
  attempt_stage stage() const noexcept { return stage_; }
  /// False, and nothing changes, if `what` cannot happen now.
  bool on(attempt_event what) noexcept {
    const auto next = next_stage(stage_, what);
    if (next) stage_ = *next;
    return next.has_value();
  }

 private:
  attempt_stage stage_ = attempt_stage::planned;
};

}  // namespace ark::policy
