#pragma once
#include <ark/ledger.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "client/journal.hpp"

/// What another outcome makes of an attempt that has one: the same for every store.
namespace ark::detail {

/// The kind of correction that `given` is; "" when it says the same again.
std::string_view kind_of_late(const ledger_entry& booked, const attempt_outcome& given);

/// What is to be written for a correction, and the note with it. Nothing: it changes nothing.
struct corrected_outcome {
  attempt_outcome outcome;
  std::string note;
};
std::optional<corrected_outcome> apply(ledger_entry&& booked, const attempt_correction& correction);
/// The entry is not there, or has no outcome yet.
error cannot_correct(std::int64_t sequence);

}  // namespace ark::detail
