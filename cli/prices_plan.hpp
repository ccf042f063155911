#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "catalog/catalog.hpp"
#include "catalog/price_change.hpp"
#include "cli/prices_file.hpp"

namespace ark::cli {

/// One model of an update: what would become of its prices.
struct planned_price {
  std::string id;  ///< "openai/gpt-5": the list's name and the model's id
  std::string from_date;
  catalog::price_change change;  ///< no changes: it is what is known already
  schema::Model row;             ///< with its from_date
  std::size_t file = 0;          ///< index of its file
};

/// Compares the files' rows with the book's prices on the day from which they hold: the row's own,
/// else `today` ("2026-11-28"). A row of `second` for the same model that says something else is an
/// alarm, and so is a row that says of itself that its sources disagree.
std::vector<planned_price> plan_prices(const catalog::book& book,
                                       const std::vector<price_file>& files,
                                       const std::vector<price_file>& second,
                                       const std::string& today);

/// The rows of file `file` in `plan` that are new, as one list to keep; no models: none is.
schema::ModelFile rows_to_keep(const std::vector<price_file>& files,
                               const std::vector<planned_price>& plan, std::size_t file);

}  // namespace ark::cli
