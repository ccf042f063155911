#pragma once
#include <ark/result.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catalog/price.hpp"
#include "cli/cost_json.hpp"

namespace ark::cli::worked {

/// A worked case's price card as catalogue rows, and what its lines are called by.
struct price_card {
  catalog::model model;
  /// Whole-request tiers by the prompt's size: the limit, and "@>272k", "@>=200k".
  std::vector<std::pair<std::int64_t, std::string>> tiers;
  bool by_the_hour = false;  ///< some price holds at some hours only

  bool prices(std::string_view dimension) const;  ///< is there any row of it?
};

/// What the case says, besides its card, that decides which conditions can hold.
struct card_facts {
  std::string currency;
  std::string unit;  ///< the card's words, "USD/Mtok; USD/1k calls"
  /// The words for places and speeds that the case says ("us", "fast"): a card's `multiplier` is in
  /// force unless all of them are the standard ones, "global", "standard" and the like.
  std::vector<std::string> places;
};

/// Reads a card. A key is a dimension of the catalogue, a condition ("batch", "flex", "priority",
/// "standard", "peak", "off_peak", "over_200k", "ge_200k", "tiers", "multiplier",
/// "batch_multiplier", "schedule") or "unit". errc::invalid_request names a key that is neither and
/// a value that cannot be read.
result<price_card> read_card(const bj::object& card, const card_facts& facts);

/// "peak Mon-Fri 01:00-04:00 and 06:00-10:00 UTC; else off-peak", "off-peak 16:30-00:30 UTC",
/// "peak 09:00-12:00 Beijing". Nothing if no window can be read.
std::optional<catalog::schedule> read_schedule(std::string_view text);

}  // namespace ark::cli::worked
