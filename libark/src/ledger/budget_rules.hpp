#pragma once
#include <ark/budget.hpp>
#include <ark/ledger.hpp>

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "client/journal.hpp"

/// What budgets mean, for whatever store keeps them: no clock, no database.
namespace ark::detail {

/// errc::invalid_request, if a budget makes no sense.
result<void> check(const budget& wanted);
bool matches(const budget_scope& scope, const attempt_intent& intent);
/// Both count the same attempts, in the same windows and currency.
bool counts_the_same(const budget& one, const budget& other) noexcept;

/// Where an attempt is counted: in the row `key`; what the limit is compared with is the sum of the
/// rows [from, to]. Microseconds, UTC.
///
/// A rolling window is cut in 60 parts. An attempt in part b is let in only if all of [b-60, b+60]
/// stays below the limit with it: any stretch of the length that contains it is inside of that, so
/// no stretch passes the limit, also when clocks jump back.
struct window_rows {
  std::int64_t key = 0;
  std::int64_t from = 0;
  std::int64_t to = 0;
  friend bool operator==(const window_rows&, const window_rows&) = default;
};
window_rows window_of(const budget& b, std::int64_t begun_us) noexcept;
/// When the window with this row is over; nothing for total and rolling.
std::optional<std::int64_t> window_end(const budget& b, std::int64_t key) noexcept;
/// Of a rolling budget: when what is in this row counts no more.
std::int64_t leaves_window(const budget& b, std::int64_t key) noexcept;

/// `value` in another currency, rounded up to 1e-15.
struct converted {
  amount value;
  std::string rate;  ///< "1 CNY = 0.14 USD (2026-11-01)"; "" where nothing was converted
};
/// With the newest rate that is not dated after `at_us`, else the oldest; nothing without a rate.
/// Less than nothing is nothing.
std::optional<converted> convert(amount value, const std::string& from, const std::string& to,
                                 std::int64_t at_us, std::span<const exchange_rate> rates);

/// What an attempt has of a budget.
enum class hold_state : std::uint8_t {
  open,       ///< under way: its worst case is held
  doubt,      ///< ambiguous, or of unknown cost: the most that it may cost is held
  lost,       ///< as doubt, its process died: held until the lease is over, or longer
  freed,      ///< was lost: nothing is held any more, `held` says what was
  uncounted,  ///< no price, or no rate: nothing is held
  done,       ///< settled or void
};
std::string_view to_string(hold_state value) noexcept;
std::optional<hold_state> hold_state_named(std::string_view name) noexcept;
struct hold {
  std::int64_t line = 0;  ///< whose (see budget_book)
  std::int64_t key = 0;   ///< the window's row
  amount held{};
  amount spent{};
  std::int64_t expires_us = 0;
  hold_state state = hold_state::open;
  std::string rate{};

  /// What of `held` counts.
  amount counted() const noexcept {
    return state == hold_state::freed || state == hold_state::uncounted ? amount{} : held;
  }
};
/// What becomes of a hold when its attempt's fate is `outcome`.
hold settled(hold before, const attempt_outcome& outcome, const std::string& currency,
             std::int64_t begun_us, std::span<const exchange_rate> rates);

/// An attempt whose process died before it told the outcome.
inline constexpr std::string_view finish_lost = "lost";
/// For attempts that say none: the longest that the client ever says.
inline constexpr std::chrono::microseconds default_lease =
    std::chrono::hours(24) + std::chrono::minutes(1);

/// "2026-11-22T00:00:00Z".
std::string time_text(std::int64_t us);

}  // namespace ark::detail
