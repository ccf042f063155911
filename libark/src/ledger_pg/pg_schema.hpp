#pragma once
#include <ark/result.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "ledger_pg/pg_connection.hpp"

/// What is in the server's schema `ark`: tables, their columns, how an older one becomes a newer.
namespace ark::pg::schema {

/// The newest schema that this library knows: the last step.
inline constexpr int version = 4;
/// The step with the chain, and the one with the roll-ups.
inline constexpr int chain_version = 3;
inline constexpr int rollup_version = 4;

/// Makes the tables or brings them forward, in one transaction under an advisory lock: other
/// machines may do so at the same time. A newer schema, and another program's `ark`, is an error.
/// `up_to`: as an older library would; for tests.
result<void> migrate(connection& to, deadline until, int up_to = version);
/// An error unless the ledger is there and can be read as it is.
result<void> check(connection& to, deadline until);

struct named_column {
  std::string name;  ///< quoted where PostgreSQL wants it
  type of = type::int8;
};
/// The columns of the store's rows, in the order of fill() (ledger/record.hpp).
const std::vector<named_column>& intent_columns();
const std::vector<named_column>& outcome_columns();
/// Of a correction, all but `seq`: its own, then those of an outcome.
const std::vector<named_column>& correction_columns();
/// "prefix+name,..." of them.
std::string joined(const std::vector<named_column>& columns, std::string_view prefix);

}  // namespace ark::pg::schema
