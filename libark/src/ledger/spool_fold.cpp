#include "ledger/spool_fold.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>

#include "ledger/spool.hpp"

namespace ark::detail {
namespace {

constexpr off_t spool_file_bytes_max = 1 << 20;

class descriptor {
 public:
  explicit descriptor(int fd) : fd_(fd) {}
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  ~descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const noexcept { return fd_; }

 private:
  int fd_;
};

error refuse(const std::string& path, std::string_view why) {
  return {.code = errc::ledger,
          .message = "cannot take " + path + " into the ledger: " + std::string(why) +
                     "; records of attempts are in it: make it readable, or move it away if they "
                     "are not wanted"};
}

/// Its records; nothing if its process has just taken and removed it.
result<std::optional<std::vector<spooled_record>>> read(const std::string& path, int fd) {
  struct stat s{};
  if (fd < 0 && errno == ENOENT) return std::optional<std::vector<spooled_record>>();
  if (fd < 0 || ::fstat(fd, &s) != 0) return refuse(path, std::strerror(errno));
  if (!S_ISREG(s.st_mode) || s.st_uid != ::geteuid())
    return refuse(path, "it is not a file of ours");
  if (s.st_size > spool_file_bytes_max) return refuse(path, "it is longer than any spool");
  std::string bytes(static_cast<std::size_t>(s.st_size), '\0');
  std::size_t have = 0;
  while (have < bytes.size()) {
    const ssize_t n =
        ::pread(fd, bytes.data() + have, bytes.size() - have, static_cast<off_t>(have));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return refuse(path, std::strerror(errno));
    if (n == 0) break;
    have += static_cast<std::size_t>(n);
  }
  auto records = read_spool(std::string_view(bytes).substr(0, have));
  if (!records) return refuse(path, records.error().message);
  return std::optional(std::move(*records));
}

int open_spool(const std::string& path) {
  return ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
}

result<void> fold(writer& into, const found_spool& found) {
  const descriptor file(open_spool(found.path));
  // Locked before it is read: nothing is appended by a process that is gone.
  const bool is_left = file.get() >= 0 && ::flock(file.get(), LOCK_EX | LOCK_NB) == 0;
  auto spooled = read(found.path, file.get());
  if (!spooled) return spooled.error();
  if (!*spooled) return {};
  if (!(*spooled)->empty()) {
    std::vector<journal_record> records, none;
    for (auto& each : **spooled) records.push_back(std::move(each.record));
    spooled_batch batch{
        .session = found.session, .first = (*spooled)->front().number, .records = &records};
    if (auto done = into.write(none, &batch); !done.all) return done.all;
  }
  if (is_left) ::unlink(found.path.c_str());
  return {};
}

}  // namespace

result<std::optional<std::vector<spooled_record>>> read_spool_file(const std::string& path) {
  const descriptor file(open_spool(path));
  return read(path, file.get());
}

result<bool> has_spooled(sqlite::database& db, std::int64_t own_session) {
  for (const auto& found : find_spools(db.path())) {
    if (found.session == own_session) continue;
    const auto spooled = read_spool_file(found.path);
    if (!spooled) return spooled.error();
    if (!*spooled || (*spooled)->empty()) continue;
    auto query = db.prepare("SELECT spooled FROM session WHERE id = ?");
    if (!query) return query.error();
    query->bind(1, found.session);
    const int code = query->step();
    if (code != SQLITE_ROW && code != SQLITE_DONE) return db.last_error("read");
    const std::int64_t taken = code == SQLITE_ROW ? query->integer(0) : 0;
    if ((*spooled)->back().number > static_cast<std::uint64_t>(taken)) return true;
  }
  return false;
}

result<void> fold_spools(writer& into) {
  for (const auto& found : find_spools(into.path()))
    if (found.session != into.session())
      if (auto done = fold(into, found); !done) return done;
  return {};
}

}  // namespace ark::detail
