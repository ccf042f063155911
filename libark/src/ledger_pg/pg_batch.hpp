#pragma once
#include <span>
#include <string>
#include <vector>

#include "ledger_pg/pg_schema.hpp"

namespace ark::pg {

/// Rows of one table on their way, an array for each column: one statement whatever their number.
class batch {
 public:
  /// `first`: columns before those of the list.
  batch(std::vector<schema::named_column> first, const std::vector<schema::named_column>& rest);

  /// The cells of `first`, then those of the rest.
  void add(std::span<const detail::cell> first, std::span<const detail::cell> rest);
  void clear() noexcept;
  int rows() const noexcept { return columns_.front().rows(); }
  std::size_t columns() const noexcept { return columns_.size(); }
  /// Valid until the next add() or clear().
  parameters arrays();
  /// "unnest($1::int8[],...) WITH ORDINALITY AS g(a,b,...,n)".
  std::string source() const;
  /// "a,b,..." with a prefix before each.
  std::string names(std::string_view prefix) const { return schema::joined(named_, prefix); }

 private:
  std::vector<schema::named_column> named_;
  std::vector<column> columns_;
};

/// Queues a statement with these rows as its parameters.
void queue_rows(connection& to, const std::string& sql, batch rows);

inline detail::cell number_cell(std::int64_t value) {
  return {.kind = detail::cell::type::integer, .number = value};
}
inline detail::cell text_cell(std::string_view value) {
  return {.kind = detail::cell::type::text, .text = value};
}

}  // namespace ark::pg
