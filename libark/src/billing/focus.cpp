#include "billing/focus.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>
#include <string_view>
#include <vector>

#include "base/text.hpp"
#include "billing/clock.hpp"
#include "billing/entry_text.hpp"
#include "files/csv.hpp"

namespace ark::billing {
namespace {

constexpr std::size_t rows_max = 1'000'000;
constexpr std::string_view usage_category = "Usage";
constexpr std::string_view adjustment_category = "Adjustment";
constexpr std::string_view request_meter = "request";

constexpr std::array focus_columns = {"BilledCost",
                                      "BillingAccountId",
                                      "BillingAccountName",
                                      "BillingCurrency",
                                      "BillingPeriodEnd",
                                      "BillingPeriodStart",
                                      "ChargeCategory",
                                      "ChargeClass",
                                      "ChargeDescription",
                                      "ChargeFrequency",
                                      "ChargePeriodEnd",
                                      "ChargePeriodStart",
                                      "ConsumedQuantity",
                                      "ConsumedUnit",
                                      "ContractedCost",
                                      "ContractedUnitPrice",
                                      "EffectiveCost",
                                      "InvoiceId",
                                      "InvoiceIssuerName",
                                      "ListCost",
                                      "ListUnitPrice",
                                      "PricingCategory",
                                      "PricingCurrency",
                                      "PricingCurrencyContractedUnitPrice",
                                      "PricingCurrencyEffectiveCost",
                                      "PricingCurrencyListUnitPrice",
                                      "PricingQuantity",
                                      "PricingUnit",
                                      "ProviderName",
                                      "PublisherName",
                                      "RegionId",
                                      "RegionName",
                                      "ResourceId",
                                      "ResourceName",
                                      "ResourceType",
                                      "ServiceCategory",
                                      "ServiceName",
                                      "ServiceSubcategory",
                                      "SkuId",
                                      "SkuMeter",
                                      "SkuPriceDetails",
                                      "SkuPriceId",
                                      "SubAccountId",
                                      "SubAccountName",
                                      "Tags",
                                      "x_Attempt",
                                      "x_Attempts",
                                      "x_CallId",
                                      "x_CostHigh",
                                      "x_CostLow",
                                      "x_CostStatus",
                                      "x_RequestId",
                                      "x_ServiceTier"};

/// What a dimension counts: FOCUS wants a unit beside each quantity.
std::string_view unit_of(std::string_view meter) {
  constexpr std::pair<std::string_view, std::string_view> units[] = {
      {"request", "Requests"}, {"image", "Images"},     {"video_second", "Seconds"},
      {"second", "Seconds"},   {"page", "Pages"},       {"character", "Characters"},
      {"web_search", "Calls"}, {"search", "Calls"},     {"call", "Calls"},
      {"query", "Queries"},    {"session", "Sessions"}, {"hour", "Hours"}};
  constexpr std::string_view tokens[] = {"input",     "output",      "cache_read", "cache_write",
                                         "reasoning", "tool_prompt", "citation",   "training"};
  for (const auto token : tokens)
    if (meter.starts_with(token)) return "Tokens";
  for (const auto& [part, unit] : units)
    if (meter.find(part) != std::string_view::npos) return unit;
  return "Units";
}

/// The quantity in units of the price: exact, or nothing where 15 decimals cannot hold it.
std::optional<amount> priced_quantity(const focus_rows::row& r) {
  std::int64_t per = 0;
  (void)std::from_chars(r.head.per.data(), r.head.per.data() + r.head.per.size(), per);
  constexpr amount::rep one = 1'000'000'000'000'000;
  const auto whole = amount::from_raw(one).times_ratio(r.of.quantity, per);
  if (!whole) return std::nullopt;
  return *whole;
}

std::string pricing_unit(std::string_view per, std::string_view unit) {
  return per == "1" ? std::string(unit) : std::string(per) + " " + std::string(unit);
}

/// Named cells of a row; columns that nobody sets are empty, which is FOCUS's null in CSV.
class cells {
 public:
  cells() : texts_(focus_columns.size()) {}
  void set(std::string_view column, std::string text) {
    for (std::size_t i = 0; i < focus_columns.size(); ++i)
      if (focus_columns[i] == column) texts_[i] = std::move(text);
  }
  /// Text of others: it must not be taken for a formula.
  void set_foreign(std::string_view column, const std::string& text) {
    set(column, files::defused(text::repair_utf8(text)));
  }
  std::string line() const { return files::csv_line(texts_); }

