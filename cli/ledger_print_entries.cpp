#include <fmt/format.h>

#include "base/json.hpp"
#include "cli/ledger_print.hpp"
#include "cli/table.hpp"

namespace ark::cli {
namespace {

/// "2026-11-21T10:00:00.123456Z".
std::string time_text(std::chrono::system_clock::time_point at) {
  const auto us = std::chrono::floor<std::chrono::microseconds>(at);
  const auto days = std::chrono::floor<std::chrono::days>(us);
  const std::chrono::year_month_day date(days);
  const std::chrono::hh_mm_ss clock(us - days);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     clock.subseconds().count());
}

/// One number with its name in JSON and CSV.
using usage_bucket = std::pair<const char*, std::int64_t usage::*>;
constexpr usage_bucket buckets[] = {{"input", &usage::input},
                                    {"cache_read", &usage::cache_read},
                                    {"cache_write", &usage::cache_write},
                                    {"cache_write_5m", &usage::cache_write_5m},
                                    {"cache_write_1h", &usage::cache_write_1h},
                                    {"input_audio", &usage::input_audio},
                                    {"input_image", &usage::input_image},
                                    {"input_video", &usage::input_video},
                                    {"tool_prompt", &usage::tool_prompt},
                                    {"output", &usage::output},
                                    {"reasoning", &usage::reasoning},
                                    {"output_audio", &usage::output_audio},
                                    {"output_image", &usage::output_image}};

/// Only then there is one value: an interval has two ends and nothing between them that is true.
bool has_value(const cost& c) {
  return c.status == cost_status::exact || c.status == cost_status::void_;
}

/// The texts of an entry with their names, in the order of JSON and CSV.
std::vector<std::pair<const char*, std::string>> texts_of(const ledger_entry& e) {
  return {{"sequence", std::to_string(e.sequence)},
          {"call_id", e.call_id},
          {"attempt", std::to_string(e.attempt)},
          {"state", std::string(to_string(e.state))},
          {"begun", time_text(e.begun)},
          {"ended", e.ended ? time_text(*e.ended) : ""},
          {"vendor", e.vendor},
          {"model", e.model},
          {"reply_model", e.reply_model},
          {"operation", e.operation},
          {"finish", e.finish},
          {"http_status", e.http_status == 0 ? "" : std::to_string(e.http_status)},
          {"request_id", e.request_id},
          {"latency_us", e.ended ? std::to_string(e.latency.count()) : ""},
          {"tenant", e.tenant},
          {"user", e.user},
          {"task", e.task},
          {"run", e.run},
          {"note", e.note}};
}

bool is_number(std::string_view name) {
  return name == "sequence" || name == "attempt" || name == "http_status" || name == "latency_us";
}

void write_cost(json::writer& w, const char* name, const cost& c) {
  w.key(name).begin_object();
  w.key("status").string(to_string(c.status));
  w.key("currency").string(c.currency);
  w.key("value");
  has_value(c) ? w.string(c.value.to_string()) : w.null();
  for (const auto& [part, value] : {std::pair("low", c.low), std::pair("high", c.high)}) {
    w.key(part);
    c.status == cost_status::unknown ? w.null() : w.string(value.to_string());
  }
  w.key("price_hash").string(c.price_hash);
  w.end_object();
}

void write_usage(json::writer& w, const usage& u) {
  w.key("usage");
  if (!u.reported) {
    w.null();
    return;
  }
  w.begin_object();
  for (const auto& [name, member] : buckets) w.key(name).number(u.*member);
  w.key("units").begin_object();
  for (const auto& [name, value] : u.units) w.key(name).number(value);
  w.end_object();
  w.key("vendor_total");
  u.vendor_total ? w.number(*u.vendor_total) : w.null();
  w.key("vendor_cost");
  u.vendor_cost ? w.string(to_string(*u.vendor_cost)) : w.null();
  w.key("service_tier").string(u.service_tier);
  w.end_object();
}

std::string tags_json(const ledger_entry& e) {
  std::string text;
  json::writer w(text);
  w.begin_object();
  for (const auto& [name, value] : e.tags) w.key(name).string(value);
  w.end_object();
  return text;
}

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

std::string entry_json(const ledger_entry& e) {
  std::string text;
  json::writer w(text);
  w.begin_object();
  for (const auto& [name, value] : texts_of(e)) {
    w.key(name);
    if (!is_number(name))
      w.string(value);
    else
      value.empty() ? w.null() : w.raw(value);
  }
  w.key("tags").raw(tags_json(e));
  write_usage(w, e.usage);
  write_cost(w, "cost", e.cost);
  write_cost(w, "quote", e.quote);
  w.end_object();
  return text;
}

void print_entry_csv_head(output& out) {
  std::vector<std::string> cells;
  for (const auto& [name, value] : texts_of({})) cells.emplace_back(name);
  for (const auto& [name, member] : buckets) cells.emplace_back(name);
  for (const char* name : {"cost_status", "currency", "cost", "low", "high", "tags"})
    cells.emplace_back(name);
  out.write(csv_line(cells));
}

void print_entry_csv(output& out, const ledger_entry& e) {
  std::vector<std::string> cells;
  for (const auto& [name, value] : texts_of(e)) cells.push_back(value);
  for (const auto& [name, member] : buckets)
    cells.push_back(e.usage.reported ? std::to_string(e.usage.*member) : "");
  const bool known = e.cost.status != cost_status::unknown;
  cells.emplace_back(to_string(e.cost.status));
  cells.push_back(e.cost.currency);
  cells.push_back(has_value(e.cost) ? e.cost.value.to_string() : "");
  for (const amount& part : {e.cost.low, e.cost.high})
    cells.push_back(known ? part.to_string() : "");
  cells.push_back(e.tags.empty() ? "" : tags_json(e));
  out.write(csv_line(cells));
}

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
    std::string begun = time_text(e.begun).substr(0, 19);
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
