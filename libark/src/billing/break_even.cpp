#include "billing/break_even.hpp"

#include <limits>
#include <map>
#include <tuple>
#include <utility>

#include "billing/clock.hpp"
#include "billing/reprice.hpp"

namespace ark::billing {
namespace {

using model_key = std::tuple<std::string, std::string, std::string>;

result<void> accumulate(amount& to, const result<amount>& more) {
  if (!more) return more.error();
  const auto sum = to.plus(*more);
  if (!sum) return sum.error();
  to = *sum;
  return {};
}

std::int64_t writes_of(const usage& u) {
  return u.cache_write + u.cache_write_5m + u.cache_write_1h;
}

usage reads_as_input(usage u) {
  u.input += std::exchange(u.cache_read, 0);
  return u;
}

usage writes_as_input(usage u) {
  u.input += writes_of(u);
  u.cache_write = u.cache_write_5m = u.cache_write_1h = 0;
  return u;
}

/// What the usage costs; nothing if it cannot be priced.
std::optional<cost> cost_at(const catalog::model* m, const usage& u,
                            const catalog::price_context& context) {
  if (m == nullptr) return std::nullopt;
  auto made = catalog::price_usage(*m, u, context);
  if (made.cost.status != cost_status::exact) return std::nullopt;
  return made.cost;
}

/// n * a / b rounded up, of amounts above zero; nothing on overflow.
std::optional<std::int64_t> ratio_up(std::int64_t n, amount a, amount b) {
  __int128 product = 0;
  if (__builtin_mul_overflow(static_cast<__int128>(n), a.raw(), &product)) return std::nullopt;
  const __int128 up = (product + b.raw() - 1) / b.raw();
  if (up > std::numeric_limits<std::int64_t>::max()) return std::nullopt;
  return static_cast<std::int64_t>(up);
}

/// Calls `add` for each entry until it fails.
result<void> for_each_entry(const ledger& from, const ledger_filter& filter,
                            const std::function<result<void>(const ledger_entry&)>& add) {
  result<void> failed;
  const auto done = from.scan(filter, [&](const ledger_entry& e) {
    failed = add(e);
    return failed.has_value();
  });
  return failed ? done : failed;
}

const catalog::model* model_of(const catalog::book& prices, const ledger_entry& e) {
  return catalog::billed_model(prices, e.vendor, e.model, e.reply_model);
}

template <class Balance>
Balance& balance_for(std::map<model_key, Balance>& all, const ledger_entry& e) {
  auto& one = all[{e.vendor, e.model, e.cost.currency}];
  one.vendor = e.vendor;
  one.model = e.model;
  one.currency = e.cost.currency;
  return one;
}

template <class Balance>
std::vector<Balance> values_of(std::map<model_key, Balance> all) {
  std::vector<Balance> out;
  for (auto& [key, one] : all) out.push_back(std::move(one));
  return out;
}

result<void> add_cached(cache_balance& to, const ledger_entry& e, const catalog::model* m) {
  const auto context = price_context_of(e);
  const auto paid = cost_at(m, e.usage, context);
  const auto without = cost_at(m, writes_as_input(reads_as_input(e.usage)), context);
  const auto no_reads = cost_at(m, reads_as_input(e.usage), context);
  const auto no_writes = cost_at(m, writes_as_input(e.usage), context);
  if (!paid || !without || !no_reads || !no_writes) {
    ++to.unpriced;
    return {};
  }
  ++to.attempts;
  to.currency = paid->currency;
  to.read_tokens += e.usage.cache_read;
  to.written_tokens += writes_of(e.usage);
  if (auto ok = accumulate(to.paid, paid->value); !ok) return ok;
  if (auto ok = accumulate(to.without, without->value); !ok) return ok;
  if (auto ok = accumulate(to.writes_extra, paid->value.minus(no_writes->value)); !ok) return ok;
  return accumulate(to.reads_saved, no_reads->value.minus(paid->value));
}

result<void> add_single(batch_balance& to, const ledger_entry& e, const catalog::model* m) {
  auto context = price_context_of(e);
  const auto single = cost_at(m, e.usage, context);
  context.batch = true;
  const auto batch = cost_at(m, e.usage, context);
  if (!single || !batch) {
    ++to.unpriced;
    return {};
  }
  ++to.attempts;
  to.currency = single->currency;
  if (auto ok = accumulate(to.single, single->value); !ok) return ok;
  return accumulate(to.batch, batch->value);
}

}  // namespace

result<std::vector<cache_balance>> balance_of_cache(const ledger& from, const ledger_filter& filter,
                                                    const catalog::book& prices) {
  std::map<model_key, cache_balance> all;
  const auto done = for_each_entry(from, filter, [&](const ledger_entry& e) -> result<void> {
    if (!is_comparable(e) || (e.usage.cache_read == 0 && writes_of(e.usage) == 0)) return {};
    return add_cached(balance_for(all, e), e, model_of(prices, e));
  });
  if (!done) return done.error();
  auto out = values_of(std::move(all));
  for (auto& one : out)
    if (one.reads_saved.raw() > 0 && one.writes_extra.raw() >= 0)
      one.break_even_reads = ratio_up(one.read_tokens, one.writes_extra, one.reads_saved);
  return out;
}

result<std::vector<batch_balance>> balance_of_batch(const ledger& from, const ledger_filter& filter,
                                                    const catalog::book& prices) {
  std::map<model_key, batch_balance> all;
  const auto done = for_each_entry(from, filter, [&](const ledger_entry& e) -> result<void> {
    if (!is_comparable(e) || e.operation == "batch") return {};
    return add_single(balance_for(all, e), e, model_of(prices, e));
  });
  if (!done) return done.error();
  return values_of(std::move(all));
}

result<tuning_balance> balance_of_tuning(const ledger& from, const ledger_filter& filter,
                                         const catalog::model& to, const tuning_costs& costs) {
  tuning_balance out{.currency = to.info.currency};
  std::optional<moment> first, last;
  const auto done = for_each_entry(from, filter, [&](const ledger_entry& e) -> result<void> {
    if (!is_comparable(e)) return {};
    if (e.cost.currency != out.currency)
      return error{.code = errc::invalid_request,
                   .message = "the attempts were paid in " + e.cost.currency + ", " + to.info.id +
                              " is priced in " + out.currency + ": currencies are never converted"};
    auto context = price_context_of(e);
    context.service_tier.clear();
    const auto tuned = cost_at(&to, e.usage, context);
    if (!tuned) {
      ++out.unpriced;
      return {};
    }
    ++out.attempts;
    first = std::min(first.value_or(e.begun), e.begun);
    last = std::max(last.value_or(e.begun), e.begun);
    if (auto ok = accumulate(out.now, e.cost.value); !ok) return ok;
    return accumulate(out.tuned, tuned->value);
  });
  if (!done) return done.error();
  if (out.attempts == 0) return out;
  out.days = (day_of(*last, {}) - day_of(*first, {})) / std::chrono::hours(24) + 1;
  const auto rest = amount::from_raw(costs.hosting_per_day.raw() * out.days);
  // All days' saving; a day's is only shown.
  const auto calls = out.now.minus(out.tuned);
  const auto saved = calls ? calls->minus(rest) : calls;
  if (!saved) return saved.error();
  const auto raw = saved->raw();
  out.saved_per_day = amount::from_raw(raw / out.days - (raw % out.days < 0 ? 1 : 0));
  if (raw > 0) out.break_even_days = ratio_up(out.days, costs.training, *saved);
  return out;
}

}  // namespace ark::billing
