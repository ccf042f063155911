#pragma once
#include <ark/budget.hpp>

#include <string>
#include <vector>

#include "cli/output.hpp"

/// How `ark budget` shows budgets: text for people, JSON for programs.
namespace ark::cli {

/// "day", "total", "any 24h".
std::string period_text(const budget& b);
/// "vendor openai, team=search"; "everything".
std::string scope_text(const budget_scope& scope);

void print_budgets_table(output& out, const std::vector<budget_status>& all);
std::string budgets_json(const std::vector<budget_status>& all);
void print_budget(output& out, const budget_status& one);
std::string budget_json(const budget_status& one);
void print_history(output& out, const budget_history& history);
std::string history_json(const budget_history& history);
/// "the budget "research" has passed 80 % of 10 USD: 8.2 USD spent".
std::string alert_text(const budget_alert& alert);

}  // namespace ark::cli
