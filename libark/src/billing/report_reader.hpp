#pragma once
#include <ark/billing.hpp>
#include "base/json_reader.hpp"

#include <string>
#include <string_view>

/// What readers of vendors' reports share. A reader is pure and knows nothing of the ledger.
namespace ark::billing {

using line_sink = std::function<result<void>(vendor_line)>;

/// Reads the reports of one vendor.
class report_reader {
 public:
  virtual ~report_reader() = default;
  virtual std::string_view name() const noexcept = 0;  ///< `report_options::format`
  /// Is `text` such a report? Looks at its beginning only.
  virtual bool recognises(std::string_view text) const = 0;
  /// Clocks of the vendor's days and of times that name no offset, ahead of UTC.
  virtual std::chrono::minutes utc_offset() const noexcept = 0;
  /// Appends to `facts.notes`. errc::config says file, place and what is wrong.
  virtual result<void> read(std::string_view file, std::string_view text, report_facts& facts,
                            const line_sink& each) const = 0;

 protected:
  report_reader() = default;
  report_reader(const report_reader&) = default;
  report_reader& operator=(const report_reader&) = default;
};

/// Decimal text as vendors write it: also with an exponent, and with more than 15 decimals, which
/// are rounded to the nearest (half to even). Nothing for anything else, or beyond the range.
std::optional<amount> decimal_of(std::string_view text);
/// A JSON number or a text with one.
std::optional<amount> decimal_of(json::element e);

/// "costs.json: data[3].results[0]" and an error about it.
std::string place_of(std::string_view file, std::size_t bucket, std::size_t result_index);
error report_mistake(std::string place, const std::string& what);

/// One bucket's time and one of its results.
struct page_result {
  json::element bucket;
  json::element result;
  std::string place;
};
/// The results of pages {"data": [{..., "results": [...]}], "has_more": ...}: the form that several
/// vendors share. `text` is a page or an array of pages. A page that says there are more is noted.
result<void> read_pages(std::string_view file, std::string_view text, report_facts& facts,
                        const std::function<result<void>(const page_result&)>& each);
/// Whether the first results are of the kind that `of_this_vendor` knows; false if it is no page.
bool any_page_result(std::string_view text, std::string_view member);

/// A count of tokens that may be missing or null (0). Negative ones, and what is no whole number,
/// are mistakes.
result<std::int64_t> count_at(json::element of, std::string_view member, const std::string& place);
/// "" if it is missing, null or no text.
std::string string_at(json::element of, std::string_view member);

/// The reader of CSV whose columns are named by the caller (`report_options::columns`).
result<void> read_mapped_csv(std::string_view file, std::string_view text,
                             const report_options& options, std::chrono::minutes offset,
                             const line_sink& each);
/// The fields that `columns` may name.
const std::vector<std::string>& mappable_fields();

}  // namespace ark::billing
