#pragma once
#include <ark/ledger.hpp>
#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "ledger/sqlite.hpp"

namespace ark::detail {

/// A condition on rows, with the values for its question marks in order: what a caller says never
/// becomes part of the SQL.
struct condition {
  std::string sql;  ///< "a AND b"; never empty
  std::vector<std::variant<std::int64_t, std::string>> values;

  void add(std::string_view text, std::variant<std::int64_t, std::string> value);
  void bind(sqlite::statement& to, int first) const;
};
/// Of `filter`, but its paging. `corrected`: the query joins `correction c`.
condition condition_of(const ledger_filter& filter, bool corrected);

/// FROM clause of every query: an intent, its outcome, what corrected that.
std::string_view from_clause(bool corrected) noexcept;
/// Almost every ledger has no corrections, and its queries are quicker without the join.
result<bool> has_corrections(sqlite::database& db);

/// See ledger::scan. Rows are read in short pages: no snapshot is held while `each` runs.
result<void> scan_entries(sqlite::database& db, const ledger_filter& filter,
                          const std::function<bool(const ledger_entry&)>& each);

}  // namespace ark::detail
