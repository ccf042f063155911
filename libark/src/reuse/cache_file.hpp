#pragma once
#include "ledger/sqlite.hpp"

#include <ark/response_cache.hpp>

#include <optional>
#include <string>

namespace ark::detail {

/// The one file of a response cache: an SQLite database without a log of its own beside it. One
/// thread at a time; several processes share the file. What cannot be used is errc::config.
class cache_file {
 public:
  /// Makes the file (0600) and its folder (0700) if absent and `may_make`. Refused: a symbolic
  /// link, a file of another user, a folder that others may write, another program's database, one
  /// of a newer version, a damaged one (then `damaged` is set). errc::not_found if there is none
  /// and none may be made.
  static result<cache_file> open(const std::string& path, bool may_make, bool& damaged);

  struct entry {
    std::string value;
    std::int64_t kept_s = 0;  ///< since 1970
  };
  /// The entry, which counts as used now, unless it was kept before `oldest_s`.
  result<std::optional<entry>> find(const std::string& key, std::int64_t oldest_s);
  /// Counts a hit that saved `worth` (of no currency: unknown).
  result<void> count_hit(const money& worth);
  /// Puts it in; then the entries unused longest go until the file is within `max_bytes`.
  result<void> keep(const std::string& key, std::string_view value, std::int64_t kept_s,
                    std::int64_t max_bytes);
  result<void> remove(const std::string& key);
  result<response_cache_stats> stats();
  result<std::int64_t> clear();
  /// Some function has found it beyond use.
  bool is_damaged() const noexcept { return damaged_; }

 private:
  explicit cache_file(sqlite::database db) : db_(std::move(db)) {}
  result<void> prepare_schema();
  result<std::int64_t> used_bytes();
  result<void> evict(std::int64_t max_bytes);
  template <class Work>
  auto in_transaction(Work work) -> decltype(work());
  error failed();

  sqlite::database db_;
  bool damaged_ = false;
};

/// Removes the file, whatever is in it.
result<void> remove_cache_file(const std::string& path);

}  // namespace ark::detail
