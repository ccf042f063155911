#pragma once
#include <ark/result.hpp>
#include <cstdint>
#include <string_view>

#include "ledger/digest.hpp"
#include "ledger/segment.hpp"
#include "ledger/sqlite.hpp"

namespace ark::detail {

/// The rows of one table in order of sequence, as the chain sees them: which segment, which digest.
class row_stream {
 public:
  /// Those of [from, to].
  static result<row_stream> open(sqlite::database& db, row_kind kind, std::int64_t from,
                                 std::int64_t to);
  /// The next row. False at the end. Fails on a page that cannot be read.
  result<bool> next();
  bool is_row() const noexcept { return is_row_; }

  std::int64_t sequence() noexcept { return query_.integer(0); }
  /// Of the row's column, or where its number puts it if it is from before the chain.
  std::int64_t segment() noexcept;
  digest digest_of_row();
  /// Nothing to compare for a row from before the chain.
  bool is_checked() noexcept { return !query_.is_null(2); }
  std::int64_t stored_check() noexcept { return query_.integer(2); }
  /// A column of the table, by its place in the schema's list.
  sqlite::statement& columns() noexcept { return query_; }
  static constexpr int first_column = 3;

 private:
  row_stream(sqlite::database& db, sqlite::statement query, int columns)
      : db_(&db), query_(std::move(query)), columns_(columns) {}

  sqlite::database* db_;
  sqlite::statement query_;
  int columns_;
  bool is_row_ = false;
  row_digest digest_;
};

}  // namespace ark::detail
