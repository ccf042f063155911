#pragma once
#include <ark/ledger.hpp>
#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ledger/damaged_rows.hpp"
#include "ledger/findings.hpp"
#include "ledger/sqlite.hpp"

/// The writing side of a salvage: rows as they are found, then what they need to be a ledger.
namespace ark::detail {

class salvage_copy {
 public:
  /// `db`: a new ledger, in a transaction of the caller's.
  salvage_copy(sqlite::database& db, std::int64_t now_us, ledger_salvage& told, findings& found)
      : db_(db), now_us_(now_us), told_(told), found_(found) {}
  result<void> prepare();
  /// Takes rows from `damaged_rows::find`.
  row_taker taker();

  /// Behind the last row. Outcomes without intent become orphans; attempts in these ranges without
  /// an outcome are in doubt; what does not fit its check is marked.
  result<void> keep_orphans();
  result<void> book_lost_outcomes(const std::vector<number_range>& gaps);
  result<void> mark_changed();
  /// Drops what was kept for the time being.
  result<void> finish();

  /// The highest number that anything names.
  result<std::int64_t> last_number(row_kind kind);

 private:
  result<void> add(const placed_row& placed);
  result<void> add(const found_segment& segment);
  result<void> add_other(sqlite::statement& insert, std::int64_t key,
                         const std::vector<cell>& columns, std::int64_t& count);
  /// False: another row with this number is better.
  result<bool> make_room(const placed_row& placed, std::int64_t quality);
  result<void> put(row_kind kind, std::int64_t sequence, const std::vector<cell>& columns);
  result<void> put_correction(std::optional<std::int64_t> of, std::int64_t attempt_id,
                              std::string_view kind, std::span<const cell> fate);
  result<void> free_numbers();
  result<void> name_sessions();
  result<void> mark(row_kind kind, std::int64_t sequence);
  result<void> doubt(std::int64_t sequence, std::string_view note);
  result<void> tell_mark(std::int64_t sequence, const std::string& note);
  result<void> step(sqlite::statement& statement);
  void tell_misplaced(const placed_row& placed);

  sqlite::database& db_;
  std::int64_t now_us_;
  ledger_salvage& told_;
  findings& found_;
  std::array<sqlite::statement, row_kinds> insert_, remove_;
  sqlite::statement known_, keep_, segment_, session_, budget_, entry_, attempt_;
  std::int64_t next_correction_ = 0;
};

/// Compares what was found with the segments that were: rows of each, their hashes, the chain. True
/// if there is every segment, so that their counts tell how many rows there were.
result<bool> check_salvaged_chain(sqlite::database& db, ledger_salvage& told, findings& found);

}  // namespace ark::detail
