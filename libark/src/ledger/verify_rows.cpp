#include "ledger/verify_rows.hpp"

#include "ledger/schema.hpp"

namespace ark::detail {
namespace {

using kind = ledger_finding::kind;
constexpr int current_first_column = 1;

}  // namespace

row_verifier::row_verifier(sqlite::database& db, segment_marks& marks)
    : sums(db),
      matchers{segment_matcher(db, row_kind::intent, marks, found),
               segment_matcher(db, row_kind::outcome, marks, found),
               segment_matcher(db, row_kind::correction, marks, found)},
      db_(db) {}

result<void> row_verifier::run(const verify_range& range) {
  for (auto& matcher : matchers)
    if (auto ready = matcher.prepare(); !ready) return ready;
  if (auto done = run_attempts(range); !done) return done;
  return run_corrections(range);
}

result<void> row_verifier::look_at(row_kind of, row_stream& row) {
  ++rows[static_cast<std::size_t>(of)];
  const digest is = row.digest_of_row();
  if (row.is_checked() && row.stored_check() != row_check(is))
    found.add(kind::row, row.segment(), row.sequence(),
              "the " + std::string(table_of(of)) + " of entry " + std::to_string(row.sequence()) +
                  " was changed");
  return matchers[static_cast<std::size_t>(of)].add(row.segment(), row.sequence(), is);
}

result<void> row_verifier::next(row_kind of, row_stream& row) {
  const std::int64_t at = row.is_row() ? row.sequence() : 0;
  auto moved = row.next();
  if (moved) return {};
  if (!sqlite::is_damage(db_.last_code())) return moved.error();
  found.add(kind::page, 0, at,
            "the " + std::string(table_of(of)) + " rows behind " + std::to_string(at) +
                " cannot be read: the file is damaged");
  return {};
}

/// A merge of intents and outcomes, which have one number, and of what corrects them.
result<void> row_verifier::run_attempts(const verify_range& range) {
  auto intents = row_stream::open(db_, row_kind::intent, range.first, range.last);
  if (!intents) return intents.error();
  auto outcomes = row_stream::open(db_, row_kind::outcome, range.first, range.last);
  if (!outcomes) return outcomes.error();
  if (auto ready = open_current(range); !ready) return ready;
  if (auto done = next(row_kind::intent, *intents); !done) return done;
  if (auto done = next(row_kind::outcome, *outcomes); !done) return done;
  while (intents->is_row() || outcomes->is_row()) {
    const bool intent_is_next =
        intents->is_row() && (!outcomes->is_row() || intents->sequence() <= outcomes->sequence());
    if (intent_is_next) {
      if (auto done = look_at(row_kind::intent, *intents); !done) return done;
      if (auto done = count(*intents, *outcomes); !done) return done;
      if (outcomes->is_row() && outcomes->sequence() == intents->sequence()) {
        if (auto done = look_at(row_kind::outcome, *outcomes); !done) return done;
        if (auto done = next(row_kind::outcome, *outcomes); !done) return done;
      }
      if (auto done = next(row_kind::intent, *intents); !done) return done;
      continue;
    }
    found.add(kind::row, outcomes->segment(), outcomes->sequence(),
              "entry " + std::to_string(outcomes->sequence()) + " has an outcome and no intent");
    if (auto done = look_at(row_kind::outcome, *outcomes); !done) return done;
    if (auto done = next(row_kind::outcome, *outcomes); !done) return done;
  }
  return {};
}

result<void> row_verifier::open_current(const verify_range& range) {
  auto current = db_.prepare(
      "SELECT of_seq," + std::string(schema::outcome_columns()) +
      " FROM correction c WHERE kind IN ('resolved','corrected') AND of_seq BETWEEN ? AND ? AND "
      "seq = (SELECT max(seq) FROM correction WHERE of_seq = c.of_seq AND kind IN "
      "('resolved','corrected')) ORDER BY of_seq");
  if (!current) return current.error();
  current_ = std::move(*current);
  current_.bind(1, range.first);
  current_.bind(2, range.last);
  return next_current();
}

result<void> row_verifier::next_current() {
  const int code = current_.step();
  has_current_ = code == SQLITE_ROW;
  // Damage of the index or of a row is told by the pass over the corrections.
  if (!has_current_ && code != SQLITE_DONE && !sqlite::is_damage(db_.last_code()))
    return db_.last_error("read");
  return {};
}

/// The intent's attempt, as it stands now.
result<void> row_verifier::count(row_stream& intent, row_stream& outcome) {
  static const fate_columns of_outcome(row_stream::first_column);
  static const fate_columns of_current(current_first_column);
  const std::int64_t sequence = intent.sequence();
  while (has_current_ && current_.integer(0) < sequence)
    if (auto done = next_current(); !done) return done;
  if (has_current_ && current_.integer(0) == sequence)
    return sums.add(intent.columns(), &current_, &of_current);
  const bool is_ended = outcome.is_row() && outcome.sequence() == sequence;
  return sums.add(intent.columns(), is_ended ? &outcome.columns() : nullptr, &of_outcome);
}

result<void> row_verifier::run_corrections(const verify_range& range) {
  auto all =
      row_stream::open(db_, row_kind::correction, range.first_correction, range.last_correction);
  if (!all) return all.error();
  for (;;) {
    if (auto done = next(row_kind::correction, *all); !done) return done;
    if (!all->is_row()) return {};
    if (auto done = look_at(row_kind::correction, *all); !done) return done;
  }
}

}  // namespace ark::detail
