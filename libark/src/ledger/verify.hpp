#pragma once
#include <ark/ledger.hpp>
#include <chrono>
#include <string>

#include "ledger/segment.hpp"

namespace ark::detail {

/// As the user sees it.
ledger_head public_head(const segment_head& head);

/// See ledger::verify. `anchor_file`: its path.
result<ledger_check> verify_ledger(const std::string& path, const std::string& anchor_file,
                                   std::chrono::milliseconds busy_limit,
                                   const ledger_verify_options& options);

}  // namespace ark::detail
