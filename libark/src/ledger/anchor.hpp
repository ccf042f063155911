#pragma once
#include <ark/result.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/anchor_file.hpp"
#include "ledger/segment.hpp"
#include "ledger/sqlite.hpp"

/// The chain's last link, kept outside of the database: what was cut from the end of the ledger is
/// missed there. A small file of text, "PATH-anchor" unless named otherwise.
namespace ark::detail {

/// What the file says.
struct anchor_content {
  segment_head head{};        ///< the last segment that was committed
  std::int64_t since = 0;     ///< the last segment when the file was made: nothing is known before
  std::int64_t since_us = 0;  ///< when
  /// Heads that the ledger once had and later had not, each found by a writer that went on.
  std::vector<segment_head> lost{};
  bool operator==(const anchor_content&) const = default;
};
std::string to_text(const anchor_content& content);
/// Nothing if it is not what to_text() writes, to the byte.
std::optional<anchor_content> anchor_of_text(std::string_view text);

std::string anchor_path(const std::string& ledger_path, const std::string& named);
/// Nothing if there is none. errc::ledger if it cannot be read or its text makes no sense.
result<std::optional<anchor_content>> read_anchor(const std::string& path);

/// The file, open for writing; a writer's. Several processes may share it.
class anchor {
 public:
  /// Makes it if absent, saying so in it, and looks whether the ledger `db` still has the head that
  /// the file names.
  static result<std::unique_ptr<anchor>> open(const std::string& path, sqlite::database& db,
                                              std::int64_t now_us);
  anchor(const anchor&) = delete;
  anchor& operator=(const anchor&) = delete;

  /// After a commit: moves the head forward, never back. What it finds lost is kept in the file. An
  /// error is not one of the commit: the file then lags behind, and the next call tries again.
  result<void> advance(const segment_head& to, sqlite::database& db, std::int64_t now_us);
  /// Takes the ledger as it is now: forgets what was lost, and since when the file is there.
  result<void> accept(sqlite::database& db, std::int64_t now_us);

  /// The place in the line of those who want to write next: fair between processes, where SQLite's
  /// lock goes to whoever happens to ask at the right moment. False: somebody else has it.
  bool try_turn() noexcept { return file_.try_turn(); }
  void leave_turn() noexcept { file_.leave_turn(); }

 private:
  explicit anchor(anchor_file file) : file_(std::move(file)) {}
  result<void> begin(const segment_head& at, sqlite::database& db, std::int64_t now_us);
  result<void> update(const segment_head& to, sqlite::database& db, std::int64_t now_us);
  result<void> write(const anchor_content& content);
  result<void> keep_new();

  anchor_file file_;
  /// What this writer wrote last: when the file still has it, nobody else is writing.
  std::string last_text_;
  anchor_content last_;
  bool is_new_ = false;
};

}  // namespace ark::detail
