#include "client/account.hpp"

#include <algorithm>

namespace ark {
namespace {

cost from_vendor(const money& m) {
  return {.status = cost_status::exact,
          .currency = m.currency,
          .value = m.value,
          .low = m.value,
          .high = m.value,
          .price_hash = "vendor"};
}

bool says(const cost& c, const money& m) {
  return c.status == cost_status::exact && c.currency == m.currency && c.value == m.value;
}

cost interval(amount low, const cost& quote) {
  if (quote.status == cost_status::unknown) return {};
  return {.status = cost_status::interval,
          .currency = quote.currency,
          .value = {},
          .low = low,
          .high = std::max(low, quote.high),
          .price_hash = quote.price_hash};
}

}  // namespace

std::string account_whole(attempt_outcome& out, const usage& u, const price_basis& basis) {
  out.usage = u;
  out.state = attempt_state::settled;
  std::string why_unknown;
  if (u.reported && basis.model) {
    catalog::price_context context = basis.context;
    if (!u.service_tier.empty()) context.service_tier = u.service_tier;
    context.thinking = context.thinking || u.reasoning > 0;
    catalog::priced p = catalog::price_with_total(*basis.model, u, context);
    out.cost = std::move(p.cost);
    out.lines = std::move(p.lines);
    why_unknown = std::move(p.reason);
  }
  // It bills what it says: a fee or a discount that the catalogue does not know is in there.
  if (u.vendor_cost && !says(out.cost, *u.vendor_cost)) {
    if (out.cost.status == cost_status::exact)
      out.computed = money{out.cost.value, out.cost.currency};
    out.cost = from_vendor(*u.vendor_cost);
  }
  if (!u.reported && out.cost.status == cost_status::unknown) {
    out.cost = interval({}, basis.quote);
    out.state = attempt_state::ambiguous;
    const bool is_free =
        basis.model && out.cost.status == cost_status::interval && out.cost.high == amount{};
    if (is_free) {
      out.cost.status = cost_status::exact;
      out.state = attempt_state::settled;
    }
  }
  return out.cost.status == cost_status::unknown ? why_unknown : std::string{};
}

void account_not_sent(attempt_outcome& out) {
  out.state = attempt_state::void_;
  out.cost = {.status = cost_status::void_};
}

void account_rejected(attempt_outcome& out, const error& e, const price_basis& basis) {
  // 408: the vendor had begun, or waited for the request; it does not say which.
  const bool refused = e.http_status >= 300 && e.http_status < 500 && e.http_status != 408 &&
                       e.retry != retry_class::maybe_billed;
  if (refused || e.retry == retry_class::safe || e.retry == retry_class::after) {
    out.state = attempt_state::void_;
    out.cost = {.status = cost_status::void_, .currency = basis.quote.currency};
    return;
  }
  account_broken(out, {}, basis);
}

void account_broken(attempt_outcome& out, const usage& so_far, const price_basis& basis) {
  out.usage = so_far;
  out.state = attempt_state::ambiguous;
  amount low;
  if (so_far.reported && basis.model) {
    const cost known = catalog::price_usage(*basis.model, so_far, basis.context).cost;
    if (known.status == cost_status::exact && known.currency == basis.quote.currency)
      low = known.value;
  }
  out.cost = interval(low, basis.quote);
}

void add_cost(cost& total, const cost& attempt) {
  if (total.status == cost_status::void_) {
    total = attempt;
    return;
  }
  if (attempt.status == cost_status::void_) return;
  const auto low = total.low.plus(attempt.low);
  const auto high = total.high.plus(attempt.high);
  const bool known = total.status != cost_status::unknown && attempt.status != cost_status::unknown;
  if (!known || !low || !high || total.currency != attempt.currency) {
    total = {};
    return;
  }
  total.low = *low;
  total.high = *high;
  if (attempt.status == cost_status::interval) total.status = cost_status::interval;
  total.value = total.status == cost_status::exact ? total.high : amount{};
  if (total.price_hash != attempt.price_hash) total.price_hash.clear();
}

}  // namespace ark
