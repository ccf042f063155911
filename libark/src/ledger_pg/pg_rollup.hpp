#pragma once
#include <ark/ledger.hpp>
#include <cstdint>
#include <optional>
#include <vector>

#include "ledger/findings.hpp"
#include "ledger/rollup_report.hpp"
#include "ledger_pg/pg_connection.hpp"

/// The server's sums by day. They are changed by triggers (pg_rollup_step): here they are read,
/// compared with the rows, and made anew.
namespace ark::detail {

/// Nothing if the sums do not hold it all. Begins and ends a transaction of its own.
result<std::optional<std::vector<report_line>>> pg_report_of_rollups(pg::connection& db,
                                                                     const rollup_query& query,
                                                                     pg::deadline until);

/// Tells the sums that are not those of the rows, in the snapshot of the transaction that runs.
/// Gives how many it looked at: none before complete_rollups().
result<std::int64_t> verify_rollups(pg::connection& db, findings& found, pg::deadline until);

/// Makes the sums those of the rows, in the transaction that runs (READ COMMITTED) or one of its
/// own. Who writes need not wait: one statement compares, and books the differences. For the
/// tables' owner.
result<void> rebuild_rollups(pg::connection& db, pg::deadline until);

/// Adds what was there before the sums were, if nobody did it yet or does it now. Until then
/// reports go by the rows. Nothing for who is not the tables' owner.
result<void> complete_rollups(pg::connection& db, pg::deadline until);

}  // namespace ark::detail
