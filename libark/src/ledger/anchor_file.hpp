#pragma once
#include <ark/result.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ledger/segment.hpp"

/// The small private file of text that an anchor lies in, whatever store it is for: several
/// processes read and change it in turn.
namespace ark::detail {

/// Open for writing. Not thread safe; other objects and processes may have the same file open.
class anchor_file {
 public:
  /// Makes it (0600) if absent. Refused: a link, and what is not a file of ours.
  static result<anchor_file> open(const std::string& path);
  anchor_file(anchor_file&& from) noexcept;
  anchor_file& operator=(anchor_file&& from) noexcept;
  ~anchor_file();

  /// How often a lock is tried, 100 us apart: when the ledger is opened, and after a commit.
  static constexpr int open_tries = 100'000, advance_tries = 1000;
  result<void> lock(int tries_max);
  void unlock() noexcept;
  /// The whole text. The lock is held, here and below.
  result<std::string> read() const;
  result<void> write(std::string_view text);
  /// Once in its life: afterwards a block that is there is written over.
  result<void> sync();

  /// The place in the line of those who want to write to the ledger next. False: somebody has it.
  bool try_turn() noexcept;
  void leave_turn() noexcept;
  error cannot(std::string_view what) const;

 private:
  anchor_file(std::string path, int fd) : path_(std::move(path)), fd_(fd) {}
  std::string path_;
  int fd_;
};

/// The text of an anchor that somebody may be writing; nothing if there is none.
result<std::optional<std::string>> read_anchor_text(const std::string& path);
error cannot_use_anchor(const std::string& path, std::string_view what);
/// Not ours to write over. A power cut may leave ours empty, or full of zeros.
bool is_foreign_anchor(std::string_view text, std::string_view first_line);

/// Lines of such texts: written, and taken off their begin.
void append_head(std::string& to, std::string_view word, const segment_head& head);
bool take_word(std::string_view& text, std::string_view word);
std::optional<std::int64_t> take_number(std::string_view& text, char end);
/// "ID HASH\n".
std::optional<segment_head> take_head(std::string_view& text);

}  // namespace ark::detail
