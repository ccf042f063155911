#pragma once
#include <ark/budget.hpp>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "client/journal.hpp"
#include "ledger/budget_rules.hpp"
#include "ledger_pg/pg_batch.hpp"
#include "ledger_pg/pg_connection.hpp"

namespace ark::detail {

/// One version of a budget, as it is in the server (as kept_budget of the file's).
struct pg_kept_budget {
  std::int64_t id = 0;
  std::int64_t line = 0;  ///< the versions that count the same share a line
  std::int64_t since_seq = 0;
  std::int64_t set_us = 0;
  bool removed = false;
  budget what;
};
/// Every version, the oldest first.
result<std::vector<pg_kept_budget>> pg_read_budgets(pg::connection& db, pg::deadline until);
/// The last of each name, but what was removed.
std::vector<pg_kept_budget> pg_in_force(const std::vector<pg_kept_budget>& all);

/// A budget's window is counted in so many rows, and a session works on one of them: a single row
/// is locked from its change to the commit, which several hundred commits a second use up.
inline constexpr int pg_shards = 8;

/// The budgets of a shared ledger, for its writer. An attempt that begins is counted in the
/// session's own shard, as long as that has room: its quota is a part of what the window has left.
/// When it is short, the window's shards are locked together, the attempts are let in one by one
/// against their sum, and what is left then is dealt out anew. Not thread safe.
class pg_budget_book {
 public:
  pg_budget_book(std::vector<exchange_rate> rates, std::int64_t session)
      : rates_(std::move(rates)), shard_(session % pg_shards) {}

  bool is_current(std::int64_t newest) const noexcept { return newest == loaded_; }
  result<void> load(pg::connection& db, pg::deadline until);
  bool any() const noexcept { return !lines_.empty(); }
  /// The last commit found a window that is nearly used up: it is not worth trying without locks.
  bool is_tight() const noexcept { return tight_; }

  /// Forgets what was planned.
  void clear();
  /// What this attempt, the record `at` of the commit, is to hold of budgets.
  void plan(const attempt_intent& intent, std::size_t at);
  /// Locks the windows of what was planned, and reads what they have.
  result<void> lock(pg::connection& db, pg::deadline until);
  /// Why the attempt is refused; nothing: it is counted in. Not `locked`: room is asked for later.
  std::optional<error> admit(const attempt_intent& intent, std::size_t at, bool locked);
  /// Queues the reservations of all that was admitted, and the shards' new sums.
  void queue_reserve(pg::connection& db, bool locked);
  /// How many statements that were, and whether the first of their answers says that the shard was
  /// short.
  int queued() const noexcept { return queued_; }
  bool was_short(const pg::rows& answer) const noexcept;

  /// The fates of attempts are known, or known better: queues the changes of what they hold.
  result<void> settle(pg::connection& db,
                      const std::unordered_map<std::uint64_t, const attempt_outcome*>& fates,
                      pg::deadline until);
  /// Gives back what lost attempts hold whose leases are over, as far as their budgets say so.
  result<void> release_expired(pg::connection& db, pg::deadline until);
  /// Thresholds that the transaction passed; to be told once it is committed.
  std::vector<budget_alert> take_alerts() { return std::exchange(alerts_, {}); }

 private:
  using window = std::pair<std::int64_t, std::int64_t>;  ///< line, start_us
  struct counters {
    amount::rep spent = 0, reserved = 0;
  };
  struct planned {
    std::vector<hold> holds;
    std::int64_t lease_us = 0;
    std::optional<error> refused;
  };
  const pg_kept_budget* budget_of(std::int64_t line) const;
  std::optional<error> no_room(const pg_kept_budget& b, const hold& wanted) const;
  void queue_shards(pg::connection& db, bool locked);
  void deal_out(const window& w, pg::batch& rows);
  result<void> tell(pg::connection& db, const std::map<window, bool>& grown, pg::deadline until);

  std::vector<exchange_rate> rates_;
  std::int64_t shard_;
  std::int64_t loaded_ = 0;
  std::vector<pg_kept_budget> active_;
  std::map<std::int64_t, pg_kept_budget> lines_;  ///< the last version of each line
  bool tight_ = false;
  // of the running transaction
  std::map<std::size_t, planned> plans_;
  std::vector<std::pair<std::uint64_t, std::size_t>> admitted_;
  std::map<window, amount::rep> demand_;
  std::map<window, std::map<int, counters>> shards_;  ///< as they were read under the locks
  int queued_ = 0;
  std::vector<budget_alert> alerts_;
};

/// For a handle's own connection; each is one transaction.
result<void> pg_set_budget(pg::connection& db, const budget& wanted,
                           const std::vector<exchange_rate>& rates, pg::deadline until);
result<void> pg_remove_budget(pg::connection& db, std::string_view name, pg::deadline until);
result<std::vector<budget_status>> pg_budget_status(pg::connection& db, pg::deadline until);
result<budget_history> pg_budget_history(pg::connection& db, std::string_view name,
                                         pg::deadline until);

/// The window of this row, for people.
struct pg_window_times {
  std::optional<std::chrono::system_clock::time_point> begins, ends;
};
pg_window_times pg_times_of(const budget& b, std::int64_t key);
amount pg_amount(std::string_view numeric);
/// Whoever changes budgets holds it alone, whoever commits attempts holds it with others.
inline constexpr const char* pg_budgets_exclusive = "SELECT pg_advisory_xact_lock(1095912268, 2)";
inline constexpr const char* pg_budgets_shared =
    "SELECT pg_advisory_xact_lock_shared(1095912268, 2)";

}  // namespace ark::detail
