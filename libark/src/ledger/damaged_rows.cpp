#include "ledger/damaged_rows.hpp"

#include <algorithm>
#include <optional>

namespace ark::detail {
namespace {

/// No row of a ledger is shorter.
constexpr std::int64_t row_bytes_min = 16;

/// Of two equal keys the one is right that follows the key before, or precedes the next, by one:
/// there was no room for the other to have been right. Else neither is known to be.
std::vector<char> told_twice(const std::vector<std::int64_t>& keys) {
  std::vector<char> wrong(keys.size(), 0);
  for (std::size_t i = 0; i + 1 < keys.size(); ++i) {
    if (keys[i] != keys[i + 1]) continue;
    const bool follows = i > 0 && keys[i - 1] == keys[i] - 1;
    const bool precedes = i + 2 < keys.size() && keys[i + 2] == keys[i] + 1;
    wrong[i] = follows ? 0 : 1;
    wrong[i + 1] = precedes && !follows ? 0 : 1;
  }
  return wrong;
}

/// The longest part of these that grows: what stands outside of it is out of order.
std::vector<char> out_of_order(const std::vector<std::int64_t>& keys) {
  const std::vector<char> wrong = told_twice(keys);
  std::vector<std::size_t> ends;  // ends[n]: where the lowest end of n + 1 growing keys stands
  std::vector<std::size_t> before(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (wrong[i] != 0) continue;
    const auto place =
        std::lower_bound(ends.begin(), ends.end(), i,
                         [&](std::size_t a, std::size_t b) { return keys[a] < keys[b]; });
    before[i] = place == ends.begin() ? i : *(place - 1);
    if (place == ends.end())
      ends.push_back(i);
    else
      *place = i;
  }
  std::vector<char> out(keys.size(), 1);
  if (ends.empty()) return out;
  for (std::size_t i = ends.back(), n = ends.size(); n-- > 0; i = before[i]) out[i] = 0;
  return out;
}

}  // namespace

result<void> damaged_rows::find(const row_taker& taker) {
  reach_ = static_cast<std::int64_t>(file_.pages()) * static_cast<std::int64_t>(file_.page_size()) /
               row_bytes_min +
           1;
  find_places();
  for (std::uint32_t n = 1; n <= file_.pages(); ++n)
    if (auto done = look(n, std::string(file_.page(n)), false, taker); !done) return done;
  for (const page_copy& copy : file_.older())
    if (auto done = look(copy.page, std::string(file_.copy(copy)), true, taker); !done) return done;
  return {};
}

/// Numbers are given one after the other: none is much beyond those that stand beside others. And
/// the rows of a table are in order: those of one page lie between those of its neighbours.
void damaged_rows::find_places() {
  struct place {
    std::int64_t middle = 0;
    std::uint32_t page = 0;
  };
  std::array<std::vector<place>, row_kinds> places;
  std::vector<std::int64_t> keys;
  for (std::uint32_t n = 1; n <= file_.pages(); ++n) {
    keys.clear();
    std::optional<row_kind> kind;
    for (const auto& cell : leaf_cells(file_.page(n), n == 1)) {
      const auto values = cell && cell->overflow == 0 ? row_values(cell->local) : std::nullopt;
      const auto is = values ? kind_of(*values) : std::nullopt;
      if (!is) continue;
      kind = is;
      keys.push_back(cell->key);
    }
    // One wrong number among three does not move their middle.
    if (keys.size() < 3) continue;
    const auto middle = keys.begin() + static_cast<std::ptrdiff_t>(keys.size() / 2);
    std::nth_element(keys.begin(), middle, keys.end());
    places[static_cast<std::size_t>(*kind)].push_back({*middle, n});
    last_ = std::max(last_, *middle);
  }
  last_ = last_ > INT64_MAX - reach_ ? INT64_MAX : last_ + reach_;
  for (auto& all : places) {
    std::sort(all.begin(), all.end(),
              [](const place& a, const place& b) { return a.middle < b.middle; });
    for (std::size_t i = 1; i < all.size(); ++i) {
      // Two copies of one page tell nothing of each other.
      if (all[i - 1].middle == all[i].middle) continue;
      bounds_.try_emplace(all[i].page, number_range{0, INT64_MAX}).first->second.first =
          all[i - 1].middle;
      bounds_.try_emplace(all[i - 1].page, number_range{0, INT64_MAX}).first->second.last =
          all[i].middle;
    }
  }
}

std::vector<damaged_rows::page_cell> damaged_rows::cells_of(std::uint32_t number,
                                                            std::string_view page) {
  std::vector<page_cell> cells;
  const auto read = [this](std::uint32_t n) { return file_.page(n); };
  for (const auto& found : leaf_cells(page, number == 1)) {
    page_cell& cell = cells.emplace_back();
    if (!found) continue;
    cell.key = found->key;
    auto bytes = row_bytes(*found, read);
    if (!bytes) continue;
    cell.bytes = std::move(*bytes);
    cell.good = true;
  }
  // Behind the last move of the strings that the values point into.
  for (page_cell& cell : cells) {
    auto values = cell.good ? row_values(cell.bytes) : std::nullopt;
    cell.good = values.has_value();
    if (values) cell.values = std::move(*values);
  }
  return cells;
}

void damaged_rows::judge_numbers(std::uint32_t number, const std::vector<page_cell>& cells,
                                 std::vector<char>& misplaced) const {
  std::vector<std::size_t> at;
  std::vector<std::int64_t> keys;
  for (std::size_t i = 0; i < cells.size(); ++i)
    if (cells[i].good && kind_of(cells[i].values)) {
      at.push_back(i);
      keys.push_back(cells[i].key);
    }
  if (keys.empty()) return;
  auto out = out_of_order(keys);
  std::vector<std::int64_t> sorted = keys;
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
  std::nth_element(sorted.begin(), middle, sorted.end());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto away = static_cast<__int128>(keys[i]) - *middle;
    if (keys[i] <= 0 || keys[i] > last_ || away > reach_ || away < -reach_) out[i] = 1;
    if (const auto between = bounds_.find(number); between != bounds_.end())
      if (keys[i] <= between->second.first || keys[i] >= between->second.last) out[i] = 1;
    misplaced[at[i]] = out[i];
  }
}

