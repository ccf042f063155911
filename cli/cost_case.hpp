#pragma once
#include <ark/money.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "catalog/catalog.hpp"
#include "cli/cost_json.hpp"

/// Worked cost cases: a price card, a vendor's usage and the facts of a call, priced as the library
/// prices a call. libark/doc/formats.md describes them.
namespace ark::cli::worked {

/// Part of a bill: quantity * unit_price / per = value, exactly.
struct case_line {
  std::string label;     ///< "input_uncached@>272k", "attempt2 output"
  std::string quantity;  ///< decimal text: seconds may be fractions
  amount unit_price;
  std::int64_t per = 1;
  amount value;
};

/// What a case costs.
struct case_bill {
  std::string id;
  std::string currency;
  std::optional<amount> total;  ///< nothing: it cannot be said; never zero for that
  std::vector<case_line> lines;
  /// "exact"; "vendor_reported": no card, but the vendor says what it charges; "at_least": a part
  /// is not known and `total` is the rest; "usage_missing", "price_missing", "unknown",
  /// "mixed_currencies": there is no total.
  std::string status = "exact";
  std::string reason;                    ///< in words, unless exact
  std::map<std::string, amount> totals;  ///< by currency, of mixed ones
  std::optional<money> vendor_cost;      ///< what the vendor itself reports
  std::vector<std::string> notes;        ///< what was taken for granted
};

/// `book`: the catalogue, for vendors' habits and for fees that a card leaves out. Never fails:
/// what cannot be priced has a status and a reason.
case_bill price_case(const bj::value& c, const catalog::book& book);

/// One line of JSON: {"id","currency","total","lines":[...],"status",...}; decimals as strings.
std::string to_json(const case_bill& bill);

}  // namespace ark::cli::worked
