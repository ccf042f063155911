#pragma once
#include <ark/ledger.hpp>
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "client/journal.hpp"

/// What one attempt adds to a report, wherever the attempt was read from.
namespace ark::detail {

/// An attempt as far as sums go. Its texts live as long as what it was made of.
struct standing {
  std::optional<attempt_state> ended{};  ///< nothing: its fate is not known yet
  cost_status status = cost_status::unknown;
  std::string_view currency{};
  amount value{}, low{}, high{};
  std::int64_t input = 0, cache_read = 0, cache_write = 0, output = 0, reasoning = 0;
  cost_status quote_status = cost_status::unknown;
  std::string_view quote_currency{};
  amount quote_high{};
};
/// The quote alone: an attempt that is open.
standing standing_of(const cost& quote) noexcept;
/// The same attempt with its fate.
standing ended(standing open, const attempt_outcome& outcome) noexcept;
standing standing_of(const ledger_entry& entry) noexcept;

/// What is not priced yet, or free, goes with the currency it would have been priced in.
std::string_view currency_of(const standing& attempt) noexcept;
/// Counts the attempt in a line.
void count(report_line& into, const standing& attempt) noexcept;

/// The fields of a line that add up, in the order of schema::rollup_columns(); an amount has two
/// columns there.
using counter_member = std::int64_t report_line::*;
using sum_member = amount report_line::*;
inline constexpr std::array<counter_member, 11> counter_members = {
    &report_line::attempts,  &report_line::settled,    &report_line::voided,
    &report_line::ambiguous, &report_line::open,       &report_line::unknown_cost,
    &report_line::input,     &report_line::cache_read, &report_line::cache_write,
    &report_line::output,    &report_line::reasoning};
inline constexpr std::array<sum_member, 3> sum_members = {&report_line::cost, &report_line::low,
                                                          &report_line::high};
void add(report_line& into, const report_line& more) noexcept;
void subtract(report_line& from, const report_line& less) noexcept;
bool same_figures(const report_line& a, const report_line& b) noexcept;

}  // namespace ark::detail
