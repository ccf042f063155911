#pragma once
#include <ark/billing.hpp>

#include <map>
#include <set>
#include <string>
#include <vector>

/// What belongs together, from both sides, and what follows from it.
namespace ark::billing {

/// What lines and entries are matched by.
struct group_key {
  std::chrono::system_clock::time_point from{}, until{};
  std::string model{}, project{}, api_key{}, request_id{};
  auto operator<=>(const group_key&) const = default;
};

/// An entry whose cost is an interval.
struct doubtful_entry {
  std::int64_t sequence = 0;
  cost of;
};

/// The ledger's side in one currency.
struct booked_sums {
  std::int64_t entries = 0;
  std::int64_t open = 0;
  amount exact, low, high;
  /// What the prompt tokens read from a cache would have cost more without one.
  amount cache_discount;
  std::int64_t doubtful_count = 0;
  std::vector<doubtful_entry> doubtful;  ///< the first 1000
};

struct group {
  // the vendor's side
  std::int64_t lines = 0;
  std::map<std::string, amount> billed;  ///< by currency
  std::optional<std::int64_t> vendor_tokens;
  std::vector<std::string> places;  ///< the first three
  // the ledger's side
  std::int64_t entries = 0;
  std::int64_t unknown = 0;   ///< settled, price or usage not known
  std::int64_t crossing = 0;  ///< began in the period and ended after it
  std::int64_t ledger_tokens = 0;
  std::map<std::string, booked_sums> booked;  ///< by currency
  std::set<std::string> price_hashes;         ///< at most three

  result<void> add(const vendor_line& line);
  result<void> add(const ledger_entry& e, std::chrono::system_clock::time_point until);
};

/// The items of a group, one for each currency; none where nobody billed and nothing was booked.
std::vector<reconcile_item> items_of(const group_key& key, const group& g, amount tolerance);
/// The costs of doubtful entries that follow from what was billed: if all doubt is settled at its
/// lower ends, at its upper ends, or there is one only. Empty if anything else could be the cause.
std::vector<ledger_correction> corrections_of(const group& g, const reconcile_item& item);

/// "GPT-4.1_mini" and "gpt-4-1-mini" are one name.
std::string plain_model(std::string_view name);
/// Without a date at its end: "-20250929", "-2025-09-29", "-250615".
std::string_view undated_model(std::string_view plain);

}  // namespace ark::billing
