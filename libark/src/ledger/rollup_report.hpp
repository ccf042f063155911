#pragma once
#include <ark/ledger.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ledger/sqlite.hpp"

namespace ark::detail {

/// A report that the roll-ups may answer: whole days, by day, month, vendor, model and one
/// dimension (tenant, task or a tag).
struct rollup_query {
  enum class part : std::uint8_t { day, month, vendor, model, value };
  std::vector<part> parts{};  ///< of the key
  std::string dimension{};    ///< "": none
  std::string value{};        ///< only this one; "": any
  std::string vendor{}, model{};
  std::int64_t since_day = INT64_MIN;
  std::int64_t until_day = INT64_MAX;  ///< not itself
};
/// Nothing if it takes the rows.
std::optional<rollup_query> rollup_query_of(const std::vector<std::string>& group_by,
                                            const ledger_filter& filter);
/// Nothing if the dimension is not rolled up.
result<std::optional<std::vector<report_line>>> report_of_rollups(sqlite::database& db,
                                                                  const rollup_query& query);

/// Reads the figures of a row of `rollup`, from this column on.
report_line read_figures(sqlite::statement& row, int first);

}  // namespace ark::detail
