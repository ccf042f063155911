#include "ledger/salvage_copy.hpp"

#include <algorithm>

#include "ledger/budget_rules.hpp"
#include "ledger/query.hpp"
#include "ledger/record.hpp"
#include "ledger/schema.hpp"

namespace ark::detail {
namespace {

using finding = ledger_finding::kind;

// What was found, for as long as the salvage takes: which check fits, and the chain it was in.
constexpr const char* scratch = R"sql(
CREATE TEMP TABLE found_row(
  kind INTEGER NOT NULL, seq INTEGER NOT NULL, segment INTEGER NOT NULL, digest BLOB NOT NULL,
  trust INTEGER NOT NULL, quality INTEGER NOT NULL, PRIMARY KEY(kind, seq)) WITHOUT ROWID;
CREATE TEMP TABLE found_segment(
  id INTEGER PRIMARY KEY, at_us INTEGER NOT NULL,
  intents INTEGER NOT NULL, outcomes INTEGER NOT NULL, corrections INTEGER NOT NULL,
  intents_hash BLOB, outcomes_hash BLOB, corrections_hash BLOB, hash BLOB NOT NULL);
)sql";

/// A correction that says something of a row and changes nothing.
constexpr std::string_view kind_salvaged = "salvaged";

std::string columns_of(row_kind kind) {
  const std::string fate(schema::outcome_columns());
  if (kind == row_kind::intent) return std::string(schema::intent_columns());
  if (kind == row_kind::outcome) return fate;
  return std::string(schema::correction_columns_before()) + "," + fate;
}

std::string insert_sql(row_kind kind) {
  const std::string columns = "seq," + columns_of(kind) + ",row_check";
  std::string sql = "INSERT INTO " + std::string(table_of(kind)) + "(" + columns + ") VALUES(?";
  for (const char c : columns)
    if (c == ',') sql += ",?";
  return sql + ")";
}

/// A row with its number damaged may be in the place of the right one.
std::int64_t quality_of(const placed_row& placed) {
  return (placed.row.trust == row_trust::changed ? 0 : 2) + (placed.has_neighbour ? 1 : 0);
}

std::string text_of(const cell& c) {
  if (c.kind == cell::type::integer) return std::to_string(c.number);
  return std::string(c.text);
}

cost worst_of(const cost& quote) {
  cost c = quote;
  if (quote.status == cost_status::unknown) return c;
  c.status = cost_status::interval;
  c.value = c.high;
  c.low = {};
  return c;
}

}  // namespace

result<void> salvage_copy::prepare() {
  if (auto made = db_.run(scratch); !made) return made;
  std::vector<std::pair<sqlite::statement*, std::string>> all = {
      {&known_, "SELECT digest, quality FROM found_row WHERE kind = ? AND seq = ?"},
      {&keep_, "INSERT OR REPLACE INTO found_row VALUES(?,?,?,?,?,?)"},
      {&segment_, "INSERT OR IGNORE INTO found_segment VALUES(?,?,?,?,?,?,?,?,?)"},
      // A copy of a page that was not replaced yet comes first.
      {&session_,
       "INSERT OR IGNORE INTO session(id,pid,process_start,boot_id,host,opened_us,"
       "library,spooled,pid_space) VALUES(?,?,?,?,?,?,?,?,?)"},
      {&budget_, "INSERT OR IGNORE INTO budget VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"},
      {&entry_, "SELECT " + entry_columns(true) + std::string(from_clause(true)) +
                    "i.seq = ? AND o.seq IS NOT NULL"},
      {&attempt_, "SELECT attempt_id FROM intent WHERE seq = ?"}};
  for (const auto kind : {row_kind::intent, row_kind::outcome, row_kind::correction}) {
    const auto at = static_cast<std::size_t>(kind);
    all.emplace_back(&insert_[at], insert_sql(kind));
    all.emplace_back(&remove_[at], "DELETE FROM " + std::string(table_of(kind)) + " WHERE seq = ?");
  }
  for (const auto& [into, sql] : all) {
    auto made = db_.prepare(sql, true);
    if (!made) return made.error();
    *into = std::move(*made);
  }
  return {};
}

