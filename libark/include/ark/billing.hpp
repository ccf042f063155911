#pragma once
#include <ark/ledger.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ark {

/// What a ledger is written as for other programs.
enum class export_format : std::uint8_t {
  csv,       ///< RFC 4180 with a first line of names; an entry is a line
  jsonl,     ///< an entry is a JSON object is a line; money and prices are decimal texts
  protobuf,  ///< ark.schema.LedgerEntry (libark/schema/ledger_entry.proto), each behind its varint
             ///< length
  focus,     ///< CSV of the FinOps Open Cost and Usage Specification 1.2
};

/// A FOCUS row is one meter ("input", "cache_read", ...) of one charge period.
enum class focus_period : std::uint8_t {
  day,      ///< a UTC day: attempts that differ in nothing but time are added up
  request,  ///< one attempt, with its call and request id
};

/// How to export.
struct export_options {
  export_format format = export_format::csv;
  focus_period period = focus_period::day;
  std::string account_id = "libark";  ///< FOCUS: BillingAccountId
  std::string account_name{};         ///< FOCUS: BillingAccountName; "" if it has none
  std::map<std::string, std::string>
      providers{};  ///< FOCUS: ProviderName by vendor; else the vendor
};

/// What was exported.
struct export_summary {
  std::int64_t entries = 0;  ///< read
  std::int64_t rows = 0;     ///< written, without the line of names
  /// FOCUS only: settled or open entries without any known cost. A FOCUS row must have a cost, and
  /// an unknown one is never written as zero.
  std::int64_t left_out = 0;
};

/// Gets the next bytes of an output; returns an error to stop.
using byte_sink = std::function<result<void>(std::string_view)>;

/// Writes the entries that match. Memory is bounded but for `focus_period::day`, which keeps its
/// rows to the end (errc::too_large beyond 1,000,000). Sums of money are those of
/// `ledger::report`, exactly: `cost`, `low` and `high` of CSV and JSONL, BilledCost, x_CostLow and
/// x_CostHigh of FOCUS (x_CostLow and x_CostHigh hold what is not settled).
ARK_API result<export_summary> export_entries(const ledger& from, const ledger_filter& filter,
                                              const export_options& options,
                                              const byte_sink& write);

/// A line of a vendor's usage or cost report.
struct vendor_line {
  std::string place{};  ///< "costs.json: data[3].results[0]", "bill.csv:17"
  /// What it is about: [from, until). A report without times cannot be matched by day.
  std::optional<std::chrono::system_clock::time_point> from{}, until{};
  std::string model{};       ///< as the vendor writes it; "" if the line names none
  std::string meter{};       ///< what is billed: a line item, a kind of token
  std::string project{};     ///< project, workspace
  std::string api_key{};     ///< the key's id, never the key
  std::string request_id{};  ///< "" if the line is not about one request
  std::optional<money> cost{};
  std::optional<ark::usage> usage{};  ///< tokens, in disjoint buckets
};

/// How columns of a CSV that no reader knows are to be read: a field ("date", "until", "model",
/// "meter", "project", "api_key", "request_id", "amount", "currency", "input", "cache_read",
/// "output") and the name of its column.
using column_map = std::map<std::string, std::string>;

/// How a report is to be read.
struct report_options {
  std::string format = "auto";  ///< or one of `vendor_report_formats()`
  column_map columns{};         ///< of the format "csv"
  std::string currency{};       ///< of the format "csv", where no column says it
  /// Of times that name no offset: how far clocks are ahead of UTC. Not given: the format's own.
  std::optional<std::chrono::minutes> utc_offset{};
};

/// What a report was, besides its lines.
struct report_facts {
  std::string format{};
  std::chrono::minutes utc_offset{};  ///< the vendor's days begin by these clocks
  std::int64_t lines = 0;
  std::vector<std::string> notes{};  ///< what a person should know: a further page, an unused line
};

/// "csv" and the vendors' own.
ARK_API std::vector<std::string> vendor_report_formats();
/// The format and the clocks of a report, from its beginning, without reading its lines.
ARK_API result<report_facts> identify_vendor_report(std::string_view file, std::string_view text,
                                                    const report_options& options);
/// Reads a report. errc::config names file, line or member, and what is wrong. `each` returns an
/// error to stop. Pure.
ARK_API result<report_facts> read_vendor_report(
    std::string_view file, std::string_view text, const report_options& options,
    const std::function<result<void>(vendor_line)>& each);

/// What became of a part of a vendor's report, or of a part of the ledger.
enum class match_status : std::uint8_t {
  matched,
  amount_differs,     ///< both have it, with different money or tokens
  missing_in_ledger,  ///< the vendor bills what the ledger does not have
  missing_at_vendor,  ///< the ledger has what the report does not
};
ARK_API std::string_view to_string(match_status value) noexcept;  ///< "MATCHED", ...

/// How lines and entries are matched.
struct reconcile_options {
  std::string vendor{};  ///< of the ledger's entries; must be given
  amount tolerance{};    ///< for each item; money that differs by no more has matched
  bool by_model = true;  ///< false: days as wholes
  std::string
      project_is{};  ///< "tenant", "user" or "tag:NAME": what the vendor's projects are here
  std::string api_key_is{};           ///< as above
  std::chrono::minutes utc_offset{};  ///< of the vendor's days
};

/// A group of vendor's lines and ledger's entries that belong together.
struct reconcile_item {
  match_status status = match_status::matched;
  std::chrono::system_clock::time_point from{}, until{};
  std::string model{}, project{}, api_key{}, request_id{};  ///< "": not matched by it
  std::string currency{};
  std::optional<amount> billed{};  ///< by the vendor
  amount booked{};                 ///< in the ledger, the exactly known costs
  amount low{}, high{};            ///< with what is ambiguous or open
  std::optional<std::int64_t> vendor_tokens{};
  std::int64_t ledger_tokens = 0;
  std::int64_t vendor_lines = 0, entries = 0, ambiguous = 0;
  std::vector<std::string> places{};   ///< of the first lines
  std::vector<std::string> reasons{};  ///< what explains it, the likeliest first
};

/// Sums of one currency.
struct reconcile_total {
  std::string currency{};
  amount billed{}, booked{}, low{}, high{};
};

/// What came out.
struct reconciliation {
  std::vector<reconcile_item> items{};  ///< by time, model, project, key, request
  std::vector<reconcile_total> totals{};
  /// Of ambiguous entries whose cost follows from the vendor's lines, exactly.
  std::vector<ledger_correction> corrections{};
  /// Nothing differs.
  bool agrees() const noexcept;
};

/// Matches a vendor's lines with the ledger's entries: first by request id, else by period, model,
/// and what `project_is` and `api_key_is` say. Add all lines, then ask. Memory grows with the
/// groups and the request ids, not with the entries (errc::too_large beyond 1,000,000 groups).
class ARK_API reconciler {
 public:
  explicit reconciler(reconcile_options options);
  ~reconciler();
  reconciler(reconciler&&) noexcept;
  reconciler& operator=(reconciler&&) noexcept;
  /// errc::invalid_request for a line without time and request id.
  result<void> add(vendor_line line);
  /// Compares with the entries that match `filter`; its vendor is the options', its times are those
  /// of the lines unless it has its own. errc::invalid_request when lines' periods overlap.
  result<reconciliation> compare(const ledger& with, ledger_filter filter) const;
  std::chrono::minutes utc_offset() const noexcept;  ///< of the options

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace ark
