#include <ark/billing.hpp>

#include <algorithm>
#include <tuple>

#include "billing/clock.hpp"
#include "billing/reconcile_group.hpp"

namespace ark {

std::string_view to_string(match_status value) noexcept {
  switch (value) {
    case match_status::matched:
      return "MATCHED";
    case match_status::amount_differs:
      return "AMOUNT_DIFFERS";
    case match_status::missing_in_ledger:
      return "MISSING_IN_LEDGER";
    case match_status::missing_at_vendor:
      break;
  }
  return "MISSING_AT_VENDOR";
}

bool reconciliation::agrees() const noexcept {
  return std::all_of(items.begin(), items.end(),
                     [](const reconcile_item& i) { return i.status == match_status::matched; });
}

namespace {

using billing::group;
using billing::group_key;
using billing::moment;

constexpr std::size_t groups_most = 1'000'000;
constexpr auto one_day = std::chrono::days(1);

error too_many_groups() {
  return error{.code = errc::too_large,
               .message = "more than 1,000,000 groups: reconcile a shorter time"};
}

/// What `project_is` or `api_key_is` says of an entry.
std::string attribute_of(const ledger_entry& e, const std::string& name) {
  if (name == "tenant") return e.tenant;
  if (name == "user") return e.user;
  const auto tag = name.starts_with("tag:") ? e.tags.find(name.substr(4)) : e.tags.end();
  return tag == e.tags.end() ? std::string{} : tag->second;
}

result<void> check_attribute(const std::string& option, const std::string& name) {
  if (name.empty() || name == "tenant" || name == "user" ||
      (name.starts_with("tag:") && name.size() > 4))
    return {};
  return error{.code = errc::invalid_request,
               .message = option + " is \"" + name + "\"; use tenant, user or tag:NAME"};
}

}  // namespace

namespace billing {

/// The vendor's names of models, to find an entry's among them.
class model_names {
 public:
  void add(const std::string& plain) {
    all_.insert(plain);
    auto& names = by_base_[std::string(billing::undated_model(plain))];
    names.insert(plain);
  }
  /// Exactly; else by the name without its date if only one of the vendor's has it; else its own.
  std::string find(const ledger_entry& e) const {
    const std::string replied = billing::plain_model(e.reply_model);
    const std::string asked = billing::plain_model(e.model);
    for (const auto& name : {replied, asked})
      if (all_.contains(name)) return name;
    for (const auto& name : {replied, asked}) {
      const auto base = by_base_.find(std::string(billing::undated_model(name)));
      if (!name.empty() && base != by_base_.end() && base->second.size() == 1)
        return *base->second.begin();
    }
    return replied.empty() ? asked : replied;
  }

 private:
  std::set<std::string> all_;
  std::map<std::string, std::set<std::string>> by_base_;
};

}  // namespace billing

struct reconciler::state {
  explicit state(reconcile_options o) : options(std::move(o)) {}

  result<void> add(vendor_line line) {
    if (groups.size() >= groups_most) return too_many_groups();
    if (!line.request_id.empty()) {
      if (line.from) extend(*line.from, line.until.value_or(*line.from + one_day));
      return requests[line.request_id].add(line);
    }
    if (!line.from || !line.until)
      return error{.code = errc::invalid_request,
                   .message = line.place + ": a line without a time cannot be matched by day"};
    group_key key;
    std::tie(key.from, key.until) = period_of(*line.from, *line.until);
    extend(key.from, key.until);
    periods.emplace(std::pair(key.from, key.until), line.place);
    if (options.by_model) key.model = billing::plain_model(line.model);
    if (!key.model.empty()) names.add(key.model);
    if (!options.project_is.empty()) key.project = line.project;
    if (!options.api_key_is.empty()) key.api_key = line.api_key;
    return groups[key].add(line);
  }

  /// Parts of a day are that day's; what is longer stays as it is.
  std::pair<moment, moment> period_of(moment from, moment until) const {
    const moment day = billing::day_of(from, options.utc_offset);
    if (until <= day + one_day) return {day, day + one_day};
    return {from, until};
  }
  void extend(moment from, moment until) {
    first = std::min(first.value_or(from), from);
    last = std::max(last.value_or(until), until);
  }
  result<void> check_periods() const {
    const std::pair<const std::pair<moment, moment>, std::string>* before = nullptr;
    for (const auto& each : periods) {
      if (before != nullptr && each.first.first < before->first.second)
        return error{.code = errc::invalid_request,
                     .message = before->second + " and " + each.second +
                                " are about periods that overlap: reconcile them one at a time"};
      before = &each;
    }
    return {};
  }
  /// The vendor's period that has `at`, or the day.
  std::pair<moment, moment> period_with(moment at) const {
    auto next = periods.upper_bound({at, moment::max()});
    if (next != periods.begin() && std::prev(next)->first.second > at)
      return std::prev(next)->first;
    const moment day = billing::day_of(at, options.utc_offset);
    return {day, day + one_day};
  }
  group_key key_of(const ledger_entry& e) const {
    group_key key;
    std::tie(key.from, key.until) = period_with(e.begun);
    if (options.by_model) key.model = names.find(e);
    if (!options.project_is.empty()) key.project = attribute_of(e, options.project_is);
    if (!options.api_key_is.empty()) key.api_key = attribute_of(e, options.api_key_is);
    return key;
  }

