#include "ledger/budget_book.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "ledger/record.hpp"

namespace ark::detail {
namespace {

/// No budget ever comes near: 9.2e12 units of a currency.
split_amount split_or_most(amount value) {
  return split(value).value_or(split_amount{value.raw() < 0 ? -INT64_MAX : INT64_MAX, 0});
}

amount sum(amount a, amount b) { return amount::from_raw(a.raw() + b.raw()); }
amount difference(amount a, amount b) { return amount::from_raw(a.raw() - b.raw()); }

void bind(sqlite::statement& to, int first, amount value) {
  const split_amount s = split_or_most(value);
  to.bind(first, s.micro);
  to.bind(first + 1, s.femto);
}

amount read_amount(sqlite::statement& from, int column) {
  return join(from.integer(column), from.integer(column + 1));
}

std::int64_t expiry_of(std::int64_t begun_us, std::chrono::microseconds lease) {
  return begun_us + (lease.count() > 0 ? lease : default_lease).count();
}

/// "the budget "research" (10 USD a day)".
std::string name_of(const budget& b) {
  std::string text = fmt::format("the budget \"{}\" ({}", b.name, to_string(b.limit));
  if (b.period == budget_period::rolling)
    text += fmt::format(" in any {} s", b.length.count());
  else if (b.period != budget_period::total)
    text += fmt::format(" a {}", to_string(b.period));
  return text + ")";
}

}  // namespace

window_times times_of(const budget& b, std::int64_t key) {
  window_times out;
  if (b.period == budget_period::total) return out;
  out.begins = from_us(key);
  if (const auto end = window_end(b, key)) out.ends = from_us(*end);
  return out;
}

result<void> budget_book::prepare(sqlite::database& db) {
  db_ = &db;
  const std::pair<statement*, const char*> all[] = {
      {&revision_, "SELECT max(id) FROM budget"},
      {&sums_,
       "SELECT ifnull(sum(spent_micro),0), ifnull(sum(spent_femto),0), "
       "ifnull(sum(reserved_micro),0), ifnull(sum(reserved_femto),0) FROM budget_window "
       "WHERE line = ? AND start_us BETWEEN ? AND ?"},
      {&window_,
       "SELECT spent_micro, spent_femto, reserved_micro, reserved_femto FROM budget_window "
       "WHERE line = ? AND start_us = ?"},
      {&put_window_, "INSERT OR REPLACE INTO budget_window VALUES(?,?,?,?,?,?)"},
      {&holds_,
       "SELECT seq, line, start_us, held_micro, held_femto, spent_micro, spent_femto, expires_us, "
       "state, rate FROM reservation WHERE seq = ?"},
      {&put_hold_, "INSERT OR REPLACE INTO reservation VALUES(?,?,?,?,?,?,?,?,?,?)"},
      {&expired_,
       "SELECT seq, line, start_us, held_micro, held_femto, spent_micro, spent_femto, expires_us, "
       "state, rate FROM reservation WHERE state = 'lost' AND state <> 'done' AND expires_us <= ?"},
      {&told_,
       "SELECT ifnull(max(percent),0) FROM budget_told WHERE budget = ? AND start_us BETWEEN ? "
       "AND ?"},
      {&put_told_, "INSERT INTO budget_told VALUES(?,?,?,?,?,?)"},
      {&oldest_,
       "SELECT min(start_us) FROM budget_window WHERE line = ? AND start_us BETWEEN ? AND ? AND "
       "(spent_micro > 0 OR spent_femto > 0 OR reserved_micro > 0 OR reserved_femto > 0)"},
      {&begun_, "SELECT begun_us FROM intent WHERE seq = ?"}};
  for (const auto& [into, sql] : all) {
    auto made = db.prepare(sql, true);
    if (!made) return made.error();
    *into = std::move(*made);
  }
  return {};
}

result<void> budget_book::run(statement& s) {
  const int code = s.step();
  if (code == SQLITE_DONE || code == SQLITE_ROW) {
    s.reset();
    return {};
  }
  error why = db_->last_error("count a budget in");
  s.reset();
  return why;
}

result<void> budget_book::refresh() {
  alerts_.clear();
  const int code = revision_.step();
  if (code != SQLITE_ROW) {
    error why = db_->last_error("read the budgets of");
    revision_.reset();
    return why;
  }
  const std::int64_t newest = revision_.integer(0);
  revision_.reset();
  return newest == loaded_ ? result<void>() : load();
}

result<void> budget_book::load() {
  auto all = read_budgets(*db_);
  if (!all) return all.error();
  lines_.clear();
  for (const kept_budget& b : *all) lines_[b.line] = b;
  active_ = in_force(*all);
  loaded_ = all->empty() ? 0 : all->back().id;
  return {};
}

bool budget_book::concerns(const attempt_intent& intent) const {
  return std::any_of(active_.begin(), active_.end(),
                     [&intent](const kept_budget& b) { return matches(b.what.scope, intent); });
}

result<window_sums> budget_book::sums(std::int64_t line, std::int64_t from, std::int64_t to) {
  sums_.bind(1, line);
  sums_.bind(2, from);
  sums_.bind(3, to);
  result<window_sums> out = window_sums{};
  if (sums_.step() == SQLITE_ROW)
    *out = {read_amount(sums_, 0), read_amount(sums_, 2)};
  else
    out = db_->last_error("read the budgets of");
  sums_.reset();
  return out;
}

result<reservation_plan> budget_book::plan(const attempt_intent& intent, bool binding) {
  reservation_plan out;
  // An answer that costs nothing (a kept one) takes no room, whatever its currency.
  if (intent.quote.status == cost_status::exact && intent.quote.high == amount{}) return out;
  const std::int64_t begun = to_us(intent.begun);
  for (const kept_budget& b : active_) {
    if (!matches(b.what.scope, intent)) continue;
    const window_rows window = window_of(b.what, begun);
    std::optional<converted> most;
    if (intent.quote.status != cost_status::unknown)
      most =
          convert(intent.quote.high, intent.quote.currency, b.what.limit.currency, begun, rates_);
    if (binding && b.what.hard) {
      auto no = refusal(b, intent, most, window);
      if (!no) return no.error();
      if (!no->empty()) {
        out.refused = error{.code = errc::budget, .message = std::move(*no)};
        return out;
      }
    }
    out.holds.push_back({.line = b.line,
                         .key = window.key,
                         .held = most ? most->value : amount{},
                         .expires_us = expiry_of(begun, intent.lease),
                         .state = most ? hold_state::open : hold_state::uncounted,
                         .rate = most ? std::move(most->rate) : std::string()});
  }
  return out;
}

result<std::string> budget_book::refusal(const kept_budget& b, const attempt_intent& intent,
                                         const std::optional<converted>& most, window_rows window) {
  if (intent.quote.status == cost_status::unknown) {
    if (b.what.allow_unpriced) return std::string();
    return name_of(b.what) + " refuses " + intent.vendor + "/" + intent.model +
           ", whose cost is not known before it is sent: add its price, or allow unpriced attempts "
           "in the budget";
  }
  if (!most)
    return name_of(b.what) + " cannot count " + intent.quote.currency +
           ": give a dated exchange rate from " + intent.quote.currency + " to " +
           b.what.limit.currency;
  const auto has = sums(b.line, window.from, window.to);
  if (!has) return has.error();
  if (sum(sum(has->spent, has->reserved), most->value) <= b.what.limit.value) return std::string();
  return no_room(b, most->value, *has, window);
}

result<std::string> budget_book::no_room(const kept_budget& b, amount most, const window_sums& has,
                                         window_rows window) {
  const amount left = difference(b.what.limit.value, sum(has.spent, has.reserved));
  const std::string& currency = b.what.limit.currency;
  std::string text =
      fmt::format("{} has {} {} left ({} spent, {} reserved) and this attempt may cost up to {}",
                  name_of(b.what), left.to_string(), currency, has.spent.to_string(),
                  has.reserved.to_string(), most.to_string());
  if (const auto end = window_end(b.what, window.key)) {
    text += "; it begins anew at " + time_text(*end);
  } else if (b.what.period == budget_period::rolling) {
    const auto oldest = oldest_charge(b.line, window);
    if (!oldest) return oldest.error();
    if (*oldest) text += "; room comes back from " + time_text(leaves_window(b.what, **oldest));
  } else {
    text += "; it does not begin anew";
  }
  return text + ": ask for less, or raise it with `ark budget set`";
}

result<std::optional<std::int64_t>> budget_book::oldest_charge(std::int64_t line,
                                                               window_rows window) {
  oldest_.bind(1, line);
  oldest_.bind(2, window.from);
  oldest_.bind(3, window.to);
  result<std::optional<std::int64_t>> out = std::optional<std::int64_t>();
  if (oldest_.step() != SQLITE_ROW)
    out = db_->last_error("read the budgets of");
  else if (!oldest_.is_null(0))
    *out = oldest_.integer(0);
  oldest_.reset();
  return out;
}

result<void> budget_book::reserve(std::int64_t sequence, const reservation_plan& plan) {
  for (const hold& h : plan.holds)
    if (auto done = change(sequence, hold{.line = h.line, .key = h.key}, h); !done) return done;
  return {};
}

result<void> budget_book::change(std::int64_t sequence, const hold& before, const hold& after) {
  put_hold_.bind(1, sequence);
  put_hold_.bind(2, after.line);
  put_hold_.bind(3, after.key);
  bind(put_hold_, 4, after.held);
  bind(put_hold_, 6, after.spent);
  put_hold_.bind(8, after.expires_us);
  put_hold_.bind(9, to_string(after.state));
  if (!after.rate.empty()) put_hold_.bind(10, after.rate);
  if (auto done = run(put_hold_); !done) return done;
  return add(after.line, after.key, difference(after.spent, before.spent),
             difference(after.counted(), before.counted()));
}

result<void> budget_book::add(std::int64_t line, std::int64_t key, amount spent, amount reserved) {
  if (spent.is_zero() && reserved.is_zero()) return {};
  window_.bind(1, line);
  window_.bind(2, key);
  const int code = window_.step();
  amount had_spent, had_reserved;
  if (code == SQLITE_ROW) {
    had_spent = read_amount(window_, 0);
    had_reserved = read_amount(window_, 2);
  }
  result<void> read;
  if (code != SQLITE_ROW && code != SQLITE_DONE) read = db_->last_error("read the budgets of");
  window_.reset();
  if (!read) return read;
  put_window_.bind(1, line);
  put_window_.bind(2, key);
  bind(put_window_, 3, sum(had_spent, spent));
  bind(put_window_, 5, sum(had_reserved, reserved));
  return run(put_window_);
}

result<std::vector<budget_book::numbered_hold>> budget_book::read_holds(statement& query) {
  std::vector<numbered_hold> out;
  int code = SQLITE_ROW;
  while ((code = query.step()) == SQLITE_ROW) {
    const auto state = hold_state_named(query.text(8));
    if (!state) {
      query.reset();
      return error{.code = errc::ledger,
                   .message =
                       "the ledger has a reservation in a state that this library does not "
                       "know: use a newer libark"};
    }
    out.push_back({query.integer(0),
                   {.line = query.integer(1),
                    .key = query.integer(2),
                    .held = read_amount(query, 3),
                    .spent = read_amount(query, 5),
                    .expires_us = query.integer(7),
                    .state = *state,
                    .rate = std::string(query.text(9))}});
  }
  result<std::vector<numbered_hold>> answer = std::move(out);
  if (code != SQLITE_DONE) answer = db_->last_error("read the budgets of");
  query.reset();
  return answer;
}

result<void> budget_book::settle(std::int64_t sequence, const attempt_outcome& outcome) {
  if (lines_.empty()) return {};
  holds_.bind(1, sequence);
  const auto holds = read_holds(holds_);
  if (!holds) return holds.error();
  if (holds->empty()) return {};
  begun_.bind(1, sequence);
  const std::int64_t begun = begun_.step() == SQLITE_ROW ? begun_.integer(0) : 0;
  begun_.reset();
  for (const numbered_hold& h : *holds) {
    const auto line = lines_.find(h.what.line);
    if (line == lines_.end()) continue;  // the budgets of a ledger that was replaced
    const kept_budget& b = line->second;
    const hold after = settled(h.what, outcome, b.what.limit.currency, begun, rates_);
    if (auto done = change(sequence, h.what, after); !done) return done;
    if (b.removed || after.spent <= h.what.spent) continue;
    if (auto done = tell(b, after.key); !done) return done;
  }
  return {};
}

/// Notes the thresholds that are passed now and were not told yet in this window.
result<void> budget_book::tell(const kept_budget& b, std::int64_t key) {
  if (b.what.thresholds.empty() || b.what.limit.value.is_zero()) return {};
  const window_rows window = window_of(b.what, key);
  const auto has = sums(b.line, window.from, window.to);
  if (!has) return has.error();
  const __int128 percent = has->spent.raw() * 100 / b.what.limit.value.raw();
  const auto lowest = std::min_element(b.what.thresholds.begin(), b.what.thresholds.end());
  if (percent < *lowest) return {};
  told_.bind(1, b.id);
  told_.bind(2, window.from);
  told_.bind(3, window.to);
  const std::int64_t told = told_.step() == SQLITE_ROW ? told_.integer(0) : 0;
  told_.reset();
  std::vector<int> passed;
  for (const int t : b.what.thresholds)
    if (t > told && t <= percent) passed.push_back(t);
  std::sort(passed.begin(), passed.end());
  passed.erase(std::unique(passed.begin(), passed.end()), passed.end());
  const auto now = os_->wall_now();
  const window_times times = times_of(b.what, key);
  for (const int t : passed) {
    put_told_.bind(1, b.id);
    put_told_.bind(2, key);
    put_told_.bind(3, t);
    bind(put_told_, 4, has->spent);
    put_told_.bind(6, to_us(now));
    if (auto done = run(put_told_); !done) return done;
    alerts_.push_back({.budget = b.what.name,
                       .percent = t,
                       .spent = has->spent,
                       .limit = b.what.limit,
                       .begins = times.begins,
                       .ends = times.ends,
                       .at = now});
  }
  return {};
}

result<bool> budget_book::has_expired() {
  if (lines_.empty()) return false;
  expired_.bind(1, to_us(os_->wall_now()));
  auto found = read_holds(expired_);
  if (!found) return found.error();
  return std::any_of(found->begin(), found->end(), [this](const numbered_hold& h) {
    const auto line = lines_.find(h.what.line);
    return line == lines_.end() || line->second.removed || !line->second.what.hold_lost;
  });
}

result<void> budget_book::release_expired() {
  if (lines_.empty()) return {};
  expired_.bind(1, to_us(os_->wall_now()));
  const auto expired = read_holds(expired_);
  if (!expired) return expired.error();
  for (const numbered_hold& h : *expired) {
    const auto line = lines_.find(h.what.line);
    if (line != lines_.end() && !line->second.removed && line->second.what.hold_lost) continue;
    hold after = h.what;
    after.state = hold_state::freed;
    if (auto done = change(h.sequence, h.what, after); !done) return done;
  }
  return {};
}

}  // namespace ark::detail
