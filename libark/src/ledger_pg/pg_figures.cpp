#include "ledger_pg/pg_figures.hpp"

#include "ledger/figures.hpp"
#include "ledger_pg/pg_budget.hpp"
#include "ledger_pg/pg_query.hpp"

namespace ark::detail {
namespace {

std::string bucket_sum(std::initializer_list<std::string_view> buckets) {
  std::string sql;
  for (const auto name : buckets) sql += (sql.empty() ? "" : " + ") + pg_fate(name);
  return "(" + sql + ")";
}

/// A sum of money in units. Sums of bigint are NUMERIC: none of them overflows.
std::string money_sum(const std::string& name, const std::string& filter) {
  return "(coalesce(sum(" + name + "micro) FILTER (WHERE " + filter +
         "), 0) * 0.000001 + coalesce(sum(" + name + "femto) FILTER (WHERE " + filter +
         "), 0) * 0.000000000000001)";
}

}  // namespace

std::string pg_attempt_columns() {
  // The end of an interval is stored only where it differs from the value.
  const auto end_of = [](const std::string& name) {
    return "coalesce(" + pg_fate(name + "_micro") + ", " + pg_fate("cost_micro") + ") AS " + name +
           "_micro, coalesce(" + pg_fate(name + "_femto") + ", " + pg_fate("cost_femto") + ") AS " +
           name + "_femto, ";
  };
  const std::string state = pg_fate("state");
  // What is not priced yet, or free, goes with the currency that it would have been priced in.
  return "coalesce(" + state + ", 'sending') AS state, " + pg_fate("cost_status") +
         " AS status, i.quote_status, coalesce(nullif(" + pg_fate("currency") +
         ", ''), CASE WHEN " + state +
         " IS NULL AND i.quote_status = 'unknown' THEN '' WHEN coalesce(" + state +
         ", 'void') = 'void' THEN i.quote_currency END, '') COLLATE \"C\" AS currency, " +
         pg_fate("cost_micro") + " AS micro, " + pg_fate("cost_femto") + " AS femto, " +
         end_of("low") + end_of("high") +
         "coalesce(i.quote_high_micro, i.quote_micro) AS quote_micro, "
         "coalesce(i.quote_high_femto, i.quote_femto) AS quote_femto, " +
         bucket_sum({"input", "input_audio", "input_image", "input_video", "tool_prompt"}) +
         " AS input, " + bucket_sum({"cache_read"}) + " AS cache_read, " +
         bucket_sum({"cache_write", "cache_write_5m", "cache_write_1h"}) + " AS cache_write, " +
         bucket_sum({"output", "output_audio", "output_image"}) + " AS output, " +
         bucket_sum({"reasoning"}) + " AS reasoning";
}

std::string_view pg_figure_names() {
  return "attempts,settled,voided,ambiguous,open,unknown_cost,input,cache_read,cache_write,output,"
         "reasoning,cost,low,high";
}

std::string pg_figure_list(std::string_view each) {
  std::string sql;
  for (std::string_view rest = pg_figure_names(); !rest.empty();) {
    const auto comma = rest.find(',');
    const std::string_view name = rest.substr(0, comma);
    if (!sql.empty()) sql += ", ";
    for (const char c : each) c == '@' ? sql += name : sql += c;
    rest = comma == std::string_view::npos ? "" : rest.substr(comma + 1);
  }
  return sql;
}

std::string pg_figure_sums() {
  const auto in_state = [](const char* state, const char* as) {
    return ", count(*) FILTER (WHERE state = '" + std::string(state) + "') AS " + as;
  };
  const std::string paid = money_sum("", "status IN ('exact', 'void')");
  const std::string least = money_sum("low_", "status = 'interval'");
  const std::string most = money_sum("high_", "status = 'interval'");
  const std::string quoted = money_sum("quote_", "state = 'sending' AND quote_status <> 'unknown'");
  std::string sql = "count(*) AS attempts" + in_state("settled", "settled") +
                    in_state("void", "voided") + in_state("ambiguous", "ambiguous") +
                    in_state("sending", "open") +
                    ", count(*) FILTER (WHERE state IN ('settled', 'ambiguous') AND status = "
                    "'unknown') AS unknown_cost";
  for (const std::string name : {"input", "cache_read", "cache_write", "output", "reasoning"})
    sql += ", coalesce(sum(" + name + "), 0) AS " + name;
  return sql + ", " + paid + " AS cost, " + paid + " + " + least + " AS low, " + paid + " + " +
         most + " + " + quoted +
         " AS high, count(*) FILTER (WHERE state NOT IN ('sending', 'settled', 'void', "
         "'ambiguous')) AS strange";
}

report_line pg_read_figures(pg::rows& row, int first) {
  report_line line;
  for (const auto member : counter_members) line.*member = row.integer(first++);
  for (const auto member : sum_members) line.*member = pg_amount(row.text(first++));
  return line;
}

}  // namespace ark::detail
