#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "client/journal.hpp"
#include "ledger/figures.hpp"
#include "ledger/rollup_keys.hpp"
#include "ledger/sqlite.hpp"

/// The sums by day: kept in the transaction that changes what they are of.
namespace ark::detail {

/// Day, dimension, key.
using rollup_place = std::tuple<std::int64_t, std::int64_t, std::int64_t>;
using rollup_lines = std::map<rollup_place, report_line>;

/// Gathers what a transaction changes and writes each sum once. A writer's.
class rollup {
 public:
  explicit rollup(sqlite::database& db) : db_(db), keys_(db, true) {}
  rollup(const rollup&) = delete;
  rollup& operator=(const rollup&) = delete;
  result<void> prepare();

  /// An attempt was recorded, as it is in the file.
  result<void> begun(const attempt_intent& intent);
  /// Its first outcome, as it is in the file.
  result<void> ended(std::int64_t sequence, const attempt_outcome& outcome);
  /// Another outcome counts from now on.
  result<void> corrected(const ledger_entry& was, const attempt_outcome& now);
  /// Any attempt that a row of the ledger tells of, for making roll-ups anew.
  result<void> counted(const rollup_shape& shape, std::int64_t day, const standing& attempt);
  /// At the end of the transaction.
  result<void> write();
  void settle(bool committed);
  /// An attempt of another process, which will tell the outcome.
  void forget(std::uint64_t attempt_id) { open_.erase(attempt_id); }

 private:
  struct known {
    rollup_shape shape;
    std::int64_t day = 0;
    cost quote;
  };
  result<void> change(const known& of, const standing& attempt, bool more);
  result<known> read(std::int64_t sequence);
  result<void> write(const rollup_place& place, const report_line& line);

  sqlite::database& db_;
  sqlite::statement upsert_;
  rollup_keys keys_;
  rollup_lines changes_;
  std::unordered_map<std::uint64_t, known> open_;
  std::vector<std::uint64_t> opened_now_, closed_now_;
};

/// Throws away all sums and makes them anew from the rows, in the transaction that runs.
result<void> rebuild_rollups(sqlite::database& db);

}  // namespace ark::detail
