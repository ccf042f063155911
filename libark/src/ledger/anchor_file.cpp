#include "ledger/anchor_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>
#include <thread>
#include <utility>

namespace ark::detail {
namespace {

constexpr std::size_t anchor_bytes_max = 1u << 20;
/// Bytes that are locked, not written: far behind any text.
constexpr off_t text_lock = off_t{1} << 40;
constexpr off_t turn_lock = text_lock + 1;

int lock_byte(int fd, int command, short type, off_t at) noexcept {
  struct flock l{};
  l.l_type = type;
  l.l_whence = SEEK_SET;
  l.l_start = at;
  l.l_len = 1;
  int code = 0;
  do code = ::fcntl(fd, command, &l);
  while (code != 0 && errno == EINTR);
  return code;
}

/// What is behind its end, left from a longer one, is cut off.
result<std::string> read_text(const std::string& path, int fd) {
  std::string text(4096, '\0');
  std::size_t have = 0;
  for (;;) {
    const ssize_t n = ::pread(fd, text.data() + have, text.size() - have, static_cast<off_t>(have));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return cannot_use_anchor(path, std::strerror(errno));
    if (n == 0) break;
    have += static_cast<std::size_t>(n);
    if (have < text.size()) continue;
    if (have >= anchor_bytes_max) return cannot_use_anchor(path, "it is longer than any anchor");
    text.resize(text.size() * 2);
  }
  text.resize(have);
  const auto end = text.find("\nend\n");
  if (end != std::string::npos) text.resize(end + 5);
  return text;
}

}  // namespace

error cannot_use_anchor(const std::string& path, std::string_view what) {
  return {.code = errc::ledger,
          .message = "cannot use the ledger's anchor " + path + ": " + std::string(what)};
}

error anchor_file::cannot(std::string_view what) const { return cannot_use_anchor(path_, what); }

bool is_foreign_anchor(std::string_view text, std::string_view first_line) {
  return !text.starts_with(first_line) && text.find_first_not_of('\0') != std::string_view::npos;
}

void append_head(std::string& to, std::string_view word, const segment_head& head) {
  to += word;
  to += " " + std::to_string(head.id) + " " + to_hex(head.hash) + "\n";
}

std::optional<std::int64_t> take_number(std::string_view& text, char end) {
  std::int64_t number = 0;
  const auto [after, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || after == text.data() + text.size() || *after != end)
    return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(after - text.data()) + 1);
  return number;
}

bool take_word(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word)) return false;
  text.remove_prefix(word.size());
  return true;
}

std::optional<segment_head> take_head(std::string_view& text) {
  const auto id = take_number(text, ' ');
  const auto end = text.find('\n');
  if (!id || end == std::string_view::npos) return std::nullopt;
  const auto hash = digest_of_hex(text.substr(0, end));
  if (!hash) return std::nullopt;
  text.remove_prefix(end + 1);
  return segment_head{*id, *hash};
}

result<std::optional<std::string>> read_anchor_text(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (fd < 0 && (errno == ENOENT || errno == ENOTDIR)) return std::optional<std::string>{};
  if (fd < 0) return cannot_use_anchor(path, std::strerror(errno));
  static_cast<void>(lock_byte(fd, F_OFD_SETLKW, F_RDLCK, text_lock));
  auto text = read_text(path, fd);
  ::close(fd);
  if (!text) return text.error();
  return std::optional(std::move(*text));
}

result<anchor_file> anchor_file::open(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
  if (fd < 0) return cannot_use_anchor(path, std::strerror(errno));
  anchor_file made(path, fd);
  struct stat s{};
  if (::fstat(fd, &s) != 0 || !S_ISREG(s.st_mode) || s.st_uid != ::geteuid())
    return made.cannot("it is not a file of ours: name another");
  return made;
}

anchor_file::anchor_file(anchor_file&& from) noexcept
    : path_(std::move(from.path_)), fd_(std::exchange(from.fd_, -1)) {}

anchor_file& anchor_file::operator=(anchor_file&& from) noexcept {
  std::swap(path_, from.path_);
  std::swap(fd_, from.fd_);
  return *this;
}

anchor_file::~anchor_file() {
  if (fd_ >= 0) ::close(fd_);
}

result<void> anchor_file::lock(int tries_max) {
  // Held for microseconds. Bounded nevertheless: a child that inherited the lock of a dead process
  // holds it for ever.
  for (int tries = 0; lock_byte(fd_, F_OFD_SETLK, F_WRLCK, text_lock) != 0; ++tries) {
    if (errno != EAGAIN && errno != EACCES) return cannot(std::strerror(errno));
    if (tries == tries_max) return cannot("another process keeps it locked");
    std::this_thread::sleep_for(std::chrono::microseconds(100));
  }
  return {};
}

void anchor_file::unlock() noexcept { lock_byte(fd_, F_OFD_SETLK, F_UNLCK, text_lock); }

result<std::string> anchor_file::read() const { return read_text(path_, fd_); }

result<void> anchor_file::write(std::string_view text) {
  if (text.size() >= anchor_bytes_max) return cannot("it would be longer than any anchor");
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t n =
        ::pwrite(fd_, text.data() + done, text.size() - done, static_cast<off_t>(done));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return cannot(std::strerror(errno));
    done += static_cast<std::size_t>(n);
  }
  return {};
}

result<void> anchor_file::sync() {
  if (::fsync(fd_) != 0) return cannot(std::strerror(errno));
  return {};
}

bool anchor_file::try_turn() noexcept {
  return lock_byte(fd_, F_OFD_SETLK, F_WRLCK, turn_lock) == 0;
}

void anchor_file::leave_turn() noexcept { lock_byte(fd_, F_OFD_SETLK, F_UNLCK, turn_lock); }

}  // namespace ark::detail
