#include "cli/input.hpp"

#include <poll.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace ark::cli {
namespace {

error failure(errc code, std::string message) {
  error e;
  e.code = code;
  e.message = std::move(message);
  return e;
}

/// Switches the terminal's echo off for as long as it lives.
class no_echo {
 public:
  explicit no_echo(int descriptor) : descriptor_(descriptor) {
    active_ = ::tcgetattr(descriptor_, &before_) == 0;
    if (!active_) return;
    struct termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(descriptor_, TCSAFLUSH, &silent);
  }
  no_echo(const no_echo&) = delete;
  no_echo& operator=(const no_echo&) = delete;
  ~no_echo() {
    if (active_) ::tcsetattr(descriptor_, TCSAFLUSH, &before_);
  }

 private:
  int descriptor_;
  bool active_ = false;
  struct termios before_{};
};

error too_long(std::size_t max_bytes) {
  return failure(errc::too_large, "standard input is longer than the limit of " +
                                      std::to_string(max_bytes) + " bytes");
}

}  // namespace

bool input::is_terminal() const noexcept { return descriptor_ >= 0 && ::isatty(descriptor_) == 1; }

bool input::is_given() const noexcept {
  if (descriptor_ < 0) return !text_.empty();
  struct stat info{};
  if (::fstat(descriptor_, &info) != 0) return false;
  return S_ISFIFO(info.st_mode) || S_ISREG(info.st_mode) || S_ISSOCK(info.st_mode);
}

bool input::ready_within(int timeout_ms) const noexcept {
  if (descriptor_ < 0) return true;
  pollfd waiting{descriptor_, POLLIN, 0};
  // A signal ends the wait early, and the note that follows does no harm.
  return ::poll(&waiting, 1, timeout_ms) > 0;
}

result<std::string> input::read_all(std::size_t max_bytes) {
  if (descriptor_ < 0) {
    if (text_.size() > max_bytes) return too_long(max_bytes);
    return std::move(text_);
  }
  std::string out;
  char buffer[65536];
  for (;;) {
    const auto got = ::read(descriptor_, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      return failure(errc::config,
                     "cannot read standard input: " + std::generic_category().message(errno));
    }
    if (got == 0) return out;
    if (out.size() + static_cast<std::size_t>(got) > max_bytes) return too_long(max_bytes);
    out.append(buffer, static_cast<std::size_t>(got));
  }
}

result<bool> input::read_some(std::size_t most, std::string& into) {
  if (descriptor_ < 0) {
    into.append(text_, 0, most);
    const bool any = !text_.empty();
    text_.erase(0, most);
    return any;
  }
  const auto before = into.size();
  into.resize(before + most);
  auto got = ::read(descriptor_, into.data() + before, most);
  while (got < 0 && errno == EINTR) got = ::read(descriptor_, into.data() + before, most);
  into.resize(before + static_cast<std::size_t>(got > 0 ? got : 0));
  if (got < 0)
    return failure(errc::config, "cannot read: " + std::generic_category().message(errno));
  return got > 0;
}

result<std::string> input::read_line(std::size_t max_bytes) {
  if (descriptor_ < 0) {
    const auto end = text_.find('\n');
    std::string line = text_.substr(0, end);
    text_.erase(0, end == std::string::npos ? end : end + 1);
    if (line.size() > max_bytes) return too_long(max_bytes);
    return line;
  }
  std::string line;
  char c = 0;
  // Byte by byte: what follows the line belongs to whoever reads next.
  for (;;) {
    const auto got = ::read(descriptor_, &c, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0 || c == '\n') return line;
    if (line.size() >= max_bytes) return too_long(max_bytes);
    line += c;
  }
}

result<secret> input::read_hidden_line(std::size_t max_bytes) {
  const no_echo hidden{is_terminal() ? descriptor_ : -1};
  auto line = read_line(max_bytes);
  if (!line) return line.error();
  while (!line->empty() && (line->back() == '\r' || line->back() == ' ')) line->pop_back();
  return secret{std::move(*line)};
}

}  // namespace ark::cli
