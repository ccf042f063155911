#pragma once
#include <ark/ledger.hpp>
#include <string>

#include "ledger_pg/pg_connection.hpp"

/// What one attempt adds to a report, said to the server: ledger/figures.hpp in SQL.
namespace ark::detail {

/// Columns of an attempt (FROM pg_from), in front of which others may stand: what the figures are
/// made of, and `currency`.
std::string pg_attempt_columns();
/// The figures' names, with commas: "attempts,settled,...".
std::string_view pg_figure_names();
/// "sum(@attempts) AS attempts, ...": `each` is what stands for a figure, "@" its name.
std::string pg_figure_list(std::string_view each);
/// The figures of a group of attempts, each with its name; and how many of the attempts are in a
/// state that this library does not know, as `strange`.
std::string pg_figure_sums();
/// Reads the figures of a row, from this column on.
report_line pg_read_figures(pg::rows& row, int first);
inline constexpr int pg_figures = 14;

}  // namespace ark::detail
