#include "catalog/history.hpp"
#include "catalog/price.hpp"
#include "catalog/select_price.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace ark::catalog {
namespace {

constexpr std::array<std::string_view, 9> prompt_side{
    "input",       "input_text",     "input_image",    "input_video", "cache_read",
    "cache_write", "cache_write_5m", "cache_write_1h", "input_audio"};
constexpr std::array<std::string_view, 5> answer_side{"output", "output_text", "reasoning",
                                                      "output_audio", "output_image"};

/// Could the row hold for an attempt with at most `input` prompt tokens? Of the time of day, of
/// the answer's length, of thinking and of attributes the worst is assumed.
bool may_hold(const price& p, std::int64_t input, const price_context& context) {
  const std::string_view tier = normal_tier(context);
  // The vendor may serve a better tier than asked for: then the standard price holds.
  if (!p.when.service_tier.empty() && p.when.service_tier != tier) return false;
  return p.when.input_gt < 0 || input > p.when.input_gt;
}

struct worst {
  std::optional<amount> price;
  bool unknown = false;
};

template <std::size_t N>
bool is_among(const price& p, const std::array<std::string_view, N>& dimensions) {
  return facts_of_unit(p.unit).counts == unit_facts::family::tokens &&
         std::find(dimensions.begin(), dimensions.end(), p.dimension) != dimensions.end();
}

template <std::size_t N>
worst highest(const model& m, const std::array<std::string_view, N>& dimensions, std::int64_t input,
              const price_context& context) {
  worst found;
  for (const price& p : m.prices) {
    if (!is_among(p, dimensions) || !may_hold(p, input, context)) continue;
    if (p.unknown) found.unknown = true;
    if (!found.price || p.value > *found.price) found.price = p.value;
  }
  return found;
}

/// Every factor above one that might apply.
result<amount> with_factors(const model& m, amount price_, std::int64_t input,
                            const price_context& context) {
  constexpr std::int64_t one = 1'000'000'000'000'000;
  for (const price& p : m.prices) {
    if (p.dimension != "multiplier" || !may_hold(p, input, context) || p.value.raw() <= one)
      continue;
    // A factor of a place or a speed holds only when it is asked for by name.
    const bool asked =
        std::all_of(p.when.attributes.begin(), p.when.attributes.end(), [&](auto& a) {
          return std::any_of(context.attributes.begin(), context.attributes.end(),
                             [&](auto& given) { return given == a; }) ||
                 (a.first == "region" && a.second == context.region);
        });
    if (!asked) continue;
    auto product = price_.times_ratio(static_cast<std::int64_t>(p.value.raw()), one);
    if (!product) return product;
    price_ = *product;
  }
  return price_;
}

/// Above every tier's limit no row may hold: then the price is unknown, not the last tier's.
bool beyond_all_tiers(const model& m, std::int64_t input) {
  bool any = false;
  for (const price& p : m.prices) {
    if (p.dimension != "input" || !p.when.service_tier.empty()) continue;
    if (p.when.input_le < 0 || input <= p.when.input_le) return false;
    any = true;
  }
  return any;
}

result<amount> fees(const model& m) {
  amount most;
  for (const price& p : m.prices) {
    if (p.dimension != "request") continue;
    auto fee = p.value.times_ratio(1, facts_of_unit(p.unit).per);
    if (!fee) return fee;
    most = std::max(most, *fee);
  }
  return most;
}

result<amount> bound(const model& m, amount input_price, std::int64_t input_tokens,
                     amount output_price, std::int64_t max_output) {
  constexpr std::int64_t per = 1'000'000;
  auto prompt = input_price.times_ratio(input_tokens, per);
  if (!prompt) return prompt;
  auto answer = output_price.times_ratio(max_output, per);
  if (!answer) return answer;
  auto both = prompt->plus(*answer);
  if (!both) return both;
  auto fee = fees(m);
  return fee ? both->plus(*fee) : fee;
}

}  // namespace

cost quote(const model& known, std::int64_t input_tokens, std::int64_t max_output,
           const price_context& context) {
  const model* day = in_force(known, context.at);
  if (day == nullptr) return {.currency = known.info.currency};
  const model& m = *day;
  cost c{.currency = m.info.currency, .price_hash = m.hash};
  if (max_output <= 0) max_output = m.info.max_output_tokens;
  const bool reranks = m.info.mode == "rerank";
  const bool answers = m.info.mode != "embedding" && m.info.mode != "moderation" && !reranks;
  // How many queries a call is, the vendor says afterwards: it cuts long documents.
  if (reranks && std::any_of(m.prices.begin(), m.prices.end(),
                             [](const price& p) { return p.dimension == "query"; }))
    return c;
  const worst in = highest(m, prompt_side, input_tokens, context);
  const worst out = highest(m, answer_side, input_tokens, context);
  if (!in.price || in.unknown || beyond_all_tiers(m, input_tokens)) return c;
  if (answers && (!out.price || out.unknown || max_output <= 0)) return c;
  const auto input_price = with_factors(m, *in.price, input_tokens, context);
  const auto output_price = with_factors(m, out.price.value_or(amount{}), input_tokens, context);
  if (!input_price || !output_price) return c;
  const auto high = bound(m, *input_price, input_tokens, *output_price, answers ? max_output : 0);
  if (!high) return c;
  c.status = cost_status::interval;
  c.high = *high;
  return c;
}

amount least_cost(const model& known, std::int64_t input_tokens, const price_context& context) {
  const model* m = in_force(known, context.at);
  if (m == nullptr) return {};
  constexpr std::int64_t one = 1'000'000'000'000'000;
  constexpr std::int64_t any_size = INT64_MAX;  // longer prompts may be in another tier
  std::optional<amount> lowest;
  for (const price& p : m->prices) {
    if (!may_hold(p, any_size, context)) continue;
    // Any factor below one may hold, and how many do is not known.
    if (p.dimension == "multiplier" && p.value.raw() < one) return {};
    if (!is_among(p, prompt_side)) continue;
    if (p.unknown) return {};
    lowest = std::min(lowest.value_or(p.value), p.value);
  }
  if (!lowest) return {};
  const auto least = lowest->times_ratio(input_tokens, 1'000'000);
  return least ? *least : amount{};
}

std::optional<amount> dearest_tokens(const model& known, std::int64_t input_tokens,
                                     const price_context& context) {
  const model* day = in_force(known, context.at);
  if (day == nullptr) return std::nullopt;
  const model& m = *day;
  const worst in = highest(m, prompt_side, input_tokens, context);
  const worst out = highest(m, answer_side, input_tokens, context);
  if (in.unknown || out.unknown || !in.price) return std::nullopt;
  const auto all =
      with_factors(m, std::max(*in.price, out.price.value_or(amount{})), input_tokens, context);
  if (!all) return std::nullopt;
  return *all;
}

}  // namespace ark::catalog
