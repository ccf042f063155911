#pragma once
#include <string>

#include "ledger/segment.hpp"
#include "ledger_pg/pg_batch.hpp"

/// Rows on their way into the ledger's three tables, each with its checksum as the last column.
namespace ark::detail {

/// Columns: the store's, then `row_check`. Outcomes have `attempt_id` before these, as their `seq`
/// is their intent's.
pg::batch rows_for(row_kind kind);
/// The statement that adds them. Two parameters follow the rows' own: the session in whose chain
/// they are, and its segment. The answer says what was really added: of intents and outcomes
/// `attempt_id` and `seq`; of corrections `seq`, in their order.
std::string insert_sql(row_kind kind, const pg::batch& rows);

}  // namespace ark::detail
