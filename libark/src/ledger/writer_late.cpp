#include "ledger/fate.hpp"
#include "ledger/query.hpp"
#include "ledger/record.hpp"
#include "ledger/writer.hpp"
#include "os/os.hpp"

/// Outcomes that are not the first of their attempt.
namespace ark::detail {
namespace {

/// What is booked for the attempt now, as an entry.
result<std::optional<ledger_entry>> booked(sqlite::database& db, std::int64_t sequence) {
  auto query = db.prepare("SELECT " + entry_columns(true) + std::string(from_clause(true)) +
                          "i.seq = ? AND o.seq IS NOT NULL");
  if (!query) return query.error();
  query->bind(1, sequence);
  const int code = query->step();
  if (code == SQLITE_DONE) return std::optional<ledger_entry>{};
  if (code != SQLITE_ROW) return db.last_error("read");
  auto entry = read_entry(*query);
  if (!entry) return entry.error();
  return std::optional<ledger_entry>(std::move(*entry));
}

result<bool> is_resolved(sqlite::database& db, std::int64_t sequence) {
  auto query =
      db.prepare("SELECT EXISTS(SELECT 1 FROM correction WHERE of_seq = ? AND kind = 'resolved')");
  if (!query) return query.error();
  query->bind(1, sequence);
  if (query->step() != SQLITE_ROW) return db.last_error("read");
  return query->integer(0) != 0;
}

}  // namespace

result<void> writer::put_late(const attempt_outcome& outcome, std::string_view note,
                              std::optional<std::int64_t> sequence) {
  // A void one's intent was refused, or never came to be: there is nothing to tell.
  if (!sequence && outcome.state == attempt_state::void_) return {};
  if (!sequence) return put_correction(outcome, note, sequence, "orphan");
  const auto has = booked(db_, *sequence);
  if (!has) return has.error();
  if (!*has) {
    // Its intent is there and open: another process, or an earlier life of this one, wrote it.
    open_.emplace(outcome.attempt_id, *sequence);
    opened_now_.push_back(outcome.attempt_id);
    return put(outcome);
  }
  const std::string_view kind = kind_of_late(**has, outcome);
  if (kind.empty()) return {};
  if (kind == "conflict") return put_correction(outcome, note, sequence, kind);
  // An attempt is resolved once; it may have been put in doubt again by a correction.
  const auto before = is_resolved(db_, *sequence);
  if (!before) return before.error();
  if (auto done = rollup_.corrected(**has, outcome); !done) return done;
  auto done = put_correction(outcome, note, sequence, *before ? "corrected" : "resolved");
  return done ? budgets_.settle(*sequence, outcome) : done;
}

result<void> writer::put_lost(const lost_attempt& lost) {
  attempt_outcome o{.attempt_id = lost.attempt_id,
                    .state = attempt_state::ambiguous,
                    .ended = options_.os->wall_now(),
                    .finish = std::string(finish_lost)};
  if (lost.quote.status != cost_status::unknown) {
    o.cost = lost.quote;
    o.cost.status = cost_status::interval;
    o.cost.value = o.cost.high;
    o.cost.low = {};
  }
  outcome_.bind(1, lost.sequence);
  fill(o, lost.why);
  chain_.seal(row_);
  outcome_.bind(outcome_parameters_before + 1, row_.cells());
  const int code = outcome_.step();
  // Somebody was quicker: another sweep, or the attempt's own program.
  const bool taken = code == SQLITE_CONSTRAINT_PRIMARYKEY || code == SQLITE_CONSTRAINT_ROWID;
  result<void> done;
  if (code != SQLITE_DONE && !taken) done = failed();
  outcome_.reset();
  if (!done || taken) return done;
  chain_.added(row_kind::outcome, lost.sequence);
  if (auto counted = rollup_.ended(lost.sequence, o); !counted) return counted;
  return budgets_.settle(lost.sequence, o);
}

result<void> writer::put_correction(const attempt_outcome& outcome, std::string_view note,
                                    std::optional<std::int64_t> sequence, std::string_view kind) {
  row_.clear();
  if (sequence)
    row_.integer(*sequence);
  else
    row_.skip();
  row_.integer(static_cast<std::int64_t>(outcome.attempt_id));
  row_.text(kind);
  row_.integer(to_us(os::real().wall_now()));
  detail::fill(row_, outcome, note);
  chain_.seal(row_);
  correction_.bind(1, row_.cells());
  if (auto done = step(correction_); !done) return done;
  chain_.added(row_kind::correction, sqlite3_last_insert_rowid(db_.raw()));
  return {};
}

result<void> writer::take_over(std::int64_t session, std::uint64_t last,
                               const std::vector<journal_record>& records) {
  const std::lock_guard lock(mutex_);
  return transaction([&]() -> result<void> {
    // Whatever the session's row says was taken, was taken into the other ledger.
    const auto taken = taken_of(session);
    if (!taken) return taken.error();
    for (const auto& record : records)
      if (auto done = put(record, session, false); !done) return done;
    take_.bind(1, static_cast<std::int64_t>(last));
    take_.bind(2, session);
    return step(take_);
  });
}

result<void> writer::put(const attempt_correction& correction) {
  auto has = booked(db_, correction.sequence);
  if (!has) return has.error();
  if (!*has) {
    refuse(cannot_correct(correction.sequence));
    return {};
  }
  const auto made = apply(ledger_entry(**has), correction);
  if (!made) return {};
  if (auto done = rollup_.corrected(**has, made->outcome); !done) return done;
  auto done = put_correction(made->outcome, made->note, correction.sequence, "corrected");
  return done ? budgets_.settle(correction.sequence, made->outcome) : done;
}

}  // namespace ark::detail
