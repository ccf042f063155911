#pragma once
#include <ark/billing.hpp>

#include <map>
#include <string>

namespace ark::billing {

/// Turns entries into rows of FOCUS 1.2 (columns: libark/doc/billing.md). A bill's lines are rows;
/// what the vendor charged beside them is a row "Adjustment"; what is not settled is a row that
/// costs 0, with its ends in x_CostLow and x_CostHigh.
class focus_rows {
 public:
  explicit focus_rows(const export_options& options) : options_(options) {}

  static std::string head();
  /// With a period of a request the rows are appended to `out` at once, else kept for `finish`.
  result<void> add(std::string& out, const ledger_entry& e);
  /// The kept rows, in order of day, vendor, model and meter. `flush` takes what is in `out`.
  result<void> finish(std::string& out, const std::function<result<void>()>& flush);
  const export_summary& summary() const noexcept { return summary_; }

  /// What a row says that is not a sum.
  struct head_of_row {
    std::string day, vendor, model, reply_model, tenant, tags, currency, price_hash, meter,
        category, status, service_tier, unit_price,
        per;  ///< in the order of their importance for sorting
    auto operator<=>(const head_of_row&) const = default;
  };
  /// What is added up.
  struct sums {
    std::int64_t attempts = 0;
    std::int64_t quantity = 0;
    amount list, billed, low, high;
  };
  struct row {
    head_of_row head;
    sums of;
    std::chrono::system_clock::time_point from{}, until{};
    std::string call_id{}, request_id{};  ///< of a single attempt
    int attempt = 0;
  };

 private:
  result<void> put(std::string& out, row r);
  result<void> add_bill(std::string& out, const ledger_entry& e, const row& base);
  result<void> add_unsettled(std::string& out, const ledger_entry& e, const row& base);
  std::string text_of(const row& r) const;

  const export_options& options_;
  export_summary summary_;
  std::map<head_of_row, sums> kept_;
};

}  // namespace ark::billing
