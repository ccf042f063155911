#pragma once
#include <ark/result.hpp>
#include <ark/secret.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "ledger/row.hpp"
#include "ledger_pg/pg_library.hpp"
#include "ledger_pg/pg_parameters.hpp"

/// A thin owner of libpq's handles: no SQL of its own but a connection's settings; every wait ends.
namespace ark::pg {

using deadline = std::chrono::steady_clock::time_point;

/// Where the server is. The text is a URL ("postgresql://...") or libpq's "key=value" pairs.
struct target {
  std::string text;
  ark::secret password{};  ///< instead of PGPASSWORD, ~/.pgpass or a service file
  bool write = true;       ///< false: any server of the list will do, a standby too
};
/// An error (errc::config) if the text cannot be read, or has a password in it: a ledger's name is
/// printed, and is in the process list when it is given to a command.
result<void> check(const target& to);
/// What tells one ledger from another: the server as it was named, and the database.
struct address {
  std::string where, database;
};
address address_of(const target& to);

/// The rows that one statement gave; columns as text.
class rows final : public detail::row_source {
 public:
  rows() = default;
  rows(const library& pq, PGresult* handle) : pq_(&pq), handle_(handle, {&pq}) {}
  /// Goes to the next row, at first to the first one.
  bool next() noexcept { return ++at_ < count(); }
  int count() const noexcept { return handle_ ? pq_->PQntuples(handle_.get()) : 0; }
  /// How many rows the statement inserted, changed or removed.
  std::int64_t changed() const noexcept;
  bool is_null(int column) noexcept override;
  std::int64_t integer(int column) noexcept override;
  std::string_view text(int column) noexcept override;

 private:
  struct clear {
    const library* pq = nullptr;
    void operator()(PGresult* r) const noexcept { pq->PQclear(r); }
  };
  const library* pq_ = nullptr;
  std::unique_ptr<PGresult, clear> handle_{nullptr, {}};
  int at_ = -1;
};

/// A statement that is sent often: the server parses and plans it once for each connection.
struct statement {
  const char* name;
  std::string sql;
};

/// One connection. Not thread safe.
class connection {
 public:
  connection() = default;
  connection(connection&&) noexcept = default;
  connection& operator=(connection&&) noexcept = default;
  /// Connects and makes the session's settings. Fails at `until` at the latest (but for the
  /// resolution of a name, which the system bounds).
  static result<connection> open(const target& to, deadline until);

  explicit operator bool() const noexcept { return handle_ != nullptr; }
  /// Puts a statement into the next flush. The parameters' bytes must live until then.
  void queue(const statement& what, parameters with = {});
  /// `owner`: kept until then, if the parameters' bytes are its.
  void queue(std::string_view sql, parameters with = {}, std::shared_ptr<void> owner = {});
  /// Sends what was queued in one go; one `rows` for each. The first error is the answer, and
  /// nothing behind it was done. When time runs out the connection is closed: what was sent may
  /// still happen.
  result<std::vector<rows>> flush(deadline until);
  /// One statement more, and its answer.
  result<rows> ask(std::string_view sql, parameters with, deadline until);
  /// Several statements separated by semicolons, without parameters.
  result<void> script(const std::string& sql, deadline until);

  /// Ends a transaction that failed, so that the connection can be used again.
  result<void> recover(deadline until);

  /// After an error: nothing more can be done with this connection.
  bool lost() const noexcept;
  /// After an error: the same again may work (a deadlock, a server that restarts or that only
  /// reads).
  bool may_repeat() const noexcept { return may_repeat_; }
  void close() noexcept { handle_.reset(); }
  /// "database at host" for sentences; never a secret.
  const std::string& name() const noexcept { return name_; }
  int server_version() const noexcept { return pq_->PQserverVersion(handle_.get()); }

 private:
  struct finish {
    const library* pq = nullptr;
    void operator()(PGconn* c) const noexcept { pq->PQfinish(c); }
  };
  struct queued {
    std::string prepared;  ///< the statement's name, "" for one that is sent once
    std::string sql;
    parameters with;
    std::shared_ptr<void> owner{};
  };
  result<void> connect(const target& to, deadline until);
  result<void> settle(const target& to, deadline until);
  result<void> send(deadline until);
  bool send_one(const queued& q, std::vector<bool>& is_answer);
  result<std::vector<rows>> receive(const std::vector<bool>& is_answer, deadline until);
  result<void> wait(short events, deadline until);
  result<PGresult*> next_result(deadline until);
  error failed(const PGresult* why);
  error lost_error();
  error late();

  const library* pq_ = nullptr;
  std::unique_ptr<PGconn, finish> handle_{nullptr, {}};
  std::string name_;
  std::vector<queued> queue_;
  std::unordered_set<std::string> prepared_;
  bool may_repeat_ = false;
};

/// What an SQLSTATE means for who uses the ledger: "" if the server's own words must do.
std::string_view advice(std::string_view sqlstate) noexcept;

}  // namespace ark::pg
