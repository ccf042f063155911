#include "reuse/cache_file.hpp"

#include "os/os.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace ark::detail {
namespace {

constexpr std::int64_t application_id = 0x41524b43;  // "ARKC"
constexpr std::int64_t version = 1;
constexpr std::chrono::milliseconds busy_limit{2000};

constexpr const char* cache_tables =
    "CREATE TABLE entry(id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, kept_s INTEGER NOT NULL,"
    " used INTEGER NOT NULL, value BLOB NOT NULL);"
    // The order of use is a number that grows: a clock that jumps does not change who goes first.
    "CREATE INDEX entry_used ON entry(used);"
    "CREATE TABLE total(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
    "PRAGMA application_id = 1095912259; PRAGMA user_version = 1;";
static_assert(application_id == 1095912259);

error refuse(const std::string& path, const std::string& why) {
  return {.code = errc::config, .message = "the response cache " + path + ": " + why};
}

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

/// Who else may write the folder could put a file with answers of his own there.
result<void> check_folder(const std::string& path) {
  struct stat s{};
  if (::stat(folder_of(path).c_str(), &s) != 0)
    return refuse(path, std::string("its folder: ") + std::strerror(errno));
  if (s.st_uid != ::geteuid() && s.st_uid != 0)
    return refuse(path, "its folder belongs to another user: choose one of yours");
  if ((s.st_mode & (S_IWOTH | S_IWGRP)) != 0 && (s.st_mode & S_ISVTX) == 0)
    return refuse(path, "others may write its folder: chmod go-w it, or choose another");
  return {};
}

/// lstat alone: opening and closing it here would drop the locks of this process's connections.
result<void> check_file(const std::string& path, bool may_make) {
  struct stat s{};
  if (::lstat(path.c_str(), &s) != 0) {
    if (errno != ENOENT) return refuse(path, std::strerror(errno));
    if (!may_make)
      return error{.code = errc::not_found, .message = "no answer was kept in " + path + " yet"};
    if (::mknod(path.c_str(), S_IFREG | 0600, 0) == 0 || errno == EEXIST) return {};
    return refuse(path, std::strerror(errno));
  }
  if (!S_ISREG(s.st_mode)) return refuse(path, "it is no regular file: name another");
  if (s.st_uid != ::geteuid() || s.st_nlink > 1)
    return refuse(path, "it is another user's, or has hard links: name a file of your own");
  if ((s.st_mode & 0077) != 0 && ::chmod(path.c_str(), 0600) != 0)
    return refuse(path, std::string("others may read it, and that cannot be changed: ") +
                            std::strerror(errno));
  return {};
}

}  // namespace

error cache_file::failed() {
  damaged_ = damaged_ || sqlite::is_damage(db_.last_code());
  if (damaged_)
    return refuse(db_.path(), "it is damaged: `ark cache clear` makes it anew (SQLite " +
                                  std::to_string(db_.last_code()) + ")");
  return refuse(db_.path(), std::string(sqlite3_errmsg(db_.raw())) + " (SQLite " +
                                std::to_string(db_.last_code()) + ")");
}

template <class Work>
auto cache_file::in_transaction(Work work) -> decltype(work()) {
  if (!db_.run("BEGIN IMMEDIATE")) return failed();
  auto done = work();
  if (done && !db_.run("COMMIT")) done = failed();
  // A rollback that fails leaves nothing to undo: the next BEGIN tells what is wrong.
  if (!done) static_cast<void>(db_.run("ROLLBACK"));
  return done;
}

result<cache_file> cache_file::open(const std::string& path, bool may_make, bool& damaged) {
  if (path.empty() || path.back() == '/') return refuse(path, "the path names no file");
  if (may_make)
    if (auto made = os::make_private_directory(folder_of(path)); !made)
      return refuse(path, made.error().message);
  if (auto file = check_file(path, may_make); !file) return file.error();
  if (auto folder = check_folder(path); !folder) return folder.error();
  auto db = sqlite::database::open(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW, busy_limit);
  if (!db) return refuse(path, "it cannot be opened: " + db.error().message);
  cache_file out{std::move(*db)};
  auto ready = out.prepare_schema();
  damaged = out.damaged_;
  if (!ready) return ready.error();
  return out;
}

result<void> cache_file::prepare_schema() {
  // Answers can be asked for again: what a power cut takes is not waited for. A value that it
  // damaged is told by its digest.
  for (const char* sql : {"PRAGMA synchronous = OFF", "PRAGMA secure_delete = ON"})
    if (!db_.run(sql)) return failed();
  return in_transaction([this]() -> result<void> {
    const auto tables = db_.integer("SELECT count(*) FROM sqlite_master");
    if (!tables) return failed();
    if (*tables == 0) return db_.run(cache_tables) ? result<void>{} : failed();
    const auto whose = db_.integer("PRAGMA application_id");
    const auto form = db_.integer("PRAGMA user_version");
    if (!whose || !form) return failed();
    if (*whose != application_id)
      return refuse(db_.path(), "it is another program's database: name another file");
    if (*form != version)
      return refuse(db_.path(),
                    "it is of another version of ark: name another file, or clear it "
                    "with that version");
    return {};
  });
}

