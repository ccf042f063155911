#include "catalog/what_if.hpp"

#include "catalog/history.hpp"
#include "catalog/select_price.hpp"

#include <algorithm>

namespace ark::catalog {
namespace {

bool sells(const model& m, std::string_view dimension) {
  return std::any_of(m.prices.begin(), m.prices.end(),
                     [&](const price& p) { return p.dimension == dimension; });
}

bool sells_tier(const model& m, std::string_view tier) {
  return std::any_of(m.prices.begin(), m.prices.end(),
                     [&](const price& p) { return p.when.service_tier == tier; });
}

void move_bucket(const model& m, std::int64_t& from, std::int64_t& to, const char* name,
                 const char* whole, std::vector<std::string>& said) {
  if (from == 0 || sells(m, name)) return;
  to += from;
  from = 0;
  said.push_back(std::string(name) + " has no price there: it costs as " + whole);
}

/// Exactly what one usage costs.
result<amount> exact_cost(const model& m, const usage& u, const price_context& context) {
  const priced p = price_usage(m, u, context);
  if (p.cost.status == cost_status::exact) return p.cost.value;
  return error{.code = errc::unsupported,
               .message = (m.info.id.empty() ? m.info.model : m.info.id) + ": " + p.reason};
}

usage used(std::int64_t usage::* bucket, std::int64_t n) {
  usage u;
  u.reported = true;
  u.*bucket = n;
  return u;
}

usage used(const char* unit, std::int64_t n) { return {.units = {{unit, n}}, .reported = true}; }

}  // namespace

what_if reprice(const usage& u, const model& m, price_context context) {
  what_if out;
  const model* day = in_force(m, context.at);
  const model& at = day != nullptr ? *day : m;
  usage t = u;
  t.vendor_cost.reset();
  t.vendor_total.reset();
  auto& said = out.assumptions;
  said.emplace_back("the same number of tokens: models count them differently");
  move_bucket(at, t.cache_read, t.input, "cache_read", "input", said);
  const bool any_write = sells(at, "cache_write") || sells(at, "cache_write_5m");
  for (std::int64_t* n : {&t.cache_write, &t.cache_write_5m})
    if (!any_write) move_bucket(at, *n, t.input, "cache_write", "input", said);
  if (!sells(at, "cache_write_1h"))
    move_bucket(at, t.cache_write_1h, any_write ? t.cache_write_5m : t.input, "cache_write_1h",
                any_write ? "a write of the default time" : "input", said);
  move_bucket(at, t.input_audio, t.input, "input_audio", "input", said);
  move_bucket(at, t.output_audio, t.output, "output_audio", "output", said);
  move_bucket(at, t.output_image, t.output, "output_image", "output", said);
  const std::string tier(normal_tier(context));
  if (!tier.empty() && !sells_tier(at, tier)) {
    said.push_back("there is no service tier " + tier + ": the standard one");
    context.service_tier.clear();
    context.batch = false;
  }
  for (auto unit = t.units.begin(); unit != t.units.end();) {
    if (sells(at, unit->first)) {
      ++unit;
      continue;
    }
    said.push_back(unit->first + " is not sold there: left out");
    unit = t.units.erase(unit);
  }
  out.bill = price_usage(m, t, context);
  return out;
}

result<std::int64_t> break_even_count(amount fixed, amount before, amount after) {
  if (fixed.raw() <= 0) return 0;
  const amount::rep saved = before.raw() - after.raw();
  constexpr amount::rep most = 1'000'000'000'000'000'000;
  if (saved <= 0)
    return error{.code = errc::no_candidate,
                 .message = "it is never saved: each use costs no less"};
  const amount::rep n = fixed.raw() / saved + (fixed.raw() % saved == 0 ? 0 : 1);
  if (n > most)
    return error{.code = errc::no_candidate, .message = "it is not saved within 1e18 uses"};
  return static_cast<std::int64_t>(n);
}

result<cache_break_even> break_even_of_cache(const model& m, std::int64_t prefix_tokens,
                                             bool one_hour, const price_context& context) {
  cache_break_even out;
  const auto plain = exact_cost(m, used(&usage::input, prefix_tokens), context);
  if (!plain) return plain.error();
  const auto read = exact_cost(m, used(&usage::cache_read, prefix_tokens), context);
  if (!read) return read.error();
  // Caches that fill by themselves ask nothing for being written.
  const bool free_write = !one_hour && !sells(m, "cache_write") && !sells(m, "cache_write_5m");
  const auto write =
      free_write
          ? plain
          : exact_cost(m,
                       used(one_hour ? &usage::cache_write_1h : &usage::cache_write, prefix_tokens),
                       context);
  if (!write) return write.error();
  out = {.plain = *plain, .write = *write, .read = *read};
  const auto fixed = write->minus(*plain);
  if (!fixed) return fixed.error();
  if (read->raw() >= plain->raw())
    return error{.code = errc::no_candidate, .message = "reading the cache is not cheaper"};
  const auto reads = break_even_count(*fixed, *plain, *read);
  if (!reads) return reads.error();
  out.reads = *reads;
  return out;
}

result<batch_saving> saving_of_batch(const model& m, const usage& u, price_context context) {
  context.batch = false;
  const auto at_once = exact_cost(m, u, context);
  if (!at_once) return at_once.error();
  context.batch = true;
  const auto in_batch = exact_cost(m, u, context);
  if (!in_batch) return in_batch.error();
  const auto saved = at_once->minus(*in_batch);
  if (!saved) return saved.error();
  return batch_saving{.at_once = *at_once, .in_batch = *in_batch, .saved = *saved};
}

result<tuned_break_even> break_even_of_tuning(const model& general, const usage& general_use,
                                              const model& tuned, const usage& tuned_use,
                                              std::int64_t trained_tokens,
                                              const price_context& context) {
  if (general.info.currency != tuned.info.currency)
    return error{.code = errc::unsupported,
                 .message = "the models have prices in two currencies: " + general.info.currency +
                            " and " + tuned.info.currency};
  const auto before = exact_cost(general, general_use, context);
  if (!before) return before.error();
  const auto after = exact_cost(tuned, tuned_use, context);
  if (!after) return after.error();
  tuned_break_even out;
  if (trained_tokens > 0) {
    const auto training = exact_cost(tuned, used("training", trained_tokens), context);
    if (!training) return training.error();
    out.training = *training;
  }
  if (sells(tuned, "deployment")) {
    const auto hour = exact_cost(tuned, used("deployment", 3600), context);
    if (!hour) return hour.error();
    out.hosting_each_hour = *hour;
  }
  const auto calls = break_even_count(out.training, *before, *after);
  if (!calls) return calls.error();
  const auto each_hour = break_even_count(out.hosting_each_hour, *before, *after);
  if (!each_hour) return each_hour.error();
  out.calls = *calls;
  out.calls_each_hour = *each_hour;
  return out;
}

}  // namespace ark::catalog
