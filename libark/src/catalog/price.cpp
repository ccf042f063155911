#include "catalog/price.hpp"

#include "catalog/history.hpp"
#include "catalog/select_price.hpp"

#include <algorithm>
#include <array>

namespace ark::catalog {
namespace {

using family = unit_facts::family;
/// More than any request can use: a vendor's number above it is a defect, not a bill.
constexpr std::int64_t absurd = 1'000'000'000'000;

/// Adds lines up; the first thing that has no price makes the whole cost unknown.
class bill {
 public:
  bill(const model& m, const price_facts& facts) : model_(m), facts_(facts) {}

  void add(std::string_view name, std::int64_t quantity, family wanted,
           std::initializer_list<std::string_view> dimensions) {
    if (quantity == 0 || !out_.reason.empty()) return;
    const selection s = select_price(model_, dimensions, wanted, facts_);
    if (s.row == nullptr) return fail(name, s.reason);
    const unit_facts unit = facts_of_unit(s.row->unit);
    if (unit.round_up) quantity = (quantity + unit.per - 1) / unit.per * unit.per;
    const auto value = s.unit_price.times_ratio(quantity, unit.per);
    if (!value) return fail(name, value.error().message);
    const auto sum = total_.plus(*value);
    if (!sum) return fail(name, sum.error().message);
    total_ = *sum;
    out_.lines.push_back({.dimension = std::string(name),
                          .quantity = quantity,
                          .unit_price = s.unit_price,
                          .per = unit.per,
                          .value = *value});
  }

  void fail(std::string_view name, std::string_view why) {
    out_.reason = std::string(name) + ": " + std::string(why);
  }

  priced finish() && {
    out_.cost.currency = model_.info.currency;
    out_.cost.price_hash = model_.hash;
    if (!out_.reason.empty()) {
      out_.lines.clear();
      return std::move(out_);
    }
    out_.cost.status = cost_status::exact;
    out_.cost.value = out_.cost.low = out_.cost.high = total_;
    return std::move(out_);
  }

