#pragma once
#include <ark/ledger.hpp>

#include <string>
#include <vector>

#include "catalog/price.hpp"

/// What the ledger's usage would have cost otherwise. Each entry is priced with the prices of its
/// own time. Only settled entries with usage and an exactly known cost are looked at: what they
/// cost and what they would have cost is then of the same attempts.
namespace ark::billing {

/// The same attempts at another model's prices.
struct other_price {
  std::string model;     ///< "vendor/model"
  std::string currency;  ///< of its prices
  std::int64_t priced = 0, unpriced = 0;
  amount booked;             ///< what those that could be priced cost
  amount cost;               ///< and would have cost
  std::string why_unpriced;  ///< of the first that could not be priced
};

struct reprice_line {
  std::vector<std::string> key;  ///< one value for each of `by`
  std::string currency;          ///< as booked
  std::int64_t attempts = 0;
  amount booked;
  std::vector<other_price> others;  ///< in the order of the models
};

struct repriced {
  std::vector<reprice_line> lines;  ///< in order of key and currency
  std::int64_t left_out = 0;  ///< entries that are not settled, or without a known cost or usage
};

/// `by` as `ledger::report` without "state". errc::invalid_request for another, errc::too_large
/// beyond 1,000,000 groups.
result<repriced> reprice(const ledger& from, const ledger_filter& filter,
                         const std::vector<std::string>& by,
                         const std::vector<const catalog::model*>& models);

/// The facts that an entry's price depends on, as far as the ledger has them.
catalog::price_context price_context_of(const ledger_entry& e);
/// Settled, with usage and an exact cost.
bool is_comparable(const ledger_entry& e) noexcept;

}  // namespace ark::billing
