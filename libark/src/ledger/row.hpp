#pragma once
#include <ark/usage.hpp>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Rows between records and whatever store keeps them.
namespace ark::detail {

/// One value of a row that is to be stored.
struct cell {
  enum class type : std::uint8_t { null, integer, text };
  type kind = type::null;
  std::int64_t number = 0;
  std::string_view text{};  ///< lives as long as the record that the row was made of
};

/// A row on its way into a store: filled one column after the other. What is empty is NULL.
/// Not thread safe; made once and filled many times.
class row {
 public:
  void clear() noexcept {
    cells_.clear();
    notes_used_ = 0;
  }
  void text(std::string_view value) {
    if (value.empty()) return skip();
    cells_.push_back({.kind = cell::type::text, .text = value});
  }
  void integer(std::int64_t value) {
    cells_.push_back({.kind = cell::type::integer, .number = value});
  }
  void skip(int columns = 1) { cells_.resize(cells_.size() + static_cast<std::size_t>(columns)); }
  /// Two columns.
  void money(amount value);
  /// Six: value, low, high; the ends only where they differ from the value.
  void amounts(const cost& c);
  /// An empty text that lives as long as the row is not cleared: for what is made on the way.
  std::string& note();
  std::span<const cell> cells() const noexcept { return cells_; }

 private:
  std::vector<cell> cells_;
  std::deque<std::string> notes_;
  std::size_t notes_used_ = 0;
};

/// A row that a store gives: columns from 0. Text is valid until the next row.
class row_source {
 public:
  virtual ~row_source() = default;
  virtual bool is_null(int column) noexcept = 0;
  virtual std::int64_t integer(int column) noexcept = 0;
  virtual std::string_view text(int column) noexcept = 0;

 protected:
  row_source() = default;
  row_source(const row_source&) = default;
  row_source(row_source&&) = default;
  row_source& operator=(const row_source&) = default;
  row_source& operator=(row_source&&) = default;
};

}  // namespace ark::detail
