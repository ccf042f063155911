#pragma once
#include <ark/result.hpp>

#include "ledger/sqlite.hpp"

namespace ark::detail {

/// Chains the rows of a ledger from before the chain, and makes its roll-ups: a pass over all rows,
/// once in a file's life, in the transaction that brings it forward. Rows stay as they are.
result<void> fill_chain(sqlite::database& db);

}  // namespace ark::detail
