#include <algorithm>

#include "ledger/budget_text.hpp"
#include "ledger/record.hpp"
#include "ledger_pg/pg_budget.hpp"
#include "ledger_pg/pg_query.hpp"
#include "os/os.hpp"

/// Changing budgets, counting what a changed one counts, and reading where they stand.
namespace ark::detail {
namespace {

constexpr const char* budget_columns =
    "id,line,name,removed,set_us,since_seq,limit_value,currency,period,length_s,offset_min,scope,"
    "hard,allow_unpriced,hold_lost,thresholds";

result<pg_kept_budget> read_version(pg::rows& row) {
  pg_kept_budget b{.id = row.integer(0),
                   .line = row.integer(1),
                   .since_seq = row.integer(5),
                   .set_us = row.integer(4),
                   .removed = row.integer(3) != 0,
                   .what = {.name = std::string(row.text(2)),
                            .limit = {pg_amount(row.text(6)), std::string(row.text(7))},
                            .length = std::chrono::seconds(row.integer(9)),
                            .utc_offset = std::chrono::minutes(row.integer(10)),
                            .hard = row.integer(12) != 0,
                            .allow_unpriced = row.integer(13) != 0,
                            .hold_lost = row.integer(14) != 0}};
  if (!read_period(row.text(8), b.what.period) || !read_scope(row.text(11), b.what.scope) ||
      !read_thresholds(row.text(15), b.what.thresholds))
    return damaged_budget(b.what.name);
  return b;
}

result<void> insert_version(pg::connection& db, const pg_kept_budget& v, pg::deadline until) {
  const std::string limit = v.what.limit.value.to_string();
  const std::string scope = scope_json(v.what.scope);
  const std::string thresholds = thresholds_json(v.what.thresholds);
  auto done =
      db.ask("INSERT INTO ark.budget(" + std::string(budget_columns) +
                 ") VALUES($1,$2,$3,$4,$5,$6,$7::numeric,$8,$9,$10,$11,$12,$13,$14,$15,$16)",
             pg::parameters()
                 .integer(v.id)
                 .integer(v.line)
                 .text(v.what.name)
                 .integer(v.removed ? 1 : 0)
                 .integer(v.set_us)
                 .integer(v.since_seq)
                 .text(limit)
                 .text(v.what.limit.currency)
                 .text(to_string(v.what.period))
                 .integer(v.what.length.count())
                 .integer(v.what.utc_offset.count())
                 .text(scope)
                 .integer(v.what.hard ? 1 : 0)
                 .integer(v.what.allow_unpriced ? 1 : 0)
                 .integer(v.what.hold_lost ? 1 : 0)
                 .text(thresholds),
             until);
  if (!done) return done.error();
  // What was dealt out of the old limit is taken back: the next attempts deal out the new one.
  auto back = db.ask("UPDATE ark.budget_shard SET quota = 0 WHERE line = $1",
                     pg::parameters().integer(v.line), until);
  if (!back) return back.error();
  return {};
}

hold counted_hold(const pg_kept_budget& v, const ledger_entry& e, std::int64_t lease_us,
                  const std::vector<exchange_rate>& rates) {
  const std::int64_t begun = to_us(e.begun);
  const std::string& currency = v.what.limit.currency;
  hold h{.line = v.line,
         .key = window_of(v.what, begun).key,
         .expires_us = begun + (lease_us > 0 ? lease_us : default_lease.count()),
         .state = hold_state::uncounted};
  if (e.quote.status != cost_status::unknown)
    if (auto most = convert(e.quote.high, e.quote.currency, currency, begun, rates)) {
      h.held = most->value;
      h.rate = std::move(most->rate);
      h.state = hold_state::open;
    }
  if (e.state == attempt_state::sending) return h;
  const attempt_outcome told{.state = e.state, .cost = e.cost, .finish = e.finish};
  return settled(h, told, currency, begun, rates);
}

result<void> write_counted(pg::connection& db, pg::batch rows, pg::deadline until) {
  const std::string sql =
      "WITH new AS (INSERT INTO ark.reservation(attempt_id,line,start_us,shard,held,spent,"
      "expires_us,state,rate) SELECT g.attempt_id,g.line,g.start_us,0,g.held::numeric,"
      "g.spent::numeric,g.expires_us,g.state,g.rate FROM " +
      rows.source() +
      " RETURNING line,start_us,held,spent,state) INSERT INTO ark.budget_shard AS s(line,start_us,"
      "shard,quota,spent,reserved) SELECT line,start_us,0,0,sum(spent),coalesce(sum(held) FILTER "
      "(WHERE state NOT IN ('freed','uncounted')),0) FROM new GROUP BY line,start_us ON CONFLICT "
      "(line,start_us,shard) DO UPDATE SET spent = s.spent + excluded.spent, reserved = s.reserved "
      "+ excluded.reserved";
  queue_rows(db, sql, std::move(rows));
  auto done = db.flush(until);
  if (!done) return done.error();
  return {};
}

/// A budget that counts something new counts what its window holds already.
result<void> count_anew(pg::connection& db, const pg_kept_budget& v,
                        const std::vector<exchange_rate>& rates, pg::deadline until) {
  const budget_scope& s = v.what.scope;
  ledger_filter filter{.vendor = s.vendor,
                       .model = s.model,
                       .tenant = s.tenant,
                       .user = s.user,
                       .task = s.task,
                       .run = s.run,
                       .tags = s.tags};
  if (v.what.period == budget_period::total)
    filter.after_sequence = v.since_seq;
  else
    filter.since = from_us(window_of(v.what, v.set_us).from);
  for (;;) {
    auto page = pg_read_page(db, filter, until);
    if (!page) return page.error();
    if (page->empty()) return {};
    pg::batch rows({{"attempt_id", pg::type::int8},
                    {"line", pg::type::int8},
                    {"start_us", pg::type::int8},
                    {"held", pg::type::text},
                    {"spent", pg::type::text},
                    {"expires_us", pg::type::int8},
                    {"state", pg::type::text},
                    {"rate", pg::type::text}},
                   {});
    for (const auto& [e, attempt_id, lease_us] : *page) {
      const hold h = counted_hold(v, e, lease_us, rates);
      const std::string held = h.held.to_string(), spent = h.spent.to_string();
      const cell cells[] = {pg::number_cell(attempt_id),
                            pg::number_cell(h.line),
                            pg::number_cell(h.key),
                            pg::text_cell(held),
                            pg::text_cell(spent),
                            pg::number_cell(h.expires_us),
                            pg::text_cell(to_string(h.state)),
                            h.rate.empty() ? cell{} : pg::text_cell(h.rate)};
      rows.add({}, cells);
    }
    filter.after_sequence = page->back().entry.sequence;
    if (auto done = write_counted(db, std::move(rows), until); !done) return done;
  }
}

/// Runs `change` alone among all who commit.
template <class Change>
result<void> alone(pg::connection& db, pg::deadline until, Change&& change) {
  db.queue("BEGIN");
  db.queue("SET LOCAL lock_timeout = '30s'");
  db.queue(pg_budgets_exclusive);
  auto begun = db.flush(until);
  if (!begun) return begun.error();
  result<void> done = change();
  if (!done) {
    if (!db.lost()) static_cast<void>(db.recover(until));
    return done;
  }
  auto ended = db.ask("COMMIT", {}, until);
  if (!ended) return ended.error();
  return {};
}

}  // namespace

result<std::vector<pg_kept_budget>> pg_read_budgets(pg::connection& db, pg::deadline until) {
  auto found =
      db.ask("SELECT " + std::string(budget_columns) + " FROM ark.budget ORDER BY id", {}, until);
  if (!found) return found.error();
  std::vector<pg_kept_budget> out;
  while (found->next()) {
    auto b = read_version(*found);
    if (!b) return b.error();
    out.push_back(std::move(*b));
  }
  return out;
}

std::vector<pg_kept_budget> pg_in_force(const std::vector<pg_kept_budget>& all) {
  std::map<std::string_view, const pg_kept_budget*> last;
  for (const auto& b : all) last[b.what.name] = &b;
  std::vector<pg_kept_budget> out;
  for (const auto& [name, b] : last)
    if (!b->removed) out.push_back(*b);
  return out;
}

result<void> pg_set_budget(pg::connection& db, const budget& wanted,
                           const std::vector<exchange_rate>& rates, pg::deadline until) {
  if (auto good = check(wanted); !good) return good;
  return alone(db, until, [&]() -> result<void> {
    const auto all = pg_read_budgets(db, until);
    if (!all) return all.error();
    auto last = db.ask("SELECT coalesce(max(seq), 0) FROM ark.intent", {}, until);
    if (!last) return last.error();
    last->next();
    const auto active = pg_in_force(*all);
    const auto has = std::find_if(active.begin(), active.end(),
                                  [&](const auto& b) { return b.what.name == wanted.name; });
    if (has != active.end() && has->what == wanted) return {};
    const std::int64_t id = all->empty() ? 1 : all->back().id + 1;
    pg_kept_budget version{.id = id,
                           .line = id,
                           .since_seq = last->integer(0),
                           .set_us = to_us(os::real().wall_now()),
                           .what = wanted};
    const bool goes_on = has != active.end() && counts_the_same(has->what, wanted);
    if (goes_on) version.line = has->line;
    if (has != active.end() && has->what.period == budget_period::total)
      version.since_seq = has->since_seq;
    if (auto done = insert_version(db, version, until); !done) return done;
    return goes_on ? result<void>() : count_anew(db, version, rates, until);
  });
}

namespace {
error no_budget(std::string_view name) {
  return {.code = errc::not_found,
          .message = "there is no budget \"" + std::string(name) +
                     "\": `ark budget list` shows which there are"};
}
}  // namespace

result<void> pg_remove_budget(pg::connection& db, std::string_view name, pg::deadline until) {
  return alone(db, until, [&]() -> result<void> {
    const auto all = pg_read_budgets(db, until);
    if (!all) return all.error();
    for (pg_kept_budget& b : pg_in_force(*all)) {
      if (b.what.name != name) continue;
      b.id = all->back().id + 1;
      b.set_us = to_us(os::real().wall_now());
      b.removed = true;
      return insert_version(db, b, until);
    }
    return no_budget(name);
  });
}

result<std::vector<budget_status>> pg_budget_status(pg::connection& db, pg::deadline until) {
  const auto all = pg_read_budgets(db, until);
  if (!all) return all.error();
  std::vector<budget_status> out;
  const auto now = os::real().wall_now();
  for (const pg_kept_budget& b : pg_in_force(*all)) {
    const window_rows w = window_of(b.what, to_us(now));
    const auto three = [&] {
      return pg::parameters().integer(b.line).integer(w.from).integer(w.to);
    };
    db.queue(
        "SELECT coalesce(sum(spent), 0), coalesce(sum(reserved), 0) FROM ark.budget_shard "
        "WHERE line = $1 AND start_us BETWEEN $2 AND $3",
        three());
    db.queue(
        "SELECT coalesce(sum(held) FILTER (WHERE state IN ('doubt','lost')), 0), "
        "coalesce(sum(held) FILTER (WHERE state = 'freed'), 0), count(*) FILTER (WHERE state = "
        "'uncounted') FROM ark.reservation WHERE state <> 'done' AND line = $1 AND start_us "
        "BETWEEN $2 AND $3",
        three());
    auto answers = db.flush(until);
    if (!answers) return answers.error();
    pg::rows &sums = answers->front(), &states = answers->back();
    sums.next();
    states.next();
    const auto times = pg_times_of(b.what, w.key);
    budget_status s{
        .budget = b.what,
        .begins = b.what.period == budget_period::rolling ? from_us(w.from) : times.begins,
        .ends = times.ends,
        .spent = pg_amount(sums.text(0)),
        .reserved = pg_amount(sums.text(1)),
        .in_doubt = pg_amount(states.text(0)),
        .given_up = pg_amount(states.text(1)),
        .uncounted = states.integer(2)};
    s.left = amount::from_raw(b.what.limit.value.raw() - s.spent.raw() - s.reserved.raw());
    out.push_back(std::move(s));
  }
  return out;
}

result<budget_history> pg_budget_history(pg::connection& db, std::string_view name,
                                         pg::deadline until) {
  const auto all = pg_read_budgets(db, until);
  if (!all) return all.error();
  budget_history out;
  std::map<std::int64_t, const pg_kept_budget*> lines;
  for (const pg_kept_budget& b : *all) {
    if (b.what.name != name) continue;
    out.versions.push_back({from_us(b.set_us), b.removed, b.what});
    lines[b.line] = &b;
    auto told = db.ask(
        "SELECT start_us, percent, spent, at_us FROM ark.budget_told WHERE budget = "
        "$1 ORDER BY at_us, start_us, percent",
        pg::parameters().integer(b.id), until);
    if (!told) return told.error();
    while (told->next()) {
      const auto times = pg_times_of(b.what, told->integer(0));
      out.alerts.push_back({b.what.name, static_cast<int>(told->integer(1)),
                            pg_amount(told->text(2)), b.what.limit, times.begins, times.ends,
                            from_us(told->integer(3))});
    }
  }
  if (out.versions.empty()) return no_budget(name);
  for (const auto& [line, b] : lines) {
    if (b->what.period == budget_period::rolling) continue;
    auto sums = db.ask(
        "SELECT start_us, sum(spent), sum(reserved) FROM ark.budget_shard WHERE line "
        "= $1 GROUP BY 1 ORDER BY 1",
        pg::parameters().integer(line), until);
    if (!sums) return sums.error();
    while (sums->next()) {
      const auto times = pg_times_of(b->what, sums->integer(0));
      out.windows.push_back(
          {times.begins, times.ends, pg_amount(sums->text(1)), pg_amount(sums->text(2))});
    }
  }
  return out;
}

}  // namespace ark::detail
