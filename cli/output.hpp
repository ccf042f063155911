#pragma once
#include <ark/error.hpp>

#include <string>
#include <string_view>

namespace ark::cli {

/// Thrown by `output` when its reader has gone (`ark models | head`): the command ends, and that is
/// a success. Only the command's own code is unwound, and streams settle as they die.
struct broken_pipe {};

/// Standard output or standard error, buffered; or a string, in tests. One thread at a time.
class output {
 public:
  /// Writes to a descriptor that it does not own.
  explicit output(int descriptor);
  /// Writes to `sink`, which must outlive it; pretends to be a terminal if told so.
  explicit output(std::string& sink, bool terminal = false) : sink_(&sink), terminal_(terminal) {}
  output(const output&) = delete;
  output& operator=(const output&) = delete;
  ~output();

  output& write(std::string_view text);
  /// `text` and a line end.
  output& line(std::string_view text = {});
  /// What takes no place on a terminal: a colour, a line that is taken back.
  output& write_passing(std::string_view text);
  /// Ends the line that was begun, if one was.
  output& end_line();
  /// Something was written, and no line end behind it.
  bool inside_line() const noexcept { return inside_line_; }
  /// Throws `broken_pipe` if nobody reads any more; std::system_error if the disk is full.
  output& flush();
  bool is_terminal() const noexcept { return terminal_; }
  /// Columns of the terminal; 80 if it is none.
  int width() const noexcept;

 private:
  int descriptor_ = -1;
  std::string* sink_ = nullptr;
  bool terminal_ = false;
  bool inside_line_ = false;
  std::string buffer_;
};

/// Removes what could steer a terminal from text that others wrote: C0 but for line ends and tabs,
/// DEL, and C1, also as UTF-8. Keeps state, so that a character may be split between pieces.
class terminal_filter {
 public:
  std::string clean(std::string_view piece);

 private:
  std::string pending_;
};

/// `text` cleaned at once.
std::string printable(std::string_view text);

}  // namespace ark::cli