 private:
  const model& model_;
  const price_facts& facts_;
  amount total_;
  priced out_;
};

bool is_absurd(const usage& u) {
  const std::array tokens{u.input,          u.cache_read,  u.cache_write, u.cache_write_5m,
                          u.cache_write_1h, u.input_audio, u.input_image, u.input_video,
                          u.tool_prompt,    u.output,      u.reasoning,   u.output_audio,
                          u.output_image};
  for (const std::int64_t n : tokens)
    if (n < 0 || n > absurd) return true;
  for (const auto& [name, n] : u.units)
    if (n < 0 || n > absurd) return true;
  return false;
}

void add_tokens(bill& b, const usage& u) {
  // A picture in the prompt is sold as text unless it has a price of its own; sound never is.
  b.add("input", u.input, family::tokens, {"input_text", "input"});
  b.add("tool_prompt", u.tool_prompt, family::tokens, {"input_text", "input"});
  b.add("input_image", u.input_image, family::tokens, {"input_image", "input_text", "input"});
  b.add("input_video", u.input_video, family::tokens, {"input_video", "input_text", "input"});
  b.add("input_audio", u.input_audio, family::tokens, {"input_audio"});
  b.add("cache_read", u.cache_read, family::tokens, {"cache_read"});
  b.add("cache_write", u.cache_write, family::tokens, {"cache_write", "cache_write_5m"});
  b.add("cache_write_5m", u.cache_write_5m, family::tokens, {"cache_write_5m", "cache_write"});
  b.add("cache_write_1h", u.cache_write_1h, family::tokens, {"cache_write_1h"});
  b.add("output", u.output, family::tokens, {"output_text", "output"});
  b.add("reasoning", u.reasoning, family::tokens, {"reasoning", "output_text", "output"});
  b.add("output_audio", u.output_audio, family::tokens, {"output_audio"});
  b.add("output_image", u.output_image, family::tokens, {"output_image"});
}

/// What a number under `units` counts: the name's ending says, or the dimension's custom.
struct unit_name {
  std::string_view dimension;
  family counts;
};
unit_name read_unit_name(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, family>, 4> endings{{
      {"_tokens", family::tokens},
      {"_seconds", family::seconds},
      {"_pixels", family::pixels},
      {"_videos", family::videos},
  }};
  for (const auto& [ending, counts] : endings)
    if (name.size() > ending.size() && name.ends_with(ending))
      return {name.substr(0, name.size() - ending.size()), counts};
  constexpr std::array<unit_name, 10> custom{{{"training", family::tokens},
                                              {"citation", family::tokens},
                                              {"routing_unit", family::tokens},
                                              {"cache_storage", family::token_hours},
                                              {"input_chars", family::characters},
                                              {"output_chars", family::characters},
                                              {"audio", family::seconds},
                                              {"video_generation", family::seconds},
                                              {"output_second", family::seconds},
                                              {"deployment", family::seconds}}};
  for (const unit_name& u : custom)
    if (u.dimension == name) return u;
  return {name, family::count};
}

void add_units(bill& b, const model& m, const usage& u) {
  for (const auto& [name, quantity] : u.units) {
    const unit_name unit = read_unit_name(name);
    b.add(name, quantity, unit.counts, {unit.dimension});
  }
  // A fee for each request is due without anybody counting.
  if (u.units.count("request") != 0) return;
  for (const price& p : m.prices)
    if (p.dimension == "request") return b.add("request", 1, family::count, {"request"});
}

priced bill_of(const model& m, const usage& u, const price_facts& facts) {
  bill b(m, facts);
  add_tokens(b, u);
  add_units(b, m, u);
  return std::move(b).finish();
}

}  // namespace

priced price_usage(const model& m, const usage& u, const price_context& context) {
  const price_facts facts = facts_of(context, 0, 0);
  const model* day = in_force(m, context.at);
  bill failed(day != nullptr ? *day : m, facts);
  if (!u.reported) failed.fail("usage", "the vendor sent none");
  if (day == nullptr) failed.fail("price", "none of this model's was in force on that day");
  if (day != nullptr && day->prices.empty())
    failed.fail("price", "the catalogue has none for this model");
  if (is_absurd(u)) failed.fail("usage", "a number is negative or over 1e12");
  if (!u.reported || day == nullptr || day->prices.empty() || is_absurd(u))
    return std::move(failed).finish();

  const price_facts all = facts_of(context, u.input_total(), u.output_total());
  return bill_of(*day, u, all);
}

std::int64_t unexplained_tokens(const usage& u) {
  if (!u.vendor_total) return 0;
  return std::max<std::int64_t>(*u.vendor_total - u.input_total() - u.output_total(), 0);
}

priced price_with_total(const model& m, const usage& u, const price_context& context) {
  priced p = price_usage(m, u, context);
  if (p.cost.status != cost_status::exact || !u.vendor_total) return p;
  const auto unknown = [&](std::string why) {
    return priced{.cost = {.currency = p.cost.currency, .price_hash = p.cost.price_hash},
                  .reason = std::move(why)};
  };
  if (*u.vendor_total < 0 || *u.vendor_total > absurd)
    return unknown("usage: the vendor's total is negative or over 1e12");
  const std::int64_t more = unexplained_tokens(u);
  if (more == 0) return p;
  // They may be the prompt's, and lift the whole request into another tier.
  const std::int64_t input = u.input_total() + more;
  const model& day = *in_force(m, context.at);  // there is one: `p` is exact
  const priced lifted = bill_of(day, u, facts_of(context, input, u.output_total() + more));
  const auto dearest = dearest_tokens(m, input, context);
  if (lifted.cost.status != cost_status::exact || !dearest)
    return unknown("usage: the price of " + std::to_string(more) +
                   " tokens that the vendor counts and does not explain is not known");
  const auto rest = dearest->times_ratio(more, 1'000'000);
  const auto high = rest ? std::max(p.cost.value, lifted.cost.value).plus(*rest) : rest;
  if (!high) return unknown("usage: " + high.error().message);
  p.cost.status = cost_status::interval;
  p.cost.value = {};
  p.cost.high = *high;
  return p;
}

}  // namespace ark::catalog
