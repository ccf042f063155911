#pragma once
#include <ark/ledger.hpp>
#include <string>
#include <vector>

#include "ledger/sqlite.hpp"

namespace ark::detail {

/// See ledger::report. One pass over the rows in one snapshot; the sums are made here, in 128 bits.
result<std::vector<report_line>> make_report(sqlite::database& db,
                                             const std::vector<std::string>& group_by,
                                             const ledger_filter& filter);

}  // namespace ark::detail
