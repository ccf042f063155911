#include "ledger/lost.hpp"

#include <unordered_map>

#include "ledger/budget_rules.hpp"
#include "ledger/process.hpp"
#include "ledger/record.hpp"

namespace ark::detail {
namespace {

constexpr std::string_view open_attempts =
    "SELECT i.seq, i.attempt_id, i.begun_us, ifnull(i.lease_us,0), ifnull(i.session,0), "
    "i.operation, i.quote_status, i.quote_currency, i.quote_price_hash, i.quote_micro, "
    "i.quote_femto, i.quote_high_micro, i.quote_high_femto FROM intent i "
    "LEFT JOIN outcome o ON o.seq = i.seq WHERE o.seq IS NULL AND ";

cost quote_of(sqlite::statement& row) {
  cost q{.status = status_named(row.text(6)),
         .currency = std::string(row.text(7)),
         .price_hash = std::string(row.text(8))};
  if (q.status == cost_status::unknown) return q;
  q.value = q.high = join(row.integer(9), row.integer(10));
  if (!row.is_null(11)) q.high = join(row.integer(11), row.integer(12));
  return q;
}

/// Asks once for each session.
class sessions {
 public:
  explicit sessions(sqlite::database& db) : db_(db), here_(this_process()) {}

  result<liveness> of(std::int64_t session) {
    if (const auto it = known_.find(session); it != known_.end()) return it->second;
    auto query = db_.prepare(
        "SELECT pid, process_start, boot_id, host, pid_space FROM session WHERE id = ?");
    if (!query) return query.error();
    query->bind(1, session);
    const int code = query->step();
    if (code != SQLITE_ROW && code != SQLITE_DONE) return db_.last_error("read");
    liveness found = liveness::unknown;
    if (code == SQLITE_ROW)
      found = liveness_of({.pid = query->integer(0),
                           .start = query->integer(1),
                           .boot_id = std::string(query->text(2)),
                           .host = std::string(query->text(3)),
                           .pid_space = std::string(query->text(4))},
                          here_);
    known_.emplace(session, found);
    return found;
  }

 private:
  sqlite::database& db_;
  process_identity here_;
  std::unordered_map<std::int64_t, liveness> known_;
};

/// Why this open attempt is lost; "" if it is not.
result<std::string> why_lost(sqlite::statement& row, sessions& writers, std::int64_t now_us) {
  const std::int64_t lease = row.integer(3) > 0 ? row.integer(3) : default_lease.count();
  const bool is_over = row.integer(2) + lease <= now_us;
  const bool needs_process = row.text(5) != "batch";
  if (needs_process) {
    const auto life = writers.of(row.integer(4));
    if (!life) return life.error();
    if (*life == liveness::dead)
      return std::string("its process died before it told the outcome; it may have been billed");
    if (*life == liveness::alive) return std::string();
  }
  if (!is_over) return std::string();
  return "no outcome was told until its lease was over at " + time_text(row.integer(2) + lease) +
         "; it may have been billed";
}

result<lost_attempts> look(sqlite::database& db, sqlite::statement& query, lost_attempts found,
                           std::int64_t now_us) {
  sessions writers(db);
  bool all_ended = true;
  int code = SQLITE_ROW;
  while ((code = query.step()) == SQLITE_ROW) {
    auto why = why_lost(query, writers, now_us);
    if (!why) return why.error();
    const std::int64_t sequence = query.integer(0);
    if (why->empty()) {
      if (all_ended) found.ended = std::min(found.ended, sequence - 1);
      all_ended = false;
      continue;
    }
    found.lost.push_back({.sequence = sequence,
                          .attempt_id = static_cast<std::uint64_t>(query.integer(1)),
                          .quote = quote_of(query),
                          .why = std::move(*why)});
  }
  if (code != SQLITE_DONE) return db.last_error("read");
  return found;
}

}  // namespace

result<lost_attempts> find_lost(sqlite::database& db, lost_among which, std::int64_t now_us) {
  lost_attempts found;
  const auto mark = db.integer("SELECT value FROM ledger_mark WHERE name = 'ended'");
  if (!mark) return mark.error();
  found.ended = found.ended_before = *mark;
  std::string sql(open_attempts);
  if (which == lost_among::reserved) {
    sql +=
        "i.seq IN (SELECT seq FROM reservation WHERE state <> 'done' AND state IN "
        "('open','uncounted'))";
  } else {
    // Asked before the attempts are looked at: what comes meanwhile is not behind the mark.
    const auto last = db.integer("SELECT max(seq) FROM intent");
    if (!last) return last.error();
    found.ended = *last;
    sql += "i.seq > ? ORDER BY i.seq";
  }
  auto query = db.prepare(sql);
  if (!query) return query.error();
  if (which == lost_among::all) query->bind(1, *mark);
  return look(db, *query, std::move(found), now_us);
}

}  // namespace ark::detail
