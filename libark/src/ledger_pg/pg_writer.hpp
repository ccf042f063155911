#pragma once
#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "client/journal.hpp"
#include "ledger/process.hpp"
#include "ledger/row.hpp"
#include "ledger_pg/pg_anchor.hpp"
#include "ledger_pg/pg_batch.hpp"
#include "ledger_pg/pg_budget.hpp"
#include "ledger_pg/pg_connection.hpp"
#include "ledger_pg/pg_insert.hpp"
#include "ledger_pg/pg_segment.hpp"

namespace ark::detail {

/// How a handle of a shared ledger writes.
struct pg_writer_options {
  pg::target to;
  std::vector<exchange_rate> rates{};
  std::string anchor{};  ///< the anchor's file, if the user named one
};

/// The connection of a shared ledger that writes. One thread at a time: the committer's.
///
/// Each commit has a number, which the session's row takes in the same transaction. A commit whose
/// answer was lost with the connection is asked for by that number, so nothing is written twice,
/// and the session's chain goes on from where the ledger really is.
class pg_writer {
 public:
  /// Connects, makes or migrates the tables.
  static result<std::unique_ptr<pg_writer>> open(pg_writer_options options, pg::deadline until);
  pg_writer(const pg_writer&) = delete;
  pg_writer& operator=(const pg_writer&) = delete;

  /// Writes the records in one transaction; a lost server is looked for again until `until`. When
  /// it fails, the outcomes are kept and go first into the next commit (they are facts), and the
  /// intents are dropped (nothing was sent for them): should the server have them nevertheless,
  /// they are voided as soon as that is known.
  /// What an intent or a correction is refused for takes only itself out of the transaction.
  commit_result write(const std::vector<journal_record>& records, pg::deadline until);
  /// There is something to write though nobody asks: outcomes kept back, a commit in doubt.
  bool owes() const noexcept { return !kept_.empty() || doubt_.number != 0; }
  std::int64_t session() const noexcept { return chain_.session(); }
  /// Books what sessions that fell silent left open as lost, and frees what it held of budgets once
  /// its lease is over.
  result<void> sweep(std::chrono::milliseconds silence, pg::deadline until);
  /// Seals this session's end, so that nobody can take back what is before it, and those of this
  /// machine's sessions that died. Nothing to do if it has a seal.
  result<void> seal(pg::deadline until);
  std::vector<budget_alert> take_alerts() { return std::exchange(alerts_, {}); }

 private:
  struct in_doubt {
    std::int64_t number = 0;  ///< of the commit; 0: none
    std::vector<std::uint64_t> intents;
    std::vector<attempt_outcome> outcomes;
    std::optional<segment_head> made;  ///< its segment
  };
  /// An outcome that waits for its place in the transaction, and what the ledger says to it.
  struct given_outcome {
    const attempt_outcome* outcome = nullptr;
    std::string note{};
    std::optional<attempt_outcome> repaired{};
    const attempt_outcome& value() const { return repaired ? *repaired : *outcome; }
  };

  explicit pg_writer(pg_writer_options options);
  result<void> once(const std::vector<journal_record>& records, pg::deadline until);
  result<void> connect(pg::deadline until);
  result<bool> was_committed(std::int64_t number, pg::deadline until);
  result<void> settle_doubt(pg::deadline until);
  result<void> transaction(const std::vector<journal_record>& records, pg::deadline until);
  void gather(const std::vector<journal_record>& records, bool locked);
  void gather(const attempt_intent& intent, std::size_t at, bool locked);
  void gather(const attempt_outcome& outcome);
  /// False: it must be done once more, with the budgets' windows locked.
  result<bool> write_batches(const std::vector<journal_record>& records, bool locked,
                             pg::deadline until);
  result<std::vector<pg::rows>> write_rest(bool locked, pg::deadline until);
  bool refuse_known(pg::rows& inserted);
  result<void> book_lost(std::chrono::milliseconds silence, pg::deadline until);
  result<void> close_silent(std::chrono::milliseconds silence, pg::deadline until);
  result<void> put_lost(std::chrono::milliseconds silence, pg::deadline until);
  result<void> write_late(pg::rows& inserted, pg::deadline until);
  result<void> put_late(const given_outcome& given, pg::deadline until);
  result<void> put(const attempt_correction& correction, std::size_t at, pg::deadline until);
  result<void> put_correction(const attempt_outcome& outcome, std::string_view note,
                              std::optional<std::int64_t> sequence, std::uint64_t attempt_id,
                              std::string_view kind, pg::deadline until);
  result<void> end_transaction(pg::deadline until);
  void chain_grew(const std::optional<segment_head>& made);
  void queue_session();
  void keep(const std::vector<journal_record>& records);

  pg_writer_options options_;
  pg::connection db_;
  long process_;
  pg_chain chain_;
  std::unique_ptr<pg_anchor> anchor_;  ///< null: the user has no place for one
  bool sealed_ = true;                 ///< this session's end
  process_identity self_;
  std::int64_t number_ = 0;  ///< of the last commit
  bool asked_ = false;       ///< its COMMIT was sent and not answered
  in_doubt doubt_;           ///< an earlier commit that was given up so
  std::vector<attempt_outcome> kept_;
  /// Whether the attempts of kept_ from here on are ours to void: no orphans are made of them.
  std::vector<std::uint64_t> voids_;

  // of the running transaction
  pg::batch intents_, outcomes_, correction_;
  pg::statement session_sql_, intents_sql_, outcomes_sql_, booked_sql_, correction_sql_;
  std::unordered_map<std::uint64_t, std::size_t> begun_;    ///< intents: their place in the commit
  std::unordered_map<std::uint64_t, std::size_t> settled_;  ///< outcomes: their place in given_
  std::vector<given_outcome> given_;
  std::vector<std::size_t> again_;  ///< of given_: not the first of its attempt in this commit
  std::vector<commit_result::refusal> refused_now_;
  pg_budget_book budgets_;
  std::unordered_map<std::uint64_t, std::size_t> known_;  ///< attempts that the server has already
  /// What counts now for attempts that this transaction settled.
  std::unordered_map<std::uint64_t, const attempt_outcome*> fates_;
  std::deque<attempt_outcome> corrected_;  ///< of fates_
  std::vector<budget_alert> alerts_;
  row row_;
};

}  // namespace ark::detail
