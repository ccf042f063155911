#include "cli/cost_case.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "base/json.hpp"
#include "cli/cost_context.hpp"
#include "cli/cost_label.hpp"
#include "cli/cost_usage.hpp"

namespace ark::cli::worked {
namespace {

/// One usage, priced.
struct part_bill {
  std::optional<amount> total;
  std::vector<case_line> lines;
  std::string status = "exact";
  std::string reason;
  std::optional<money> vendor_cost;
  std::vector<std::string> notes;
};

/// Sums beyond 1e23 units of money are none.
result<amount> sum_of(const result<amount>& a, amount b) { return a ? a->plus(b) : a; }

/// Adds a line to those before; lines of one label and price are one.
void append(std::vector<case_line>& lines, case_line line) {
  for (case_line& l : lines) {
    if (l.label != line.label || l.unit_price != line.unit_price || l.per != line.per) continue;
    const auto quantity = amount::parse(l.quantity)->plus(*amount::parse(line.quantity));
    const auto value = l.value.plus(line.value);
    if (!quantity || !value) continue;  // too large for one line
    l.quantity = quantity->to_string();
    l.value = *value;
    return;
  }
  lines.push_back(std::move(line));
}

/// A bucket for which the card has no price at all is not sold apart: it is part of another one.
void merge_unsold(used& u, const price_card& card) {
  usage& t = u.tokens;
  const auto merge = [&](std::int64_t& from, std::int64_t& into, std::string_view name,
                         std::initializer_list<const char*> dimensions) {
    const auto is_sold = [&](const char* d) { return card.prices(d); };
    if (from == 0 || std::any_of(dimensions.begin(), dimensions.end(), is_sold)) return;
    u.notes.push_back("the card has no price for " + std::string(name) +
                      ": it is priced as what it is part of");
    into += from;
    from = 0;
  };
  merge(t.cache_read, t.input, "cache_read", {"cache_read"});
  for (std::int64_t* n : {&t.cache_write, &t.cache_write_5m, &t.cache_write_1h})
    merge(*n, t.input, "cache_write", {"cache_write", "cache_write_5m", "cache_write_1h"});
  merge(t.input_audio, t.input, "input_audio", {"input_audio"});
  merge(t.output_audio, t.output, "output_audio", {"output_audio"});
  merge(t.output_image, t.output, "output_image", {"output_image"});
}

class case_pricer {
 public:
  case_pricer(const bj::object& c, const catalog::book& book)
      : case_(c), context_(read_context(c)), book_(book) {}

  part_bill price(const bj::object& source) const {
    part_bill out;
    const bj::object* prices = object_at(case_, "prices");
    // Cards of several models stand under their names.
    if (prices != nullptr)
      if (const auto* own = object_at(*prices, text_at(case_, "model"))) prices = own;
    const std::string vendor_name = text_at(case_, "vendor");
    const std::string unit = prices != nullptr ? text_at(*prices, "unit") : std::string{};
    const card_facts facts{.currency = text_at(case_, "currency"),
                           .unit = unit,
                           .places = places_of(case_, context_, source)};
    auto card = read_card(prices != nullptr ? *prices : bj::object{}, facts);
    if (!card) return unknown(std::move(out), "unknown", card.error().message);
    used u = read_usage(source, {.vendor = vendor_name,
                                 .model = text_at(case_, "model"),
                                 .row = vendor_row(book_, vendor_name),
                                 .card = &*card,
                                 .unit = unit});
    out.vendor_cost = u.tokens.vendor_cost;
    if (!u.tokens.reported)
      return unknown(std::move(out), "usage_missing",
                     u.reason.empty() ? "the vendor sent no usage" : u.reason);
    complete_fees(case_, book_, u, *card);
    if (card->model.prices.empty())
      return unknown(std::move(out), "price_missing", "there is no price for this model");
    merge_unsold(u, *card);
    return priced(std::move(out), u, *card, source);
  }

 private:
  static part_bill unknown(part_bill out, std::string status, std::string reason) {
    out.status = std::move(status);
    out.reason = std::move(reason);
    if (out.vendor_cost && out.vendor_cost->value.raw() >= 0 && out.status != "usage_missing") {
      out.total = out.vendor_cost->value;
      out.status = "vendor_reported";
    }
    return out;
  }