row_taker salvage_copy::taker() {
  return {.row = [this](const placed_row& placed) { return add(placed); },
          .segment = [this](const found_segment& segment) { return add(segment); },
          .session =
              [this](std::int64_t key, const std::vector<cell>& columns) {
                return add_other(session_, key, columns, told_.sessions);
              },
          .budget =
              [this](std::int64_t key, const std::vector<cell>& columns) {
                return add_other(budget_, key, columns, told_.budgets);
              }};
}

result<void> salvage_copy::step(sqlite::statement& statement) {
  result<void> done;
  if (const int code = statement.step(); code != SQLITE_DONE && code != SQLITE_ROW)
    done = db_.last_error("record in");
  statement.reset();
  return done;
}

result<void> salvage_copy::add(const found_segment& segment) {
  return insert_segment(db_, segment_, segment.made, segment.hash);
}

result<void> salvage_copy::add_other(sqlite::statement& insert, std::int64_t key,
                                     const std::vector<cell>& columns, std::int64_t& count) {
  insert.bind(1, key);
  insert.bind(2, columns);
  auto done = step(insert);
  if (done) count += sqlite3_changes(db_.raw());
  return done;
}

/// An attempt that ended is money: what it cost is told even where nobody can say which it was.
void salvage_copy::tell_misplaced(const placed_row& placed) {
  const auto& row = placed.row;
  std::string text = "page " + std::to_string(placed.page) + " has an " +
                     std::string(table_of(row.kind)) + " whose number, " +
                     std::to_string(placed.sequence) + ", cannot be right; it is not taken over";
  const std::string names = columns_of(row.kind);
  std::string_view rest = names;
  for (std::size_t i = 0; i < row.columns.size() && !rest.empty(); ++i) {
    const auto comma = rest.find(',');
    const std::string_view name = rest.substr(0, comma);
    if (row.columns[i].kind != cell::type::null)
      text += (i == 0 ? ": " : ", ") + std::string(name) + "=" + text_of(row.columns[i]);
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
  }
  found_.add(finding::row, row.segment, placed.sequence, std::move(text));
}

result<bool> salvage_copy::make_room(const placed_row& placed, std::int64_t quality) {
  const auto kind = static_cast<std::size_t>(placed.row.kind);
  known_.bind(1, static_cast<std::int64_t>(kind));
  known_.bind(2, placed.sequence);
  const int code = known_.step();
  if (code == SQLITE_DONE) {
    known_.reset();
    return true;
  }
  if (code != SQLITE_ROW) return db_.last_error("read");
  const bool same = known_.bytes(0) == bytes_of(placed.row.is);
  const std::int64_t has = known_.integer(1);
  known_.reset();
  if (same) return false;
  // Which of two is told once: the one that is not kept, or what took its place.
  if (!placed.is_older || has >= 2)
    found_.add(finding::row, placed.row.segment, placed.sequence,
               "the " + std::string(table_of(placed.row.kind)) + " of number " +
                   std::to_string(placed.sequence) +
                   " is there twice, and not the same: the one that stands beside its neighbours "
                   "is kept");
  if (quality <= has) return false;
  remove_[kind].bind(1, placed.sequence);
  auto removed = step(remove_[kind]);
  if (!removed) return removed.error();
  return true;
}

result<void> salvage_copy::add(const placed_row& placed) {
  if (placed.is_misplaced) {
    if (!placed.is_older) tell_misplaced(placed);
    return {};
  }
  const auto& row = placed.row;
  const std::int64_t quality = quality_of(placed);
  const auto wanted = make_room(placed, quality);
  if (!wanted) return wanted.error();
  if (!*wanted) return {};
  keep_.bind(1, static_cast<std::int64_t>(row.kind));
  keep_.bind(2, placed.sequence);
  keep_.bind(3, row.segment);
  keep_.bind_bytes(4, bytes_of(row.is));
  keep_.bind(5, static_cast<std::int64_t>(row.trust));
  keep_.bind(6, quality);
  if (auto done = step(keep_); !done) return done;
  std::vector<cell> columns = row.columns;
  constexpr std::size_t kind_column = 2;
  // It counts for nothing: which attempt it is of, and what it says, cannot be trusted.
  if (row.kind == row_kind::correction && row.trust == row_trust::changed)
    columns[kind_column].text = kind_salvaged;
  auto done = put(row.kind, placed.sequence, columns);
  // A second one that resolves an attempt, from before rows had a check.
  if (done || db_.last_code() != SQLITE_CONSTRAINT_UNIQUE) return done;
  columns[kind_column].text = kind_salvaged;
  return put(row.kind, placed.sequence, columns);
}

