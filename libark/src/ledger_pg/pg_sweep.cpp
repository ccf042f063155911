#include "ledger/record.hpp"
#include "ledger_pg/pg_seal.hpp"
#include "ledger_pg/pg_writer.hpp"
#include "os/os.hpp"

/// What sessions that died left behind.
namespace ark::detail {
namespace {

/// One machine at a time, and nobody waits for it.
constexpr const char* my_turn = "SELECT pg_try_advisory_xact_lock(1095912268, 3)::int";

#define ARK_PG_SILENT "NOT s.swept AND " ARK_PG_SILENT_SINCE

/// Their open attempts. A batch at a vendor needs no process: only its lease counts, by the
/// server's clock.
constexpr const char* lost_attempts_sql =
    "SELECT i.attempt_id, i.quote_status, i.quote_currency, i.quote_price_hash, "
    "coalesce(i.quote_high_micro, i.quote_micro), coalesce(i.quote_high_femto, i.quote_femto) "
    "FROM ark.session s JOIN ark.intent i ON i.session = s.id LEFT JOIN ark.outcome o ON o.seq = "
    "i.seq WHERE " ARK_PG_SILENT
    " AND o.seq IS NULL AND (i.operation IS DISTINCT FROM 'batch' OR to_timestamp((i.begun_us + "
    "coalesce(i.lease_us, $2)) / 1000000.0) < clock_timestamp()) LIMIT 1000";

/// A session whose attempts all have outcomes, and whose end has a seal, is not looked at again.
constexpr const char* mark_swept =
    "UPDATE ark.session s SET swept = true WHERE " ARK_PG_SILENT
    " AND NOT EXISTS (SELECT 1 FROM ark.intent i LEFT JOIN ark.outcome o ON o.seq = i.seq WHERE "
    "i.session = s.id AND o.seq IS NULL) AND coalesce((SELECT max(g.id) FROM ark.segment g WHERE "
    "g.chain = s.id), 0) = coalesce((SELECT max(l.segment) FROM ark.seal l WHERE l.chain = s.id), "
    "0)";
#undef ARK_PG_SILENT

attempt_outcome lost_outcome(pg::rows& row) {
  attempt_outcome o;
  o.attempt_id = static_cast<std::uint64_t>(row.integer(0));
  o.state = attempt_state::ambiguous;
  o.ended = os::real().wall_now();
  o.finish = finish_lost;
  o.error = "its process fell silent before it told the outcome; it may have been billed";
  if (status_named(row.text(1)) == cost_status::unknown) return o;
  o.cost.status = cost_status::interval;
  o.cost.currency = row.text(2);
  o.cost.price_hash = row.text(3);
  o.cost.value = o.cost.high = join(row.integer(4), row.integer(5));
  return o;
}

}  // namespace

result<void> pg_writer::sweep(std::chrono::milliseconds silence, pg::deadline until) {
  // What was kept would be taken for a part of it, should its answer be lost.
  if (db_.lost() || doubt_.number != 0 || !kept_.empty()) return {};
  // It may add a segment, so it has a commit's number: should its answer be lost, that tells.
  ++number_;
  chain_.begin();
  auto done = book_lost(silence, until);
  if (done) {
    chain_grew(chain_.take_made());
    // On its own: where no seal can be added, what the dead held comes back all the same.
    done = close_silent(silence, until);
    if (!done && !db_.lost()) static_cast<void>(db_.recover(until));
    return done;
  }
  if (db_.lost())
    keep({});
  else
    static_cast<void>(db_.recover(until));
  asked_ = false;
  return done;
}

result<void> pg_writer::book_lost(std::chrono::milliseconds silence, pg::deadline until) {
  db_.queue("BEGIN");
  db_.queue(pg_budgets_shared);
  db_.queue("SELECT coalesce(max(id), 0) FROM ark.budget");
  db_.queue(my_turn);
  auto answers = db_.flush(until);
  if (!answers) return answers.error();
  pg::rows &newest = (*answers)[2], &turn = (*answers)[3];
  newest.next();
  turn.next();
  if (turn.integer(0) != 0) {
    if (!budgets_.is_current(newest.integer(0)))
      if (auto loaded = budgets_.load(db_, until); !loaded) return loaded;
    if (auto done = put_lost(silence, until); !done) return done;
    if (auto done = budgets_.release_expired(db_, until); !done) return done;
  }
  return end_transaction(until);
}

/// Seals their ends, and notes who needs no more looking at.
result<void> pg_writer::close_silent(std::chrono::milliseconds silence, pg::deadline until) {
  db_.queue("BEGIN");
  db_.queue(my_turn);
  auto answers = db_.flush(until);
  if (!answers) return answers.error();
  answers->back().next();
  if (answers->back().integer(0) != 0) {
    if (auto done = seal_silent(db_, silence, to_us(os::real().wall_now()), until); !done)
      return done;
    db_.queue(mark_swept, pg::parameters().integer(silence.count()));
  }
  db_.queue("COMMIT");
  auto done = db_.flush(until);
  if (!done) return done.error();
  return {};
}

/// Inserts them as outcomes; where the attempt's own program was quicker, its word stays.
result<void> pg_writer::put_lost(std::chrono::milliseconds silence, pg::deadline until) {
  auto found =
      db_.ask(lost_attempts_sql,
              pg::parameters().integer(silence.count()).integer(default_lease.count()), until);
  if (!found) return found.error();
  std::deque<attempt_outcome> lost;
  outcomes_.clear();
  fates_.clear();
  while (found->next()) {
    lost.push_back(lost_outcome(*found));
    row_.clear();
    detail::fill(row_, lost.back(), {});
    chain_.seal(row_, row_kind::outcome, lost.back().attempt_id);
    const cell id[] = {pg::number_cell(found->integer(0))};
    outcomes_.add(id, row_.cells());
    fates_[lost.back().attempt_id] = &lost.back();
  }
  if (lost.empty()) return {};
  db_.queue(outcomes_sql_, chain_.place(outcomes_.arrays()));
  auto answers = db_.flush(until);
  if (!answers) return answers.error();
  std::unordered_map<std::uint64_t, const attempt_outcome*> taken;
  while (answers->front().next()) {
    const auto id = static_cast<std::uint64_t>(answers->front().integer(0));
    taken[id] = fates_.at(id);
    chain_.added(row_kind::outcome, id, answers->front().integer(1));
  }
  fates_.clear();
  if (!taken.empty()) queue_session();
  return budgets_.settle(db_, taken, until);
}

}  // namespace ark::detail
