#pragma once
#include <ark/catalog.hpp>
#include <ark/usage.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ark::catalog {

/// What must hold for a price; all of it. Token limits are of the whole request (prompt with cached
/// tokens; answer): a tier prices the whole request, never a slice of it.
struct condition {
  std::int64_t input_gt = -1;  ///< -1: no limit
  std::int64_t input_le = -1;
  std::int64_t output_gt = -1;
  std::int64_t output_le = -1;
  std::string service_tier;  ///< "" = the standard tier
  std::optional<bool> thinking;
  std::string period;           ///< "peak" or "off_peak"
  int utc_from_minute = -1;     ///< of the day, inclusive; -1: no window
  int utc_to_minute = -1;       ///< exclusive; may be before `from`: over midnight
  std::int64_t start_day = -1;  ///< days since 1970, UTC, inclusive; -1: none
  std::int64_t end_day = -1;    ///< exclusive
  /// "region", "inference_geo", "speed", "quality", "size", ... and the wanted value.
  std::vector<std::pair<std::string, std::string>> attributes;

  friend bool operator==(const condition&, const condition&) = default;
};

/// A price and the conditions under which it holds.
struct price {
  std::string dimension;  ///< as in model.proto: "input", "cache_write_1h", "web_search", ...
  amount value;
  std::string unit;  ///< "Mtok", "thousand_calls", "image", "second", ...
  condition when;
  bool unknown = false;  ///< it is charged for, and nobody says how much
};

/// When peak prices hold.
struct schedule {
  struct window {
    int from_minute = 0;  ///< of the UTC day, inclusive
    int to_minute = 0;    ///< exclusive
  };
  std::vector<window> peak;
  unsigned off_peak_weekdays = 0;  ///< bit 0 = Sunday ... bit 6 = Saturday
  int weekday_utc_offset_minutes = 0;
};

/// A model and its price rows. A value; its strings are owned.
struct model {
  model_info info;  ///< without `prices`: see describe()
  std::vector<price> prices;
  ark::catalog::schedule schedule;
  std::string status;  ///< "" current, "deprecated", "beta", ...
  std::vector<std::string> notes;
  std::string hash;  ///< SHA-256 of the price rows, hex; what a ledger entry names
  /// The prices hold from this day (since 1970, UTC) on, until before the other; -1: no limit.
  std::int64_t from_day = -1;
  std::int64_t until_day = -1;
  std::vector<model> earlier;  ///< the same model at earlier prices, oldest first: see history.hpp
};

/// The facts of one attempt, besides its usage, that prices depend on.
struct price_context {
  std::string service_tier;  ///< as served; "" = standard
  bool batch = false;
  bool thinking = false;
  std::string region;
  std::chrono::system_clock::time_point at;
  /// "inference_geo", "speed", "data_residency", "size", "quality", "search_context_size", ...
  std::vector<std::pair<std::string, std::string>> attributes;
};

using ark::cost_line;

/// What a usage costs, line by line.
struct priced {
  ark::cost cost;
  std::vector<cost_line> lines;
  std::string reason;  ///< why the cost is unknown, else ""
};

/// Exact cost of `u` at `m`'s prices; status `unknown` (never zero) when usage or a needed price is
/// missing, when usage is absurd (negative, over 1e12) or when no price row fits the context.
/// Of a model with a history the prices of the day of `context.at` count, here and below.
/// `u.units` are priced by dimension ("web_search", "image_generation", "cache_storage", ...).
priced price_usage(const model& m, const usage& u, const price_context& context);

/// Worst case of an attempt before it is made: `input_tokens` is an upper bound, `max_output` the
/// call's limit (0: the model's). Status `interval` with low = 0 and high = the bound, or
/// `unknown`. Fees for tools that the vendor runs are not in it.
cost quote(const model& m, std::int64_t input_tokens, std::int64_t max_output,
           const price_context& context);
/// What a prompt of at least `input_tokens` costs at least, if it is billed: all of it read from
/// the cache. Zero where nothing is sure.
amount least_cost(const model& m, std::int64_t input_tokens, const price_context& context);

/// Tokens in the vendor's total that are in none of the buckets; 0 if there is no such total.
std::int64_t unexplained_tokens(const usage& u);
/// As `price_usage`, with the unexplained tokens: an interval from the buckets' cost to that plus
/// the dearest price which the unexplained ones may have. `unknown` for a total that cannot be.
priced price_with_total(const model& m, const usage& u, const price_context& context);
/// The dearest price of a million tokens, of prompt or answer, for a prompt of `input_tokens`; with
/// all factors. Empty if a price that may hold is not known.
std::optional<amount> dearest_tokens(const model& m, std::int64_t input_tokens,
                                     const price_context& context);

/// `m.info` with its prices in readable form.
model_info describe(const model& m);
/// "prompt over 272,000 tokens, service tier flex"; "" if it always holds.
std::string to_string(const condition& when);
/// SHA-256, hex, of the canonical text of the prices: order, source and notes do not matter.
std::string price_hash(const model& m);

}  // namespace ark::catalog
