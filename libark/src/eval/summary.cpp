#include "eval/summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/json.hpp"

namespace ark::eval {

namespace {

std::string costs_text(const model_summary& m) {
  std::string out;
  for (const auto& [currency, value] : m.costs)
    out += (out.empty() ? "" : " + ") + value.to_string() + " " + currency;
  if (m.unknown_costs > 0)
    out += (out.empty() ? "" : " + ") + std::to_string(m.unknown_costs) + " unknown";
  return out.empty() ? "-" : out;
}

std::string rate_text(const model_summary& m) {
  const std::int64_t answered = m.passed + m.failed;
  if (answered == 0) return "-";
  return fmt::format("{:.1f}%",
                     100.0 * static_cast<double>(m.passed) / static_cast<double>(answered));
}

void add_cost(model_summary& into, const cost& c) {
  const bool known = c.status == cost_status::exact || c.status == cost_status::void_;
  auto& sum = into.costs[c.currency];
  const auto total = known ? sum.plus(c.value) : result<amount>(sum);
  if (known && total)
    sum = *total;
  else
    ++into.unknown_costs;
  if (!known && sum.is_zero()) into.costs.erase(c.currency);
}

model_summary total_of(const std::vector<model_summary>& models) {
  model_summary out{.model = "all"};
  for (const auto& m : models) {
    out.rows += m.rows;
    out.passed += m.passed;
    out.failed += m.failed;
    out.errors += m.errors;
    out.unknown_costs += m.unknown_costs;
    for (const auto& [currency, value] : m.costs) {
      auto& sum = out.costs[currency];
      if (const auto more = sum.plus(value)) sum = *more;
    }
  }
  return out;
}

void write_costs(json::writer& w, const model_summary& m) {
  w.key("costs").begin_object();
  for (const auto& [currency, value] : m.costs) w.key(currency).string(value.to_string());
  w.end_object();
  w.key("unknown_costs").number(m.unknown_costs);
}

void write_model(json::writer& w, const model_summary& m) {
  w.begin_object();
  w.key("model").string(m.model);
  w.key("rows").number(m.rows);
  w.key("passed").number(m.passed);
  w.key("failed").number(m.failed);
  w.key("errors").number(m.errors);
  w.key("mean_score").number(m.mean_score);
  write_costs(w, m);
  w.key("latency_p50_ms").number(m.latency_p50_ms);
  w.key("latency_p95_ms").number(m.latency_p95_ms);
  w.key("served_by").begin_object();
  for (const auto& [id, count] : m.served_by) w.key(id).number(count);
  w.end_object();
  w.end_object();
}

}  // namespace

double percentile(std::vector<double> values, double p) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const double rank = std::ceil(p * static_cast<double>(values.size()));
  const auto index = static_cast<std::size_t>(std::max(rank, 1.0)) - 1;
  return values[std::min(index, values.size() - 1)];
}

std::vector<model_summary> summarise(const std::vector<row>& rows) {
  std::vector<model_summary> out;
  std::map<std::string, std::vector<double>> latencies;
  for (const auto& r : rows) {
    auto at =
        std::find_if(out.begin(), out.end(), [&](const auto& m) { return m.model == r.model; });
    if (at == out.end()) at = out.insert(out.end(), {.model = r.model});
    ++at->rows;
    if (r.status == row_status::error) {
      ++at->errors;
      ++at->unknown_costs;
      continue;
    }
    ++(r.status == row_status::pass ? at->passed : at->failed);
    at->mean_score += r.score;
    add_cost(*at, r.cost);
    latencies[r.model].push_back(r.latency_ms);
    ++at->served_by[r.served_by];
  }
  for (auto& m : out) {
    const std::int64_t answered = m.passed + m.failed;
    if (answered > 0) m.mean_score /= static_cast<double>(answered);
    m.latency_p50_ms = percentile(latencies[m.model], 0.5);
    m.latency_p95_ms = percentile(latencies[m.model], 0.95);
  }
  return out;
}

std::string table(const std::vector<model_summary>& models) {
  std::size_t width = 5;
  for (const auto& m : models) width = std::max(width, m.model.size());
  std::string out =
      fmt::format("{:<{}}  {:>6} {:>6} {:>6} {:>7}  {:>9} {:>9}  {}\n", "model", width, "passed",
                  "failed", "errors", "rate", "p50 ms", "p95 ms", "cost");
  for (const auto& m : models)
    out += fmt::format("{:<{}}  {:>6} {:>6} {:>6} {:>7}  {:>9.1f} {:>9.1f}  {}\n", m.model, width,
                       m.passed, m.failed, m.errors, rate_text(m), m.latency_p50_ms,
                       m.latency_p95_ms, costs_text(m));
  const model_summary all = total_of(models);
  out += fmt::format("{:<{}}  {:>6} {:>6} {:>6} {:>7}  {:>9} {:>9}  {}\n", all.model, width,
                     all.passed, all.failed, all.errors, rate_text(all), "", "", costs_text(all));
  return out;
}

std::string summary_json(const std::string& suite_name, const std::string& results_path,
                         const std::vector<model_summary>& models) {
  const model_summary all = total_of(models);
  std::string out;
  json::writer w{out};
  w.begin_object();
  w.key("suite").string(suite_name);
  w.key("results").string(results_path);
  w.key("rows").number(all.rows);
  w.key("passed").number(all.passed);
  w.key("failed").number(all.failed);
  w.key("errors").number(all.errors);
  write_costs(w, all);
  w.key("models").begin_array();
  for (const auto& m : models) write_model(w, m);
  w.end_array();
  w.end_object();
  return out;
}

}  // namespace ark::eval
