#pragma once
#include <string>

#include "ledger_pg/pg_connection.hpp"

namespace ark::pg {

/// The rows of a query, some thousand at a time, in the connection's transaction.
class cursor {
 public:
  /// `name` is the cursor's on the server.
  static result<cursor> open(connection& db, std::string name, const std::string& sql);
  /// Goes to the next row. False at the end.
  result<bool> next();
  bool is_row() const noexcept { return is_row_; }
  rows& row() noexcept { return page_; }

 private:
  cursor(connection& db, std::string name) : db_(&db), name_(std::move(name)) {}
  connection* db_;
  std::string name_;
  rows page_;
  bool is_row_ = false, is_last_ = false;
};

}  // namespace ark::pg
