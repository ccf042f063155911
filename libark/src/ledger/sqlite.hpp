#pragma once
#include <sqlite3.h>

#include <ark/result.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "ledger/row.hpp"

/// A thin owner of SQLite's handles: no SQL of its own, bound parameters only.
namespace ark::sqlite {

/// One prepared statement. Not thread safe. Text that is bound must live until `reset`.
class statement final : public detail::row_source {
 public:
  statement() = default;
  explicit statement(sqlite3_stmt* handle) noexcept : handle_(handle) {}

  explicit operator bool() const noexcept { return handle_ != nullptr; }
  void bind(int at, std::int64_t value) noexcept { sqlite3_bind_int64(handle_.get(), at, value); }
  void bind(int at, std::string_view text) noexcept {
    // A null pointer would be NULL, which is not the empty text.
    sqlite3_bind_text64(handle_.get(), at, text.data() != nullptr ? text.data() : "", text.size(),
                        SQLITE_STATIC, SQLITE_UTF8);
  }
  void bind_bytes(int at, std::string_view bytes) noexcept {
    sqlite3_bind_blob64(handle_.get(), at, bytes.data(), bytes.size(), SQLITE_STATIC);
  }
  /// SQLITE_ROW, SQLITE_DONE or an error code.
  int step() noexcept { return sqlite3_step(handle_.get()); }
  /// Ready for the next use: nothing bound, no lock held.
  void reset() noexcept {
    sqlite3_reset(handle_.get());
    sqlite3_clear_bindings(handle_.get());
  }
  /// Binds the cells to the parameters from `first` on.
  void bind(int first, std::span<const detail::cell> cells) noexcept;
  bool is_null(int column) noexcept override {
    return sqlite3_column_type(handle_.get(), column) == SQLITE_NULL;
  }
  std::int64_t integer(int column) noexcept override {
    return sqlite3_column_int64(handle_.get(), column);
  }
  /// Valid until the next step.
  std::string_view text(int column) noexcept override;
  /// Of a BLOB or a text, as they lie in the file. Valid until the next step.
  std::string_view bytes(int column) noexcept;
  /// The value for sqlite3_value_type() and its like: quicker than asking for the column twice.
  /// Valid until the next step.
  sqlite3_value* value(int column) noexcept { return sqlite3_column_value(handle_.get(), column); }

 private:
  struct finalize {
    void operator()(sqlite3_stmt* s) const noexcept { sqlite3_finalize(s); }
  };
  std::unique_ptr<sqlite3_stmt, finalize> handle_;
};

/// One connection. Not thread safe.
class database {
 public:
  database() = default;
  /// `flags`: SQLITE_OPEN_*. A lock held by another process is waited for at most `busy_limit`,
  /// with short jittered sleeps: SQLite's own handler sleeps up to 100 ms and starves writers.
  static result<database> open(const std::string& path, int flags,
                               std::chrono::milliseconds busy_limit);

  explicit operator bool() const noexcept { return handle_ != nullptr; }
  sqlite3* raw() const noexcept { return handle_.get(); }
  const std::string& path() const noexcept { return path_; }
  /// Runs statements that give no rows.
  result<void> run(const char* sql);
  /// Runs a query of one integer; 0 when it has no row.
  result<std::int64_t> integer(const char* sql);
  /// `keep`: it will be used many times.
  result<statement> prepare(std::string_view sql, bool keep = false);
  /// What the last failing call of this connection means and what to do about it.
  error last_error(std::string_view doing) const;
  /// SQLite's extended code of the last failing call.
  int last_code() const noexcept { return sqlite3_extended_errcode(handle_.get()); }

 private:
  struct close {
    void operator()(sqlite3* db) const noexcept { sqlite3_close_v2(db); }
  };
  struct patience;
  /// Before the handle, so that it outlives it: SQLite keeps its address.
  std::unique_ptr<patience, void (*)(patience*)> patience_{nullptr, nullptr};
  std::unique_ptr<sqlite3, close> handle_;
  std::string path_;
};

/// A sentence for an SQLite code about the file `path`; errc::ledger, or errc::not_found.
error describe(int extended_code, const std::string& path, std::string_view doing,
               std::string_view detail);
/// The file's pages are damaged, or are no database: nothing may be appended.
bool is_damage(int extended_code) noexcept;

}  // namespace ark::sqlite
