#pragma once
#include <ark/ledger.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace ark::billing {

/// A table and its charts: the ledger's report by one or several dimensions.
struct report_section {
  std::string title;            ///< "By day"
  std::vector<std::string> by;  ///< names of the key's columns
  std::vector<report_line> lines;
};

/// What a page shows.
struct report_page {
  std::string title = "Usage and cost";
  std::string scope;                ///< which attempts, in words; "" for all
  std::string made;                 ///< when, as text
  std::vector<report_line> totals;  ///< one for each currency
  std::vector<report_section> sections;
};

/// One self-contained page of HTML: tables, bar charts as SVG, nothing from elsewhere, no script,
/// light and dark, fit for printing. All text is escaped: names and tags are untrusted. Money is
/// exact decimal text; only bars are rounded. A chart has at most 60 bars, the dearest; its table
/// has all lines.
std::string html_page(const report_page& page);

/// Text for HTML's text and quoted attributes. Control characters become U+FFFD.
std::string escaped(std::string_view text);

}  // namespace ark::billing
