#include "ledger/rollup.hpp"

#include <algorithm>

#include "ledger/query.hpp"
#include "ledger/record.hpp"
#include "ledger/schema.hpp"

namespace ark::detail {
namespace {

std::string upsert_sql() {
  const std::string_view columns = schema::rollup_columns();
  std::string values = "?,?,?";
  std::string set;
  for (std::string_view rest = columns; !rest.empty();) {
    const auto comma = rest.find(',');
    const std::string name(rest.substr(0, comma));
    rest = comma == std::string_view::npos ? "" : rest.substr(comma + 1);
    values += ",?";
    set += (set.empty() ? "" : ",") + name + "=" + name + "+excluded." + name;
  }
  return "INSERT INTO rollup(day,dimension,key," + std::string(columns) + ") VALUES(" + values +
         ") ON CONFLICT DO UPDATE SET " + set;
}

/// False if an amount is beyond what two columns hold.
bool bind_line(sqlite::statement& to, int first, const report_line& line) {
  for (const auto member : counter_members) to.bind(first++, line.*member);
  for (const auto member : sum_members) {
    const auto parts = split(line.*member);
    if (!parts) return false;
    to.bind(first++, parts->micro);
    to.bind(first++, parts->femto);
  }
  return true;
}

}  // namespace

result<void> rollup::prepare() {
  auto made = db_.prepare(upsert_sql(), true);
  if (!made) return made.error();
  upsert_ = std::move(*made);
  return {};
}

result<void> rollup::begun(const attempt_intent& i) {
  known made{shape_of(i.vendor, i.model, i.tenant, i.task, i.tags), day_of(to_us(i.begun)),
             i.quote};
  if (auto done = change(made, standing_of(made.quote), true); !done) return done;
  open_.emplace(i.attempt_id, std::move(made));
  opened_now_.push_back(i.attempt_id);
  return {};
}

result<void> rollup::ended(std::int64_t sequence, const attempt_outcome& outcome) {
  const auto opened = open_.find(outcome.attempt_id);
  known of;
  if (opened != open_.end()) {
    of = opened->second;
    closed_now_.push_back(outcome.attempt_id);
  } else {
    auto found = read(sequence);
    if (!found) return found.error();
    of = std::move(*found);
  }
  const standing open = standing_of(of.quote);
  if (auto done = change(of, open, false); !done) return done;
  return change(of, detail::ended(open, outcome), true);
}

result<void> rollup::corrected(const ledger_entry& was, const attempt_outcome& now) {
  const known of{shape_of(was.vendor, was.model, was.tenant, was.task, was.tags),
                 day_of(to_us(was.begun)), was.quote};
  if (auto done = change(of, standing_of(was), false); !done) return done;
  return change(of, detail::ended(standing_of(of.quote), now), true);
}

result<void> rollup::counted(const rollup_shape& shape, std::int64_t day, const standing& attempt) {
  const auto slots = keys_.of(shape, currency_of(attempt));
  if (!slots) return slots.error();
  for (const auto& slot : **slots) count(changes_[{day, slot.dimension, slot.key}], attempt);
  return {};
}

/// `more`: it counts; else it does not any longer.
result<void> rollup::change(const known& of, const standing& attempt, bool more) {
  const auto slots = keys_.of(of.shape, currency_of(attempt));
  if (!slots) return slots.error();
  report_line line;
  count(line, attempt);
  for (const auto& slot : **slots) {
    auto& total = changes_[{of.day, slot.dimension, slot.key}];
    if (more)
      add(total, line);
    else
      subtract(total, line);
  }
  return {};
}

/// An attempt that another process, or an earlier life of this one, recorded.
result<rollup::known> rollup::read(std::int64_t sequence) {
  auto query =
      db_.prepare("SELECT " + entry_columns(false) + std::string(from_clause(false)) + "i.seq = ?");
  if (!query) return query.error();
  query->bind(1, sequence);
  if (query->step() != SQLITE_ROW) return db_.last_error("read");
  auto entry = read_entry(*query);
  if (!entry) return entry.error();
  return known{shape_of(entry->vendor, entry->model, entry->tenant, entry->task, entry->tags),
               day_of(to_us(entry->begun)), std::move(entry->quote)};
}

result<void> rollup::write() {
  for (const auto& [place, line] : changes_)
    if (!same_figures(line, {}))
      if (auto done = write(place, line); !done) return done;
  changes_.clear();
  return {};
}

result<void> rollup::write(const rollup_place& place, const report_line& line) {
  const auto [day, dimension, key] = place;
  upsert_.bind(1, day);
  upsert_.bind(2, dimension);
  upsert_.bind(3, key);
  const int code = bind_line(upsert_, 4, line) ? upsert_.step() : SQLITE_CONSTRAINT_DATATYPE;
  result<void> done;
  if (code == SQLITE_CONSTRAINT_DATATYPE)
    // The sum left 64 bits, which the table does not allow: better no sum than a wrong one.
    done = switch_off(db_, dimension);
  else if (code != SQLITE_DONE)
    done = db_.last_error("record in");
  upsert_.reset();
  return done;
}

void rollup::settle(bool committed) {
  for (const auto id : committed ? closed_now_ : opened_now_) open_.erase(id);
  opened_now_.clear();
  closed_now_.clear();
  changes_.clear();
  if (!committed) keys_.forget();
}

namespace {

/// Sums are written, and forgotten, after so many: bounds the memory.
constexpr std::int64_t rows_a_write = 100'000;

result<void> count_rows(sqlite::database& db, rollup& into) {
  auto query = db.prepare("SELECT " + entry_columns(true) + std::string(from_clause(true)) +
                          "1 ORDER BY i.seq");
  if (!query) return query.error();
  int code = SQLITE_ROW;
  std::int64_t rows = 0;
  while ((code = query->step()) == SQLITE_ROW) {
    const auto e = read_entry(*query);
    if (!e) return e.error();
    auto done = into.counted(shape_of(e->vendor, e->model, e->tenant, e->task, e->tags),
                             day_of(to_us(e->begun)), standing_of(*e));
    if (done && ++rows % rows_a_write == 0) done = into.write();
    if (!done) return done;
  }
  if (code != SQLITE_DONE) return db.last_error("read");
  return into.write();
}

}  // namespace

result<void> rebuild_rollups(sqlite::database& db) {
  // Keys stay: other processes remember their numbers.
  if (auto done = db.run("DELETE FROM rollup"); !done) return done;
  rollup fresh(db);
  if (auto ready = fresh.prepare(); !ready) return ready;
  return count_rows(db, fresh);
}

}  // namespace ark::detail
