#include "ledger_pg/pg_cursor.hpp"

#include "os/os.hpp"

namespace ark::pg {
namespace {

constexpr int rows_a_fetch = 2000;
/// The first page may wait until the server has sorted a large ledger.
constexpr std::chrono::hours fetch_limit{2};

deadline fetch_until() { return os::real().steady_now() + fetch_limit; }

}  // namespace

result<cursor> cursor::open(connection& db, std::string name, const std::string& sql) {
  auto declared = db.ask("DECLARE " + name + " NO SCROLL CURSOR FOR " + sql, {}, fetch_until());
  if (!declared) return declared.error();
  return cursor(db, std::move(name));
}

result<bool> cursor::next() {
  is_row_ = page_.next();
  if (is_row_ || is_last_) return is_row_;
  auto page =
      db_->ask("FETCH " + std::to_string(rows_a_fetch) + " FROM " + name_, {}, fetch_until());
  if (!page) return page.error();
  page_ = std::move(*page);
  is_last_ = page_.count() < rows_a_fetch;
  is_row_ = page_.next();
  return is_row_;
}

}  // namespace ark::pg
