#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <unordered_map>

#include "ledger/findings.hpp"
#include "ledger/segment.hpp"
#include "ledger/sqlite.hpp"

/// Rows against their segments, segments against each other.
namespace ark::detail {

/// A byte for each segment of the chain: which kinds of rows it says it has, and which of them were
/// dealt with (found right, or told wrong). Thread safe.
class segment_marks {
 public:
  explicit segment_marks(std::int64_t head)
      : head_(head), bytes_(new std::atomic<std::uint8_t>[static_cast<std::size_t>(head) + 1]()) {}
  std::int64_t head() const noexcept { return head_; }
  void expect(std::int64_t id, row_kind kind) noexcept { at(id) |= bit(kind); }
  void deal_with(std::int64_t id, row_kind kind) noexcept {
    at(id) |= static_cast<std::uint8_t>(bit(kind) << 4);
  }
  bool is_dealt_with(std::int64_t id, row_kind kind) const noexcept {
    return (at(id) & bit(kind) << 4) != 0;
  }
  /// Expected, and never seen.
  bool is_missing(std::int64_t id, row_kind kind) const noexcept {
    return (at(id) & bit(kind)) != 0 && !is_dealt_with(id, kind);
  }

 private:
  static std::uint8_t bit(row_kind kind) noexcept {
    return static_cast<std::uint8_t>(1u << static_cast<unsigned>(kind));
  }
  std::atomic<std::uint8_t>& at(std::int64_t id) const noexcept {
    return bytes_[static_cast<std::size_t>(id)];
  }
  std::int64_t head_;
  std::unique_ptr<std::atomic<std::uint8_t>[]> bytes_;
};

/// Rows that a segment should have and that did not all come by yet.
struct waiting_rows {
  segment_rows rows{};
  std::int64_t expected = 0;
  std::optional<digest> stored{};
};
using waiting_segments = std::unordered_map<std::int64_t, waiting_rows>;

/// Gathers the rows of one kind until a segment is whole, then compares. Rows may come in any
/// order; what is open at a time is bounded by how late outcomes are.
class segment_matcher {
 public:
  segment_matcher(sqlite::database& db, row_kind kind, segment_marks& marks, findings& found)
      : db_(db), kind_(kind), marks_(marks), found_(found) {}
  result<void> prepare();
  result<void> add(std::int64_t segment, std::int64_t sequence, const digest& row);
  /// What is not whole: its other rows are in other threads' hands.
  waiting_segments& waiting() noexcept { return waiting_; }
  /// All that every thread had is here now.
  void tell_incomplete();
  void take(waiting_segments&& from_another);

 private:
  result<waiting_rows*> waiting_for(std::int64_t segment, std::int64_t sequence);
  void compare(std::int64_t segment, waiting_rows& whole);

  sqlite::database& db_;
  row_kind kind_;
  segment_marks& marks_;
  findings& found_;
  sqlite::statement query_;
  waiting_segments waiting_;
};

/// Walks the segments [from, to]: each follows the one before.
result<void> walk_chain(sqlite::database& db, std::int64_t from, std::int64_t to,
                        segment_marks& marks, findings& found, std::int64_t& older);
/// Tells the segments that have no rows left.
void tell_missing(const segment_marks& marks, findings& found);

}  // namespace ark::detail
