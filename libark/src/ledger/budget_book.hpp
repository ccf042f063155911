#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/journal.hpp"
#include "ledger/budget_rules.hpp"
#include "ledger/sqlite.hpp"
#include "os/os.hpp"

namespace ark::detail {

/// One version of a budget, as it is in the file.
struct kept_budget {
  std::int64_t id = 0;
  /// The versions that count the same share a line: the id of the first of them. Windows and
  /// reservations are a line's.
  std::int64_t line = 0;
  std::int64_t since_seq = 0;  ///< `total` counts entries behind it
  std::int64_t set_us = 0;
  bool removed = false;
  budget what;
};
/// Every version that the file has, the oldest first.
result<std::vector<kept_budget>> read_budgets(sqlite::database& db);
/// The last of each name, but what was removed.
std::vector<kept_budget> in_force(const std::vector<kept_budget>& all);

struct window_sums {
  amount spent, reserved;
};
/// What an attempt is to have of budgets, before it has a number.
struct reservation_plan {
  std::vector<hold> holds;
  std::optional<error> refused;
};

/// The budgets of a ledger file, for its writer. What writes, and `plan`, is called inside of its
/// transaction, so that what is read is still so when it is written. Not thread safe.
class budget_book {
 public:
  budget_book() = default;
  budget_book(std::vector<exchange_rate> rates, os::system& os)
      : rates_(std::move(rates)), os_(&os) {}
  result<void> prepare(sqlite::database& db);

  /// What was changed since, by anybody.
  result<void> refresh();
  /// Some budget, as far as is known without asking the file.
  bool concerns(const attempt_intent& intent) const;

  /// What this attempt is to hold; refused if a hard budget has no room for it. Not `binding`: it
  /// was begun already, and is counted in any case.
  result<reservation_plan> plan(const attempt_intent& intent, bool binding);
  result<void> reserve(std::int64_t sequence, const reservation_plan& plan);
  /// The attempt's fate is known, or known better.
  result<void> settle(std::int64_t sequence, const attempt_outcome& outcome);
  /// Gives back what lost attempts hold, as far as their leases are over and their budgets say so.
  result<void> release_expired();
  result<bool> has_expired();

  result<void> set(const budget& wanted);
  /// In a file that has entries and budgets, and nothing yet of what these count. What was passed
  /// before is not told again.
  result<void> count_all();
  /// errc::not_found.
  result<void> remove(std::string_view name);

  /// Thresholds that the transaction passed; to be told once it is committed.
  std::vector<budget_alert> take_alerts() { return std::exchange(alerts_, {}); }

  /// Reads the budgets anew before they are used again.
  void forget() noexcept { loaded_ = -1; }

 private:
  using statement = sqlite::statement;
  struct numbered_hold {
    std::int64_t sequence = 0;
    hold what;
  };
  result<void> load();
  result<void> run(statement& s);
  result<window_sums> sums(std::int64_t line, std::int64_t from, std::int64_t to);
  /// Why not, as a sentence; "" if it fits.
  result<std::string> refusal(const kept_budget& b, const attempt_intent& intent,
                              const std::optional<converted>& most, window_rows window);
  result<std::string> no_room(const kept_budget& b, amount most, const window_sums& has,
                              window_rows window);
  result<std::optional<std::int64_t>> oldest_charge(std::int64_t line, window_rows window);
  /// Replaces a hold by another, in its row and in the window's sums.
  result<void> change(std::int64_t sequence, const hold& before, const hold& after);
  result<void> add(std::int64_t line, std::int64_t key, amount spent, amount reserved);
  result<std::vector<numbered_hold>> read_holds(statement& query);
  result<void> tell(const kept_budget& b, std::int64_t key);
  result<void> insert(const kept_budget& version);
  result<void> count_anew(const kept_budget& version);
  result<void> count(const kept_budget& version, const ledger_entry& entry, std::int64_t lease_us);

  std::vector<exchange_rate> rates_;
  os::system* os_ = &os::real();
  sqlite::database* db_ = nullptr;
  statement revision_, sums_, window_, put_window_, holds_, put_hold_, expired_, told_, put_told_,
      oldest_, begun_;
  std::int64_t loaded_ = -1;  ///< the newest version when the lists were read
  std::vector<kept_budget> active_;
  std::map<std::int64_t, kept_budget> lines_;  ///< the last version of each line
  std::vector<budget_alert> alerts_;
};

/// The budgets in force at `now`, read in the caller's snapshot.
result<std::vector<budget_status>> read_budget_status(sqlite::database& db,
                                                      std::chrono::system_clock::time_point now);
result<budget_history> read_budget_history(sqlite::database& db, std::string_view name);

/// The window of this row, for people.
struct window_times {
  std::optional<std::chrono::system_clock::time_point> begins, ends;
};
window_times times_of(const budget& b, std::int64_t key);

}  // namespace ark::detail