  part_bill priced(part_bill out, const used& u, const price_card& card,
                   const bj::object& source) const {
    const catalog::price_context at = price_context_of(context_, u.tokens, source);
    if (card.by_the_hour && at.at == std::chrono::system_clock::time_point{})
      return unknown(std::move(out), "unknown", "prices by the hour, and the case says no time");
    const labels names(u, card, at, is_batch_endpoint(context_));
    const catalog::priced whole = catalog::price_usage(card.model, u.tokens, at);
    if (whole.cost.status != cost_status::exact)
      return unknown(std::move(out),
                     whole.reason.find("price") != std::string::npos ? "price_missing" : "unknown",
                     whole.reason);
    result<amount> total = whole.cost.value;
    for (const cost_line& l : whole.lines)
      append(out.lines, {names.of(l), std::to_string(l.quantity), l.unit_price, l.per, l.value});
    for (const auto& [name, quantity] : u.fractions) {
      const auto line = price_fraction(card, name, quantity, at);
      if (!line) return unknown(std::move(out), "price_missing", line.error().message);
      total = sum_of(total, line->value);
      append(out.lines,
             {names.of(*line), quantity.to_string(), line->unit_price, line->per, line->value});
    }
    if (!total) return unknown(std::move(out), "unknown", total.error().message);
    out.total = *total;
    out.notes = u.notes;
    if (u.incomplete) {
      out.status = "at_least";
      out.reason = "the stream broke off: what came after it is not known";
    }
    return out;
  }

