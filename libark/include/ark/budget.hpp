#pragma once
#include <ark/money.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ark {

/// What a budget's limit is for. Names are stable: they are in the database.
enum class budget_period : std::uint8_t {
  total,    ///< all that is recorded after it was set
  day,      ///< each day of its time zone
  month,    ///< each month of its time zone
  rolling,  ///< any stretch of time of `budget::length`
};
ARK_API std::string_view to_string(budget_period value) noexcept;

/// Which attempts a budget is for: those that have all that is given here. Empty: every attempt.
struct budget_scope {
  std::string vendor{}, model{};  ///< as asked for
  std::string tenant{}, user{}, task{}, run{};
  std::map<std::string, std::string> tags{};

  friend bool operator==(const budget_scope&, const budget_scope&) = default;
};

/// A limit for what attempts cost. Each attempt reserves its worst case before its first byte
/// leaves and is settled afterwards; it counts in the window in which it began.
struct budget {
  std::string name{};  ///< one budget has it at a time
  money limit{};
  budget_period period = budget_period::total;
  std::chrono::seconds length{0};      ///< of `rolling`: 1 second to 1,000 days
  std::chrono::minutes utc_offset{0};  ///< where days and months begin: 480 in China
  budget_scope scope{};
  /// Refuses (errc::budget) what might pass the limit. A soft one only counts and tells.
  bool hard = true;
  /// A hard budget refuses attempts whose cost is not known before they are made; with this it lets
  /// them pass, and they count once they are priced.
  bool allow_unpriced = false;
  /// What an attempt of a process that died had reserved is given back when its lease is over. With
  /// this it is held until the attempt is resolved.
  bool hold_lost = false;
  /// Percents of the limit: when so much is spent, `ledger_options::on_threshold` is told, once for
  /// each window. 1 to 1000.
  std::vector<int> thresholds{};

  friend bool operator==(const budget&, const budget&) = default;
};

/// Where a budget stands in its window of now.
struct budget_status {
  ark::budget budget{};
  std::optional<std::chrono::system_clock::time_point> begins{};  ///< the window; not of `total`
  std::optional<std::chrono::system_clock::time_point> ends{};    ///< nor of `rolling`
  amount spent{};
  amount reserved{};  ///< by attempts that are under way or in doubt
  amount left{};      ///< limit - spent - reserved; negative when it is passed
  amount in_doubt{};  ///< the part of `reserved` whose attempts are ambiguous
  amount given_up{};  ///< was reserved by lost attempts, may have been billed, is not held any more
  std::int64_t uncounted = 0;  ///< attempts without a price, or in a currency without a rate
};

/// One step in the life of a budget.
struct budget_version {
  std::chrono::system_clock::time_point at{};
  bool removed = false;
  ark::budget budget{};
};
/// What one window of a budget came to.
struct budget_window {
  std::optional<std::chrono::system_clock::time_point> begins{}, ends{};
  amount spent{}, reserved{};
};
/// A threshold that was passed.
struct budget_alert {
  std::string budget{};
  int percent = 0;
  amount spent{};
  money limit{};
  std::optional<std::chrono::system_clock::time_point> begins{}, ends{};  ///< the window
  std::chrono::system_clock::time_point at{};
};
/// All that is known of a name, the oldest first.
struct budget_history {
  std::vector<budget_version> versions{};
  std::vector<budget_window> windows{};  ///< not of rolling budgets, which have none
  std::vector<budget_alert> alerts{};
};

}  // namespace ark
