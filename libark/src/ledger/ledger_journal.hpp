#pragma once
#include <ark/ledger.hpp>
#include <memory>

#include "client/journal.hpp"

namespace ark {

/// The journal that writes into `l`; null for no ledger. Keeps the ledger alive.
std::shared_ptr<journal> journal_of(const ledger& l);

}  // namespace ark
