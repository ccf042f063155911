#include "billing/reprice.hpp"

#include <map>

#include "billing/clock.hpp"

namespace ark::billing {
namespace {

constexpr std::size_t repriced_groups_max = 1'000'000;

result<std::string> part_of_key(const ledger_entry& e, const std::string& by) {
  const std::string at = second_text(e.begun);  // "2026-11-21T10:..."
  if (by == "hour") return at.substr(0, 13);
  if (by == "day") return at.substr(0, 10);
  if (by == "month") return at.substr(0, 7);
  if (by == "vendor") return e.vendor;
  if (by == "model") return e.model;
  if (by == "tenant") return e.tenant;
  if (by == "user") return e.user;
  if (by == "task") return e.task;
  if (by == "run") return e.run;
  if (by.starts_with("tag:") && by.size() > 4) {
    const auto tag = e.tags.find(by.substr(4));
    return tag == e.tags.end() ? std::string{} : tag->second;
  }
  return error{.code = errc::invalid_request,
               .message = "cannot group by \"" + by +
                          "\": use hour, day, month, vendor, model, tenant, user, task, run or "
                          "tag:NAME"};
}

result<void> sum_up(amount& to, amount more) {
  const auto sum = to.plus(more);
  if (!sum) return sum.error();
  to = *sum;
  return {};
}

result<void> add_other(other_price& to, const ledger_entry& e, const catalog::model& m) {
  auto context = price_context_of(e);
  context.service_tier.clear();  // another vendor's tiers are its own
  const auto made = catalog::price_usage(m, e.usage, context);
  if (made.cost.status != cost_status::exact) {
    if (to.unpriced++ == 0) to.why_unpriced = made.reason;
    return {};
  }
  ++to.priced;
  if (auto ok = sum_up(to.booked, e.cost.value); !ok) return ok;
  return sum_up(to.cost, made.cost.value);
}

reprice_line new_reprice_line(std::vector<std::string> key,
                              const std::vector<const catalog::model*>& models) {
  reprice_line line{.currency = std::move(key.back())};
  key.pop_back();
  line.key = std::move(key);
  for (const auto* m : models)
    line.others.push_back({.model = m->info.id, .currency = m->info.currency});
  return line;
}

result<void> add_repriced(reprice_line& line, const ledger_entry& e,
                          const std::vector<const catalog::model*>& models) {
  ++line.attempts;
  if (auto ok = sum_up(line.booked, e.cost.value); !ok) return ok;
  for (std::size_t i = 0; i < models.size(); ++i)
    if (auto ok = add_other(line.others[i], e, *models[i]); !ok) return ok;
  return {};
}

}  // namespace

catalog::price_context price_context_of(const ledger_entry& e) {
  return {.service_tier = e.usage.service_tier,
          .batch = e.operation == "batch",
          .thinking = e.usage.reasoning > 0,
          .at = e.begun};
}

bool is_comparable(const ledger_entry& e) noexcept {
  return e.state == attempt_state::settled && e.usage.reported &&
         e.cost.status == cost_status::exact;
}

result<repriced> reprice(const ledger& from, const ledger_filter& filter,
                         const std::vector<std::string>& by,
                         const std::vector<const catalog::model*>& models) {
  std::map<std::vector<std::string>, reprice_line> groups;
  repriced out;
  const auto add = [&](const ledger_entry& e) -> result<void> {
    std::vector<std::string> key;
    for (const auto& name : by) {
      auto part = part_of_key(e, name);
      if (!part) return part.error();
      key.push_back(std::move(*part));
    }
    if (!is_comparable(e)) {
      ++out.left_out;
      return {};
    }
    key.push_back(e.cost.currency);
    auto found = groups.find(key);
    if (found == groups.end()) {
      if (groups.size() == repriced_groups_max)
        return error{.code = errc::too_large,
                     .message = "more than 1,000,000 groups: filter, or group by less"};
      found = groups.emplace(key, new_reprice_line(key, models)).first;
    }
    return add_repriced(found->second, e, models);
  };
  result<void> failed;
  const auto done = from.scan(filter, [&](const ledger_entry& e) {
    failed = add(e);
    return failed.has_value();
  });
  if (!failed) return failed.error();
  if (!done) return done.error();
  for (auto& [key, line] : groups) out.lines.push_back(std::move(line));
  return out;
}

}  // namespace ark::billing
