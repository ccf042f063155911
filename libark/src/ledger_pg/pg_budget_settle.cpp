#include <algorithm>
#include <set>

#include "ledger/record.hpp"
#include "ledger_pg/pg_budget.hpp"
#include "os/os.hpp"

/// What becomes of reservations.
namespace ark::detail {
namespace {

constexpr const char* held_by =
    "SELECT r.attempt_id, r.line, r.start_us, r.shard, r.held, r.spent, r.expires_us, r.state, "
    "r.rate, i.begun_us FROM ark.reservation r JOIN ark.intent i ON i.attempt_id = r.attempt_id "
    "WHERE r.attempt_id = ANY($1) ORDER BY r.line, r.start_us, r.attempt_id FOR UPDATE OF r";

/// Sums of changes, a shard each.
class shard_changes {
 public:
  void add(const hold& before, const hold& after, std::int64_t shard) {
    auto& c = all_[{before.line, before.key, shard}];
    c.first += after.spent.raw() - before.spent.raw();
    c.second += after.counted().raw() - before.counted().raw();
  }
  void queue(pg::connection& db) const {
    pg::batch rows({{"line", pg::type::int8},
                    {"start_us", pg::type::int8},
                    {"shard", pg::type::int8},
                    {"spent", pg::type::text},
                    {"reserved", pg::type::text}},
                   {});
    for (const auto& [at, c] : all_) {
      const std::string spent = amount::from_raw(c.first).to_string();
      const std::string reserved = amount::from_raw(c.second).to_string();
      const cell cells[] = {pg::number_cell(std::get<0>(at)), pg::number_cell(std::get<1>(at)),
                            pg::number_cell(std::get<2>(at)), pg::text_cell(spent),
                            pg::text_cell(reserved)};
      rows.add({}, cells);
    }
    const std::string sql =
        "UPDATE ark.budget_shard s SET spent = s.spent + g.spent::numeric, reserved = s.reserved + "
        "g.reserved::numeric FROM " +
        rows.source() + " WHERE s.line = g.line AND s.start_us = g.start_us AND s.shard = g.shard";
    queue_rows(db, sql, std::move(rows));
  }