  /// Counts are whole numbers: a fraction is priced in its thousandths, or less.
  static result<cost_line> price_fraction(const price_card& card, const std::string& name,
                                          amount quantity, const catalog::price_context& at) {
    std::int64_t scale = 1;
    constexpr amount::rep one = 1'000'000'000'000'000;
    while (quantity.raw() % (one / scale) != 0 && scale < 1'000'000'000) scale *= 10;
    const amount::rep scaled = quantity.raw() / (one / scale);
    if (scaled > INT64_MAX || scaled < 0)
      return error{.code = errc::invalid_request, .message = name + ": it cannot be so much"};
    usage u{.units = {{name, static_cast<std::int64_t>(scaled)}}, .reported = true};
    catalog::model m = card.model;
    std::erase_if(m.prices, [](const auto& p) { return p.dimension == "request"; });
    catalog::priced p = catalog::price_usage(m, u, at);
    if (p.cost.status != cost_status::exact || p.lines.size() != 1)
      return error{.code = errc::invalid_request, .message = p.reason};
    auto value = p.lines[0].value.times_ratio(1, scale);
    if (!value) return value.error();
    p.lines[0].value = *value;
    return p.lines[0];
  }

  const bj::object& case_;
  const case_context context_;
  const catalog::book& book_;
};

/// A ledger's entries: their sum, by currency.
case_bill sum_entries(const bj::array& entries, case_bill out) {
  for (const bj::value& each : entries) {
    const bj::object* entry = each.if_object();
    const auto value = entry != nullptr ? decimal_at(*entry, "amount") : std::nullopt;
    if (!value) {
      out.status = "unknown";
      out.reason = "an entry has no amount";
      out.totals.clear();
      return out;
    }
    std::string currency = text_at(*entry, "currency");
    if (currency.empty()) currency = out.currency;
    amount& sum = out.totals[currency];
    const auto more = sum.plus(*value);
    if (!more) {
      out.status = "unknown";
      out.reason = more.error().message;
      out.totals.clear();
      return out;
    }
    sum = *more;
  }
  if (out.totals.size() > 1) {
    out.status = "mixed_currencies";
    out.reason = "amounts of different currencies have no sum";
    return out;
  }
  out.total = amount{};
  if (!out.totals.empty()) {
    out.currency = out.totals.begin()->first;
    out.total = out.totals.begin()->second;
  }
  out.totals.clear();
  return out;
}

/// The bill has no total if it is too large for one.
void no_total(case_bill& out, std::string why) {
  out = {.id = out.id, .currency = out.currency, .status = "unknown", .reason = std::move(why)};
}

void add_total(amount more, case_bill& out) {
  if (out.status == "unknown") return;
  const auto sum = out.total.value_or(amount{}).plus(more);
  if (!sum) return no_total(out, sum.error().message);
  out.total = *sum;
}

void take(part_bill part, const std::string& prefix, case_bill& out) {
  for (case_line& line : part.lines) {
    line.label = prefix + line.label;
    append(out.lines, std::move(line));
  }
  if (part.total) add_total(*part.total, out);
  if (part.vendor_cost) {
    if (!out.vendor_cost) out.vendor_cost = money{amount{}, part.vendor_cost->currency};
    const auto sum = out.vendor_cost->value.plus(part.vendor_cost->value);
    if (sum) out.vendor_cost->value = *sum;
  }
  for (std::string& note : part.notes) out.notes.push_back(prefix + std::move(note));
}

/// The attempts of one request: their sum, whatever became of them. The same answer delivered twice
/// is one attempt.
void price_attempts(const bj::object& c, const bj::array& attempts, const catalog::book& book,
                    case_bill& out) {
  std::set<std::string> seen;
  std::string first_status = "usage_missing";
  bool all_told = true;
  std::size_t told = 0;
  for (std::size_t i = 0; i < attempts.size(); ++i) {
    const std::string prefix = "attempt" + std::to_string(i + 1) + " ";
    const bj::object* attempt = attempts[i].if_object();
    if (attempt == nullptr) continue;
    const std::string id = text_at(*attempt, "response_id");
    if (!id.empty() && !seen.insert(id).second) {
      out.notes.push_back(prefix + "is an answer that was delivered before");
      continue;
    }
    bj::object own = c;
    for (const char* key : {"prices", "vendor", "model", "context"})
      if (const bj::value* v = attempt->if_contains(key)) own[key] = bj::value(*v);
    const bj::object* usage = object_at(*attempt, "usage");
    if (usage == nullptr && attempt->contains("_sse")) usage = attempt;
    part_bill part;
    if (usage != nullptr) {
      part = case_pricer(own, book).price(*usage);
    } else {
      part.status = "usage_missing";
      part.reason = "the vendor sent no usage";
    }
    // Refused before any work is done: nothing is billed.
    const auto status = integer_at(*attempt, "http").value_or(0);
    const bool refused = usage == nullptr && status >= 400 && status < 500;
    ++told;
    if (!refused && part.status != "exact" && part.status != "vendor_reported") {
      if (all_told) first_status = part.status;
      all_told = false;
      out.reason += (out.reason.empty() ? "" : "; ") + prefix + part.reason;
    }
    take(std::move(part), prefix, out);
  }
  if (all_told && told > 0) {
    if (!out.total) out.total = amount{};  // all were refused
    return;
  }
  out.status = out.total ? "at_least" : first_status;
  if (out.reason.empty()) out.reason = "no attempt says anything";
}

/// By adding up, as a ledger does.
void repeat(std::int64_t times, case_bill& out) {
  if (times == 1 || !out.total) return;
  if (times < 0) return no_total(out, "a usage cannot be repeated less than never");
  const auto total = out.total->times_ratio(times, 1);
  if (!total) return no_total(out, total.error().message);
  out.total = *total;
  for (case_line& l : out.lines) {
    // No line is more than the total.
    const auto quantity = amount::parse(l.quantity)->times_ratio(times, 1);
    const auto value = l.value.times_ratio(times, 1);
    if (!quantity || !value) return no_total(out, "it is repeated too often to be counted");
    l.quantity = quantity->to_string();
    l.value = *value;
  }
  if (!out.vendor_cost) return;
  const auto cost = out.vendor_cost->value.times_ratio(times, 1);
  if (cost) out.vendor_cost->value = *cost;
}

}  // namespace

case_bill price_case(const bj::value& v, const catalog::book& book) {
  case_bill out;
  const bj::object* c = v.if_object();
  if (c == nullptr) {
    out.status = "unknown";
    out.reason = "the case is no object";
    return out;
  }
  out.id = text_at(*c, "id");
  out.currency = text_at(*c, "currency");
  static const bj::object nothing;
  const bj::object* usage = object_at(*c, "usage");
  const bj::object& source = usage != nullptr ? *usage : nothing;
  const bj::value* entries = source.if_contains("_entries");
  if (entries != nullptr && entries->is_array())
    return sum_entries(entries->get_array(), std::move(out));
  const bj::value* attempts = source.if_contains("_attempts");
  if (attempts != nullptr && attempts->is_array()) {
    price_attempts(*c, attempts->get_array(), book, out);
  } else {
    part_bill part = case_pricer(*c, book).price(source);
    out.status = part.status;
    out.reason = part.reason;
    take(std::move(part), "", out);
  }
  repeat(integer_at(source, "_repeat").value_or(1), out);
  return out;
}

std::string to_json(const case_bill& bill) {
  std::string text;
  json::writer w{text};
  w.begin_object().key("id").string(bill.id).key("currency").string(bill.currency);
  // What is confirmed. Where that is nothing, `status` and `estimated` say that it is no price.
  w.key("total").string(bill.total.value_or(amount{}).to_string());
  w.key("lines").begin_array();
  for (const case_line& l : bill.lines) {
    w.begin_object().key("label").string(l.label).key("quantity").string(l.quantity);
    w.key("unit_price").string(l.unit_price.to_string());
    w.key("per").string(std::to_string(l.per)).key("amount").string(l.value.to_string());
    w.end_object();
  }
  w.end_array().key("status").string(bill.status);
  if (!bill.total) w.key("estimated").boolean(true);
  if (!bill.reason.empty()) w.key("reason").string(bill.reason);
  if (!bill.totals.empty()) {
    w.key("totals").begin_object();
    for (const auto& [currency, sum] : bill.totals) w.key(currency).string(sum.to_string());
    w.end_object();
  }
  if (bill.vendor_cost) {
    w.key("vendor_cost").string(bill.vendor_cost->value.to_string());
    w.key("vendor_currency").string(bill.vendor_cost->currency);
  }
  if (!bill.notes.empty()) {
    w.key("notes").begin_array();
    for (const std::string& note : bill.notes) w.string(note);
    w.end_array();
  }
  w.end_object();
  return text;
}

}  // namespace ark::cli::worked
