#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <utility>

#include "ledger/row.hpp"
#include "ledger/segment.hpp"
#include "ledger_pg/pg_connection.hpp"

/// The chain of a shared ledger: each session has one of its own, a segment for each transaction
/// that added rows. What a segment is, and its hash, are the file's (ledger/segment.hpp).
namespace ark::detail {

/// Stands before a session's first segment: SHA-256 of the session's number, eight bytes.
digest chain_start(std::int64_t session) noexcept;

/// What a writer keeps of its session's chain, and of the segment that its transaction makes. The
/// writer is the only one that adds to it.
class pg_chain {
 public:
  explicit pg_chain(std::int64_t session) noexcept
      : session_(session), head_{0, chain_start(session)} {}

  std::int64_t session() const noexcept { return session_; }
  /// Of what is committed.
  const segment_head& head() const noexcept { return head_; }

  /// A transaction begins, maybe once more.
  void begin();
  /// Appends the checksum to a row that has all its other columns. `key` names it until it is
  /// added.
  void seal(row& to, row_kind kind, std::uint64_t key);
  /// The two parameters that insert_sql() wants behind the rows' own.
  pg::parameters place(pg::parameters rows) const;
  /// The server has really added the row.
  void added(row_kind kind, std::uint64_t key, std::int64_t sequence);
  /// Queues the segment, to go with the COMMIT; none if there are no rows.
  void queue(pg::connection& db, std::int64_t at_us);
  /// The segment that waits for its commit. Nothing: there is none.
  std::optional<segment_head> take_made() noexcept { return std::exchange(made_, std::nullopt); }
  void committed(const segment_head& made) noexcept { head_ = made; }

 private:
  std::int64_t session_;
  segment_head head_;
  std::array<std::unordered_map<std::uint64_t, digest>, row_kinds> sealed_;
  std::array<segment_rows, row_kinds> rows_;
  row_digest making_;
  segment sent_;  ///< its hashes are sent from here
  std::optional<segment_head> made_;
};

/// Queues one segment. Its bytes, and the hash's, must live until the flush.
void queue_segment(pg::connection& db, std::int64_t session, const segment& made,
                   const digest& hash);
}  // namespace ark::detail
