#pragma once
#include <ark/ledger.hpp>

#include <string>
#include <string_view>
#include <utility>

/// An entry of the ledger as text, all of it. Money is exact decimal text; what is not known is
/// null or empty, never zero.
namespace ark::billing {

/// A count of tokens with its name in JSON and CSV.
using usage_bucket = std::pair<const char*, std::int64_t usage::*>;
extern const usage_bucket usage_buckets[13];

/// Only then there is one value: an interval has two ends and nothing between them that is true.
bool has_value(const cost& c) noexcept;

/// A JSON object, without a line end.
std::string entry_json(const ledger_entry& e);
/// The names of the columns as a line of CSV.
std::string entry_csv_head();
/// The entry as a line of CSV. Texts of others that a spreadsheet would take for a formula are
/// defused (files/csv.hpp); tags, units and lines are JSON.
std::string entry_csv(const ledger_entry& e);

/// A JSON object of texts.
std::string tags_json(const std::map<std::string, std::string>& tags);

}  // namespace ark::billing
