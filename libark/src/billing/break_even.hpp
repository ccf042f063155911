#pragma once
#include <ark/ledger.hpp>

#include <optional>
#include <string>
#include <vector>

#include "catalog/catalog.hpp"

/// Does a cache, a batch or a tuned model pay? Answered for the usage that the ledger has, with the
/// prices of each entry's time, in exact arithmetic.
namespace ark::billing {

/// What a cache of prompts cost and saved, for one model.
struct cache_balance {
  std::string vendor, model, currency;
  std::int64_t attempts = 0;
  std::int64_t unpriced = 0;  ///< attempts whose usage the catalogue cannot price
  std::int64_t read_tokens = 0, written_tokens = 0;
  amount paid;          ///< as it was
  amount without;       ///< every cached token as plain input
  amount writes_extra;  ///< what writing cost more than plain input
  amount reads_saved;   ///< what reading cost less
  /// So many tokens must be read for the writes to pay; nothing if reading saves nothing.
  std::optional<std::int64_t> break_even_reads;
};
/// Of settled entries that read or wrote a cache.
result<std::vector<cache_balance>> balance_of_cache(const ledger& from, const ledger_filter& filter,
                                                    const catalog::book& prices);

/// What single calls would have cost as batches.
struct batch_balance {
  std::string vendor, model, currency;
  std::int64_t attempts = 0, unpriced = 0;
  amount single, batch;
};
/// Of settled entries that were no batch.
result<std::vector<batch_balance>> balance_of_batch(const ledger& from, const ledger_filter& filter,
                                                    const catalog::book& prices);

/// What a tuned model costs besides its calls, in the currency of its prices.
struct tuning_costs {
  amount training;         ///< once
  amount hosting_per_day;  ///< each day
};
struct tuning_balance {
  std::string currency;
  std::int64_t attempts = 0, unpriced = 0;
  std::int64_t days = 0;  ///< from the first attempt's day to the last one's, both included
  amount now, tuned;      ///< calls only, in those days
  amount saved_per_day;   ///< hosting taken off, rounded down to 1e-15; negative: it never pays
  std::optional<std::int64_t> break_even_days;  ///< rounded up; nothing if it never pays
};
/// The usage of `filter`'s attempts at the prices of `to`. errc::invalid_request if they were paid
/// in another currency.
result<tuning_balance> balance_of_tuning(const ledger& from, const ledger_filter& filter,
                                         const catalog::model& to, const tuning_costs& costs);

}  // namespace ark::billing
