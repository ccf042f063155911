#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "client/journal.hpp"
#include "ledger/anchor.hpp"
#include "ledger/budget_book.hpp"
#include "ledger/lost.hpp"
#include "ledger/process.hpp"
#include "ledger/rollup.hpp"
#include "ledger/row.hpp"
#include "ledger/segment.hpp"
#include "ledger/sqlite.hpp"
#include "os/os.hpp"

namespace ark::detail {

struct writer_options {
  std::string path;
  ark::durability durability = ark::durability::process;
  std::chrono::milliseconds busy_limit{10'000};  ///< for a lock that another process holds
  std::string anchor{};                          ///< its file; "": beside the ledger
  std::vector<exchange_rate> rates{};
  std::function<void(const budget_alert&)> on_threshold{};
  os::system* os = &os::real();  ///< for budgets and leases
};

/// Bounds one transaction of gathered records, and so how long other processes wait for the file.
inline constexpr std::size_t records_a_commit_max = 512;

/// Records that were acknowledged before they were in the ledger: what a spool holds.
struct spooled_batch {
  std::int64_t session = 0;  ///< whose spool
  std::uint64_t first = 1;   ///< the number of the first record; the next have the next numbers
  const std::vector<journal_record>* records = nullptr;
  bool taken = false;  ///< set when the ledger has them
};

/// The one connection of a ledger that writes. Thread safe: a commit at a time.
class writer {
 public:
  /// Makes or migrates the file.
  static result<std::unique_ptr<writer>> open(writer_options options);
  writer(const writer&) = delete;
  writer& operator=(const writer&) = delete;
  ~writer();

  /// Writes the records in one transaction. When it fails nothing of it is in the file; the
  /// outcomes are kept and go first into the next commit (they are facts), the intents are dropped
  /// (nothing was sent for them). `before` goes first in the same transaction, but for what the
  /// ledger has of it already; it is its owner's to try again.
  /// What an intent or a correction is refused for takes only itself out of the transaction.
  commit_result write(std::vector<journal_record>& records, spooled_batch* before = nullptr);
  /// Records that another ledger's writer acknowledged, the last of them with this number in the
  /// spool of its session. All or nothing; no budget refuses them.
  result<void> take_over(std::int64_t session, std::uint64_t last,
                         const std::vector<journal_record>& records);
  /// Outcomes that wait for a commit that works.
  std::size_t kept() const;
  /// Nothing stands in the way of committing these later: this process's own connection, in good
  /// order, known to the file; intents that fit and are not open already; no budget.
  bool may_follow(const std::vector<journal_record>& records) const;
  /// Counts what its window holds already; whatever is spooled should be in the file before.
  result<void> set_budget(const budget& wanted);
  result<void> remove_budget(std::string_view name);
  /// Attempts that nobody will tell the outcome of.
  result<lost_attempts> find_lost(lost_among which);
  /// Books them as ambiguous, but those that have an outcome by now; gives back what lost ones hold
  /// when their leases are over.
  result<void> book_lost(const lost_attempts& found);
  /// Once a second: a sweep may make room for what a budget refused.
  bool may_sweep();
  /// Calls the hook for the thresholds that commits have passed. No lock is held meanwhile.
  void tell();
  std::int64_t session() const noexcept { return session_; }
  /// Makes the roll-ups anew from the rows.
  result<void> rebuild_rollups();
  /// Takes the ledger's end for the right one, whatever the anchor says.
  result<void> accept_head();
  const std::string& path() const noexcept { return db_.path(); }

 private:
  explicit writer(writer_options options) : options_(std::move(options)) {}
  result<void> prepare();
  static int committed(void* self, sqlite3* db, const char* name, int pages);
  /// Does `body` between BEGIN IMMEDIATE and COMMIT; on an error nothing of it is in the file.
  result<void> transaction(const std::function<result<void>()>& body);
  result<void> write_all(const std::vector<journal_record>& records, const spooled_batch* before);
  result<std::uint64_t> taken_of(std::int64_t session);
  result<void> take(const spooled_batch& batch);
  /// `binding`: nothing was sent for it yet, so a budget may refuse it.
  result<void> put(const journal_record& record, std::int64_t session, bool binding);
  result<void> put(const attempt_correction& correction);
  void refuse(error why) { refused_now_.push_back({at_, std::move(why)}); }
  result<void> put(const attempt_intent& intent, std::int64_t session, bool binding);
  result<void> put(const attempt_outcome& outcome);
  result<void> put_lost(const lost_attempt& lost);
  result<void> put_mark(std::int64_t ended);
  result<void> put_late(const attempt_outcome& outcome, std::string_view note,
                        std::optional<std::int64_t> sequence);
  result<void> put_correction(const attempt_outcome& outcome, std::string_view note,
                              std::optional<std::int64_t> sequence, std::string_view kind);
  result<void> put_session(std::int64_t id, const process_identity& who);
  result<std::optional<std::int64_t>> find(std::uint64_t attempt_id);
  void fill(const attempt_outcome& outcome, std::string_view note);
  result<void> begin();
  result<void> finish();
  result<void> step(sqlite::statement& statement);
  result<void> failed();
  void forget(std::uint64_t attempt_id);
  void settle_bookkeeping(bool committed);
  void keep_outcomes(std::vector<journal_record>& records);

  writer_options options_;
  mutable std::mutex mutex_;
  sqlite::database db_;
  sqlite::statement begin_, commit_, rollback_, intent_, outcome_, correction_, find_;
  sqlite::statement taken_, take_;
  std::int64_t session_ = 0;
  bool session_written_ = false, session_written_now_ = false;
  long process_ = 0;
  std::optional<error> damaged_;  ///< set for good once the file is known to be damaged
  /// Attempts of this process without outcome, and their rows: saves an index on attempt_id, which
  /// is random and would dirty one more page for each attempt.
  std::unordered_map<std::uint64_t, std::int64_t> open_;
  std::vector<std::uint64_t> opened_now_, closed_now_;  ///< by the running transaction
  std::vector<attempt_outcome> kept_;
  budget_book budgets_;
  std::unordered_set<std::uint64_t> reserved_;  ///< of `open_`: their outcomes make room
  std::vector<budget_alert> alerts_;            ///< of what was committed, to be told
  std::chrono::steady_clock::time_point last_sweep_{};
  std::size_t at_ = 0;                               ///< the record that is being written
  std::vector<commit_result::refusal> refused_now_;  ///< by the running transaction
  row row_;
  chain chain_;
  rollup rollup_{db_};
  std::unique_ptr<anchor> anchor_;
  int log_pages_ = 0;  ///< of the log, after the last commit
  int next_checkpoint_ = 0;
};

}  // namespace ark::detail
