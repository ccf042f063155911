#include "catalog/select_price.hpp"

#include <algorithm>
#include <array>
#include <tuple>

namespace ark::catalog {
namespace {

using family = unit_facts::family;
constexpr std::int64_t minutes_a_day = 24 * 60;

bool within(int from, int to, int minute) {
  if (from <= to) return from <= minute && minute < to;
  return minute >= from || minute < to;  // over midnight
}

std::int64_t minutes_since_1970(std::chrono::system_clock::time_point at) {
  return std::chrono::floor<std::chrono::minutes>(at).time_since_epoch().count();
}

std::int64_t floor_divide(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

bool is_peak(const schedule& hours, std::int64_t minutes) {
  const std::int64_t local_day =
      floor_divide(minutes + hours.weekday_utc_offset_minutes, minutes_a_day);
  const auto weekday = static_cast<unsigned>(((local_day + 4) % 7 + 7) % 7);  // 1970: a Thursday
  if ((hours.off_peak_weekdays >> weekday & 1U) != 0) return false;
  const auto minute =
      static_cast<int>(minutes - floor_divide(minutes, minutes_a_day) * minutes_a_day);
  return std::any_of(hours.peak.begin(), hours.peak.end(), [&](const schedule::window& w) {
    return within(w.from_minute, w.to_minute, minute);
  });
}

bool holds_in_time(const condition& when, const schedule& hours, const price_facts& facts) {
  if (when.period.empty() && when.utc_from_minute < 0 && when.start_day < 0 && when.end_day < 0)
    return true;
  // A caller that does not say when must not get the price of 1 January 1970.
  if (facts.at == std::chrono::system_clock::time_point{}) return false;
  const std::int64_t minutes = minutes_since_1970(facts.at);
  const std::int64_t day = floor_divide(minutes, minutes_a_day);
  if (when.start_day >= 0 && day < when.start_day) return false;
  if (when.end_day >= 0 && day >= when.end_day) return false;
  if (when.utc_from_minute >= 0 && !within(when.utc_from_minute, when.utc_to_minute,
                                           static_cast<int>(minutes - day * minutes_a_day)))
    return false;
  if (when.period.empty()) return true;
  if (hours.peak.empty()) return false;
  return when.period == (is_peak(hours, minutes) ? "peak" : "off_peak");
}

bool attribute_holds(const std::pair<std::string, std::string>& wanted, const price_facts& facts) {
  std::string_view given;
  if (facts.context != nullptr) {
    if (wanted.first == "region") given = facts.context->region;
    for (const auto& [key, value] : facts.context->attributes)
      if (key == wanted.first) given = value;
  }
  return given.empty() ? wanted.second == "default" : given == wanted.second;
}

/// Which of two rows that both hold is meant: the one in force since later, then the one that says
/// more, then the one with the tighter limits.
auto rank(const condition& c) {
  const auto said = [](std::int64_t limit) { return limit >= 0 ? 1 : 0; };
  const int count = said(c.input_gt) + said(c.input_le) + said(c.output_gt) + said(c.output_le) +
                    (c.thinking ? 1 : 0) + (c.period.empty() ? 0 : 1) + said(c.utc_from_minute) +
                    static_cast<int>(c.attributes.size());
  const auto tightness = [](std::int64_t at_most) {
    return at_most < 0 ? std::int64_t{1} << 62 : at_most;
  };
  return std::tuple(c.start_day, count, c.input_gt, -tightness(c.input_le), c.output_gt,
                    -tightness(c.output_le));
}

struct search {
  const price* best = nullptr;
  bool any = false;  ///< rows of this dimension, family and tier
  bool ambiguous = false;
};

search best_of(const model& m, std::string_view dimension, family wanted, std::string_view tier,
               const price_facts& facts) {
  search found;
  for (const price& p : m.prices) {
    if (p.dimension != dimension || p.when.service_tier != tier ||
        facts_of_unit(p.unit).counts != wanted)
      continue;
    found.any = true;
    if (!holds(p.when, m.schedule, facts)) continue;
    if (found.best == nullptr || rank(p.when) > rank(found.best->when)) {
      found.best = &p;
      found.ambiguous = false;
    } else if (rank(p.when) == rank(found.best->when) && p.value != found.best->value) {
      found.ambiguous = true;
    }
  }
  return found;
}

/// The row's price times all factors that hold; those of a service tier only if `with_tier`.
selection multiplied(const model& m, const price& row, family wanted, bool with_tier,
                     const price_facts& facts) {
  selection chosen{.row = &row, .unit_price = row.value};
  if (wanted != family::tokens) return chosen;
  constexpr std::int64_t one = 1'000'000'000'000'000;
  for (const price& p : m.prices) {
    if (p.dimension != "multiplier" || !holds(p.when, m.schedule, facts)) continue;
    if (p.when.service_tier != (with_tier ? facts.service_tier : std::string_view{}) &&
        !p.when.service_tier.empty())
      continue;
    const auto product =
        chosen.unit_price.times_ratio(static_cast<std::int64_t>(p.value.raw()), one);
    if (!product) return {.reason = "a price times its factor has more than 15 decimals"};
    chosen.unit_price = *product;
  }
  return chosen;
}

bool has_tier_factor(const model& m, const price_facts& facts) {
  return std::any_of(m.prices.begin(), m.prices.end(), [&](const price& p) {
    return p.dimension == "multiplier" && p.when.service_tier == facts.service_tier &&
           holds(p.when, m.schedule, facts);
  });
}

selection finish(const model& m, const search& found, family wanted, bool with_tier,
                 const price_facts& facts) {
  if (found.best == nullptr) return {.reason = "no price row fits the size, the time or the kind"};
  if (found.ambiguous) return {.reason = "two price rows fit and say different prices"};
  if (found.best->unknown)
    return {.reason = "the vendor charges for it and the price is not known"};
  return multiplied(m, *found.best, wanted, with_tier, facts);
}

}  // namespace

unit_facts facts_of_unit(std::string_view unit) {
  static constexpr std::array<std::pair<std::string_view, unit_facts>, 14> table{{
      {"Mtok", {family::tokens, 1'000'000, false}},
      {"Mtok_hour", {family::token_hours, 1'000'000, false}},
      {"Mchar", {family::characters, 1'000'000, false}},
      {"thousand_calls", {family::count, 1000, false}},
      {"kpage", {family::count, 1000, false}},
      {"second", {family::seconds, 1, false}},
      {"minute", {family::seconds, 60, false}},
      {"hour", {family::seconds, 3600, false}},
      {"started_hour", {family::seconds, 3600, true}},
      {"pixel", {family::pixels, 1, false}},
      {"megapixel", {family::pixels, 1'000'000, false}},
      {"video", {family::videos, 1, false}},
      {"image", {family::count, 1, false}},
      {"call", {family::count, 1, false}},
  }};
  for (const auto& [name, facts] : table)
    if (name == unit) return facts;
  return {};
}

std::string_view normal_tier(const price_context& context) {
  if (context.batch) return "batch";
  const std::string& tier = context.service_tier;
  if (tier == "default" || tier == "standard" || tier == "auto" || tier == "on_demand") return {};
  return tier;
}

price_facts facts_of(const price_context& context, std::int64_t input_total,
                     std::int64_t output_total) {
  return {.input_total = input_total,
          .output_total = output_total,
          .service_tier = normal_tier(context),
          .thinking = context.thinking,
          .at = context.at,
          .context = &context};
}

bool holds(const condition& when, const schedule& hours, const price_facts& facts) {
  if (when.input_gt >= 0 && facts.input_total <= when.input_gt) return false;
  if (when.input_le >= 0 && facts.input_total > when.input_le) return false;
  if (when.output_gt >= 0 && facts.output_total <= when.output_gt) return false;
  if (when.output_le >= 0 && facts.output_total > when.output_le) return false;
  if (when.thinking && *when.thinking != facts.thinking) return false;
  if (!holds_in_time(when, hours, facts)) return false;
  return std::all_of(when.attributes.begin(), when.attributes.end(),
                     [&](const auto& a) { return attribute_holds(a, facts); });
}

selection select_price(const model& m, std::initializer_list<std::string_view> dimensions,
                       unit_facts::family wanted, const price_facts& facts) {
  const std::string_view tier = facts.service_tier;
  for (const std::string_view dimension : dimensions) {
    const search own = best_of(m, dimension, wanted, tier, facts);
    if (own.any) return finish(m, own, wanted, false, facts);
    if (tier.empty()) continue;
    const search standard = best_of(m, dimension, wanted, {}, facts);
    if (!standard.any) continue;
    // A fee for a tool does not depend on the tier; tokens do, and nobody says how.
    const bool factor = has_tier_factor(m, facts);
    if (factor || wanted != family::tokens) return finish(m, standard, wanted, factor, facts);
    return {.reason = "no price row for this service tier"};
  }
  return {.reason = "no price row for this kind of use"};
}

}  // namespace ark::catalog
