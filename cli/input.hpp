#pragma once
#include <ark/result.hpp>
#include <ark/secret.hpp>

#include <string>

namespace ark::cli {

/// Standard input; or a string, in tests. One thread at a time.
class input {
 public:
  /// Reads from a descriptor that it does not own.
  explicit input(int descriptor) : descriptor_(descriptor) {}
  explicit input(std::string text) : text_(std::move(text)) {}

  bool is_terminal() const noexcept;
  /// A pipe, a file or a socket: somebody may have put something there. No device (/dev/null, a
  /// terminal), and nothing that is closed.
  bool is_given() const noexcept;
  /// There is something to read, or the end, within `timeout_ms`.
  bool ready_within(int timeout_ms) const noexcept;
  /// All of it; errc::too_large beyond `max_bytes`.
  result<std::string> read_all(std::size_t max_bytes);
  /// What is there, at most `most` bytes, appended to `into`; waits for some. False: the end.
  result<bool> read_some(std::size_t most, std::string& into);
  /// One line without its end; "" also at the end of the input.
  result<std::string> read_line(std::size_t max_bytes);
  /// One line without its end, not shown on the terminal while it is typed.
  result<secret> read_hidden_line(std::size_t max_bytes);

 private:
  int descriptor_ = -1;
  std::string text_;
};

}  // namespace ark::cli
