#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "ledger/damaged_file.hpp"
#include "ledger/found_row.hpp"

/// Every row that can be found in a damaged file, page by page.
namespace ark::detail {

/// Numbers between which no page had anything to say.
struct number_range {
  std::int64_t first = 0, last = 0;
};

/// One that was found, and where.
struct placed_row {
  std::uint32_t page = 0;
  std::int64_t sequence = 0;
  found_row row{};
  bool has_neighbour = false;  ///< the number before or behind it lies beside it
  bool is_misplaced = false;   ///< its number cannot be right: the rows beside it say so
  bool is_older = false;       ///< from a copy of the page that was replaced, or is not whole
};

/// Who takes the rows; an error of theirs ends the search. What a call is given lives as long as
/// it.
struct row_taker {
  std::function<result<void>(const placed_row&)> row;
  std::function<result<void>(const found_segment&)> segment;
  std::function<result<void>(std::int64_t key, const std::vector<cell>&)> session, budget;
};

class damaged_rows {
 public:
  explicit damaged_rows(damaged_file& file) : file_(file) {}
  /// Once.
  result<void> find(const row_taker& taker);

  /// Rows that have columns which this library does not know.
  std::int64_t newer() const noexcept { return newer_; }
  /// Pages on which something could not be read, and how much.
  const std::vector<std::pair<std::uint32_t, std::int64_t>>& damaged_pages() const noexcept {
    return damaged_pages_;
  }
  /// Where rows of that kind may have been: between what lies on one page and what lies on the
  /// next, or beside what could not be read; up to `last`.
  std::vector<number_range> gaps(row_kind kind, std::int64_t last);

 private:
  struct page_cell {
    std::int64_t key = 0;
    std::string bytes;
    std::vector<stored_value> values;
    bool good = false;
  };
  void find_places();
  std::vector<page_cell> cells_of(std::uint32_t number, std::string_view page);
  void judge_numbers(std::uint32_t number, const std::vector<page_cell>& cells,
                     std::vector<char>& misplaced) const;
  result<void> look(std::uint32_t number, std::string_view page, bool is_older,
                    const row_taker& taker);
  result<void> take(std::uint32_t number, const std::vector<page_cell>& cells, std::size_t at,
                    bool is_misplaced, bool is_older, const row_taker& taker, bool& is_known);
  void note(row_kind kind, std::int64_t key, bool goes_on);

  damaged_file& file_;
  std::int64_t reach_ = 0;  ///< how many rows the file has room for
  std::int64_t last_ = 0;   ///< no number is beyond
  /// For a page: numbers of rows that are on others, before and behind.
  std::unordered_map<std::uint32_t, number_range> bounds_;
  std::array<std::vector<number_range>, row_kinds> runs_;
  std::vector<std::pair<std::uint32_t, std::int64_t>> damaged_pages_;
  std::int64_t newer_ = 0;
};

}  // namespace ark::detail
