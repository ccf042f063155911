#include "catalog/price_change.hpp"

#include "catalog/select_price.hpp"

#include <algorithm>

namespace ark::catalog {
namespace {

std::string name_of(const price& p) {
  const std::string when = to_string(p.when);
  return p.dimension + (when.empty() ? "" : " (" + when + ")");
}

std::string value_of(const price& p) { return p.unknown ? "unknown" : p.value.to_string(); }

const price* find_price(const model& m, const price& like) {
  for (const price& p : m.prices)
    if (p.dimension == like.dimension && p.when == like.when) return &p;
  return nullptr;
}

bool is_times(amount larger, amount smaller, std::int64_t times) {
  return larger.raw() > smaller.raw() * times;
}

/// Ten thousand of any currency for a million tokens: the dearest that anybody asks is 600 dollars.
bool cannot_be_meant(const price& p) {
  constexpr amount::rep most = static_cast<amount::rep>(10'000) * 1'000'000'000'000'000;
  return facts_of_unit(p.unit).counts == unit_facts::family::tokens && p.value.raw() > most &&
         p.dimension != "multiplier";
}

void compare_price(const price& before, const price& after, const std::string& currency,
                   price_change& out) {
  const std::string step = name_of(after) + " " + value_of(before) + " -> " + value_of(after) +
                           " " + currency + " per " + after.unit;
  if (before.unit != after.unit) {
    out.alarms.push_back(step + ", before it was per " + before.unit);
    return;
  }
  if (before.unknown == after.unknown && before.value == after.value) return;
  out.changes.push_back(step);
  if (after.unknown) {
    out.alarms.push_back(step + ": it is no longer known");
  } else if (!before.unknown && after.value.is_zero()) {
    out.alarms.push_back(step + ": it becomes zero");
  } else if (!before.unknown &&
             (is_times(after.value, before.value, 3) || is_times(before.value, after.value, 3))) {
    out.alarms.push_back(step + ": it moves by more than three times");
  }
}

void compare_new(const price& p, const std::string& currency, bool model_is_new,
                 price_change& out) {
  const std::string what = name_of(p) + " " + value_of(p) + " " + currency + " per " + p.unit;
  out.changes.push_back("new: " + what);
  if (!p.unknown && p.value.is_zero()) out.alarms.push_back(what + ": it is zero");
  if (p.unknown && !model_is_new) out.alarms.push_back(what + ": it is not known");
}

}  // namespace

price_change compare_prices(const model* before, const model& after) {
  price_change out;
  const std::string& currency = after.info.currency;
  const bool is_new = before == nullptr || before->prices.empty();
  if (!is_new && before->info.currency != currency)
    out.alarms.push_back("the currency changes from " + before->info.currency + " to " + currency);
  for (const price& p : after.prices) {
    const price* old = is_new ? nullptr : find_price(*before, p);
    if (old != nullptr && before->info.currency == currency)
      compare_price(*old, p, currency, out);
    else if (old == nullptr)
      compare_new(p, currency, is_new, out);
    if (!p.unknown && cannot_be_meant(p))
      out.alarms.push_back(name_of(p) + " " + value_of(p) + " " + currency +
                           " per million tokens cannot be meant");
  }
  if (is_new) return out;
  for (const price& p : before->prices)
    if (find_price(after, p) == nullptr)
      out.alarms.push_back(name_of(p) + " " + value_of(p) + " " + before->info.currency + " per " +
                           p.unit + " is not there any more");
  return out;
}

std::vector<std::string> disagreements(const model& ours, const model& theirs) {
  std::vector<std::string> out;
  if (ours.info.currency != theirs.info.currency) {
    out.push_back("the other source has prices in " + theirs.info.currency);
    return out;
  }
  for (const price& p : ours.prices) {
    const price* other = find_price(theirs, p);
    if (other == nullptr) continue;  // a source may know fewer kinds
    const amount::rep low = std::min(p.value.raw(), other->value.raw());
    const amount::rep high = std::max(p.value.raw(), other->value.raw());
    const bool same =
        p.unit == other->unit && p.unknown == other->unknown && (high - low) * 1000 <= high * 5;
    if (!same)
      out.push_back(name_of(p) + " " + value_of(p) + " per " + p.unit + ": the other source says " +
                    value_of(*other) + " per " + other->unit);
  }
  // A tier that we do not have would be billed at the standard price.
  for (const price& q : theirs.prices)
    if (q.when != condition{} && find_price(ours, q) == nullptr)
      out.push_back(name_of(q) + " " + value_of(q) + " per " + q.unit +
                    ": only the other source has such a price");
  return out;
}

}  // namespace ark::catalog
