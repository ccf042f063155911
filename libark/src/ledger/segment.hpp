#pragma once
#include <ark/result.hpp>
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "ledger/digest.hpp"
#include "ledger/row.hpp"
#include "ledger/sqlite.hpp"

/// The chain: a segment for each transaction, over the rows that it added and the segment before.
namespace ark::detail {

/// The tables whose rows are in the chain.
enum class row_kind : std::uint8_t { intent, outcome, correction };
inline constexpr std::size_t row_kinds = 3;
std::string_view table_of(row_kind kind) noexcept;
/// Rows from before the chain have no segment: the step that made it chained them as they lay, so
/// many sequence numbers to a segment, the first of them being 1.
inline constexpr std::int64_t backfill_rows = 1024;
std::int64_t backfill_segment(std::int64_t sequence) noexcept;

/// The rows of one kind in one segment, in any order. Its digest is over them in order of sequence.
class segment_rows {
 public:
  void add(std::int64_t sequence, const digest& row) { rows_.push_back({sequence, row}); }
  void add(segment_rows&& more);
  std::int64_t count() const noexcept { return static_cast<std::int64_t>(rows_.size()); }
  std::int64_t first() const noexcept;
  std::int64_t last() const noexcept;
  digest finish();
  void clear() noexcept { rows_.clear(); }

 private:
  struct sequenced {
    std::int64_t sequence;
    digest row;
  };
  std::vector<sequenced> rows_;
};

struct segment_head {
  std::int64_t id = 0;  ///< 0: there is none yet
  digest hash{};        ///< zeros before the first
  bool operator==(const segment_head&) const = default;
};

/// One row of the table.
struct segment {
  std::int64_t id = 0;
  std::int64_t at_us = 0;
  std::array<std::int64_t, row_kinds> counts{};
  std::array<std::optional<digest>, row_kinds> rows{};  ///< nothing where the count is 0
};
/// SHA-256 over the hash before and all that the segment says.
digest hash_of(const segment& of, const digest& before) noexcept;

/// The last segment of a file; id 0 when there is none.
result<segment_head> read_head(sqlite::database& db);
/// The hash of one segment; nothing if the file does not have it.
result<std::optional<digest>> read_hash(sqlite::database& db, std::int64_t id);
inline constexpr std::string_view insert_segment_sql =
    "INSERT INTO segment(id,at_us,intents,outcomes,corrections,intents_hash,outcomes_hash,"
    "corrections_hash,hash) VALUES(?,?,?,?,?,?,?,?,?)";
/// Binds, steps and resets that statement.
result<void> insert_segment(sqlite::database& db, sqlite::statement& insert, const segment& made,
                            const digest& hash);

/// What a writer keeps of the segment that its transaction makes.
class chain {
 public:
  result<void> prepare(sqlite::database& db);
  /// At the begin of a transaction.
  result<void> begin();
  /// Appends the row's two columns of the chain. The row has all its others.
  void seal(row& to);
  /// The row that was sealed last is in the file.
  void added(row_kind kind, std::int64_t sequence);
  /// At the end of a transaction; without rows there is no segment.
  result<void> finish(std::int64_t at_us);
  /// The transaction's own segment, once it is committed.
  const std::optional<segment_head>& made() const noexcept { return made_; }

 private:
  sqlite::database* db_ = nullptr;
  sqlite::statement last_, insert_;
  segment_head before_;
  std::array<segment_rows, row_kinds> rows_;
  row_digest making_;
  digest sealed_{};
  std::optional<segment_head> made_;
};

}  // namespace ark::detail
