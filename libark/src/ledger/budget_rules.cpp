#include "ledger/budget_rules.hpp"

#include <fmt/chrono.h>

#include <algorithm>

#include "base/text.hpp"
#include "ledger/record.hpp"

namespace ark {

std::string_view to_string(budget_period value) noexcept {
  switch (value) {
    case budget_period::total:
      return "total";
    case budget_period::day:
      return "day";
    case budget_period::month:
      return "month";
    case budget_period::rolling:
      return "rolling";
  }
  return "total";
}

}  // namespace ark

namespace ark::detail {
namespace {

constexpr std::int64_t second_us = 1'000'000;
constexpr std::int64_t minute_us = 60 * second_us;
constexpr std::int64_t day_us = 1440 * minute_us;
constexpr std::int64_t parts = 60;
constexpr std::size_t name_bytes_max = 128;
constexpr std::chrono::seconds longest = std::chrono::hours(24 * 1000);
constexpr std::chrono::minutes farthest = std::chrono::hours(18);
constexpr int percent_max = 1000;

std::int64_t floor_to(std::int64_t value, std::int64_t step) noexcept {
  const std::int64_t rest = value % step;
  return value - (rest < 0 ? rest + step : rest);
}

std::int64_t offset_us(const budget& b) noexcept {
  return std::chrono::duration_cast<std::chrono::microseconds>(b.utc_offset).count();
}

std::int64_t part_us(const budget& b) noexcept {
  return std::max<std::int64_t>(b.length.count() * second_us / parts, 1);
}

std::chrono::year_month month_of(std::int64_t local_us) {
  const std::chrono::sys_days day{std::chrono::days(floor_to(local_us, day_us) / day_us)};
  const std::chrono::year_month_day date{day};
  return {date.year(), date.month()};
}

std::int64_t begin_of(std::chrono::year_month month) {
  const std::chrono::sys_days first{month / std::chrono::day(1)};
  return first.time_since_epoch().count() * day_us;
}

error makes_no_sense(std::string why) {
  return {.code = errc::invalid_request, .message = "the budget cannot be set: " + std::move(why)};
}

bool is_currency(std::string_view text) {
  return text.size() >= 3 && text.size() <= 8 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

bool is_printable(std::string_view text) {
  return text::is_utf8(text) && std::all_of(text.begin(), text.end(), [](char c) {
           return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f;
         });
}

result<void> check_scope(const budget_scope& s) {
  for (const auto* t : {&s.vendor, &s.model, &s.tenant, &s.user, &s.task, &s.run})
    if (!is_printable(*t))
      return makes_no_sense("its scope has control characters, or is not UTF-8");
  for (const auto& [name, value] : s.tags)
    if (name.empty() || !is_printable(name) || !is_printable(value))
      return makes_no_sense("a tag of its scope has no name, or control characters");
  return {};
}

}  // namespace

result<void> check(const budget& b) {
  if (b.name.empty() || b.name.size() > name_bytes_max || !is_printable(b.name))
    return makes_no_sense("its name must be 1 to 128 bytes of UTF-8 without control characters");
  if (!is_currency(b.limit.currency))
    return makes_no_sense("its limit needs a currency such as USD or CNY");
  if (b.limit.value.raw() < 0 || !split(b.limit.value))
    return makes_no_sense("its limit must be from 0 to about 9.2e12");
  const bool is_rolling = b.period == budget_period::rolling;
  if (is_rolling && (b.length < std::chrono::seconds(1) || b.length > longest))
    return makes_no_sense("its length must be from 1 second to 1,000 days");
  if (!is_rolling && b.length.count() != 0)
    return makes_no_sense("only a rolling budget has a length");
  if (b.utc_offset > farthest || b.utc_offset < -farthest)
    return makes_no_sense("its offset from UTC must be at most 18 hours");
  for (const int percent : b.thresholds)
    if (percent < 1 || percent > percent_max)
      return makes_no_sense("a threshold must be from 1 to 1000 percent");
  return check_scope(b.scope);
}

bool matches(const budget_scope& s, const attempt_intent& i) {
  const auto fits = [](const std::string& wanted, const std::string& has) {
    return wanted.empty() || wanted == has;
  };
  if (!fits(s.vendor, i.vendor) || !fits(s.model, i.model) || !fits(s.tenant, i.tenant) ||
      !fits(s.user, i.user) || !fits(s.task, i.task) || !fits(s.run, i.run))
    return false;
  return std::all_of(s.tags.begin(), s.tags.end(), [&i](const auto& wanted) {
    const auto it = i.tags.find(wanted.first);
    return it != i.tags.end() && it->second == wanted.second;
  });
}

bool counts_the_same(const budget& a, const budget& b) noexcept {
  return a.scope == b.scope && a.period == b.period && a.length == b.length &&
         a.utc_offset == b.utc_offset && a.limit.currency == b.limit.currency;
}

window_rows window_of(const budget& b, std::int64_t begun_us) noexcept {
  const std::int64_t local = begun_us + offset_us(b);
  switch (b.period) {
    case budget_period::total:
      return {};
    case budget_period::day: {
      const std::int64_t key = floor_to(local, day_us) - offset_us(b);
      return {key, key, key};
    }
    case budget_period::month: {
      const std::int64_t key = begin_of(month_of(local)) - offset_us(b);
      return {key, key, key};
    }
    case budget_period::rolling: {
      const std::int64_t part = part_us(b), key = floor_to(begun_us, part);
      // One part more than the length has, should it not divide into 60.
      const std::int64_t reach = (b.length.count() * second_us + part - 1) / part * part;
      return {key, key - reach, key + reach};
    }
  }
  return {};
}

std::optional<std::int64_t> window_end(const budget& b, std::int64_t key) noexcept {
  if (b.period == budget_period::day) return key + day_us;
  if (b.period == budget_period::month)
    return begin_of(month_of(key + offset_us(b)) + std::chrono::months(1)) - offset_us(b);
  return std::nullopt;
}

std::int64_t leaves_window(const budget& b, std::int64_t key) noexcept {
  return window_of(b, key).to + part_us(b);
}

namespace {

/// value * rate, rounded up; nothing if it is out of range.
std::optional<amount> times(amount value, amount rate) {
  constexpr __int128 one = 1'000'000'000'000'000;
  if (value.raw() < 0 || rate.raw() <= 0) return std::nullopt;
  __int128 whole = 0, rest = 0, sum = 0;
  if (__builtin_mul_overflow(value.raw() / one, rate.raw(), &whole) ||
      __builtin_mul_overflow(value.raw() % one, rate.raw(), &rest) ||
      __builtin_add_overflow(whole, (rest + one - 1) / one, &sum))
    return std::nullopt;
  const amount product = amount::from_raw(sum);
  return split(product) ? std::optional(product) : std::nullopt;
}

}  // namespace

std::optional<converted> convert(amount value, const std::string& from, const std::string& to,
                                 std::int64_t at_us, std::span<const exchange_rate> rates) {
  // A vendor that says it pays makes no room in a budget.
  value = std::max(value, amount{});
  if (from == to) return converted{value, {}};
  const std::string today = time_text(at_us).substr(0, 10);
  const exchange_rate* best = nullptr;
  for (const exchange_rate& r : rates) {
    if (r.from != from || r.to != to) continue;
    const bool past = r.date <= today;
    const bool best_past = best != nullptr && best->date <= today;
    // ISO dates order as text.
    if (best == nullptr || (past && (!best_past || r.date >= best->date)) ||
        (!past && !best_past && r.date < best->date))
      best = &r;
  }
  if (best == nullptr) return std::nullopt;
  const auto product = times(value, best->rate);
  if (!product) return std::nullopt;
  std::string said = "1 " + from + " = " + best->rate.to_string() + " " + to;
  if (!best->date.empty()) said += " (" + best->date + ")";
  return converted{*product, std::move(said)};
}

std::string_view to_string(hold_state value) noexcept {
  switch (value) {
    case hold_state::open:
      return "open";
    case hold_state::doubt:
      return "doubt";
    case hold_state::lost:
      return "lost";
    case hold_state::freed:
      return "freed";
    case hold_state::uncounted:
      return "uncounted";
    case hold_state::done:
      return "done";
  }
  return "open";
}

std::optional<hold_state> hold_state_named(std::string_view name) noexcept {
  for (const auto s : {hold_state::open, hold_state::doubt, hold_state::lost, hold_state::freed,
                       hold_state::uncounted, hold_state::done})
    if (name == to_string(s)) return s;
  return std::nullopt;
}

hold settled(hold before, const attempt_outcome& o, const std::string& currency,
             std::int64_t begun_us, std::span<const exchange_rate> rates) {
  hold after = std::move(before);
  const amount spent_before = std::exchange(after.spent, {});
  const bool is_free = o.state == attempt_state::void_ || o.cost.status == cost_status::void_;
  if (is_free) {
    after.held = {};
    after.state = hold_state::done;
    return after;
  }
  auto most = o.cost.status == cost_status::unknown
                  ? std::nullopt
                  : convert(o.cost.high, o.cost.currency, currency, begun_us, rates);
  if (!most) {
    // Nothing better is known than what was held for it, or spent.
    after.held = std::max(after.held, spent_before);
    if (after.state != hold_state::uncounted) after.state = hold_state::doubt;
  } else if (o.state == attempt_state::settled && o.cost.low == o.cost.high) {
    after = {.line = after.line,
             .key = after.key,
             .spent = most->value,
             .expires_us = after.expires_us,
             .state = hold_state::done,
             .rate = std::move(most->rate)};
  } else {
    after.held = most->value;
    after.state = hold_state::doubt;
    after.rate = std::move(most->rate);
  }
  if (after.state == hold_state::doubt && o.finish == finish_lost) after.state = hold_state::lost;
  return after;
}

std::string time_text(std::int64_t us) {
  // Years 1970 to 9999; what is outside was never a time of day.
  constexpr std::int64_t year_10000_us = 253'402'300'800 * second_us;
  if (us < 0 || us >= year_10000_us) return std::to_string(us);
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}",
                     fmt::gmtime(static_cast<std::time_t>(us / second_us)));
}

}  // namespace ark::detail
