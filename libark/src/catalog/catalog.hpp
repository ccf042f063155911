#pragma once
#include "model/vendor.hpp"

#include <ark/call.hpp>
#include <ark/catalog.hpp>
#include <ark/client.hpp>
#include <ark/reply.hpp>
#include <ark/usage.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ark::catalog {

/// A price and the conditions under which it holds (all of them). Absent conditions hold always.
struct price {
  std::string dimension;  ///< ledger.md's names: "input", "cache_write_1h", "web_search", ...
  amount value;
  std::string unit;  ///< "Mtok", "1k_calls", "image", "second", ...
  struct condition {
    std::string
        key;  ///< "input_tokens_gt", "input_tokens_le", "output_tokens_gt", "service_tier", ...
    std::string value;
  };
  std::vector<condition> when;
};

/// A model and its price rows. A value; its strings are owned.
struct model {
  model_info info;  ///< without prices: see `prices`
  std::vector<price> prices;
  std::string schedule;  ///< peak hours, as in the row
  std::string hash;      ///< of the price rows, hex; what a ledger entry names
};

/// The facts of one attempt, besides its usage, that prices depend on.
struct price_context {
  std::string service_tier;  ///< as served; "" = standard
  bool batch = false;
  bool thinking = false;
  std::string region;
  std::chrono::system_clock::time_point at;
};

/// One line of a priced usage.
struct cost_line {
  std::string dimension;
  std::int64_t quantity = 0;
  amount unit_price;
  std::int64_t per = 1;
  amount value;
};
struct priced {
  ark::cost cost;
  std::vector<cost_line> lines;
};

/// Exact cost of `u` at `m`'s prices; status `unknown` (never zero) when usage or a needed price is
/// missing, when usage is absurd (negative, over 1e12) or when no price row fits the context.
priced price_usage(const model& m, const usage& u, const price_context& context);

/// Worst case of an attempt before it is made: `input_tokens` is an upper bound, `max_output` the
/// call's or the model's limit. Status `interval` with low = 0 and high = the bound, or `unknown`.
cost quote(const model& m, std::int64_t input_tokens, std::int64_t max_output,
           const price_context& context);

/// What a call needs from a model.
struct requirements {
  std::string mode = "chat";
  std::vector<std::string> capabilities;  ///< "tools", "vision", "structured_output", "reasoning"
  std::int64_t input_tokens = 0;          ///< estimate
  std::int64_t output_tokens = 0;         ///< estimate for comparing prices
};

/// Vendors, models and prices. Immutable after it is built, so thread safe.
class book {
 public:
  virtual ~book() = default;
  virtual const vendor* find_vendor(std::string_view name) const = 0;
  virtual std::vector<const vendor*> vendors() const = 0;
  virtual std::vector<const model*> models() const = 0;
  /// By vendor and model id or alias, or null: unknown to the catalogue is not an error.
  virtual const model* find_model(std::string_view vendor, std::string_view model) const = 0;
  /// "vendor/model" or a model id -> vendor row and wire model id. errc::not_found says what is
  /// near.
  struct resolved {
    const vendor* v = nullptr;
    std::string model;                      ///< sent on the wire
    const catalog::model* known = nullptr;  ///< null: not in the catalogue, price unknown
  };
  virtual result<resolved> resolve(std::string_view name) const = 0;
};

/// The built-in rows plus the directories', later ones over earlier ones.
result<std::shared_ptr<const book>> load_book(const std::vector<std::string>& vendor_directories,
                                              const std::vector<std::string>& model_directories);

/// The cheapest model that `usable` (has a key) and that meets `needs`; the route says why, and why
/// the others were not taken. Candidates without a known price are never chosen.
/// Prices are compared in `currency`; others are converted by `rates` or left out, and the route
/// says so. Ties: the first id in alphabetical order.
struct choice_options {
  std::vector<std::string> only;  ///< "vendor/model" ids; empty = all
  std::string currency = "USD";
  std::vector<exchange_rate> rates;
};
result<route> choose_cheapest(const book& b, const requirements& needs,
                              const std::function<bool(const vendor&)>& usable,
                              const choice_options& options);

}  // namespace ark::catalog
