#include "ledger_pg/pg_budget.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "ledger/record.hpp"
#include "os/os.hpp"

namespace ark::detail {
namespace {

/// A share that is smaller than so many commits like this one will soon be short.
constexpr int commits_a_share = 4;
/// Advisory locks of lines: the first of two numbers.
constexpr const char* lock_line = "SELECT pg_advisory_xact_lock(1095912269, $1::int4)";

std::string numeric(amount::rep raw) { return amount::from_raw(raw).to_string(); }

error budget_error(std::string message) {
  return {.code = errc::budget, .message = std::move(message)};
}

/// Changes of shards: `what` is a quota, or another number that the statement wants.
pg::batch shard_rows(const char* what) {
  return pg::batch({{"line", pg::type::int8},
                    {"start_us", pg::type::int8},
                    {"shard", pg::type::int8},
                    {what, pg::type::text},
                    {"reserved", pg::type::text}},
                   {});
}

void add_shard(pg::batch& rows, std::int64_t line, std::int64_t start, std::int64_t shard,
               const std::string& what, const std::string& reserved) {
  const cell cells[] = {pg::number_cell(line), pg::number_cell(start), pg::number_cell(shard),
                        pg::text_cell(what), pg::text_cell(reserved)};
  rows.add({}, cells);
}

}  // namespace

amount pg_amount(std::string_view text) {
  const auto parsed = amount::parse(text);
  return parsed ? *parsed : amount{};
}

pg_window_times pg_times_of(const budget& b, std::int64_t key) {
  pg_window_times out;
  if (b.period == budget_period::total) return out;
  out.begins = from_us(key);
  if (const auto end = window_end(b, key)) out.ends = from_us(*end);
  return out;
}

result<void> pg_budget_book::load(pg::connection& db, pg::deadline until) {
  auto all = pg_read_budgets(db, until);
  if (!all) return all.error();
  lines_.clear();
  for (const pg_kept_budget& b : *all) lines_[b.line] = b;
  active_ = pg_in_force(*all);
  loaded_ = all->empty() ? 0 : all->back().id;
  return {};
}

void pg_budget_book::clear() {
  plans_.clear();
  admitted_.clear();
  demand_.clear();
  shards_.clear();
  queued_ = 0;
  alerts_.clear();
}

const pg_kept_budget* pg_budget_book::budget_of(std::int64_t line) const {
  const auto it = lines_.find(line);
  return it == lines_.end() ? nullptr : &it->second;
}

void pg_budget_book::plan(const attempt_intent& intent, std::size_t at) {
  planned made{.lease_us = intent.lease.count() > 0 ? intent.lease.count() : default_lease.count()};
  const std::int64_t begun = to_us(intent.begun);
  for (const pg_kept_budget& b : active_) {
    if (!matches(b.what.scope, intent)) continue;
    const bool priced = intent.quote.status != cost_status::unknown;
    std::optional<converted> most;
    if (priced)
      most =
          convert(intent.quote.high, intent.quote.currency, b.what.limit.currency, begun, rates_);
    if (b.what.hard && !priced && !b.what.allow_unpriced)
      made.refused = budget_error(
          "the budget \"" + b.what.name + "\" refuses " + intent.vendor + "/" + intent.model +
          ", whose cost is not known before it is sent: add its price, or allow unpriced attempts "
          "in the budget");
    if (b.what.hard && priced && !most)
      made.refused = budget_error("the budget \"" + b.what.name + "\" cannot count " +
                                  intent.quote.currency + ": give a dated exchange rate from " +
                                  intent.quote.currency + " to " + b.what.limit.currency);
    made.holds.push_back({.line = b.line,
                          .key = window_of(b.what, begun).key,
                          .held = most ? most->value : amount{},
                          .state = most ? hold_state::open : hold_state::uncounted,
                          .rate = most ? std::move(most->rate) : std::string()});
  }
  if (!made.holds.empty()) plans_.insert_or_assign(at, std::move(made));
}

result<void> pg_budget_book::lock(pg::connection& db, pg::deadline until) {
  std::map<window, bool> wanted;
  std::map<std::int64_t, bool> lines;
  for (const auto& [at, p] : plans_)
    for (const hold& h : p.holds) {
      wanted[{h.line, h.key}] = true;
      lines[h.line] = true;
    }
  if (wanted.empty()) return {};
  // In one order for everybody.
  for (const auto& [line, yes] : lines) db.queue(lock_line, pg::parameters().integer(line));
  for (const auto& [w, yes] : wanted) {
    const auto* b = budget_of(w.first);
    const window_rows rows = b != nullptr ? window_of(b->what, w.second) : window_rows{};
    db.queue(
        "SELECT start_us, shard, spent, reserved FROM ark.budget_shard WHERE line = $1 AND "
        "start_us BETWEEN $2 AND $3 ORDER BY start_us, shard FOR UPDATE",
        pg::parameters().integer(w.first).integer(rows.from).integer(rows.to));
  }
  auto answers = db.flush(until);
  if (!answers) return answers.error();
  auto answer = answers->begin() + static_cast<std::ptrdiff_t>(lines.size());
  for (const auto& [w, yes] : wanted) {
    shards_[w];
    for (; answer->next();)
      shards_[{w.first, answer->integer(0)}][static_cast<int>(answer->integer(1))] = {
          pg_amount(answer->text(2)).raw(), pg_amount(answer->text(3)).raw()};
    ++answer;
  }
  return {};
}

std::optional<error> pg_budget_book::no_room(const pg_kept_budget& b, const hold& wanted) const {
  const window_rows rows = window_of(b.what, wanted.key);
  amount::rep spent = 0, reserved = 0;
  for (auto it = shards_.lower_bound({b.line, rows.from});
       it != shards_.end() && it->first.first == b.line && it->first.second <= rows.to; ++it)
    for (const auto& [shard, c] : it->second) {
      spent += c.spent;
      reserved += c.reserved;
    }
  for (auto it = demand_.lower_bound({b.line, rows.from});
       it != demand_.end() && it->first.first == b.line && it->first.second <= rows.to; ++it)
    reserved += it->second;
  const amount::rep left = b.what.limit.value.raw() - spent - reserved;
  if (wanted.held.raw() <= left) return std::nullopt;
  std::string text = fmt::format(
      "the budget \"{}\" has {} {} left ({} spent, {} reserved) and this attempt may cost up to {}",
      b.what.name, numeric(left), b.what.limit.currency, numeric(spent), numeric(reserved),
      wanted.held.to_string());
  if (const auto end = window_end(b.what, wanted.key))
    text += "; it begins anew at " + time_text(*end);
  else if (b.what.period == budget_period::rolling)
    text += "; room comes back as its window moves on";
  else
    text += "; it does not begin anew";
  return budget_error(text + ": ask for less, or raise it with `ark budget set`");
}

std::optional<error> pg_budget_book::admit(const attempt_intent& intent, std::size_t at,
                                           bool locked) {
  const auto plan = plans_.find(at);
  if (plan == plans_.end()) return std::nullopt;
  if (plan->second.refused) return plan->second.refused;
  if (locked)
    for (const hold& h : plan->second.holds) {
      const auto* b = budget_of(h.line);
      if (b == nullptr || !b->what.hard || h.state == hold_state::uncounted) continue;
      if (auto no = no_room(*b, h)) {
        tight_ = true;
        return no;
      }
    }
  for (const hold& h : plan->second.holds) demand_[{h.line, h.key}] += h.counted().raw();
  admitted_.emplace_back(intent.attempt_id, at);
  return std::nullopt;
}

void pg_budget_book::queue_reserve(pg::connection& db, bool locked) {
  if (admitted_.empty()) return;
  queue_shards(db, locked);
  pg::batch rows({{"attempt_id", pg::type::int8},
                  {"line", pg::type::int8},
                  {"start_us", pg::type::int8},
                  {"shard", pg::type::int8},
                  {"held", pg::type::text},
                  {"lease_us", pg::type::int8},
                  {"state", pg::type::text},
                  {"rate", pg::type::text}},
                 {});
  for (const auto& [id, at] : admitted_) {
    const planned& p = plans_[at];
    for (const hold& h : p.holds) {
      const std::string held = h.held.to_string();
      const cell cells[] = {pg::number_cell(static_cast<std::int64_t>(id)),
                            pg::number_cell(h.line),
                            pg::number_cell(h.key),
                            pg::number_cell(shard_),
                            pg::text_cell(held),
                            pg::number_cell(p.lease_us),
                            pg::text_cell(to_string(h.state)),
                            h.rate.empty() ? cell{} : pg::text_cell(h.rate)};
      rows.add({}, cells);
    }
  }
  // The lease runs by the server's clock: machines' clocks may differ.
  const std::string sql =
      "INSERT INTO ark.reservation(attempt_id,line,start_us,shard,held,spent,expires_us,state,rate)"
      " SELECT g.attempt_id,g.line,g.start_us,g.shard,g.held::numeric,0,"
      "(extract(epoch FROM clock_timestamp()) * 1000000)::int8 + g.lease_us,g.state,g.rate FROM " +
      rows.source() + " ON CONFLICT (attempt_id, line) DO NOTHING";
  queue_rows(db, sql, std::move(rows));
  ++queued_;
}

void pg_budget_book::queue_shards(pg::connection& db, bool locked) {
  ++queued_;
  if (!locked) {
    // Room, and the row, or nothing.
    pg::batch rows = shard_rows("kind");
    for (const auto& [w, more] : demand_) {
      const auto* b = budget_of(w.first);
      add_shard(rows, w.first, w.second, shard_, b != nullptr && b->what.hard ? "hard" : "soft",
                numeric(more));
    }
    const std::string sql =
        "UPDATE ark.budget_shard s SET reserved = s.reserved + g.reserved::numeric FROM " +
        rows.source() +
        " WHERE s.line = g.line AND s.start_us = g.start_us AND s.shard = g.shard AND "
        "(g.kind = 'soft' OR s.spent + s.reserved + g.reserved::numeric <= s.quota)";
    return queue_rows(db, sql, std::move(rows));
  }
  tight_ = false;
  pg::batch rows = shard_rows("quota");
  for (const auto& [w, more] : demand_) deal_out(w, rows);
  const std::string sql =
      "INSERT INTO ark.budget_shard AS s(line,start_us,shard,quota,reserved) "
      "SELECT g.line,g.start_us,g.shard,g.quota::numeric,g.reserved::numeric FROM " +
      rows.source() +
      " ON CONFLICT (line,start_us,shard) DO UPDATE SET quota = excluded.quota, "
      "reserved = s.reserved + excluded.reserved";
  queue_rows(db, sql, std::move(rows));
}

/// Each shard's new quota: what it has, and an equal part of what is left.
void pg_budget_book::deal_out(const window& w, pg::batch& rows) {
  const auto* b = budget_of(w.first);
  const amount::rep more = demand_[w];
  const bool shared = b != nullptr && b->what.hard && b->what.period != budget_period::rolling;
  if (!shared) {
    // A soft one needs no quota; of a rolling one the sum of many rows counts, always under locks.
    tight_ = tight_ || (b != nullptr && b->what.hard);
    return add_shard(rows, w.first, w.second, shard_, "0", numeric(more));
  }
  auto& shards = shards_[w];
  amount::rep left = b->what.limit.value.raw() - more;
  for (const auto& [shard, c] : shards) left -= c.spent + c.reserved;
  const amount::rep share = left > 0 ? left / pg_shards : 0;
  tight_ = tight_ || share < more * commits_a_share;
  for (int shard = 0; shard < pg_shards; ++shard) {
    const counters& c = shards[shard];
    const amount::rep own = shard == shard_ ? more : 0;
    add_shard(rows, w.first, w.second, shard, numeric(c.spent + c.reserved + own + share),
              numeric(own));
  }
}

bool pg_budget_book::was_short(const pg::rows& answer) const noexcept {
  return answer.changed() < static_cast<std::int64_t>(demand_.size());
}

}  // namespace ark::detail
