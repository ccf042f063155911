#include <fmt/format.h>

#include "billing/reconcile_group.hpp"

namespace ark::billing {
namespace {

constexpr amount::rep hundredth = 10'000'000'000'000;  // 0.01

amount distance(amount a, amount b) {
  return amount::from_raw(a.raw() < b.raw() ? b.raw() - a.raw() : a.raw() - b.raw());
}

std::string many(std::int64_t n, const char* one, const char* more) {
  return std::to_string(n) + " " + (n == 1 ? one : more);
}

/// Reasons that are about money: what the difference could be.
void explain_money(reconcile_item& item, const group& g, const booked_sums& sums) {
  const auto& billed = *item.billed;
  const auto say = [&](std::string why) { item.reasons.push_back(std::move(why)); };
  if (sums.doubtful_count > 0)
    say(many(sums.doubtful_count, "ambiguous attempt", "ambiguous attempts") +
        (sums.low <= billed && billed <= sums.high
             ? ": the difference is within what may have been billed for them"
             : ": they explain a part of it only"));
  if (sums.open > 0) say(many(sums.open, "attempt is", "attempts are") + " open: not settled here");
  const amount off = distance(billed, sums.exact);
  if (!sums.cache_discount.is_zero() &&
      billed.raw() == sums.exact.raw() + sums.cache_discount.raw())
    say("it is what the cached tokens would cost more at the price of uncached ones");
  if (!billed.is_zero() && billed.raw() * 2 == sums.exact.raw())
    say("the vendor billed half: a batch is billed so, and these were booked as single calls");
  if (billed.raw() == sums.exact.raw() * 2 && !billed.is_zero())
    say("the vendor billed twice as much: batches or a discount were booked that it did not give");
  if (billed.raw() % hundredth == 0 &&
      off.raw() <= hundredth / 2 * static_cast<amount::rep>(g.lines))
    say("no more than rounding each of its lines to 0.01 makes");
  if (g.price_hashes.size() > 1)
    say("the price changed within the period: the ledger has several price rows");
}

/// Reasons that are about which attempts were counted.
void explain_attempts(reconcile_item& item, const group& g) {
  const auto say = [&](std::string why) { item.reasons.push_back(std::move(why)); };
  if (g.unknown > 0)
    say(many(g.unknown, "attempt has", "attempts have") +
        " no known cost here: the price or the usage is not known");
  if (item.vendor_tokens && *item.vendor_tokens == item.ledger_tokens && g.entries > 0)
    say("the tokens agree: another price, a discount or a fee");
  if (item.vendor_tokens && *item.vendor_tokens != item.ledger_tokens && g.entries > 0)
    say(fmt::format("the vendor counts {} tokens, the ledger {}", *item.vendor_tokens,
                    item.ledger_tokens));
  if (g.crossing > 0)
    say(many(g.crossing, "attempt", "attempts") +
        " began in the period and ended after it: the vendor may count by the end");
  if (g.billed.size() > 0 && g.booked.size() > 0 && !g.booked.contains(item.currency))
    say("the ledger has it in " + g.booked.begin()->first + ": currencies are never converted");
}

void explain_one_sided(reconcile_item& item) {
  const auto say = [&](const char* why) { item.reasons.emplace_back(why); };
  if (item.status == match_status::missing_in_ledger) {
    if (item.model.empty() && item.request_id.empty())
      say("the line names no model: the ledger has such fees with their model; compare with --by "
          "day");
    say("another program or another ledger used the key, or the model is called otherwise here");
  } else if (item.status == match_status::missing_at_vendor) {
    say("the report may not reach so far yet, or not contain this key's project");
    say("the vendor may not bill it: a refused or cancelled request, a free allowance");
  }
}

reconcile_item new_item(const group_key& key, const group& g) {
  reconcile_item item{.from = key.from, .until = key.until};
  item.model = key.model;
  item.project = key.project;
  item.api_key = key.api_key;
  item.request_id = key.request_id;
  item.vendor_lines = g.lines;
  item.entries = g.entries;
  item.places = g.places;
  item.ledger_tokens = g.ledger_tokens;
  return item;
}

match_status status_of_money(const reconcile_item& item, const group& g, amount tolerance) {
  if (!item.billed) return match_status::missing_at_vendor;
  const bool booked = g.booked.contains(item.currency);
  if (!booked && g.unknown == 0 && !item.billed->is_zero()) return match_status::missing_in_ledger;
  const bool tokens = !item.vendor_tokens || *item.vendor_tokens == item.ledger_tokens;
  return distance(*item.billed, item.booked) <= tolerance && tokens ? match_status::matched
                                                                    : match_status::amount_differs;
}

reconcile_item money_item(const group_key& key, const group& g, const std::string& currency,
                          amount tolerance) {
  reconcile_item item = new_item(key, g);
  item.currency = currency;
  const auto billed = g.billed.find(currency);
  if (billed != g.billed.end()) item.billed = billed->second;
  const auto found = g.booked.find(currency);
  const booked_sums sums = found == g.booked.end() ? booked_sums{} : found->second;
  item.booked = sums.exact;
  item.low = sums.low;
  item.high = sums.high;
  item.ambiguous = sums.doubtful_count;
  if (item.billed) item.vendor_tokens = g.vendor_tokens;
  item.status = status_of_money(item, g, tolerance);
  if (item.status == match_status::matched && sums.doubtful_count > 0)
    item.reasons.push_back(
        many(sums.doubtful_count, "ambiguous attempt was", "ambiguous attempts were") +
        " not billed");
  if (item.status == match_status::amount_differs) explain_money(item, g, sums);
  if (item.status != match_status::matched) explain_attempts(item, g);
  explain_one_sided(item);
  return item;
}

/// Lines that count tokens only.
reconcile_item token_item(const group_key& key, const group& g) {
  reconcile_item item = new_item(key, g);
  item.vendor_tokens = g.vendor_tokens;
  item.status = g.entries == 0 && *g.vendor_tokens > 0 ? match_status::missing_in_ledger
                : *g.vendor_tokens == g.ledger_tokens  ? match_status::matched
                                                       : match_status::amount_differs;
  if (item.status == match_status::amount_differs) explain_attempts(item, g);
  explain_one_sided(item);
  return item;
}

}  // namespace

std::vector<reconcile_item> items_of(const group_key& key, const group& g, amount tolerance) {
  std::vector<reconcile_item> out;
  if (g.billed.empty() && g.vendor_tokens) {
    out.push_back(token_item(key, g));
    return out;
  }
  std::set<std::string> currencies;
  for (const auto& [currency, value] : g.billed) currencies.insert(currency);
  for (const auto& [currency, sums] : g.booked)
    if (!sums.high.is_zero() || !sums.exact.is_zero() || g.billed.contains(currency))
      currencies.insert(currency);
  if (currencies.empty() && g.unknown > 0) currencies.insert("");
  for (const auto& currency : currencies) out.push_back(money_item(key, g, currency, tolerance));
  return out;
}

}  // namespace ark::billing