result<void> damaged_rows::look(std::uint32_t number, std::string_view page, bool is_older,
                                const row_taker& taker) {
  const auto cells = cells_of(number, page);
  std::vector<char> misplaced(cells.size(), 0);
  judge_numbers(number, cells, misplaced);
  std::int64_t unreadable = 0;
  // Of an older copy nothing is known of what lies between its rows.
  bool goes_on = false;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    bool is_known = false;
    if (cells[i].good)
      if (auto done = take(number, cells, i, misplaced[i] != 0, is_older, taker, is_known); !done)
        return done;
    if (!is_known || misplaced[i] != 0) {
      ++unreadable;
      goes_on = false;
      continue;
    }
    const auto kind = kind_of(cells[i].values);
    if (kind) note(*kind, cells[i].key, goes_on);
    goes_on = kind && !is_older;
  }
  if (unreadable > 0 && !is_older) damaged_pages_.emplace_back(number, unreadable);
  return {};
}

/// `is_known`: it is a row of some table that the ledger has, or had.
result<void> damaged_rows::take(std::uint32_t number, const std::vector<page_cell>& cells,
                                std::size_t at, bool is_misplaced, bool is_older,
                                const row_taker& taker, bool& is_known) {
  const page_cell& cell = cells[at];
  const auto is_beside = [&cells](std::size_t one) {
    const auto is = [&](std::size_t other, std::int64_t by) {
      return other < cells.size() && cells[other].good &&
             static_cast<__int128>(cells[other].key) == static_cast<__int128>(cells[one].key) + by;
    };
    return is(one - 1, -1) || is(one + 1, 1);
  };
  auto [row, newer] = recognise(cell.values);
  newer_ += newer ? 1 : 0;
  // Of a copy that was replaced, or is not whole, only what is surely right.
  is_known = !is_older || (row && row->trust == row_trust::checked);
  if (!is_known) return {};
  if (row) {
    const bool has_neighbour = !is_misplaced && is_beside(at);
    return taker.row({.page = number,
                      .sequence = cell.key,
                      .row = std::move(*row),
                      .has_neighbour = has_neighbour,
                      .is_misplaced = is_misplaced,
                      .is_older = is_older});
  }
  if (auto segment = recognise_segment(cell.key, cell.values)) {
    // They have no gaps.
    is_known = cells.size() == 1 || is_beside(at);
    return is_known ? taker.segment(*segment) : result<void>();
  }
  if (auto session = recognise_session(cell.values)) return taker.session(cell.key, *session);
  if (auto budget = recognise_budget(cell.values)) return taker.budget(cell.key, *budget);
  // The schema itself, and the names that sums have, are made anew. Theirs have few columns.
  constexpr std::size_t other_columns_max = 6;
  is_known = cell.values.size() <= other_columns_max;
  return {};
}

void damaged_rows::note(row_kind kind, std::int64_t key, bool goes_on) {
  auto& runs = runs_[static_cast<std::size_t>(kind)];
  if (goes_on && !runs.empty() && runs.back().last < key)
    runs.back().last = key;
  else
    runs.push_back({key, key});
}

std::vector<number_range> damaged_rows::gaps(row_kind kind, std::int64_t last) {
  auto& runs = runs_[static_cast<std::size_t>(kind)];
  std::sort(runs.begin(), runs.end(),
            [](const number_range& a, const number_range& b) { return a.first < b.first; });
  std::vector<number_range> gaps;
  std::int64_t next = 1;
  for (const number_range& run : runs) {
    if (run.first > next) gaps.push_back({next, run.first - 1});
    next = std::max(next, run.last + 1);
  }
  if (next <= last) gaps.push_back({next, last});
  return gaps;
}

}  // namespace ark::detail
