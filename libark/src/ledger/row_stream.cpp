#include "ledger/row_stream.hpp"

#include <algorithm>
#include <string>

#include "ledger/schema.hpp"

namespace ark::detail {
namespace {

std::string chained_columns(row_kind kind) {
  if (kind == row_kind::intent) return std::string(schema::intent_columns());
  const std::string fate(schema::outcome_columns());
  if (kind == row_kind::outcome) return fate;
  return std::string(schema::correction_columns_before()) + "," + fate;
}

}  // namespace

result<row_stream> row_stream::open(sqlite::database& db, row_kind kind, std::int64_t from,
                                    std::int64_t to) {
  const std::string columns = chained_columns(kind);
  auto query = db.prepare("SELECT seq,segment,row_check," + columns + " FROM " +
                          std::string(table_of(kind)) + " WHERE seq BETWEEN ? AND ? ORDER BY seq");
  if (!query) return query.error();
  query->bind(1, from);
  query->bind(2, to);
  const auto count = 1 + std::count(columns.begin(), columns.end(), ',');
  return row_stream(db, std::move(*query), static_cast<int>(count));
}

result<bool> row_stream::next() {
  const int code = query_.step();
  is_row_ = code == SQLITE_ROW;
  if (!is_row_ && code != SQLITE_DONE) return db_->last_error("read");
  return is_row_;
}

std::int64_t row_stream::segment() noexcept {
  return query_.is_null(1) ? backfill_segment(query_.integer(0)) : query_.integer(1);
}

digest row_stream::digest_of_row() {
  digest_.clear();
  for (int at = first_column; at < first_column + columns_; ++at) {
    sqlite3_value* const value = query_.value(at);
    switch (sqlite3_value_type(value)) {
      case SQLITE_NULL:
        digest_.null();
        break;
      case SQLITE_INTEGER:
        digest_.integer(sqlite3_value_int64(value));
        break;
      case SQLITE_TEXT:
        digest_.text({static_cast<const char*>(sqlite3_value_blob(value)),
                      static_cast<std::size_t>(sqlite3_value_bytes(value))});
        break;
      default:
        digest_.foreign();
    }
  }
  return digest_.finish();
}

}  // namespace ark::detail