result<void> salvage_copy::put(row_kind kind, std::int64_t sequence,
                               const std::vector<cell>& columns) {
  row_digest made;
  made.cells(columns);
  auto& insert = insert_[static_cast<std::size_t>(kind)];
  insert.bind(1, sequence);
  insert.bind(2, columns);
  insert.bind(static_cast<int>(columns.size()) + 2, row_check(made.finish()));
  return step(insert);
}

result<std::int64_t> salvage_copy::last_number(row_kind kind) {
  if (kind == row_kind::correction) return db_.integer("SELECT max(seq) FROM correction");
  return db_.integer(
      "SELECT max(ifnull((SELECT max(seq) FROM intent),0), ifnull((SELECT max(seq) FROM "
      "outcome),0), ifnull((SELECT max(of_seq) FROM correction WHERE kind <> 'salvaged'),0))");
}

result<void> salvage_copy::put_correction(std::optional<std::int64_t> of, std::int64_t attempt_id,
                                          std::string_view kind, std::span<const cell> fate) {
  if (next_correction_ == 0) {
    const auto last = last_number(row_kind::correction);
    if (!last) return last.error();
    next_correction_ = *last + 1;
  }
  row before;
  if (of)
    before.integer(*of);
  else
    before.skip();
  before.integer(attempt_id);
  before.text(kind);
  before.integer(now_us_);
  std::vector<cell> columns(before.cells().begin(), before.cells().end());
  columns.insert(columns.end(), fate.begin(), fate.end());
  return put(row_kind::correction, next_correction_++, columns);
}

namespace {

/// Columns of a query as cells; their texts live until its next step.
std::vector<cell> cells_from(sqlite::statement& query, int first, int count) {
  std::vector<cell> cells;
  for (int i = first; i < first + count; ++i) {
    sqlite3_value* const value = query.value(i);
    if (sqlite3_value_type(value) == SQLITE_INTEGER)
      cells.push_back({.kind = cell::type::integer, .number = sqlite3_value_int64(value)});
    else if (sqlite3_value_type(value) == SQLITE_TEXT)
      cells.push_back({.kind = cell::type::text, .text = query.text(i)});
    else
      cells.emplace_back();
  }
  return cells;
}

int column_at(std::string_view columns, std::string_view name) {
  int at = 0;
  while (columns.substr(0, columns.find(',')) != name) {
    columns.remove_prefix(columns.find(',') + 1);
    ++at;
  }
  return at;
}

int fate_columns() {
  const std::string_view columns = schema::outcome_columns();
  return 1 + static_cast<int>(std::count(columns.begin(), columns.end(), ','));
}

/// Puts `note` before what the row's own says; it must live as long as the cells.
void add_note(std::vector<cell>& fate, std::string& note) {
  auto& own = fate[static_cast<std::size_t>(column_at(schema::outcome_columns(), "note"))];
  if (own.kind == cell::type::text) note += "; " + std::string(own.text);
  own = {.kind = cell::type::text, .text = note};
}

/// Into the sums of what orphans cost, by currency.
void add_cost(std::vector<money>& to, std::string_view currency, amount value) {
  for (money& m : to)
    if (m.currency == currency) {
      m.value = amount::from_raw(m.value.raw() + value.raw());
      return;
    }
  to.push_back({.value = value, .currency = std::string(currency)});
}

}  // namespace

/// The next attempt gets a number that was a lost one's: nothing may count for it that is not its
/// own.
result<void> salvage_copy::free_numbers() {
  auto query =
      db_.prepare("SELECT seq,attempt_id,recorded_us," + std::string(schema::outcome_columns()) +
                  " FROM correction WHERE kind IN ('resolved','corrected') AND of_seq > (SELECT "
                  "ifnull(max(seq),0) FROM intent) ORDER BY seq");
  if (!query) return query.error();
  std::vector<std::int64_t> sequences;
  int code = SQLITE_ROW;
  while ((code = query->step()) == SQLITE_ROW) {
    auto fate = cells_from(*query, 3, fate_columns());
    std::string note = "salvage: it was of an attempt that is lost";
    add_note(fate, note);
    if (auto done = put_correction({}, query->integer(1), "orphan", fate); !done) return done;
    sequences.push_back(query->integer(0));
  }
  if (code != SQLITE_DONE) return db_.last_error("read");
  auto& remove = remove_[static_cast<std::size_t>(row_kind::correction)];
  for (const std::int64_t sequence : sequences) {
    remove.bind(1, sequence);
    if (auto done = step(remove); !done) return done;
  }
  return {};
}

