#pragma once
#include <ark/ledger.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "client/journal.hpp"
#include "ledger/row.hpp"

/// Between the journal's records and rows.
namespace ark::detail {

/// An amount as two integers of the same sign: raw == micro * 1e9 + femto. Sums of either part are
/// exact in 64 bits for any ledger that fits a disk.
struct split_amount {
  std::int64_t micro = 0;
  std::int64_t femto = 0;
};
/// Nothing above 9.2e12 units of a currency: no attempt costs that.
std::optional<split_amount> split(amount value) noexcept;
amount join(std::int64_t micro, std::int64_t femto) noexcept;

std::int64_t to_us(std::chrono::system_clock::time_point at) noexcept;
std::chrono::system_clock::time_point from_us(std::int64_t us) noexcept;
/// "settled" and so on; nothing for another text.
std::optional<attempt_state> state_named(std::string_view name) noexcept;
cost_status status_named(std::string_view name) noexcept;

/// Why this intent cannot be recorded: text that is too long, a quote out of range, no id.
result<void> check(const attempt_intent& intent);
/// A copy with U+FFFD where a text is not UTF-8; nothing if it is fine as it is.
std::optional<attempt_intent> repair(const attempt_intent& intent);
/// A copy fit for the ledger if `outcome` is not: text of the vendor's that is overlong or no UTF-8
/// is repaired, absurd usage (negative, above 1e12) and its cost are not booked but told in the
/// note. Nothing if it is fine as it is.
struct repaired_outcome {
  attempt_outcome outcome;
  std::string note;
};
std::optional<repaired_outcome> repair(const attempt_outcome& outcome);

std::string insert_intent_sql();
/// Inserts take the columns of schema::chain_columns() last. Appends those of intent_columns().
/// Text stays in the record.
void fill(row& to, const attempt_intent& intent, std::int64_t session);
std::string insert_outcome_sql();
std::string insert_correction_sql();
inline constexpr int outcome_parameters_before = 1;  ///< seq
/// Appends the columns of schema::outcome_columns().
void fill(row& to, const attempt_outcome& outcome, std::string_view note);

/// SELECT list of a whole entry, from `intent i`, `outcome o` and, if `corrected`, `correction c`.
std::string entry_columns(bool corrected);
result<ledger_entry> read_entry(row_source& from);
/// Whether `read_entry` can read this text in the columns of tags and units, and of a bill's lines.
bool is_json_object(std::string_view text);
bool is_bill(std::string_view text);
/// One column of the fate: the correction's if there is one.
std::string outcome_column(std::string_view name, bool corrected);

}  // namespace ark::detail
