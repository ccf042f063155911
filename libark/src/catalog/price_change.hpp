#pragma once
#include "catalog/price.hpp"

#include <string>
#include <vector>

namespace ark::catalog {

/// What is new about a model's prices, in words.
struct price_change {
  std::vector<std::string> changes;  ///< "input 2 -> 1 USD per Mtok"
  /// What nobody should take over unseen, likewise: a price that moves by more than three times,
  /// one that becomes zero or is no longer known, that is not there any more (so that another one
  /// would be used in its place), another currency or unit, a price that cannot be meant.
  std::vector<std::string> alarms;
};

/// `before`: the prices in force, or null for a model that was not known.
price_change compare_prices(const model* before, const model& after);

/// Where another source says something else by more than 0.5 %, in words.
std::vector<std::string> disagreements(const model& ours, const model& theirs);

}  // namespace ark::catalog