  reconcile_options options;
  std::map<group_key, group> groups;
  std::map<std::string, group> requests;
  std::map<std::pair<moment, moment>, std::string> periods;  ///< and a line that has it
  billing::model_names names;
  std::optional<moment> first, last;
};

reconciler::reconciler(reconcile_options options)
    : state_(std::make_unique<state>(std::move(options))) {}
reconciler::~reconciler() = default;
reconciler::reconciler(reconciler&&) noexcept = default;
reconciler& reconciler::operator=(reconciler&&) noexcept = default;

result<void> reconciler::add(vendor_line line) { return state_->add(std::move(line)); }

std::chrono::minutes reconciler::utc_offset() const noexcept { return state_->options.utc_offset; }

namespace {

/// Groups, as they are matched with the ledger's entries.
struct matching {
  std::map<group_key, group> groups;
  std::map<std::string, group> requests;
};

result<void> add_item(reconciliation& to, reconcile_item item, const group& g) {
  auto more = billing::corrections_of(g, item);
  std::move(more.begin(), more.end(), std::back_inserter(to.corrections));
  if (!item.currency.empty()) {
    auto total = std::find_if(to.totals.begin(), to.totals.end(),
                              [&](const auto& t) { return t.currency == item.currency; });
    if (total == to.totals.end())
      total = to.totals.insert(to.totals.end(), {.currency = item.currency});
    for (const auto& [sum, part] :
         {std::pair(&total->billed, item.billed.value_or(amount{})),
          std::pair(&total->booked, item.booked), std::pair(&total->low, item.low),
          std::pair(&total->high, item.high)}) {
      const auto added = sum->plus(part);
      if (!added) return added.error();
      *sum = *added;
    }
  }
  to.items.push_back(std::move(item));
  return {};
}

result<reconciliation> conclude(const matching& m, amount tolerance) {
  reconciliation out;
  for (const auto& [key, g] : m.groups)
    for (auto& item : billing::items_of(key, g, tolerance))
      if (auto ok = add_item(out, std::move(item), g); !ok) return ok.error();
  for (const auto& [id, g] : m.requests)
    for (auto& item : billing::items_of({.request_id = id}, g, tolerance))
      if (auto ok = add_item(out, std::move(item), g); !ok) return ok.error();
  std::sort(out.totals.begin(), out.totals.end(),
            [](const auto& a, const auto& b) { return a.currency < b.currency; });
  return out;
}

}  // namespace

result<reconciliation> reconciler::compare(const ledger& with, ledger_filter filter) const {
  const state& s = *state_;
  if (s.options.vendor.empty())
    return error{.code = errc::invalid_request, .message = "say whose report it is: a vendor"};
  if (auto ok = check_attribute("project_is", s.options.project_is); !ok) return ok.error();
  if (auto ok = check_attribute("api_key_is", s.options.api_key_is); !ok) return ok.error();
  if (auto ok = s.check_periods(); !ok) return ok.error();
  matching m{s.groups, s.requests};
  filter.vendor = s.options.vendor;
  if (!filter.since) filter.since = s.first;
  if (!filter.until) filter.until = s.last;
  // Without any time nobody can say what the report should have had.
  const bool has_range = filter.since && filter.until;
  result<void> failed;
  const auto done = with.scan(filter, [&](const ledger_entry& e) {
    const auto request = m.requests.find(e.request_id);
    if (request != m.requests.end()) {
      failed = request->second.add(e, moment::max());
    } else if (has_range) {
      const auto key = s.key_of(e);
      if (m.groups.size() >= groups_most && !m.groups.contains(key))
        failed = too_many_groups();
      else
        failed = m.groups[key].add(e, key.until);
    }
    return failed.has_value();
  });
  if (!failed) return failed.error();
  if (!done) return done.error();
  return conclude(m, s.options.tolerance);
}

}  // namespace ark
