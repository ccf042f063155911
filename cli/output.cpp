#include "cli/output.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace ark::cli {

output::output(int descriptor) : descriptor_(descriptor), terminal_(::isatty(descriptor) == 1) {}

output::~output() {
  // Unwinding or leaving: whoever cared about errors has flushed before.
  while (!buffer_.empty()) {
    const auto put = ::write(descriptor_, buffer_.data(), buffer_.size());
    if (put <= 0) return;
    buffer_.erase(0, static_cast<std::size_t>(put));
  }
}

output& output::write(std::string_view text) {
  if (!text.empty()) inside_line_ = text.back() != '\n';
  return write_passing(text);
}

output& output::write_passing(std::string_view text) {
  if (sink_ != nullptr) {
    *sink_ += text;
    return *this;
  }
  buffer_ += text;
  constexpr std::size_t enough = 32u << 10;
  if (buffer_.size() >= enough) flush();
  return *this;
}

output& output::line(std::string_view text) { return write(text).write("\n"); }

output& output::end_line() { return inside_line_ ? line() : *this; }

output& output::flush() {
  std::size_t done = 0;
  while (done < buffer_.size()) {
    const auto put = ::write(descriptor_, buffer_.data() + done, buffer_.size() - done);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) {
      const int number = errno;
      buffer_.clear();
      if (number == EPIPE) throw broken_pipe{};
      throw std::system_error(number, std::generic_category(), "cannot write the output");
    }
    done += static_cast<std::size_t>(put);
  }
  buffer_.clear();
  return *this;
}

int output::width() const noexcept {
  struct winsize size{};
  if (descriptor_ >= 0 && terminal_ && ::ioctl(descriptor_, TIOCGWINSZ, &size) == 0 &&
      size.ws_col > 0) {
    return size.ws_col;
  }
  return 80;
}

std::string terminal_filter::clean(std::string_view piece) {
  std::string out;
  out.reserve(piece.size() + pending_.size());
  for (const char c : piece) {
    const auto byte = static_cast<unsigned char>(c);
    if (!pending_.empty()) {
      // C1 is C2 80 to C2 9F in UTF-8; a C2 that nothing of its own follows is broken and dropped.
      if (byte >= 0xa0 && byte <= 0xbf) out += pending_ + c;
      pending_.clear();
      if (byte >= 0x80 && byte <= 0xbf) continue;
    }
    if (byte == 0xc2) {
      pending_ += c;
    } else if (c == '\n' || c == '\t' || (byte >= 0x20 && byte != 0x7f)) {
      out += c;
    }
  }
  return out;
}

std::string printable(std::string_view text) { return terminal_filter{}.clean(text); }

}  // namespace ark::cli