 private:
  std::map<std::tuple<std::int64_t, std::int64_t, std::int64_t>,
           std::pair<amount::rep, amount::rep>>
      all_;
};

result<hold> read_hold(pg::rows& row) {
  const auto state = hold_state_named(row.text(7));
  if (!state)
    return error{.code = errc::ledger,
                 .message =
                     "the ledger has a reservation in a state that this library does not "
                     "know: use a newer libark"};
  return hold{.line = row.integer(1),
              .key = row.integer(2),
              .held = pg_amount(row.text(4)),
              .spent = pg_amount(row.text(5)),
              .expires_us = row.integer(6),
              .state = *state,
              .rate = std::string(row.text(8))};
}

void add_hold(pg::batch& rows, std::int64_t attempt_id, const hold& h) {
  const std::string held = h.held.to_string(), spent = h.spent.to_string();
  const cell cells[] = {pg::number_cell(attempt_id),
                        pg::number_cell(h.line),
                        pg::text_cell(held),
                        pg::text_cell(spent),
                        pg::text_cell(to_string(h.state)),
                        h.rate.empty() ? cell{} : pg::text_cell(h.rate)};
  rows.add({}, cells);
}

}  // namespace

result<void> pg_budget_book::settle(
    pg::connection& db, const std::unordered_map<std::uint64_t, const attempt_outcome*>& fates,
    pg::deadline until) {
  if (fates.empty() || lines_.empty()) return {};
  pg::column ids(pg::type::int8);
  for (const auto& [id, fate] : fates) ids.add(static_cast<std::int64_t>(id));
  auto found = db.ask(held_by, pg::parameters().array(ids), until);
  if (!found) return found.error();
  pg::batch rows({{"attempt_id", pg::type::int8},
                  {"line", pg::type::int8},
                  {"held", pg::type::text},
                  {"spent", pg::type::text},
                  {"state", pg::type::text},
                  {"rate", pg::type::text}},
                 {});
  shard_changes changes;
  std::map<window, bool> grown;
  while (found->next()) {
    const auto before = read_hold(*found);
    if (!before) return before.error();
    const auto* b = budget_of(before->line);
    if (b == nullptr) continue;
    const attempt_outcome& fate = *fates.at(static_cast<std::uint64_t>(found->integer(0)));
    const hold after = settled(*before, fate, b->what.limit.currency, found->integer(9), rates_);
    add_hold(rows, found->integer(0), after);
    changes.add(*before, after, found->integer(3));
    if (!b->removed && !b->what.thresholds.empty() && after.spent > before->spent)
      grown[{before->line, before->key}] = true;
  }
  if (rows.rows() == 0) return {};
  const std::string sql =
      "UPDATE ark.reservation r SET held = g.held::numeric, spent = g.spent::numeric, state = "
      "g.state, rate = g.rate FROM " +
      rows.source() + " WHERE r.attempt_id = g.attempt_id AND r.line = g.line";
  queue_rows(db, sql, std::move(rows));
  changes.queue(db);
  if (grown.empty()) return {};  // they go with the commit
  if (auto done = db.flush(until); !done) return done.error();
  return tell(db, grown, until);
}

/// Notes the thresholds that are passed now and were not told yet in this window. What others have
/// not committed yet is not seen: the next one that settles tells it.
result<void> pg_budget_book::tell(pg::connection& db, const std::map<window, bool>& grown,
                                  pg::deadline until) {
  for (const auto& [w, yes] : grown) {
    const pg_kept_budget& b = lines_.at(w.first);
    const window_rows rows = window_of(b.what, w.second);
    auto sums = db.ask(
        "SELECT coalesce(sum(spent), 0), (SELECT coalesce(max(percent), 0) FROM ark.budget_told "
        "WHERE budget = $4 AND start_us BETWEEN $2 AND $3) FROM ark.budget_shard WHERE line = $1 "
        "AND start_us BETWEEN $2 AND $3",
        pg::parameters().integer(w.first).integer(rows.from).integer(rows.to).integer(b.id), until);
    if (!sums) return sums.error();
    sums->next();
    const amount spent = pg_amount(sums->text(0));
    const std::int64_t told = sums->integer(1);
    const std::set<int> thresholds(b.what.thresholds.begin(), b.what.thresholds.end());
    for (const int t : thresholds) {
      if (t <= told || spent.raw() * 100 < b.what.limit.value.raw() * t) continue;
      const std::string value = spent.to_string();
      const auto now = os::real().wall_now();
      auto first = db.ask(
          "INSERT INTO ark.budget_told(budget,start_us,percent,spent,at_us) "
          "VALUES($1,$2,$3,$4::numeric,$5) ON CONFLICT DO NOTHING",
          pg::parameters().integer(b.id).integer(w.second).integer(t).text(value).integer(
              to_us(now)),
          until);
      if (!first) return first.error();
      if (first->changed() == 0) continue;
      const auto times = pg_times_of(b.what, w.second);
      alerts_.push_back({b.what.name, t, spent, b.what.limit, times.begins, times.ends, now});
    }
  }
  return {};
}

result<void> pg_budget_book::release_expired(pg::connection& db, pg::deadline until) {
  pg::column lines(pg::type::int8);
  for (const auto& [line, b] : lines_)
    if (b.removed || !b.what.hold_lost) lines.add(line);
  if (lines.rows() == 0) return {};
  auto done = db.ask(
      "WITH freed AS (UPDATE ark.reservation SET state = 'freed' WHERE state = 'lost' AND "
      "expires_us <= (extract(epoch FROM clock_timestamp()) * 1000000)::int8 AND line = ANY($1) "
      "RETURNING line, start_us, shard, held), sums AS (SELECT line, start_us, shard, sum(held) AS "
      "held FROM freed GROUP BY line, start_us, shard) UPDATE ark.budget_shard s SET reserved = "
      "s.reserved - g.held FROM sums g WHERE s.line = g.line AND s.start_us = g.start_us AND "
      "s.shard = g.shard",
      pg::parameters().array(lines), until);
  if (!done) return done.error();
  return {};
}

}  // namespace ark::detail
