#pragma once
#include <ark/ledger.hpp>
#include <string>
#include <vector>

#include "cli/output.hpp"

/// How `ark ledger` shows lines and entries: tables for people, JSON and CSV for programs. Money is
/// always exact decimal text.
namespace ark::cli {

/// The sums of `lines`, one for each currency.
result<std::vector<report_line>> totals_of(const std::vector<report_line>& lines);

void print_report_table(output& out, const std::vector<std::string>& by,
                        const std::vector<report_line>& lines,
                        const std::vector<report_line>& totals);
/// {"by": [...], "lines": [...], "totals": [...]}; a line has its group by name.
std::string report_json(const std::vector<std::string>& by, const std::vector<report_line>& lines,
                        const std::vector<report_line>& totals);
void print_report_csv(output& out, const std::vector<std::string>& by,
                      const std::vector<report_line>& lines);

void print_entries_table(output& out, const std::vector<ledger_entry>& entries);

}  // namespace ark::cli
