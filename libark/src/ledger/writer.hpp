#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "client/journal.hpp"
#include "ledger/process.hpp"
#include "ledger/sqlite.hpp"

namespace ark::detail {

struct writer_options {
  std::string path;
  ark::durability durability = ark::durability::process;
  std::chrono::milliseconds busy_limit{10'000};  ///< for a lock that another process holds
};

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
  result<void> write(std::vector<journal_record>& records, spooled_batch* before = nullptr);
  /// False if an intent among them would be refused for what it says.
  static bool fits(const std::vector<journal_record>& records);
  /// Outcomes that wait for a commit that works.
  std::size_t kept() const;
  /// Nothing stands in the way of committing these later: this process's own connection, in good
  /// order, known to the file; intents that fit and are not open already.
  bool may_follow(const std::vector<journal_record>& records) const;
  std::int64_t session() const noexcept { return session_; }
  const std::string& path() const noexcept { return db_.path(); }

 private:
  explicit writer(writer_options options) : options_(std::move(options)) {}
  result<void> prepare();
  static result<void> drop_if_unfit(std::vector<journal_record>& records);
  result<void> transaction(const std::vector<journal_record>& records, const spooled_batch* before);
  result<void> write_all(const std::vector<journal_record>& records, const spooled_batch* before);
  result<std::uint64_t> taken_of(std::int64_t session);
  result<void> take(const spooled_batch& batch);
  result<void> put(const journal_record& record, std::int64_t session);
  result<void> put(const attempt_intent& intent, std::int64_t session);
  result<void> put(const attempt_outcome& outcome);
  result<void> put_late(const attempt_outcome& outcome, std::string_view note,
                        std::optional<std::int64_t> sequence);
  result<void> put_correction(const attempt_outcome& outcome, std::string_view note,
                              std::optional<std::int64_t> sequence, std::string_view kind);
  result<void> put_session(std::int64_t id, const process_identity& who);
  result<std::optional<std::int64_t>> find(std::uint64_t attempt_id);
  result<void> step(sqlite::statement& statement);
  result<void> failed();
  void settle_bookkeeping(bool committed);

  writer_options options_;
  mutable std::mutex mutex_;
  sqlite::database db_;
  sqlite::statement begin_, commit_, rollback_, intent_, outcome_, correction_, find_;
  sqlite::statement taken_, take_;
  std::int64_t session_ = 0;
  bool session_written_ = false;
  long process_ = 0;
  std::optional<error> refused_;  ///< set for good once the file is known to be damaged
  /// Attempts of this process without outcome, and their rows: saves an index on attempt_id, which
  /// is random and would dirty one more page for each attempt.
  std::unordered_map<std::uint64_t, std::int64_t> open_;
  std::vector<std::uint64_t> opened_now_, closed_now_;  ///< by the running transaction
  std::vector<attempt_outcome> kept_;
  std::string scratch_;
};

}  // namespace ark::detail
