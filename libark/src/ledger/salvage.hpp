#pragma once
#include <ark/ledger.hpp>

#include "os/os.hpp"

namespace ark::detail {

/// See ledger::salvage.
result<ledger_salvage> salvage_ledger(const ledger_options& damaged, const ledger_options& to,
                                      os::system& os);

}  // namespace ark::detail
