#include "policy/attempt.hpp"

namespace ark::policy {

std::string_view to_string(attempt_stage value) noexcept {
  constexpr std::string_view names[] = {"planned",        "reserved", "sending",   "not_sent",
                                        "maybe_accepted", "accepted", "streaming", "settled",
                                        "void",           "ambiguous"};
  return names[static_cast<std::size_t>(value)];
}

std::optional<attempt_stage> next_stage(attempt_stage from, attempt_event what) noexcept {
  using enum attempt_stage;
  const auto if_in = [from](attempt_stage to, auto... allowed) -> std::optional<attempt_stage> {
    if (((from == allowed) || ...)) return to;
    return std::nullopt;
  };
  switch (what) {
    case attempt_event::recorded:
      return if_in(reserved, planned);
    case attempt_event::handed_over:
      return if_in(sending, reserved);
    case attempt_event::kept_back:
      return if_in(not_sent, planned, reserved, sending);
    case attempt_event::left:
      return if_in(maybe_accepted, sending);
    case attempt_event::taken:
      return if_in(accepted, maybe_accepted);
    case attempt_event::came:
      return if_in(streaming, accepted, streaming);
    case attempt_event::counted:
      return if_in(settled, accepted, streaming);
    case attempt_event::refused:
      // In maybe_accepted the vendor's answer says so, or the transport that no byte left.
      return if_in(void_, not_sent, maybe_accepted);
    case attempt_event::lost:
      return if_in(ambiguous, maybe_accepted, accepted, streaming);
  }
  return std::nullopt;
}

}  // namespace ark::policy
