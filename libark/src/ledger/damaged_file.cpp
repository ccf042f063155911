#include "ledger/damaged_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "ledger/digest.hpp"
#include "ledger/file.hpp"
#include "ledger/leaf_page.hpp"
#include "ledger/spool.hpp"

namespace ark::detail {
namespace {

/// So much of the file is looked at to find out how long a page is: the same for each length, as a
/// page of twice the length begins where every other one does.
constexpr std::int64_t tried_bytes = 4 << 20;
constexpr std::size_t page_sizes[] = {4096, 512, 1024, 2048, 8192, 16'384, 32'768, 65'536};
/// More than a row number of a file on any disk of today: what is beyond is damage.
constexpr std::uint32_t pages_max = 1u << 31;

error cannot_read(const std::string& path, std::string_view why) {
  return {.code = errc::ledger, .message = "cannot read " + path + ": " + std::string(why)};
}

std::string_view read_at(int fd, std::int64_t offset, std::size_t bytes, std::string& into) {
  into.resize(bytes);
  std::size_t have = 0;
  while (have < bytes) {
    const ssize_t n = ::pread(fd, into.data() + have, bytes - have,
                              static_cast<off_t>(offset + static_cast<std::int64_t>(have)));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    have += static_cast<std::size_t>(n);
  }
  return std::string_view(into).substr(0, have);
}

/// Of a spool: it is mapped, and what is written to it may leave its size and times as they were.
std::string digest_of_file(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (fd < 0) return std::strerror(errno);
  constexpr std::size_t piece = 1 << 20;
  sha256 sum;
  std::string bytes;
  std::string_view read;
  std::int64_t at = 0;
  do {
    read = read_at(fd, at, piece, bytes);
    sum.add(read);
    at += static_cast<std::int64_t>(read.size());
  } while (read.size() == piece);
  ::close(fd);
  return to_hex(sum.finish());
}

}  // namespace

result<std::unique_ptr<damaged_file>> damaged_file::open(const std::string& path) {
  const auto real = path_to_read(path);
  if (!real) return real.error();
  std::unique_ptr<damaged_file> made(new damaged_file(*real));
  made->stamp_ = made->stamp();
  if (auto done = made->open_file(); !done) return done.error();
  made->log_ = ::open((*real + "-wal").c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (made->log_ < 0 && errno != ENOENT) return cannot_read(*real + "-wal", std::strerror(errno));
  made->choose_page_size();
  if (auto done = made->open_log(); !done) return done.error();
  return made;
}

damaged_file::~damaged_file() {
  if (file_ != nullptr && file_->pMethods != nullptr) file_->pMethods->xClose(file_);
  if (name_ != nullptr) sqlite3_free_filename(const_cast<char*>(name_));
  if (log_ >= 0) ::close(log_);
}

/// By SQLite's own layer: closing a descriptor of ours would drop the locks that this process's
/// connections to the file have (POSIX locks belong to the process).
result<void> damaged_file::open_file() {
  sqlite3_vfs* const vfs = sqlite3_vfs_find(nullptr);
  if (vfs == nullptr) return cannot_read(path_, "SQLite has no way to read files");
  handle_ = std::make_unique<char[]>(static_cast<std::size_t>(vfs->szOsFile));
  file_ = reinterpret_cast<sqlite3_file*>(handle_.get());
  name_ = sqlite3_create_filename(path_.c_str(), "", "", 0, nullptr);
  int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_NOFOLLOW;
  const int code = name_ == nullptr ? SQLITE_NOMEM : vfs->xOpen(vfs, name_, file_, flags, &flags);
  if (code != SQLITE_OK) return cannot_read(path_, std::strerror(errno));
  sqlite3_int64 size = 0;
  if (file_->pMethods->xFileSize(file_, &size) != SQLITE_OK)
    return cannot_read(path_, std::strerror(errno));
  size_ = size;
  return {};
}

/// What the head says may be damaged: the size that makes most rows is right.
void damaged_file::choose_page_size() {
  std::string head;
  std::size_t best = 0, most_cells = 0;
  if (log_ >= 0) best = page_size_of_log(read_at(log_, 0, log_head_bytes, head));
  if (best != 0) {
    page_size_ = best;
    return;
  }
  for (const std::size_t size : page_sizes) {
    page_size_ = size;
    std::size_t cells = 0;
    const std::int64_t pages = std::min(tried_bytes, size_) / static_cast<std::int64_t>(size);
    for (std::uint32_t n = 1; n <= pages; ++n)
      for (const auto& cell : leaf_cells(read({.page = n}), n == 1))
        if (cell && cell->overflow == 0 && row_values(cell->local)) ++cells;
    if (cells <= most_cells) continue;
    most_cells = cells;
    best = size;
  }
  page_size_ = best == 0 ? page_sizes[0] : best;
}

result<void> damaged_file::open_log() {
  pages_ = static_cast<std::uint32_t>(std::min<std::int64_t>(
      (size_ + static_cast<std::int64_t>(page_size_) - 1) / static_cast<std::int64_t>(page_size_),
      pages_max));
  latest_.assign(pages_, 0);
  if (log_ < 0) return {};
  struct stat s{};
  if (::fstat(log_, &s) != 0 || !S_ISREG(s.st_mode))
    return cannot_read(path_ + "-wal", "it is not a regular file");
  std::string bytes;
  const auto log =
      read_log([&](std::int64_t at, std::size_t count) { return read_at(log_, at, count, bytes); },
               s.st_size, page_size_);
  const auto most = pages_ + static_cast<std::uint32_t>(log.frames.size());
  for (const log_frame& frame : log.frames) {
    damaged_frames_ += frame.fits ? 0 : 1;
    const bool is_page = frame.page != 0 && frame.page <= most;
    if (!frame.fits || !is_page) {
      older_.push_back({.page = frame.page, .log_offset = frame.offset});
      continue;
    }
    if (frame.page > latest_.size()) latest_.resize(frame.page, 0);
    std::int64_t& latest = latest_[frame.page - 1];
    if (latest != 0 || frame.page <= pages_)
      older_.push_back({.page = frame.page, .log_offset = latest});
    latest = frame.offset;
  }
  pages_ = static_cast<std::uint32_t>(latest_.size());
  return {};
}

std::string_view damaged_file::page(std::uint32_t number) {
  if (number == 0 || number > pages_) return {};
  return read({.page = number, .log_offset = latest_[number - 1]});
}

std::string_view damaged_file::copy(const page_copy& which) { return read(which); }

std::string_view damaged_file::read(const page_copy& which) {
  if (which.log_offset != 0) {
    const auto bytes = read_at(log_, which.log_offset, page_size_, bytes_);
    return bytes.size() == page_size_ ? bytes : std::string_view();
  }
  bytes_.resize(page_size_);
  const std::int64_t at =
      (static_cast<std::int64_t>(which.page) - 1) * static_cast<std::int64_t>(page_size_);
  // A page that the file ends within is filled up with zeros.
  const int code = file_->pMethods->xRead(file_, bytes_.data(), static_cast<int>(page_size_), at);
  if (code != SQLITE_OK && code != SQLITE_IOERR_SHORT_READ) return {};
  return bytes_;
}

std::string damaged_file::stamp() const {
  std::string text;
  for (const char* part : {"", "-wal"}) {
    struct stat s{};
    if (::lstat((path_ + part).c_str(), &s) != 0) continue;
    text += std::to_string(s.st_size) + " " + std::to_string(s.st_mtim.tv_sec) + "." +
            std::to_string(s.st_mtim.tv_nsec) + "\n";
  }
  std::vector<std::string> spools;
  for (const found_spool& each : find_spools(path_)) spools.push_back(each.path);
  std::sort(spools.begin(), spools.end());
  for (const std::string& each : spools) text += each + " " + digest_of_file(each) + "\n";
  return text;
}

bool damaged_file::is_changed() const { return stamp() != stamp_; }

}  // namespace ark::detail
