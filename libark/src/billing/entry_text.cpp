#include "billing/entry_text.hpp"

#include <vector>

#include "base/json.hpp"
#include "base/text.hpp"
#include "billing/clock.hpp"
#include "files/csv.hpp"

namespace ark::billing {

const usage_bucket usage_buckets[13] = {{"input", &usage::input},
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

namespace {

/// How a text of an entry is written.
enum class text_kind : std::uint8_t { own, number, foreign };

struct named_text {
  const char* name;
  text_kind kind;
  std::string value;  ///< "": null in JSON if it is a number
};

std::string number_unless_zero(std::int64_t n) { return n == 0 ? "" : std::to_string(n); }

/// The texts and numbers of an entry, in the order of JSON and CSV.
std::vector<named_text> texts_of(const ledger_entry& e) {
  using enum text_kind;
  return {{"sequence", number, std::to_string(e.sequence)},
          {"call_id", foreign, e.call_id},
          {"attempt", number, std::to_string(e.attempt)},
          {"state", own, std::string(to_string(e.state))},
          {"begun", own, time_text(e.begun)},
          {"ended", own, e.ended ? time_text(*e.ended) : ""},
          {"vendor", foreign, e.vendor},
          {"model", foreign, e.model},
          {"reply_model", foreign, e.reply_model},
          {"operation", foreign, e.operation},
          {"finish", foreign, e.finish},
          {"http_status", number, number_unless_zero(e.http_status)},
          {"request_id", foreign, e.request_id},
          {"latency_us", number, e.ended ? std::to_string(e.latency.count()) : ""},
          {"first_content_us", number, number_unless_zero(e.first_content.count())},
          {"tenant", foreign, e.tenant},
          {"user", foreign, e.user},
          {"task", foreign, e.task},
          {"run", foreign, e.run},
          {"route", foreign, e.route},
          {"prompt_id", foreign, e.prompt_id},
          {"prompt_version", foreign, e.prompt_version},
          {"inputs_hash", foreign, e.inputs_hash},
          {"error", foreign, e.error},
          {"note", foreign, e.note}};
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

void write_money(json::writer& w, const char* name, const std::optional<money>& m) {
  w.key(name);
  m ? w.string(to_string(*m)) : w.null();
}

std::string units_json(const usage& u) {
  std::string text;
  json::writer w(text);
  w.begin_object();
  for (const auto& [name, value] : u.units) w.key(name).number(value);
  w.end_object();
  return text;
}

void write_usage(json::writer& w, const usage& u) {
  w.key("usage");
  if (!u.reported) {
    w.null();
    return;
  }
  w.begin_object();
  for (const auto& [name, member] : usage_buckets) w.key(name).number(u.*member);
  w.key("units").raw(units_json(u));
  w.key("vendor_total");
  u.vendor_total ? w.number(*u.vendor_total) : w.null();
  write_money(w, "vendor_cost", u.vendor_cost);
  w.key("service_tier").string(u.service_tier);
  w.end_object();
}

std::string lines_json(const ledger_entry& e) {
  std::string text;
  json::writer w(text);
  w.begin_array();
  for (const auto& line : e.lines) {
    w.begin_object().key("dimension").string(line.dimension).key("quantity").number(line.quantity);
    w.key("unit_price").string(line.unit_price.to_string()).key("per").number(line.per);
    w.key("value").string(line.value.to_string()).end_object();
  }
  w.end_array();
  return text;
}

/// Columns of CSV behind the texts and the buckets, in the order of `append_rest`.
constexpr const char* rest_columns[] = {"cost_status",    "currency",
                                        "cost",           "low",
                                        "high",           "tags",
                                        "price_hash",     "lines",
                                        "computed",       "computed_currency",
                                        "units",          "vendor_total",
                                        "vendor_cost",    "vendor_cost_currency",
                                        "service_tier",   "quote_status",
                                        "quote_currency", "quote_low",
                                        "quote_high",     "quote_price_hash"};

std::string known_amount(const cost& c, amount part) {
  return c.status == cost_status::unknown ? "" : part.to_string();
}

void append_money(std::vector<std::string>& cells, const std::optional<money>& m) {
  cells.push_back(m ? m->value.to_string() : "");
  cells.push_back(m ? m->currency : "");
}

void append_rest(std::vector<std::string>& cells, const ledger_entry& e) {
  cells.emplace_back(to_string(e.cost.status));
  cells.push_back(e.cost.currency);
  cells.push_back(has_value(e.cost) ? e.cost.value.to_string() : "");
  cells.push_back(known_amount(e.cost, e.cost.low));
  cells.push_back(known_amount(e.cost, e.cost.high));
  cells.push_back(e.tags.empty() ? "" : tags_json(e.tags));
  cells.push_back(e.cost.price_hash);
  cells.push_back(e.lines.empty() ? "" : lines_json(e));
  append_money(cells, e.computed);
  cells.push_back(e.usage.units.empty() ? "" : units_json(e.usage));
  cells.push_back(e.usage.vendor_total ? std::to_string(*e.usage.vendor_total) : "");
  append_money(cells, e.usage.vendor_cost);
  cells.push_back(files::defused(e.usage.service_tier));
  cells.emplace_back(to_string(e.quote.status));
  cells.push_back(e.quote.currency);
  cells.push_back(known_amount(e.quote, e.quote.low));
  cells.push_back(known_amount(e.quote, e.quote.high));
  cells.push_back(e.quote.price_hash);
}

}  // namespace

bool has_value(const cost& c) noexcept {
  return c.status == cost_status::exact || c.status == cost_status::void_;
}

std::string tags_json(const std::map<std::string, std::string>& tags) {
  std::string text;
  json::writer w(text);
  w.begin_object();
  for (const auto& [name, value] : tags) w.key(name).string(value);
  w.end_object();
  return text;
}

std::string entry_json(const ledger_entry& e) {
  std::string text;
  json::writer w(text);
  w.begin_object();
  for (const auto& [name, kind, value] : texts_of(e)) {
    w.key(name);
    if (kind != text_kind::number)
      w.string(value);
    else
      value.empty() ? w.null() : w.raw(value);
  }
  w.key("tags").raw(tags_json(e.tags));
  write_usage(w, e.usage);
  write_cost(w, "cost", e.cost);
  w.key("lines").raw(lines_json(e));
  write_money(w, "computed", e.computed);
  write_cost(w, "quote", e.quote);
  w.end_object();
  return text;
}

std::string entry_csv_head() {
  std::vector<std::string> cells;
  for (const auto& text : texts_of({})) cells.emplace_back(text.name);
  for (const auto& [name, member] : usage_buckets) cells.emplace_back(name);
  for (const char* name : rest_columns) cells.emplace_back(name);
  return files::csv_line(cells);
}

std::string entry_csv(const ledger_entry& e) {
  std::vector<std::string> cells;
  for (auto& [name, kind, value] : texts_of(e))
    cells.push_back(kind == text_kind::foreign ? files::defused(text::repair_utf8(value)) : value);
  for (const auto& [name, member] : usage_buckets)
    cells.push_back(e.usage.reported ? std::to_string(e.usage.*member) : "");
  append_rest(cells, e);
  return files::csv_line(cells);
}

}  // namespace ark::billing