result<void> salvage_copy::keep_orphans() {
  const std::string_view columns = schema::outcome_columns();
  if (auto done = free_numbers(); !done) return done;
  const auto last = db_.integer("SELECT max(seq) FROM intent");
  if (!last) return last.error();
  const int cost_at = column_at(columns, "cost_micro"),
            currency_at = column_at(columns, "currency");
  auto query = db_.prepare("SELECT seq," + std::string(columns) +
                           " FROM outcome o WHERE NOT EXISTS(SELECT 1 FROM intent i WHERE i.seq = "
                           "o.seq) ORDER BY seq");
  if (!query) return query.error();
  int code = SQLITE_ROW;
  while ((code = query->step()) == SQLITE_ROW) {
    auto fate = cells_from(*query, 1, fate_columns());
    const std::int64_t of = query->integer(0);
    std::string note =
        "salvage: what entry " + std::to_string(of) + " of the damaged ledger was sent for is lost";
    add_note(fate, note);
    // A number behind the last is given again.
    const auto named = of <= *last ? std::optional(of) : std::nullopt;
    if (auto done = put_correction(named, 0, "orphan", fate); !done) return done;
    ++told_.orphans;
    const auto& value = fate[static_cast<std::size_t>(cost_at)];
    const std::string_view currency = fate[static_cast<std::size_t>(currency_at)].text;
    if (value.kind == cell::type::integer && !currency.empty())
      add_cost(told_.orphan_cost, currency,
               join(value.number, fate[static_cast<std::size_t>(cost_at) + 1].number));
  }
  if (code != SQLITE_DONE) return db_.last_error("read");
  return db_.run(
      "DELETE FROM outcome WHERE NOT EXISTS(SELECT 1 FROM intent i WHERE i.seq = outcome.seq)");
}

result<void> salvage_copy::book_lost_outcomes(const std::vector<number_range>& gaps) {
  auto query = db_.prepare(
      "SELECT seq,begun_us,quote_status,quote_currency,quote_price_hash,quote_micro,quote_femto,"
      "quote_high_micro,quote_high_femto,EXISTS(SELECT 1 FROM correction c WHERE c.of_seq = i.seq "
      "AND c.kind IN ('resolved','corrected')) FROM intent i WHERE seq BETWEEN ? AND ? AND NOT "
      "EXISTS(SELECT 1 FROM outcome o WHERE o.seq = i.seq) ORDER BY seq");
  if (!query) return query.error();
  for (const number_range& gap : gaps) {
    query->bind(1, gap.first);
    query->bind(2, gap.last);
    int code = SQLITE_ROW;
    while ((code = query->step()) == SQLITE_ROW) {
      cost quote{.status = status_named(query->text(2)),
                 .currency = std::string(query->text(3)),
                 .price_hash = std::string(query->text(4))};
      quote.high = query->is_null(7) ? join(query->integer(5), query->integer(6))
                                     : join(query->integer(7), query->integer(8));
      const attempt_outcome lost{.state = attempt_state::ambiguous,
                                 .ended = from_us(now_us_),
                                 .cost = worst_of(quote),
                                 .finish = std::string(finish_lost)};
      row fate;
      fill(fate, lost, "salvage: whether it ended, and how, could not be read any more");
      const std::vector<cell> columns(fate.cells().begin(), fate.cells().end());
      if (auto done = put(row_kind::outcome, query->integer(0), columns); !done) return done;
      told_.in_doubt += query->integer(9) == 0 ? 1 : 0;
    }
    if (code != SQLITE_DONE) return db_.last_error("read");
    query->reset();
  }
  return {};
}

result<void> salvage_copy::mark_changed() {
  auto query = db_.prepare("SELECT kind, seq, segment FROM found_row WHERE trust = ? ORDER BY seq");
  if (!query) return query.error();
  query->bind(1, static_cast<std::int64_t>(row_trust::changed));
  int code = SQLITE_ROW;
  while ((code = query->step()) == SQLITE_ROW) {
    const auto kind = static_cast<row_kind>(query->integer(0));
    found_.add(finding::row, query->integer(2), query->integer(1),
               "the " + std::string(table_of(kind)) + " of number " +
                   std::to_string(query->integer(1)) + " does not fit its own check");
    if (auto done = mark(kind, query->integer(1)); !done) return done;
  }
  if (code != SQLITE_DONE) return db_.last_error("read");
  return {};
}

