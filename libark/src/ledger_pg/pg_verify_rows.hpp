#pragma once
#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>

#include "ledger/findings.hpp"
#include "ledger/segment.hpp"
#include "ledger_pg/pg_cursor.hpp"

/// Rows against their segments, segments against each other: all in order of session and segment.
namespace ark::detail {

/// Which segment: the session's number, and its own there.
struct segment_key {
  std::int64_t session = 0;
  std::int64_t id = 0;
  auto operator<=>(const segment_key&) const = default;
};
/// Where rows are that have no place in the chain.
inline constexpr segment_key unchained{0, 1};
/// "segment 7 of session 123".
std::string text_of(const segment_key& key);

/// The rows of one table, in order of their segments and then their numbers.
class pg_row_stream {
 public:
  static result<pg_row_stream> open(pg::connection& db, row_kind kind);
  /// The next row. False at the end.
  result<bool> next();
  bool is_row() const noexcept { return rows_.is_row(); }
  const segment_key& key() const noexcept { return key_; }
  std::int64_t sequence() noexcept { return rows_.row().integer(0); }
  bool is_checked() noexcept { return !rows_.row().is_null(3); }
  std::int64_t stored_check() noexcept { return rows_.row().integer(3); }
  digest digest_of_row();

 private:
  pg_row_stream(pg::cursor rows, std::vector<pg::type> columns)
      : rows_(std::move(rows)), columns_(std::move(columns)) {}
  pg::cursor rows_;
  std::vector<pg::type> columns_;
  segment_key key_;
  row_digest digest_;
};

/// Reads all segments and all rows, once. Its connection holds a snapshot.
class pg_row_verifier {
 public:
  pg_row_verifier(pg::connection& db, findings& found) : db_(db), found_(found) {}
  result<void> run();

  std::array<std::int64_t, row_kinds> rows{};  ///< that were read
  std::int64_t segments = 0;
  std::int64_t unchained_rows = 0;

 private:
  struct stored_segment {
    segment_key key;
    segment made;
    std::optional<digest> hash;
  };
  static stored_segment read(pg::rows& row);
  void follow(const stored_segment& s);
  result<void> match(row_kind kind, pg_row_stream& stream, const stored_segment& s);
  result<void> tell_added(row_kind kind, pg_row_stream& stream, const segment_key* before);
  void compare(row_kind kind, const stored_segment& s, std::int64_t count, segment_rows& rows);
  void compare_unchained(row_kind kind, std::int64_t count, std::int64_t expected);

  pg::connection& db_;
  findings& found_;
  std::optional<segment_key> last_;
  std::optional<digest> before_;  ///< nothing: it cannot be compared, which is told already
};

}  // namespace ark::detail
