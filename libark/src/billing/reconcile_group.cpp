#include "billing/reconcile_group.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace ark::billing {
namespace {

constexpr std::size_t places_max = 3;
constexpr std::size_t hashes_max = 3;
constexpr std::size_t doubtful_max = 1000;

result<void> increase(amount& to, amount more) {
  const auto sum = to.plus(more);
  if (!sum) return sum.error();
  to = *sum;
  return {};
}

/// How much more the cached tokens of a bill would be at the price of uncached ones.
amount cache_discount_of(const ledger_entry& e) {
  const cost_line* input = nullptr;
  const cost_line* cached = nullptr;
  for (const auto& line : e.lines) {
    if (line.dimension == "input") input = &line;
    if (line.dimension == "cache_read") cached = &line;
  }
  if (input == nullptr || cached == nullptr || input->per != cached->per) return {};
  const auto more = input->unit_price.minus(cached->unit_price);
  const auto all = more ? more->times_ratio(cached->quantity, cached->per) : more;
  return all ? *all : amount{};
}

result<void> add_doubt(booked_sums& to, const ledger_entry& e) {
  ++to.doubtful_count;
  if (to.doubtful.size() < doubtful_max) to.doubtful.push_back({e.sequence, e.cost});
  if (auto ok = increase(to.low, e.cost.low); !ok) return ok;
  return increase(to.high, e.cost.high);
}

}  // namespace

result<void> group::add(const vendor_line& line) {
  ++lines;
  if (places.size() < places_max) places.push_back(line.place);
  if (line.usage)
    vendor_tokens =
        vendor_tokens.value_or(0) + line.usage->input_total() + line.usage->output_total();
  return line.cost ? increase(billed[line.cost->currency], line.cost->value) : result<void>{};
}

result<void> group::add(const ledger_entry& e, std::chrono::system_clock::time_point until) {
  if (e.state == attempt_state::void_) return {};
  ++entries;
  crossing += e.ended && *e.ended >= until ? 1 : 0;
  if (e.usage.reported) ledger_tokens += e.usage.input_total() + e.usage.output_total();
  if (e.state == attempt_state::sending) {
    if (e.quote.status == cost_status::unknown) {
      ++unknown;
      return {};
    }
    auto& to = booked[e.quote.currency];
    ++to.entries;
    ++to.open;
    return increase(to.high, e.quote.high);
  }
  if (e.cost.status == cost_status::unknown) {
    ++unknown;
    return {};
  }
  if (price_hashes.size() < hashes_max && !e.cost.price_hash.empty())
    price_hashes.insert(e.cost.price_hash);
  auto& to = booked[e.cost.currency];
  ++to.entries;
  if (e.cost.status == cost_status::interval) return add_doubt(to, e);
  if (auto ok = increase(to.cache_discount, cache_discount_of(e)); !ok) return ok;
  for (amount* part : {&to.exact, &to.low, &to.high})
    if (auto ok = increase(*part, e.cost.value); !ok) return ok;
  return {};
}

std::vector<ledger_correction> corrections_of(const group& g, const reconcile_item& item) {
  const auto found = g.booked.find(item.currency);
  if (!item.billed || found == g.booked.end()) return {};
  const booked_sums& sums = found->second;
  const auto all = static_cast<std::int64_t>(sums.doubtful.size());
  if (all == 0 || all != sums.doubtful_count || sums.open > 0 || g.unknown > 0) return {};
  const auto rest = item.billed->minus(sums.exact);
  if (!rest) return {};
  const bool at_low = *item.billed == sums.low, at_high = *item.billed == sums.high;
  const auto& first = sums.doubtful.front().of;
  const bool single = all == 1 && first.low <= *rest && *rest <= first.high;
  if (!at_low && !at_high && !single) return {};
  std::vector<ledger_correction> out;
  for (const auto& [sequence, of] : sums.doubtful) {
    ledger_correction c{.sequence = sequence, .cost = of};
    c.cost.value = at_low ? of.low : at_high ? of.high : *rest;
    c.cost.low = c.cost.high = c.cost.value;
    const bool free = c.cost.value.is_zero();
    c.cost.status = free ? cost_status::void_ : cost_status::exact;
    c.state = free ? attempt_state::void_ : attempt_state::settled;
    c.reason = "reconciled: the vendor billed " + to_string(money{*item.billed, item.currency}) +
               " (" + (item.places.empty() ? "" : item.places.front()) + ")";
    out.push_back(std::move(c));
  }
  return out;
}

std::string plain_model(std::string_view name) {
  std::string out = text::lower(text::trim(name));
  std::replace_if(
      out.begin(), out.end(), [](char c) { return c == '.' || c == '_' || c == ' '; }, '-');
  return out;
}

std::string_view undated_model(std::string_view plain) {
  const auto digits = [](std::string_view part, std::size_t count) {
    return part.size() == count && part.find_first_not_of("0123456789") == std::string_view::npos;
  };
  const auto tail = [&](std::size_t count) {
    return plain.size() > count ? plain.substr(plain.size() - count) : std::string_view{};
  };
  constexpr std::size_t iso = 11;  // "-2025-09-29"
  const auto last = tail(iso);
  if (!last.empty() && last[0] == '-' && last[5] == '-' && last[8] == '-' &&
      digits(last.substr(1, 4), 4) && digits(last.substr(6, 2), 2) && digits(last.substr(9), 2))
    return plain.substr(0, plain.size() - iso);
  for (const std::size_t count : {std::size_t{8}, std::size_t{6}}) {
    const auto end = tail(count + 1);
    if (!end.empty() && end[0] == '-' && digits(end.substr(1), count))
      return plain.substr(0, plain.size() - count - 1);
  }
  return plain;
}

}  // namespace ark::billing
