#include "ledger/sqlite.hpp"

#include <algorithm>
#include <thread>

#include "os/os.hpp"

namespace ark::sqlite {

/// The state of one connection's busy handler.
struct database::patience {
  std::chrono::steady_clock::time_point begun{};
  std::chrono::milliseconds limit{};
  std::uint64_t noise = 1;

  static int wait(void* self, int earlier_calls) {
    auto& p = *static_cast<patience*>(self);
    const auto now = os::real().steady_now();
    if (earlier_calls == 0) p.begun = now;
    if (now - p.begun >= p.limit) return 0;
    // xorshift64: spreads the waiters, nothing more.
    p.noise ^= p.noise << 13;
    p.noise ^= p.noise >> 7;
    p.noise ^= p.noise << 17;
    const std::uint64_t ceiling = 50u << std::min(earlier_calls, 3);
    std::this_thread::sleep_for(std::chrono::microseconds(20 + p.noise % ceiling));
    return 1;
  }
};

void statement::bind(int first, std::span<const detail::cell> cells) noexcept {
  for (const detail::cell& c : cells) {
    if (c.kind == detail::cell::type::integer) bind(first, c.number);
    if (c.kind == detail::cell::type::text) bind(first, c.text);
    ++first;
  }
}

std::string_view statement::text(int column) noexcept {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(handle_.get(), column));
  if (bytes == nullptr) return {};
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column))};
}

std::string_view statement::bytes(int column) noexcept {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(handle_.get(), column));
  if (bytes == nullptr) return {};
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column))};
}

result<database> database::open(const std::string& path, int flags,
                                std::chrono::milliseconds busy_limit) {
  database db;
  db.path_ = path;
  db.patience_ = {new patience{.limit = busy_limit, .noise = os::real().random_u64() | 1},
                  [](patience* p) { delete p; }};
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &handle,
                                   flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  db.handle_.reset(handle);
  if (code != SQLITE_OK)
    return describe(code, path, "open", handle != nullptr ? sqlite3_errmsg(handle) : "");
  sqlite3_busy_handler(handle, &patience::wait, db.patience_.get());
  return db;
}

result<void> database::run(const char* sql) {
  if (sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK)
    return last_error("use");
  return {};
}

result<statement> database::prepare(std::string_view sql, bool keep) {
  sqlite3_stmt* handle = nullptr;
  if (sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()),
                         keep ? SQLITE_PREPARE_PERSISTENT : 0, &handle, nullptr) != SQLITE_OK)
    return last_error("read");
  return statement(handle);
}

result<std::int64_t> database::integer(const char* sql) {
  auto query = prepare(sql);
  if (!query) return query.error();
  const int code = query->step();
  if (code == SQLITE_ROW) return query->integer(0);
  if (code == SQLITE_DONE) return std::int64_t{0};
  return last_error("read");
}

error database::last_error(std::string_view doing) const {
  return describe(last_code(), path_, doing, sqlite3_errmsg(handle_.get()));
}

bool is_damage(int extended_code) noexcept {
  const int code = extended_code & 0xff;
  return code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
}

namespace {

std::string_view advice(int code) {
  switch (code) {
    case SQLITE_FULL:
      return "the disk is full: free some space; what was not recorded is kept for the next commit";
    case SQLITE_IOERR:
      return "reading or writing failed (disk full, quota, or a failing disk): look at the "
             "system's "
             "log; what was not recorded is kept for the next commit";
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return "the file or its folder may not be written: change its mode, or name another ledger";
    case SQLITE_CANTOPEN:
      return "the file or its folder cannot be opened: check that the folder exists and is yours";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "other processes kept it locked for too long: try again, or use a ledger for each";
    case SQLITE_CORRUPT:
      return "the file is damaged, nothing more is recorded in it: save what can be read with `ark "
             "ledger salvage --to NEWFILE`";
    case SQLITE_NOTADB:
      return "the file is not a ledger: name another file; if it was one, its head is damaged: "
             "save what can be read with `ark ledger salvage --to NEWFILE`";
    default:
      return "";
  }
}

}  // namespace

error describe(int extended_code, const std::string& path, std::string_view doing,
               std::string_view detail) {
  const int code = extended_code & 0xff;
  std::string message = "cannot " + std::string(doing) + " the ledger " + path + ": ";
  const std::string_view known = advice(code);
  if (known.empty())
    message += std::string(detail) + " (SQLite " + std::to_string(extended_code) + ")";
  else
    message += std::string(known) + " (SQLite " + std::to_string(extended_code) + ")";
  return {.code = errc::ledger, .message = std::move(message)};
}

}  // namespace ark::sqlite
