#pragma once
#include <ark/ledger.hpp>
#include <string>

#include "ledger_pg/pg_connection.hpp"

namespace ark::detail {

/// See ledger::verify. In one snapshot of the server, while others write; memory stays bounded: the
/// server sorts the rows by their segments. `anchor_file`: "" if there is no place for one.
result<ledger_check> pg_verify(pg::connection& db, const std::string& anchor_file,
                               const ledger_verify_options& options);

}  // namespace ark::detail
