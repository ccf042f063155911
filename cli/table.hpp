#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "cli/output.hpp"
#include "files/csv.hpp"

namespace ark::cli {

enum class align { left, right };

/// A table for people: columns as wide as their widest cell, two spaces apart. Control characters
/// in cells become spaces, so that a cell stays one line and cannot steer a terminal.
class table {
 public:
  void column(std::string title, align how = align::left);
  /// One cell for each column.
  void row(std::vector<std::string> cells);
  /// A line between rows, as wide as the table.
  void rule();
  void print(output& out) const;

 private:
  struct column_info {
    std::string title;
    align how = align::left;
  };
  std::vector<column_info> columns_;
  std::vector<std::vector<std::string>> rows_;  ///< no cells: a rule
};

/// How many columns of a terminal UTF-8 text takes: East Asian wide characters take two.
std::size_t display_width(std::string_view text) noexcept;

using files::csv_line;

/// Decimal texts of one column with the same number of decimals: zeros are added, none removed.
void align_decimals(std::vector<std::string*> texts);

}  // namespace ark::cli