 private:
  std::vector<std::string> texts_;
};

void set_costs(cells& c, const focus_rows::row& r) {
  for (const char* column : {"BilledCost", "EffectiveCost", "PricingCurrencyEffectiveCost"})
    c.set(column, r.of.billed.to_string());
  for (const char* column : {"ListCost", "ContractedCost"}) c.set(column, r.of.list.to_string());
  for (const char* column : {"BillingCurrency", "PricingCurrency"}) c.set(column, r.head.currency);
  c.set("x_CostLow", r.of.low.to_string());
  c.set("x_CostHigh", r.of.high.to_string());
  c.set("x_CostStatus", r.head.status);
  if (r.head.category != usage_category) return;
  const auto unit = unit_of(r.head.meter);
  c.set("ConsumedQuantity", std::to_string(r.of.quantity));
  c.set("ConsumedUnit", std::string(unit));
  c.set("PricingCategory", "Standard");
  const auto priced = r.head.per.empty() ? std::nullopt : priced_quantity(r);
  c.set("PricingQuantity", priced ? priced->to_string() : std::to_string(r.of.quantity));
  c.set("PricingUnit", priced ? pricing_unit(r.head.per, unit) : std::string(unit));
  if (!priced) return;
  for (const char* column : {"ListUnitPrice", "ContractedUnitPrice", "PricingCurrencyListUnitPrice",
                             "PricingCurrencyContractedUnitPrice"})
    c.set(column, r.head.unit_price);
}

void set_periods(cells& c, const focus_rows::row& r) {
  const auto [month, next] = month_of(r.from, {});
  c.set("BillingPeriodStart", second_text(month));
  c.set("BillingPeriodEnd", second_text(next));
  c.set("ChargePeriodStart", second_text(r.from));
  c.set("ChargePeriodEnd", second_text(r.until));
}

std::string description_of(const focus_rows::row& r) {
  const std::string model = r.head.vendor + "/" + r.head.model;
  if (r.head.category == adjustment_category)
    return model + ": what the vendor charged beside the list prices";
  if (r.head.status == "interval" || r.head.status == "open")
    return model + ": may have been billed, see x_CostLow and x_CostHigh";
  return model + ": " + r.head.meter;
}

/// What rows of an entry have in common.
focus_rows::row base_row(const ledger_entry& e, focus_period period) {
  focus_rows::row r;
  r.head.vendor = e.vendor;
  r.head.model = e.model;
  r.head.reply_model = e.reply_model.empty() ? e.model : e.reply_model;
  r.head.tenant = e.tenant;
  r.head.tags = e.tags.empty() ? "" : tags_json(e.tags);
  r.head.category = usage_category;
  r.head.service_tier = e.usage.service_tier;
  r.of.attempts = 1;
  r.from = day_of(e.begun, {});
  r.until = r.from + std::chrono::days(1);
  if (period == focus_period::request) {
    r.from = std::chrono::floor<std::chrono::seconds>(e.begun);
    // A period's end is not in it: it is later than its begin by one second at least.
    const auto end = std::chrono::ceil<std::chrono::seconds>(e.ended.value_or(e.begun));
    r.until = std::max<moment>(end, r.from + std::chrono::seconds(1));
    r.call_id = e.call_id;
    r.request_id = e.request_id;
    r.attempt = e.attempt;
  }
  r.head.day = second_text(r.from);
  return r;
}

focus_rows::row line_row(focus_rows::row r, const cost_line& line) {
  r.head.meter = line.dimension;
  r.head.unit_price = line.unit_price.to_string();
  r.head.per = std::to_string(line.per);
  r.of.quantity = line.quantity;
  r.of.list = r.of.billed = r.of.low = r.of.high = line.value;
  return r;
}

/// A whole attempt by one figure.
focus_rows::row whole_row(focus_rows::row r, amount billed) {
  r.head.meter = request_meter;
  r.of.quantity = 1;
  r.of.list = r.of.billed = r.of.low = r.of.high = billed;
  return r;
}

result<void> add_to(amount& to, amount more) {
  const auto sum = to.plus(more);
  if (!sum) return sum.error();
  to = *sum;
  return {};
}

result<void> merge(focus_rows::sums& to, const focus_rows::sums& more) {
  to.attempts += more.attempts;
  if (more.quantity > std::numeric_limits<std::int64_t>::max() - to.quantity)
    return error{.code = errc::too_large,
                 .message = "a day's quantity is too large; use --per request"};
  to.quantity += more.quantity;
  for (amount focus_rows::sums::* part : {&focus_rows::sums::list, &focus_rows::sums::billed,
                                          &focus_rows::sums::low, &focus_rows::sums::high})
    if (auto ok = add_to(to.*part, more.*part); !ok) return ok;
  return {};
}

}  // namespace

std::string focus_rows::head() {
  return files::csv_line({focus_columns.begin(), focus_columns.end()});
}

std::string focus_rows::text_of(const row& r) const {
  cells c;
  set_costs(c, r);
  set_periods(c, r);
  const auto provider = options_.providers.find(r.head.vendor);
  const auto& name = provider == options_.providers.end() ? r.head.vendor : provider->second;
  for (const char* column : {"ProviderName", "PublisherName", "InvoiceIssuerName", "ServiceName"})
    c.set_foreign(column, name);
  c.set_foreign("BillingAccountId", options_.account_id);
  c.set_foreign("BillingAccountName", options_.account_name);
  c.set("ChargeCategory", r.head.category);
  c.set("ChargeFrequency", "Usage-Based");
  c.set_foreign("ChargeDescription", description_of(r));
  c.set("ServiceCategory", "AI and Machine Learning");
  c.set("ServiceSubcategory", "Generative AI");
  c.set_foreign("ResourceId", r.head.vendor + "/" + r.head.reply_model);
  c.set_foreign("ResourceName", r.head.model);
  c.set("ResourceType", "Model");
  if (r.head.category == usage_category) {
    c.set_foreign("SkuId", r.head.vendor + "/" + r.head.reply_model);
    c.set_foreign("SkuMeter", r.head.meter);
    c.set("SkuPriceId", r.head.price_hash);
  }
  c.set_foreign("SubAccountId", r.head.tenant);
  c.set_foreign("SubAccountName", r.head.tenant);
  c.set("Tags", r.head.tags);
  c.set("x_Attempts", std::to_string(r.of.attempts));
  c.set("x_Attempt", r.attempt == 0 ? "" : std::to_string(r.attempt));
  c.set_foreign("x_CallId", r.call_id);
  c.set_foreign("x_RequestId", r.request_id);
  c.set_foreign("x_ServiceTier", r.head.service_tier);
  return c.line();
}

result<void> focus_rows::put(std::string& out, row r) {
  if (options_.period == focus_period::request) {
    out += text_of(r);
    ++summary_.rows;
    return {};
  }
  if (kept_.size() == rows_max && !kept_.contains(r.head))
    return error{
        .code = errc::too_large,
        .message = "more than 1,000,000 rows a day at a time: use --per request, or filter"};
  return merge(kept_[std::move(r.head)], r.of);
}

result<void> focus_rows::add_bill(std::string& out, const ledger_entry& e, const row& base) {
  amount sum;
  for (const auto& line : e.lines)
    if (auto ok = add_to(sum, line.value); !ok) return ok;
  const bool other_currency = e.computed && e.computed->currency != e.cost.currency;
  if (e.lines.empty() || other_currency) return put(out, whole_row(base, e.cost.value));
  for (const auto& line : e.lines)
    if (auto ok = put(out, line_row(base, line)); !ok) return ok;
  const auto rest = e.cost.value.minus(sum);
  if (!rest) return rest.error();
  if (rest->is_zero()) return {};
  row r = base;
  r.head.meter = "adjustment";
  r.head.category = adjustment_category;
  r.of.billed = r.of.low = r.of.high = *rest;
  return put(out, std::move(r));
}

result<void> focus_rows::add_unsettled(std::string& out, const ledger_entry& e, const row& base) {
  const bool open = e.state == attempt_state::sending;
  const cost& known = open ? e.quote : e.cost;
  row r = whole_row(base, {});
  r.head.status = open ? "open" : "interval";
  r.head.currency = known.currency;
  r.head.price_hash = known.price_hash;
  r.of.low = open ? amount{} : known.low;
  r.of.high = known.high;
  return put(out, std::move(r));
}

result<void> focus_rows::add(std::string& out, const ledger_entry& e) {
  ++summary_.entries;
  row base = base_row(e, options_.period);
  const bool open = e.state == attempt_state::sending;
  if ((open ? e.quote : e.cost).status == cost_status::unknown) {
    if (e.state != attempt_state::void_) ++summary_.left_out;
    return {};
  }
  if (open || e.cost.status == cost_status::interval) return add_unsettled(out, e, base);
  if (e.cost.status == cost_status::void_ && e.cost.value.is_zero()) return {};
  base.head.status = to_string(e.cost.status);
  base.head.currency = e.cost.currency;
  base.head.price_hash = e.cost.price_hash;
  return add_bill(out, e, base);
}

result<void> focus_rows::finish(std::string& out, const std::function<result<void>()>& flush) {
  for (const auto& [head, of] : kept_) {
    row r{.head = head, .of = of};
    r.from = *parse_time(head.day, {});
    r.until = r.from + std::chrono::days(1);
    out += text_of(r);
    ++summary_.rows;
    if (auto ok = flush(); !ok) return ok;
  }
  kept_.clear();
  return {};
}

}  // namespace ark::billing
