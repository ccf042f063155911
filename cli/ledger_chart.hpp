#pragma once
#include <ark/ledger.hpp>

#include <vector>

#include "cli/output.hpp"

namespace ark::cli {

/// Bars for the lines of a report, as wide as the terminal: what is known, and lighter, what may
/// come to it. A currency at a time; lines without a known cost have none.
void print_chart(output& out, const std::vector<report_line>& lines);

}  // namespace ark::cli