namespace {
/// Whether another outcome than the first one counts.
result<bool> is_corrected(sqlite::database& db, std::int64_t sequence) {
  auto query = db.prepare(
      "SELECT EXISTS(SELECT 1 FROM correction WHERE of_seq = ? AND kind IN "
      "('resolved','corrected'))");
  if (!query) return query.error();
  query->bind(1, sequence);
  if (query->step() != SQLITE_ROW) return db.last_error("read");
  return query->integer(0) != 0;
}
}  // namespace

/// An attempt whose outcome may be wrong is in doubt, and a mark is of no use for anything else.
result<void> salvage_copy::mark(row_kind kind, std::int64_t sequence) {
  if (kind == row_kind::outcome) {
    const auto corrected = is_corrected(db_, sequence);
    if (!corrected) return corrected.error();
    constexpr const char* note = "salvage: its outcome does not fit its own check";
    return *corrected ? tell_mark(sequence, note) : doubt(sequence, note);
  }
  if (kind == row_kind::intent)
    return tell_mark(sequence, "salvage: what it was sent for does not fit its own check");
  auto query = db_.prepare("SELECT of_seq FROM correction WHERE seq = ?");
  if (!query) return query.error();
  query->bind(1, sequence);
  if (query->step() != SQLITE_ROW || query->is_null(0)) return {};
  return doubt(query->integer(0),
               "salvage: correction " + std::to_string(sequence) + " does not fit its own check");
}

result<void> salvage_copy::tell_mark(std::int64_t sequence, const std::string& note) {
  attempt_.bind(1, sequence);
  const bool is_there = attempt_.step() == SQLITE_ROW;
  const std::int64_t id = is_there ? attempt_.integer(0) : 0;
  attempt_.reset();
  row fate;
  fill(fate, {.state = attempt_state::ambiguous, .ended = from_us(now_us_)}, note);
  return put_correction(sequence, id, kind_salvaged, fate.cells());
}

result<void> salvage_copy::doubt(std::int64_t sequence, std::string_view note) {
  entry_.bind(1, sequence);
  const int code = entry_.step();
  if (code != SQLITE_ROW) {
    entry_.reset();
    return code == SQLITE_DONE ? result<void>() : db_.last_error("read");
  }
  auto e = read_entry(entry_);
  entry_.reset();
  if (!e) return e.error();
  if (e->note.starts_with("salvage: ")) return {};
  attempt_.bind(1, sequence);
  const std::int64_t id = attempt_.step() == SQLITE_ROW ? attempt_.integer(0) : 0;
  attempt_.reset();
  const std::string said = std::string(note) + " (" + std::string(to_string(e->state)) +
                           (e->cost.status == cost_status::unknown
                                ? std::string()
                                : ", " + e->cost.value.to_string() + " " + e->cost.currency) +
                           ")" + (e->note.empty() ? "" : "; " + e->note);
  const attempt_outcome now{.state = attempt_state::ambiguous,
                            .ended = e->ended.value_or(e->begun),
                            .usage = e->usage,
                            .cost = worst_of(e->quote),
                            .reply_model = e->reply_model,
                            .finish = e->finish,
                            .request_id = e->request_id,
                            .http_status = e->http_status,
                            .latency = e->latency,
                            .error = e->error};
  row fate;
  fill(fate, now, said);
  ++told_.in_doubt;
  return put_correction(sequence, id, "corrected", fate.cells());
}

/// Whoever wrote an intent has a row, also where nothing more is known of it than that.
result<void> salvage_copy::name_sessions() {
  return db_.run(
      "INSERT INTO session(id,pid,process_start,boot_id,host,opened_us,library) SELECT DISTINCT "
      "session,0,0,'','',0,'' FROM intent WHERE session NOT IN (SELECT id FROM session)");
}

result<void> salvage_copy::finish() {
  if (auto done = name_sessions(); !done) return done;
  for (auto* statement : {&known_, &keep_, &segment_}) *statement = {};
  return db_.run("DROP TABLE temp.found_row; DROP TABLE temp.found_segment;");
}

}  // namespace ark::detail
