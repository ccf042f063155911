#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "ledger/figures.hpp"
#include "ledger/findings.hpp"
#include "ledger/rollup.hpp"
#include "ledger/row_stream.hpp"
#include "ledger/sqlite.hpp"

/// Roll-ups made again from rows that pass by.
namespace ark::detail {

/// Where the columns that sums need are, in rows that have a fate's columns from `first` on.
class fate_columns {
 public:
  explicit fate_columns(int first);
  /// Nothing if the row has a state that no library wrote.
  std::optional<standing> read(sqlite::statement& row, standing open) const;

 private:
  amount end_at(sqlite::statement& row, int at) const;
  int state_, status_, currency_, value_, low_, high_, input_;
};

/// Counts attempts; one thread's.
class recount {
 public:
  explicit recount(sqlite::database& db) : keys_(db, false) {}
  /// `intent`: of row_stream's columns. `fate`: a row with a fate from `columns` on; null if open.
  result<void> add(sqlite::statement& intent, sqlite::statement* fate, const fate_columns* columns);
  rollup_lines& lines() noexcept { return lines_; }
  void take(rollup_lines&& from_another);

 private:
  using totals = std::vector<report_line*>;
  result<totals*> totals_of(sqlite::statement& intent, std::string_view currency);

  rollup_keys keys_;
  rollup_lines lines_;
  /// By all the texts that a place is made of: no JSON is read twice.
  std::string asked_;
  std::unordered_map<std::string, totals> known_;
};

/// Tells the sums of the table that are not those of `lines`. Gives how many it looked at.
result<std::int64_t> compare_rollups(sqlite::database& db, rollup_lines&& lines, findings& found);

}  // namespace ark::detail
