#include "ledger_pg/pg_insert.hpp"

namespace ark::detail {
namespace {

using column_list = std::vector<pg::schema::named_column>;

column_list with_check(const column_list& all) {
  column_list made = all;
  made.push_back({"row_check", pg::type::int8});
  return made;
}

}  // namespace

pg::batch rows_for(row_kind kind) {
  switch (kind) {
    case row_kind::intent:
      return {{}, with_check(pg::schema::intent_columns())};
    case row_kind::outcome:
      return {{{"attempt_id", pg::type::int8}}, with_check(pg::schema::outcome_columns())};
    case row_kind::correction:
      break;
  }
  return {{}, with_check(pg::schema::correction_columns())};
}

std::string insert_sql(row_kind kind, const pg::batch& rows) {
  const std::string place =
      ",$" + std::to_string(rows.columns() + 1) + ",$" + std::to_string(rows.columns() + 2);
  if (kind == row_kind::outcome) {
    const auto fate = with_check(pg::schema::outcome_columns());
    return "WITH done AS (INSERT INTO ark.outcome(seq," + pg::schema::joined(fate, "") +
           ",chain,segment) SELECT i.seq," + pg::schema::joined(fate, "g.") + place + " FROM " +
           rows.source() +
           " JOIN ark.intent i ON i.attempt_id = g.attempt_id ORDER BY g.n ON CONFLICT (seq) DO "
           "NOTHING RETURNING seq) "
           "SELECT i.attempt_id, i.seq FROM done JOIN ark.intent i ON i.seq = done.seq";
  }
  const bool intents = kind == row_kind::intent;
  return "INSERT INTO ark." + std::string(table_of(kind)) + "(" + rows.names("") +
         ",chain,segment) SELECT " + rows.names("g.") + place + " FROM " + rows.source() +
         " ORDER BY g.n " +
         (intents ? "ON CONFLICT (attempt_id) DO NOTHING RETURNING attempt_id, seq"
                  : "RETURNING seq");
}

}  // namespace ark::detail
