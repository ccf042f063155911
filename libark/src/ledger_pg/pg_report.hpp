#pragma once
#include <ark/ledger.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/report.hpp"
#include "ledger_pg/pg_connection.hpp"

namespace ark::detail {

/// See ledger::report. The server makes the groups and the sums, which are exact: of its roll-ups
/// where they can answer, else of the rows.
result<std::vector<report_line>> pg_report(pg::connection& db,
                                           const std::vector<std::string>& group_by,
                                           const ledger_filter& filter,
                                           report_source how = report_source::best);

/// Lines of so many keys, the currency and the figures; `of_rows`: with their `strange` behind.
result<std::vector<report_line>> pg_read_lines(pg::rows& found, int keys, bool of_rows);

/// A whole number as the server prints its NUMERIC; nothing if it is none, or beyond 128 bits.
std::optional<__int128> parse_whole(std::string_view text) noexcept;

}  // namespace ark::detail
