#pragma once
#include <ark/ledger.hpp>
#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "ledger_pg/pg_connection.hpp"

namespace ark::detail {

/// A condition on rows, with the values of its parameters: what a caller says never becomes part of
/// the SQL.
class pg_condition {
 public:
  /// Puts a value; its "$N".
  std::string value(std::variant<std::int64_t, std::string> v);
  void add(const std::string& sql) { sql_ += " AND " + sql; }
  const std::string& sql() const noexcept { return sql_; }
  /// Views into this condition.
  pg::parameters parameters() const;

 private:
  std::string sql_ = "true";
  std::vector<std::variant<std::int64_t, std::string>> values_;
};
/// Adds what `filter` asks for, but its paging.
void add_filter(pg_condition& to, const ledger_filter& filter);

/// FROM clause of every query: intent i, its outcome o, what corrected that: c.
extern const char* const pg_from;
/// The current value of a column of the fate: the correction's if there is one.
std::string pg_fate(std::string_view name);
/// What is booked for $1 (an attempt's id) or $2 (a sequence), as a whole entry; no row if the
/// attempt is not there or open.
std::string booked_sql();

struct pg_entry {
  ledger_entry entry;
  std::int64_t attempt_id = 0, lease_us = 0;
};
/// The first entries that match, in order of sequence; the filter's limit and order do not count.
result<std::vector<pg_entry>> pg_read_page(pg::connection& db, const ledger_filter& filter,
                                           pg::deadline until);

/// See ledger::scan. Rows are read in short pages: no snapshot is held while `each` runs.
result<void> pg_scan(pg::connection& db, const ledger_filter& filter,
                     const std::function<bool(const ledger_entry&)>& each);

}  // namespace ark::detail
