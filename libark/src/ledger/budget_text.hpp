#pragma once
#include <ark/budget.hpp>

#include <string>
#include <string_view>
#include <vector>

/// Parts of a budget as the texts that every store keeps of them.
namespace ark::detail {

/// JSON: what is given of the scope, {"vendor":"v","tags":{"team":"a"}}.
std::string scope_json(const budget_scope& scope);
/// False if it is no such text.
bool read_scope(std::string_view text, budget_scope& into);
/// JSON: [50,90].
std::string thresholds_json(const std::vector<int>& thresholds);
bool read_thresholds(std::string_view text, std::vector<int>& into);
/// Of to_string(budget_period).
bool read_period(std::string_view text, budget_period& into);
/// What is kept of the budget `name` cannot be read.
error damaged_budget(std::string_view name);

}  // namespace ark::detail
