#include "base/text.hpp"
#include "catalog/catalog.hpp"
#include "catalog/select_price.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <map>
#include <optional>
#include <vector>

namespace ark::catalog {
namespace {

constexpr std::int64_t one = 1'000'000'000'000'000;  // a rate or factor of 1, raw

bool has(const std::vector<std::string>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

// Endings of headings that are told as lists of vendors.
constexpr const char* no_key = " has no key";
constexpr const char* no_prices = " has no known prices";

/// Names for a sentence: all, or the first of many. There are a hundred built-in vendors.
std::string some_of(const std::vector<std::string>& names) {
  constexpr std::size_t most = 8;
  if (names.size() <= most) return fmt::format("{}", fmt::join(names, ", "));
  return fmt::format("{} and {} more", fmt::join(names.begin(), names.begin() + most - 1, ", "),
                     names.size() - most + 1);
}

/// Why a candidate was left out: the words, and under which heading they are counted.
struct objection {
  std::string heading;
  std::string words;
  bool counted_only = false;  ///< said once for all such models of the catalogue
};

/// The model's price for the estimated tokens, in its own currency.
struct estimate {
  std::optional<amount> value;
  std::string_view reason;
};

class choice {
 public:
  choice(const book& b, const requirements& needs, const std::function<bool(const vendor&)>& usable,
         const choice_options& options)
      : book_(b), needs_(needs), usable_(usable), options_(options) {
    context_.at = options.at;
    facts_ = facts_of(context_, needs.input_tokens, needs.output_tokens);
  }

  result<route> run() {
    if (options_.only.empty()) {
      from_catalogue();
    } else {
      from_list();
    }
    if (best_ == nullptr) return nothing_fits();
    judge();
    route_.vendor = best_->info.vendor;
    route_.model = best_->info.model;
    route_.reason = reason();
    return std::move(route_);
  }

 private:
  bool is_usable(const vendor& v) {
    const auto known = asked_.find(&v);
    if (known != asked_.end()) return known->second;
    return asked_.emplace(&v, usable_(v)).first->second;
  }

  /// A row with another vendor's price list is a second door to the same models. They are asked for
  /// at the first one, if it can be used.
  bool is_second_door(const vendor& v) {
    if (v.price_vendor.empty() || v.price_vendor == v.name) return false;
    const vendor* first = book_.find_vendor(v.price_vendor);
    return first != nullptr && is_usable(*first);
  }

  void from_catalogue() {
    // Models of vendors without a key are not even decoded: they are most of the catalogue.
    std::vector<std::pair<std::string, objection>> left_out;
    for (const vendor* v : book_.vendors()) {
      if (is_second_door(*v)) continue;
      if (!is_usable(*v)) {
        left_out.push_back({v->name + "/*", {v->name + no_key, "no key for this vendor"}});
        continue;
      }
      const auto models = book_.models_of(v->name);
      for (const model* m : models) consider(*m, *v, false);
      if (models.empty())
        left_out.push_back(
            {v->name + "/*", {v->name + no_prices, "none of its models has a known price"}});
    }
    for (const auto& [heading, count] : counted_)
      route_.considered.push_back({text::grouped(count) + " more", heading});
    for (auto& [id, why] : left_out) reject(std::move(id), std::move(why));
  }

  void from_list() {
    for (const std::string& id : options_.only) {
      const auto found = book_.resolve(id);
      if (!found) {
        reject(id, {"unknown ids", found.error().message});
      } else if (!is_usable(*found->v)) {
        reject(id, {found->v->name + no_key, "no key for this vendor"});
      } else if (found->known == nullptr) {
        reject(id, {"price not known", "not in the catalogue, so its price is not known"});
      } else {
        consider(*found->known, *found->v, true);
      }
    }
  }

  void reject(std::string id, objection why) {
    ++headings_[why.heading];
    if (why.counted_only) {
      ++counted_[why.heading];
      return;
    }
    route_.considered.push_back({std::move(id), std::move(why.words)});
  }

  void consider(const model& m, const vendor& v, bool named) {
    if (auto why = objects(m, v, named)) return reject(m.info.id, std::move(*why));
    const estimate e = price_of(m);
    if (!e.value)
      return reject(m.info.id, {"price not known", "price not known: " + std::string(e.reason)});
    const auto factor = rate_of(m.info.currency);
    if (!factor) {
      ++unconverted_[m.info.currency];
      return reject(m.info.id, {"priced in " + m.info.currency + " without a rate",
                                "priced in " + m.info.currency + ", and no rate to " +
                                    options_.currency + " was given"});
    }
    __int128 weight = 0;
    if (__builtin_mul_overflow(e.value->raw(), static_cast<__int128>(*factor), &weight))
      return reject(m.info.id, {"price too large", "its price is too large to compare"});
    ++fitting_;
    offer(m, *e.value, weight);
  }

  void offer(const model& m, amount value, __int128 weight) {
    offered_.push_back({route_.considered.size(), weight});
    route_.considered.push_back(
        {m.info.id, "dearer: " + value.to_string() + " " + m.info.currency, true});
    const bool wins = best_ == nullptr || weight < best_weight_ ||
                      (weight == best_weight_ && m.info.id < best_->info.id);
    if (!wins) return;
    best_ = &m;
    best_value_ = value;
    best_weight_ = weight;
    best_at_ = route_.considered.size() - 1;
  }

  /// Who is as cheap as the chosen one is known only when it is chosen.
  void judge() {
    for (const offered& o : offered_)
      if (o.weight == best_weight_)
        route_.considered[o.at].verdict = "as cheap, and later in alphabetical order";
    route_.considered[best_at_].verdict = "chosen";
  }

  std::optional<objection> objects(const model& m, const vendor& v, bool named) const {
    if (m.info.mode != needs_.mode)
      return objection{"another kind of model", "it is for " + m.info.mode, !named};
    if (!named && !m.status.empty() && m.status != "beta")
      return objection{"not sold any more, or not surely", "its status is " + m.status, true};
    for (const std::string& c : needs_.capabilities)
      if (!has(m.info.capabilities, c) || (!v.capabilities.empty() && !has(v.capabilities, c)))
        return objection{"cannot do " + c, "cannot do " + c};
    // A door for completions of a text only, although its list has chat models.
    if (needs_.mode == "chat" && !v.capabilities.empty() && !has(v.capabilities, "chat"))
      return objection{"no chat at this vendor row", "its vendor row does not chat", !named};
    const std::int64_t tokens = needs_.input_tokens + needs_.output_tokens;
    if (m.info.context_tokens > 0 && tokens > m.info.context_tokens)
      return objection{"context too small",
                       "takes " + text::grouped(m.info.context_tokens) + " tokens in all"};
    if (m.info.max_output_tokens > 0 && needs_.output_tokens > m.info.max_output_tokens)
      return objection{"answer too long",
                       "answers at most " + text::grouped(m.info.max_output_tokens) + " tokens"};
    return std::nullopt;
  }

  estimate price_of(const model& m) const {
    if (m.prices.empty()) return {std::nullopt, "no price row"};
    const auto part = [&](std::int64_t tokens, std::initializer_list<std::string_view> dimensions,
                          amount& sum) -> std::string_view {
      if (tokens == 0) return {};
      const selection s = select_price(m, dimensions, unit_facts::family::tokens, facts_);
      if (s.row == nullptr) return s.reason;
      const auto value = s.unit_price.times_ratio(tokens, 1'000'000);
      if (!value) return "more than 15 decimals";
      const auto both = sum.plus(*value);
      if (!both) return "out of range";
      sum = *both;
      return {};
    };
    amount sum;
    auto wrong = part(needs_.input_tokens, {"input_text", "input"}, sum);
    if (wrong.empty()) wrong = part(needs_.output_tokens, {"output_text", "output"}, sum);
    if (!wrong.empty()) return {std::nullopt, wrong};
    return {sum, {}};
  }

  /// What to multiply a raw amount with, so that all compare; the unit is 1e-30 of the currency.
  std::optional<std::int64_t> rate_of(const std::string& currency) const {
    if (currency == options_.currency) return one;
    for (const exchange_rate& r : options_.rates) {
      if (r.from != currency || r.to != options_.currency || r.rate.raw() <= 0) continue;
      if (r.rate.raw() > INT64_MAX) continue;
      return static_cast<std::int64_t>(r.rate.raw());
    }
    return std::nullopt;
  }

  std::string abilities() const {
    std::string text;
    for (const std::string& c : needs_.capabilities) text += (text.empty() ? "" : ", ") + c;
    return text;
  }

  std::string reason() const {
    std::string text = fmt::format("cheapest of {} usable {} model{}", fitting_, needs_.mode,
                                   fitting_ == 1 ? "" : "s");
    if (!needs_.capabilities.empty()) text += " that can do " + abilities();
    text += fmt::format(": {} {} for about {} tokens in", best_value_.to_string(),
                        best_->info.currency, text::grouped(needs_.input_tokens));
    if (needs_.output_tokens > 0)
      text += fmt::format(", {} out", text::grouped(needs_.output_tokens));
    if (best_->info.currency != options_.currency)
      for (const exchange_rate& r : options_.rates)
        if (r.from == best_->info.currency && r.to == options_.currency) {
          text += fmt::format(" (1 {} = {} {} on {})", r.from, r.rate.to_string(), r.to, r.date);
          break;
        }
    for (const auto& [currency, count] : unconverted_)
      text += fmt::format("; {} priced in {} left out for want of a rate", count, currency);
    return text;
  }

  error nothing_fits() const {
    std::string message = "auto found no " + needs_.mode + " model";
    if (!needs_.capabilities.empty()) message += " that can do " + abilities();
    std::vector<std::string> why, keyless, priceless;
    for (const auto& [heading, count] : headings_) {
      const std::string name = heading.substr(0, heading.find(' '));
      if (heading.ends_with(no_key)) {
        keyless.push_back(name);
      } else if (heading.ends_with(no_prices)) {
        priceless.push_back(name);
      } else {
        why.push_back(heading + ": " + std::to_string(count));
      }
    }
    if (!why.empty()) message += fmt::format(" ({})", fmt::join(why, ", "));
    if (!priceless.empty()) message += "; no known prices for " + some_of(priceless);
    if (!keyless.empty()) message += "; no key for " + some_of(keyless);
    message += "; name a model as vendor/model, or add a key with `ark keys set`";
    return {.code = errc::no_candidate, .message = std::move(message)};
  }

  struct offered {
    std::size_t at = 0;  ///< in route_.considered
    __int128 weight = 0;
  };

  std::map<std::string, std::int64_t> counted_;
  std::vector<offered> offered_;
  const book& book_;
  const requirements& needs_;
  const std::function<bool(const vendor&)>& usable_;
  const choice_options& options_;
  price_context context_;
  price_facts facts_;
  route route_;
  std::map<const vendor*, bool> asked_;
  std::map<std::string, int> headings_;
  std::map<std::string, int> unconverted_;
  int fitting_ = 0;
  const model* best_ = nullptr;
  amount best_value_;
  __int128 best_weight_ = 0;
  std::size_t best_at_ = 0;
};

}  // namespace

result<route> choose_cheapest(const book& b, const requirements& needs,
                              const std::function<bool(const vendor&)>& usable,
                              const choice_options& options) {
  return choice(b, needs, usable, options).run();
}

}  // namespace ark::catalog
