#pragma once
#include <string>

namespace ark::pg::schema {

/// The schema step with the roll-ups, without the sums of the rows that are there: those come from
/// rebuild_rollups() (ledger_pg/pg_rollup.hpp).
std::string rollup_step();

}  // namespace ark::pg::schema
