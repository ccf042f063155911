#include <algorithm>

#include "ledger/budget_book.hpp"
#include "ledger/budget_text.hpp"
#include "ledger/query.hpp"
#include "ledger/record.hpp"

/// Changing budgets, and counting what a changed one counts.
namespace ark::detail {
namespace {

/// The entries that may be counted: of the scope, in the window of `now` or later.
ledger_filter filter_of(const kept_budget& version, std::int64_t now_us) {
  const budget_scope& s = version.what.scope;
  ledger_filter filter{.vendor = s.vendor,
                       .model = s.model,
                       .tenant = s.tenant,
                       .user = s.user,
                       .task = s.task,
                       .run = s.run,
                       .tags = s.tags};
  if (version.what.period != budget_period::total)
    filter.since = from_us(window_of(version.what, now_us).from);
  return filter;
}

}  // namespace

result<void> budget_book::set(const budget& wanted) {
  if (auto good = check(wanted); !good) return good;
  const auto has = std::find_if(active_.begin(), active_.end(),
                                [&](const kept_budget& b) { return b.what.name == wanted.name; });
  if (has != active_.end() && has->what == wanted) return {};
  const auto last_entry = db_->integer("SELECT ifnull(max(seq),0) FROM intent");
  if (!last_entry) return last_entry.error();
  kept_budget version{.id = loaded_ + 1,
                      .line = loaded_ + 1,
                      .since_seq = *last_entry,
                      .set_us = to_us(os_->wall_now()),
                      .what = wanted};
  const bool goes_on = has != active_.end() && counts_the_same(has->what, wanted);
  if (goes_on) version.line = has->line;
  if (has != active_.end() && has->what.period == budget_period::total)
    version.since_seq = has->since_seq;
  if (auto done = insert(version); !done) return done;
  if (auto done = load(); !done) return done;
  return goes_on ? result<void>() : count_anew(version);
}

result<void> budget_book::remove(std::string_view name) {
  const auto has = std::find_if(active_.begin(), active_.end(),
                                [&](const kept_budget& b) { return b.what.name == name; });
  if (has == active_.end())
    return error{.code = errc::not_found,
                 .message = "there is no budget \"" + std::string(name) +
                            "\": `ark budget list` shows which there are"};
  kept_budget version = *has;
  version.id = loaded_ + 1;
  version.set_us = to_us(os_->wall_now());
  version.removed = true;
  if (auto done = insert(version); !done) return done;
  return load();
}

result<void> budget_book::insert(const kept_budget& v) {
  auto query = db_->prepare("INSERT INTO budget VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
  if (!query) return query.error();
  const auto limit = split(v.what.limit.value);
  const std::string scope = scope_json(v.what.scope);
  const std::string thresholds = thresholds_json(v.what.thresholds);
  query->bind(1, v.id);
  query->bind(2, v.line);
  query->bind(3, std::string_view(v.what.name));
  query->bind(4, std::int64_t{v.removed});
  query->bind(5, v.set_us);
  query->bind(6, v.since_seq);
  query->bind(7, limit->micro);
  query->bind(8, limit->femto);
  query->bind(9, std::string_view(v.what.limit.currency));
  query->bind(10, to_string(v.what.period));
  query->bind(11, std::int64_t{v.what.length.count()});
  query->bind(12, std::int64_t{v.what.utc_offset.count()});
  query->bind(13, std::string_view(scope));
  query->bind(14, std::int64_t{v.what.hard});
  query->bind(15, std::int64_t{v.what.allow_unpriced});
  query->bind(16, std::int64_t{v.what.hold_lost});
  query->bind(17, std::string_view(thresholds));
  return run(*query);
}

/// Reads the entries while reservations are written: other tables, so nothing is seen twice.
result<void> budget_book::count_anew(const kept_budget& version) {
  const condition where = condition_of(filter_of(version, version.set_us), true);
  auto query = db_->prepare("SELECT " + entry_columns(true) + std::string(from_clause(true)) +
                            where.sql + " AND i.seq > ? ORDER BY i.seq");
  if (!query) return query.error();
  auto lease = db_->prepare("SELECT ifnull(lease_us,0) FROM intent WHERE seq = ?");
  if (!lease) return lease.error();
  where.bind(*query, 1);
  const bool is_total = version.what.period == budget_period::total;
  query->bind(static_cast<int>(where.values.size()) + 1, is_total ? version.since_seq : 0);
  int code = SQLITE_ROW;
  while ((code = query->step()) == SQLITE_ROW) {
    const auto entry = read_entry(*query);
    if (!entry) return entry.error();
    lease->bind(1, entry->sequence);
    const std::int64_t lease_us = lease->step() == SQLITE_ROW ? lease->integer(0) : 0;
    lease->reset();
    if (auto done = count(version, *entry, lease_us); !done) return done;
  }
  if (code != SQLITE_DONE) return db_->last_error("read");
  return {};
}

result<void> budget_book::count_all() {
  for (const kept_budget& version : active_)
    if (auto done = count_anew(version); !done) return done;
  alerts_.clear();
  return {};
}

/// One entry that was recorded before: as if it had been reserved and, if it is, settled.
result<void> budget_book::count(const kept_budget& version, const ledger_entry& entry,
                                std::int64_t lease_us) {
  const std::int64_t begun = to_us(entry.begun);
  const std::string& currency = version.what.limit.currency;
  const auto lease = lease_us > 0 ? std::chrono::microseconds(lease_us) : default_lease;
  hold h{.line = version.line,
         .key = window_of(version.what, begun).key,
         .expires_us = begun + lease.count(),
         .state = hold_state::uncounted};
  if (entry.quote.status != cost_status::unknown)
    if (auto most = convert(entry.quote.high, entry.quote.currency, currency, begun, rates_)) {
      h.held = most->value;
      h.rate = std::move(most->rate);
      h.state = hold_state::open;
    }
  if (entry.state != attempt_state::sending) {
    const attempt_outcome told{.state = entry.state, .cost = entry.cost, .finish = entry.finish};
    h = settled(h, told, currency, begun, rates_);
  }
  return change(entry.sequence, {.line = h.line, .key = h.key}, h);
}

}  // namespace ark::detail
