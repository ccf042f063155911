#include "cli/budget_print.hpp"

#include <fmt/format.h>

#include <optional>

#include "base/json.hpp"
#include "cli/table.hpp"
#include "cli/time_text.hpp"
#include "ledger/budget_text.hpp"

namespace ark::cli {
namespace {

using maybe_time = std::optional<std::chrono::system_clock::time_point>;

std::string when_text(const maybe_time& at) {
  if (!at) return {};
  return time_text(std::chrono::floor<std::chrono::seconds>(at->time_since_epoch()).count());
}

std::string length_text(std::chrono::seconds length) {
  const std::pair<std::int64_t, char> units[] = {
      {604800, 'w'}, {86400, 'd'}, {3600, 'h'}, {60, 'm'}};
  for (const auto& [seconds, unit] : units)
    if (length.count() % seconds == 0) return std::to_string(length.count() / seconds) + unit;
  return std::to_string(length.count()) + "s";
}

std::string offset_text(std::chrono::minutes offset) {
  const auto minutes = offset.count() < 0 ? -offset.count() : offset.count();
  return fmt::format("UTC{}{:02}:{:02}", offset.count() < 0 ? '-' : '+', minutes / 60,
                     minutes % 60);
}

/// Whole percents of the limit, rounded down; "" where the limit is nothing.
std::string percent_text(amount part, amount whole) {
  if (whole.is_zero()) return {};
  return std::to_string(static_cast<std::int64_t>(part.raw() * 100 / whole.raw())) + " %";
}

std::string money_text(amount value, const std::string& currency) {
  return value.to_string() + " " + currency;
}

/// "spent at once refused" and so on: what is not the usual.
std::string rules_text(const budget& b) {
  std::string text = b.hard ? "hard: refuses what may pass it" : "soft: counts and tells";
  if (b.allow_unpriced) text += "; lets attempts without a price pass";
  if (b.hold_lost) text += "; holds what lost attempts reserved until they are resolved";
  return text;
}

std::string thresholds_text(const budget& b) {
  std::string text;
  for (const int t : b.thresholds) text += (text.empty() ? "" : ", ") + std::to_string(t) + " %";
  return text;
}

void write_time(json::writer& w, const char* name, const maybe_time& at) {
  w.key(name);
  at ? w.string(when_text(at)) : w.null();
}

void write_budget(json::writer& w, const budget& b) {
  w.key("name").string(b.name);
  w.key("limit").string(b.limit.value.to_string());
  w.key("currency").string(b.limit.currency);
  w.key("period").string(to_string(b.period));
  w.key("length_s").number(std::int64_t{b.length.count()});
  w.key("utc_offset_min").number(std::int64_t{b.utc_offset.count()});
  w.key("scope").raw(detail::scope_json(b.scope));
  w.key("hard").boolean(b.hard);
  w.key("allow_unpriced").boolean(b.allow_unpriced);
  w.key("hold_lost").boolean(b.hold_lost);
  w.key("thresholds").begin_array();
  for (const int t : b.thresholds) w.number(std::int64_t{t});
  w.end_array();
}

void write_status(json::writer& w, const budget_status& s) {
  w.begin_object();
  write_budget(w, s.budget);
  write_time(w, "begins", s.begins);
  write_time(w, "ends", s.ends);
  w.key("spent").string(s.spent.to_string());
  w.key("reserved").string(s.reserved.to_string());
  w.key("left").string(s.left.to_string());
  w.key("in_doubt").string(s.in_doubt.to_string());
  w.key("given_up").string(s.given_up.to_string());
  w.key("uncounted").number(s.uncounted);
  w.end_object();
}

void print_versions(output& out, const budget_history& history) {
  table t;
  t.column("set");
  t.column("limit", align::right);
  t.column("per");
  t.column("what");
  t.column("rules");
  for (const budget_version& v : history.versions)
    t.row({when_text(v.at), v.removed ? "removed" : to_string(v.budget.limit),
           v.removed ? "" : period_text(v.budget), v.removed ? "" : scope_text(v.budget.scope),
           v.removed ? "" : rules_text(v.budget)});
  t.print(out);
}

void print_windows(output& out, const budget_history& history) {
  table t;
  t.column("from");
  t.column("until");
  t.column("spent", align::right);
  t.column("reserved", align::right);
  for (const budget_window& w : history.windows)
    t.row({when_text(w.begins), when_text(w.ends), w.spent.to_string(), w.reserved.to_string()});
  out.line();
  t.print(out);
}

}  // namespace

std::string period_text(const budget& b) {
  if (b.period == budget_period::rolling) return "any " + length_text(b.length);
  std::string text(to_string(b.period));
  if (b.utc_offset.count() != 0) text += " (" + offset_text(b.utc_offset) + ")";
  return text;
}

std::string scope_text(const budget_scope& s) {
  std::string text;
  const auto add = [&text](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
  const std::pair<const char*, const std::string*> texts[] = {
      {"vendor ", &s.vendor}, {"model ", &s.model}, {"tenant ", &s.tenant},
      {"user ", &s.user},     {"task ", &s.task},   {"run ", &s.run}};
  for (const auto& [name, value] : texts)
    if (!value->empty()) add(name + *value);
  for (const auto& [name, value] : s.tags) add(name + "=" + value);
  return text.empty() ? "everything" : text;
}

void print_budgets_table(output& out, const std::vector<budget_status>& all) {
  table t;
  t.column("budget");
  t.column("limit", align::right);
  t.column("per");
  t.column("spent", align::right);
  t.column("", align::right);
  t.column("reserved", align::right);
  t.column("left", align::right);
  t.column("what");
  for (const budget_status& s : all)
    t.row({s.budget.name, to_string(s.budget.limit), period_text(s.budget), s.spent.to_string(),
           percent_text(s.spent, s.budget.limit.value), s.reserved.to_string(), s.left.to_string(),
           scope_text(s.budget.scope)});
  t.print(out);
}

std::string budgets_json(const std::vector<budget_status>& all) {
  std::string text;
  json::writer w(text);
  w.begin_array();
  for (const budget_status& s : all) write_status(w, s);
  w.end_array();
  return text;
}

void print_budget(output& out, const budget_status& s) {
  const budget& b = s.budget;
  const std::string& c = b.limit.currency;
  const auto field = [&out](const char* name, const std::string& value) {
    if (!value.empty()) out.line(fmt::format("{:<10} {}", name, printable(value)));
  };
  field("budget", b.name);
  field("limit", to_string(b.limit) + (b.period == budget_period::total ? "" : " per ") +
                     (b.period == budget_period::total ? "" : period_text(b)));
  field("what", scope_text(b.scope));
  field("rules", rules_text(b));
  field("tells at", thresholds_text(b));
  field("from", when_text(s.begins));
  field("until", when_text(s.ends));
  const std::string percent = percent_text(s.spent, b.limit.value);
  field("spent", money_text(s.spent, c) + (percent.empty() ? "" : " (" + percent + ")"));
  field("reserved", money_text(s.reserved, c));
  field("left", money_text(s.left, c));
  if (!s.in_doubt.is_zero())
    field("in doubt", money_text(s.in_doubt, c) + " of what is reserved (`ark ledger resolve`)");
  if (!s.given_up.is_zero())
    field("given up", money_text(s.given_up, c) + " may have been billed to lost attempts");
  if (s.uncounted > 0)
    field("uncounted", std::to_string(s.uncounted) + " attempts without a price or a rate");
}

std::string budget_json(const budget_status& one) {
  std::string text;
  json::writer w(text);
  write_status(w, one);
  return text;
}

void print_history(output& out, const budget_history& history) {
  print_versions(out, history);
  if (!history.windows.empty()) print_windows(out, history);
  if (!history.alerts.empty()) out.line();
  for (const budget_alert& a : history.alerts)
    out.line(when_text(a.at) + "  " + printable(alert_text(a)));
}

std::string history_json(const budget_history& history) {
  std::string text;
  json::writer w(text);
  w.begin_object();
  w.key("versions").begin_array();
  for (const budget_version& v : history.versions) {
    w.begin_object();
    write_time(w, "at", v.at);
    w.key("removed").boolean(v.removed);
    write_budget(w, v.budget);
    w.end_object();
  }
  w.end_array();
  w.key("windows").begin_array();
  for (const budget_window& each : history.windows) {
    w.begin_object();
    write_time(w, "begins", each.begins);
    write_time(w, "ends", each.ends);
    w.key("spent").string(each.spent.to_string());
    w.key("reserved").string(each.reserved.to_string());
    w.end_object();
  }
  w.end_array();
  w.key("alerts").begin_array();
  for (const budget_alert& a : history.alerts) {
    w.begin_object();
    write_time(w, "at", a.at);
    w.key("percent").number(std::int64_t{a.percent});
    w.key("spent").string(a.spent.to_string());
    w.key("limit").string(a.limit.value.to_string());
    w.key("currency").string(a.limit.currency);
    write_time(w, "begins", a.begins);
    write_time(w, "ends", a.ends);
    w.end_object();
  }
  w.end_array();
  w.end_object();
  return text;
}

std::string alert_text(const budget_alert& a) {
  return fmt::format("the budget \"{}\" has passed {} % of {}: {} spent", a.budget, a.percent,
                     to_string(a.limit), money_text(a.spent, a.limit.currency));
}

}  // namespace ark::cli
