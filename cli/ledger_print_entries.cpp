#include <fmt/format.h>

#include "billing/clock.hpp"
#include "cli/ledger_print.hpp"
#include "cli/table.hpp"

namespace ark::cli {
namespace {

/// What is known of the cost in one cell.
std::string cost_cell(const ledger_entry& e) {
  switch (e.cost.status) {
    case cost_status::exact:
      return e.cost.value.to_string() + " " + e.cost.currency;
    case cost_status::void_:
      return "0";
    case cost_status::interval:
      return e.cost.low.to_string() + " to " + e.cost.high.to_string() + " " + e.cost.currency;
    case cost_status::unknown:
      break;
  }
  if (e.ended) return "unknown";
  if (e.quote.status == cost_status::unknown) return "?";
  return "at most " + e.quote.high.to_string() + " " + e.quote.currency;
}

}  // namespace

void print_entries_table(output& out, const std::vector<ledger_entry>& entries) {
  table t;
  t.column("begun (UTC)");
  t.column("model");
  t.column("state");
  t.column("finish");
  t.column("input", align::right);
  t.column("output", align::right);
  t.column("seconds", align::right);
  t.column("cost", align::right);
  t.column("call");
  for (const auto& e : entries) {
    std::string begun = billing::time_text(e.begun).substr(0, 19);
    begun[10] = ' ';
    const auto tokens = [&](std::int64_t n) {
      return e.usage.reported ? std::to_string(n) : std::string("-");
    };
    t.row({begun, e.vendor + "/" + e.model, std::string(to_string(e.state)), e.finish,
           tokens(e.usage.input_total()), tokens(e.usage.output_total()),
           e.ended ? fmt::format("{:.2f}", static_cast<double>(e.latency.count()) / 1e6) : "-",
           cost_cell(e), e.call_id});
  }
  t.print(out);
}

}  // namespace ark::cli
