#pragma once
#include <ark/money.hpp>

#include <map>
#include <string>
#include <vector>

#include "eval/row.hpp"

namespace ark::eval {

/// The rows of one model together.
struct model_summary {
  std::string model;
  std::int64_t rows = 0, passed = 0, failed = 0, errors = 0;
  double mean_score = 0;                          ///< of the rows with an answer
  std::map<std::string, amount> costs;            ///< by currency: what is known exactly
  std::int64_t unknown_costs = 0;                 ///< rows whose cost is not known exactly
  double latency_p50_ms = 0, latency_p95_ms = 0;  ///< nearest rank, of the rows with an answer
  std::map<std::string, std::int64_t> served_by;  ///< "vendor/model" -> rows
};

/// One summary for each model in the order of first appearance.
std::vector<model_summary> summarise(const std::vector<row>& rows);
/// "p" of 0..1 by nearest rank; 0 for no values. `values` need not be sorted.
double percentile(std::vector<double> values, double p);
/// A table for people: a line for each model, and the sum.
std::string table(const std::vector<model_summary>& models);
/// {"suite":...,"models":[...],"passed":n,"failed":n,"errors":n}
std::string summary_json(const std::string& suite_name, const std::string& results_path,
                         const std::vector<model_summary>& models);

}  // namespace ark::eval
