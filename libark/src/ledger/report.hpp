#pragma once
#include <ark/ledger.hpp>
#include <string>
#include <vector>

#include "ledger/sqlite.hpp"

namespace ark::detail {

/// Where a report's figures come from.
enum class report_source : std::uint8_t {
  best,  ///< the roll-ups if they can answer, else the rows
  rows,  ///< one pass over the rows
};

/// See ledger::report. In one snapshot; the sums are made here, in 128 bits.
result<std::vector<report_line>> make_report(sqlite::database& db,
                                             const std::vector<std::string>& group_by,
                                             const ledger_filter& filter,
                                             report_source how = report_source::best);

/// A group needs about 300 bytes: this bounds a report by a tag that is different on each call.
inline constexpr std::size_t report_groups_max = 1'000'000;
error too_many_groups();
/// By key and currency.
void sort_lines(std::vector<report_line>& lines);

enum class clock_unit : std::uint8_t { none, hour, day, month };
/// "2026-11", "2026-11-21", "2026-11-21T10"; UTC.
std::string clock_text(std::int64_t us, clock_unit unit);

}  // namespace ark::detail