result<std::optional<cache_file::entry>> cache_file::find(const std::string& key,
                                                          std::int64_t oldest_s) {
  return in_transaction([&]() -> result<std::optional<entry>> {
    auto query = db_.prepare("SELECT kept_s, value FROM entry WHERE key = ?");
    if (!query) return failed();
    query->bind(1, key);
    const int code = query->step();
    if (code == SQLITE_DONE) return std::optional<entry>{};
    if (code != SQLITE_ROW) return failed();
    entry found{.value = std::string(query->text(1)), .kept_s = query->integer(0)};
    if (found.kept_s < oldest_s) return std::optional<entry>{};
    query->reset();
    auto used =
        db_.prepare("UPDATE entry SET used = (SELECT max(used) + 1 FROM entry) WHERE key = ?");
    if (!used) return failed();
    used->bind(1, key);
    if (used->step() != SQLITE_DONE) return failed();
    return std::optional<entry>(std::move(found));
  });
}

result<void> cache_file::count_hit(const money& worth) {
  return in_transaction([&]() -> result<void> {
    if (!db_.run("INSERT INTO total VALUES('hits','1') ON CONFLICT(name) DO UPDATE SET "
                 "value = CAST(CAST(value AS INTEGER) + 1 AS TEXT)"))
      return failed();
    if (worth.currency.empty()) return {};
    const std::string name = "saved " + worth.currency;
    auto query = db_.prepare("SELECT value FROM total WHERE name = ?");
    if (!query) return failed();
    query->bind(1, name);
    amount sum = worth.value;
    if (query->step() == SQLITE_ROW)
      if (const auto before = amount::parse(query->text(0)))
        if (const auto both = before->plus(worth.value)) sum = *both;
    query->reset();
    auto put = db_.prepare("INSERT OR REPLACE INTO total VALUES(?,?)");
    if (!put) return failed();
    const std::string text = sum.to_string();
    put->bind(1, name);
    put->bind(2, text);
    if (put->step() != SQLITE_DONE) return failed();
    return {};
  });
}

result<void> cache_file::keep(const std::string& key, std::string_view value, std::int64_t kept_s,
                              std::int64_t max_bytes) {
  return in_transaction([&]() -> result<void> {
    auto put = db_.prepare(
        "INSERT OR REPLACE INTO entry(key, kept_s, used, value) "
        "VALUES(?,?,(SELECT coalesce(max(used), 0) + 1 FROM entry),CAST(? AS BLOB))");
    if (!put) return failed();
    put->bind(1, key);
    put->bind(2, kept_s);
    put->bind(3, value);
    if (put->step() != SQLITE_DONE) return failed();
    put->reset();
    return evict(max_bytes);
  });
}

result<void> cache_file::evict(std::int64_t max_bytes) {
  for (;;) {
    const auto used = used_bytes();
    if (!used) return used.error();
    if (*used <= max_bytes) return {};
    if (!db_.run("DELETE FROM entry WHERE id IN (SELECT id FROM entry ORDER BY used LIMIT 8) "
                 "AND used < (SELECT max(used) FROM entry)"))
      return failed();
    if (sqlite3_changes(db_.raw()) == 0) return {};  // the new one is alone
  }
}

result<std::int64_t> cache_file::used_bytes() {
  const auto pages = db_.integer("PRAGMA page_count");
  const auto unused = db_.integer("PRAGMA freelist_count");
  const auto size = db_.integer("PRAGMA page_size");
  if (!pages || !unused || !size) return failed();
  return (*pages - *unused) * *size;
}

result<void> cache_file::remove(const std::string& key) {
  return in_transaction([&]() -> result<void> {
    auto gone = db_.prepare("DELETE FROM entry WHERE key = ?");
    if (!gone) return failed();
    gone->bind(1, key);
    return gone->step() == SQLITE_DONE ? result<void>{} : failed();
  });
}

result<response_cache_stats> cache_file::stats() {
  response_cache_stats out;
  const auto entries = db_.integer("SELECT count(*) FROM entry");
  const auto hits = db_.integer("SELECT CAST(value AS INTEGER) FROM total WHERE name = 'hits'");
  const auto bytes = used_bytes();
  if (!entries || !hits || !bytes) return failed();
  out.entries = *entries;
  out.hits = *hits;
  out.bytes = *bytes;
  auto query = db_.prepare(
      "SELECT substr(name, 7), value FROM total WHERE name LIKE 'saved %' ORDER BY name");
  if (!query) return failed();
  int code = query->step();
  for (; code == SQLITE_ROW; code = query->step())
    if (const auto value = amount::parse(query->text(1)))
      out.saved.push_back({*value, std::string(query->text(0))});
  if (code != SQLITE_DONE) return failed();
  return out;
}

result<std::int64_t> cache_file::clear() {
  const auto entries = db_.integer("SELECT count(*) FROM entry");
  if (!entries || !db_.run("DELETE FROM entry; DELETE FROM total; VACUUM;")) return failed();
  return *entries;
}

result<void> remove_cache_file(const std::string& path) {
  for (const char* ending : {"", "-journal"})
    if (::unlink((path + ending).c_str()) != 0 && errno != ENOENT)
      return refuse(path, std::string("it cannot be removed: ") + std::strerror(errno));
  return {};
}

}  // namespace ark::detail
