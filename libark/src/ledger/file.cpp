#include "ledger/file.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <thread>

#include "ledger/schema.hpp"
#include "os/os.hpp"

namespace ark::detail {
namespace {

error refuse(const std::string& path, const std::string& why) {
  return {.code = errc::ledger, .message = "cannot use the ledger " + path + ": " + why};
}

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

/// The path with its folder's links resolved: what is checked is then what is opened.
result<std::string> canonical(const std::string& path) {
  std::array<char, PATH_MAX> buffer{};
  if (::realpath(folder_of(path).c_str(), buffer.data()) == nullptr)
    return refuse(path, std::string("its folder: ") + std::strerror(errno));
  const std::string folder = buffer.data();
  const auto slash = path.rfind('/');
  return (folder == "/" ? "" : folder) + "/" + path.substr(slash + 1);
}

/// Someone else who may write the folder could replace the file under us.
result<void> check_folder(const std::string& path) {
  struct stat s{};
  if (::stat(folder_of(path).c_str(), &s) != 0)
    return refuse(path, std::string("its folder: ") + std::strerror(errno));
  if (s.st_uid != ::geteuid() && s.st_uid != 0)
    return refuse(path, "its folder belongs to another user: choose one of yours");
  if ((s.st_mode & S_IWOTH) != 0 && (s.st_mode & S_ISVTX) == 0)
    return refuse(path, "everybody may write its folder: chmod o-w it, or choose another");
  return {};
}

enum class access_kind { read, write };

/// The file itself, by lstat alone: opening and closing it here would drop the locks that this
/// process's other connections hold (POSIX locks belong to the process). False: there is none.
result<bool> check_file(const std::string& path, access_kind access) {
  struct stat s{};
  if (::lstat(path.c_str(), &s) != 0) {
    if (errno == ENOENT) return false;
    return refuse(path, std::strerror(errno));
  }
  if (S_ISLNK(s.st_mode)) return refuse(path, "it is a symbolic link: name the file itself");
  if (!S_ISREG(s.st_mode)) return refuse(path, "it is not a regular file: name another");
  if (access == access_kind::read) return true;
  if (s.st_uid != ::geteuid())
    return refuse(path, "it belongs to another user: use a ledger of your own");
  if (s.st_nlink > 1) return refuse(path, "it has hard links: copy it to a file of its own");
  if ((s.st_mode & S_IWUSR) == 0)
    return refuse(path, "it is read-only: chmod u+w it, or name another");
  return true;
}

/// mknod and not open, for the reason given at check_file().
result<void> create(const std::string& path) {
  if (::mknod(path.c_str(), S_IFREG | 0600, 0) == 0 || errno == EEXIST) return {};
  return refuse(path, std::strerror(errno));
}

/// SQLite's URI syntax, for options that the flags do not have.
std::string uri_of(const std::string& path) {
  std::string uri = "file:";
  for (const char c : path) {
    if (c == '?' || c == '#' || c == '%')
      uri += c == '?' ? "%3f" : c == '#' ? "%23" : "%25";
    else
      uri += c;
  }
  return uri;
}

/// The journal mode is changed once in a file's life; two processes may meet there, and SQLite
/// does not always ask the busy handler then.
result<void> set_wal(sqlite::database& db, const std::string& path,
                     std::chrono::milliseconds limit) {
  const auto until = os::real().steady_now() + limit;
  for (;;) {
    auto query = db.prepare("PRAGMA journal_mode=WAL");
    if (!query) return query.error();
    const int code = query->step();
    if (code == SQLITE_ROW) {
      if (query->text(0) == "wal") return {};
      return refuse(path,
                    "its file system cannot share memory between processes (WAL needs it): "
                    "put it on a local disk");
    }
    if ((code & 0xff) != SQLITE_BUSY || os::real().steady_now() >= until)
      return db.last_error("open");
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

/// Walks to the end of each table, where commits go: damage there is found before it is built upon.
result<void> check_ends(sqlite::database& db) {
  for (const char* sql : {"SELECT * FROM intent ORDER BY seq DESC LIMIT 1",
                          "SELECT * FROM outcome ORDER BY seq DESC LIMIT 1",
                          "SELECT * FROM correction ORDER BY seq DESC LIMIT 1"})
    if (auto read = db.integer(sql); !read) return read.error();
  return {};
}

}  // namespace

result<sqlite::database> open_writable(const std::string& path,
                                       std::chrono::milliseconds busy_limit) {
  if (path.empty() || path.back() == '/') return refuse(path, "the path names no file");
  if (auto made = os::make_private_directory(folder_of(path)); !made)
    return refuse(path, made.error().message);
  const auto real = canonical(path);
  if (!real) return real.error();
  if (auto folder = check_folder(*real); !folder) return folder.error();
  const auto exists = check_file(*real, access_kind::write);
  if (!exists) return exists.error();
  if (!*exists)
    if (auto created = create(*real); !created) return created.error();
  auto db = sqlite::database::open(*real, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW, busy_limit);
  if (!db) return db;
  // Asked before anything is changed in what may be another program's database.
  if (auto known = schema::check_known(*db, path); !known) return known.error();
  if (auto wal = set_wal(*db, path, busy_limit); !wal) return wal.error();
  if (auto normal = db->run("PRAGMA synchronous=NORMAL"); !normal) return normal.error();
  if (auto current = schema::migrate(*db, path); !current) return current.error();
  if (auto sound = check_ends(*db); !sound) return sound.error();
  return db;
}

result<std::string> path_to_read(const std::string& path) {
  struct stat s{};
  if (::lstat(path.c_str(), &s) != 0 && (errno == ENOENT || errno == ENOTDIR))
    return error{.code = errc::not_found, .message = "there is no ledger at " + path};
  auto real = canonical(path);
  if (!real) return real;
  if (auto file = check_file(*real, access_kind::read); !file) return file.error();
  return real;
}

result<sqlite::database> open_readable(const std::string& path,
                                       std::chrono::milliseconds busy_limit) {
  const auto real = path_to_read(path);
  if (!real) return real.error();
  auto db = sqlite::database::open(*real, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOFOLLOW, busy_limit);
  if (!db) return db;
  auto known = schema::check(*db, path);
  const bool unwritable =
      !known && known.error().code == errc::ledger && ::access(folder_of(*real).c_str(), W_OK) != 0;
  if (unwritable && ::access((*real + "-wal").c_str(), F_OK) != 0) {
    // WAL needs a writable folder even to read. Without a log, nobody is writing: read it as it is.
    db = sqlite::database::open(uri_of(*real) + "?immutable=1",
                                SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, busy_limit);
    if (!db) return db;
    known = schema::check(*db, path);
  }
  if (!known) return known.error();
  return db;
}

}  // namespace ark::detail
