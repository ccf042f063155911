#include "ledger/schema.hpp"

#include <ark/version.hpp>
#include <array>
#include <string>

#include "ledger/backfill.hpp"
#include "os/os.hpp"

namespace ark::detail::schema {
namespace {

// NOTE: a step that was released never changes: files in the field were made by it. Steps only add.
// Money: two integers with the same sign, `_micro` (1e-6 of the unit) and `_femto` (the rest, in
// 1e-15): SUM() of either is exact. NULL: not known, or nothing to say. Times: microseconds, UTC.
constexpr const char* step_1 = R"sql(
CREATE TABLE schema_version(
  version INTEGER PRIMARY KEY, applied_us INTEGER NOT NULL, library TEXT NOT NULL);
CREATE TABLE intent(
  seq INTEGER PRIMARY KEY,
  begun_us INTEGER NOT NULL,
  attempt_id INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  call_id TEXT, vendor TEXT, model TEXT, operation TEXT,
  tenant TEXT, user TEXT, task TEXT, run TEXT, tags TEXT,
  quote_status TEXT NOT NULL, quote_currency TEXT, quote_price_hash TEXT,
  quote_micro INTEGER, quote_femto INTEGER,
  quote_low_micro INTEGER, quote_low_femto INTEGER,
  quote_high_micro INTEGER, quote_high_femto INTEGER);
CREATE TABLE outcome(
  seq INTEGER PRIMARY KEY REFERENCES intent(seq),
  state TEXT NOT NULL, ended_us INTEGER NOT NULL, latency_us INTEGER NOT NULL,
  cost_status TEXT NOT NULL, currency TEXT,
  cost_micro INTEGER, cost_femto INTEGER,
  low_micro INTEGER, low_femto INTEGER, high_micro INTEGER, high_femto INTEGER,
  price_hash TEXT,
  input INTEGER, cache_read INTEGER,
  cache_write INTEGER, cache_write_5m INTEGER, cache_write_1h INTEGER,
  input_audio INTEGER, input_image INTEGER, input_video INTEGER, tool_prompt INTEGER,
  output INTEGER, reasoning INTEGER, output_audio INTEGER, output_image INTEGER,
  units TEXT, vendor_total INTEGER,
  vendor_cost_micro INTEGER, vendor_cost_femto INTEGER, vendor_currency TEXT,
  service_tier TEXT, reply_model TEXT, finish TEXT, http_status INTEGER, request_id TEXT,
  note TEXT);
CREATE TABLE correction(
  seq INTEGER PRIMARY KEY,
  of_seq INTEGER, attempt_id INTEGER NOT NULL, kind TEXT NOT NULL, recorded_us INTEGER NOT NULL,
  state TEXT NOT NULL, ended_us INTEGER NOT NULL, latency_us INTEGER NOT NULL,
  cost_status TEXT NOT NULL, currency TEXT,
  cost_micro INTEGER, cost_femto INTEGER,
  low_micro INTEGER, low_femto INTEGER, high_micro INTEGER, high_femto INTEGER,
  price_hash TEXT,
  input INTEGER, cache_read INTEGER,
  cache_write INTEGER, cache_write_5m INTEGER, cache_write_1h INTEGER,
  input_audio INTEGER, input_image INTEGER, input_video INTEGER, tool_prompt INTEGER,
  output INTEGER, reasoning INTEGER, output_audio INTEGER, output_image INTEGER,
  units TEXT, vendor_total INTEGER,
  vendor_cost_micro INTEGER, vendor_cost_femto INTEGER, vendor_currency TEXT,
  service_tier TEXT, reply_model TEXT, finish TEXT, http_status INTEGER, request_id TEXT,
  note TEXT);
CREATE UNIQUE INDEX correction_resolved ON correction(of_seq) WHERE kind = 'resolved';
)sql";

// Who wrote an intent, so that a later reader can tell whether its writer still lives; and a view
// for people with a shell.
constexpr const char* step_2 = R"sql(
CREATE TABLE session(
  id INTEGER PRIMARY KEY, pid INTEGER NOT NULL, process_start INTEGER NOT NULL,
  boot_id TEXT NOT NULL, host TEXT NOT NULL, opened_us INTEGER NOT NULL, library TEXT NOT NULL);
ALTER TABLE intent ADD COLUMN session INTEGER;
CREATE VIEW attempt AS
SELECT i.seq, i.call_id, i.attempt, ifnull(ifnull(c.state, o.state), 'sending') AS state,
  strftime('%Y-%m-%dT%H:%M:%SZ', i.begun_us / 1000000, 'unixepoch') AS begun,
  i.begun_us, i.vendor, i.model, i.operation, i.tenant, i.user, i.task, i.run, i.tags,
  iif(c.seq IS NULL, o.currency, c.currency) AS currency,
  iif(c.seq IS NULL, o.cost_status, c.cost_status) AS cost_status,
  iif(c.seq IS NULL, o.cost_micro, c.cost_micro) AS cost_micro,
  iif(c.seq IS NULL, o.cost_femto, c.cost_femto) AS cost_femto,
  iif(c.seq IS NULL, o.low_micro, c.low_micro) AS low_micro,
  iif(c.seq IS NULL, o.low_femto, c.low_femto) AS low_femto,
  iif(c.seq IS NULL, o.high_micro, c.high_micro) AS high_micro,
  iif(c.seq IS NULL, o.high_femto, c.high_femto) AS high_femto,
  iif(c.seq IS NULL, o.input, c.input) AS input,
  iif(c.seq IS NULL, o.cache_read, c.cache_read) AS cache_read,
  iif(c.seq IS NULL, o.output, c.output) AS output,
  iif(c.seq IS NULL, o.reasoning, c.reasoning) AS reasoning,
  iif(c.seq IS NULL, o.finish, c.finish) AS finish,
  iif(c.seq IS NULL, o.request_id, c.request_id) AS request_id
FROM intent i LEFT JOIN outcome o ON o.seq = i.seq
LEFT JOIN correction c ON c.of_seq = i.seq AND c.kind = 'resolved';
)sql";

// How far a session's spool has been taken into the ledger (ledger/spool.hpp).
constexpr const char* step_3 = "ALTER TABLE session ADD COLUMN spooled INTEGER NOT NULL DEFAULT 0;";

// What an entry says besides: its bill line by line, the computed figure where the vendor's is
// booked, why this model, which prompt. Of several corrections the last one counts.
constexpr const char* step_4 = R"sql(
ALTER TABLE intent ADD COLUMN route TEXT;
ALTER TABLE intent ADD COLUMN prompt_id TEXT;
ALTER TABLE intent ADD COLUMN prompt_version TEXT;
ALTER TABLE intent ADD COLUMN inputs_hash TEXT;
ALTER TABLE intent ADD COLUMN lease_us INTEGER;
ALTER TABLE outcome ADD COLUMN lines TEXT;
ALTER TABLE outcome ADD COLUMN computed_micro INTEGER;
ALTER TABLE outcome ADD COLUMN computed_femto INTEGER;
ALTER TABLE outcome ADD COLUMN computed_currency TEXT;
ALTER TABLE outcome ADD COLUMN first_us INTEGER;
ALTER TABLE outcome ADD COLUMN error TEXT;
ALTER TABLE correction ADD COLUMN lines TEXT;
ALTER TABLE correction ADD COLUMN computed_micro INTEGER;
ALTER TABLE correction ADD COLUMN computed_femto INTEGER;
ALTER TABLE correction ADD COLUMN computed_currency TEXT;
ALTER TABLE correction ADD COLUMN first_us INTEGER;
ALTER TABLE correction ADD COLUMN error TEXT;
CREATE INDEX correction_current ON correction(of_seq) WHERE kind IN ('resolved', 'corrected');
DROP VIEW attempt;
CREATE VIEW attempt AS
SELECT i.seq, i.call_id, i.attempt, ifnull(ifnull(c.state, o.state), 'sending') AS state,
  strftime('%Y-%m-%dT%H:%M:%SZ', i.begun_us / 1000000, 'unixepoch') AS begun,
  i.begun_us, i.vendor, i.model, i.operation, i.tenant, i.user, i.task, i.run, i.tags,
  i.route, i.prompt_id, i.prompt_version, i.inputs_hash,
  iif(c.seq IS NULL, o.currency, c.currency) AS currency,
  iif(c.seq IS NULL, o.cost_status, c.cost_status) AS cost_status,
  iif(c.seq IS NULL, o.cost_micro, c.cost_micro) AS cost_micro,
  iif(c.seq IS NULL, o.cost_femto, c.cost_femto) AS cost_femto,
  iif(c.seq IS NULL, o.low_micro, c.low_micro) AS low_micro,
  iif(c.seq IS NULL, o.low_femto, c.low_femto) AS low_femto,
  iif(c.seq IS NULL, o.high_micro, c.high_micro) AS high_micro,
  iif(c.seq IS NULL, o.high_femto, c.high_femto) AS high_femto,
  iif(c.seq IS NULL, o.lines, c.lines) AS lines,
  iif(c.seq IS NULL, o.input, c.input) AS input,
  iif(c.seq IS NULL, o.cache_read, c.cache_read) AS cache_read,
  iif(c.seq IS NULL, o.output, c.output) AS output,
  iif(c.seq IS NULL, o.reasoning, c.reasoning) AS reasoning,
  iif(c.seq IS NULL, o.finish, c.finish) AS finish,
  iif(c.seq IS NULL, o.request_id, c.request_id) AS request_id,
  iif(c.seq IS NULL, o.error, c.error) AS error
FROM intent i LEFT JOIN outcome o ON o.seq = i.seq
LEFT JOIN correction c ON c.seq = (SELECT max(seq) FROM correction
  WHERE of_seq = i.seq AND kind IN ('resolved', 'corrected'));
)sql";

// The chain (ledger/segment.hpp) and the sums by day (ledger/rollup.hpp). A row without a segment
// is from before: the step chains it. STRICT: a sum that leaves 64 bits is an error, not a float.
constexpr const char* step_5 = R"sql(
ALTER TABLE intent ADD COLUMN segment INTEGER;
ALTER TABLE intent ADD COLUMN row_check INTEGER;
ALTER TABLE outcome ADD COLUMN segment INTEGER;
ALTER TABLE outcome ADD COLUMN row_check INTEGER;
ALTER TABLE correction ADD COLUMN segment INTEGER;
ALTER TABLE correction ADD COLUMN row_check INTEGER;
CREATE TABLE segment(
  id INTEGER PRIMARY KEY, at_us INTEGER NOT NULL,
  intents INTEGER NOT NULL, outcomes INTEGER NOT NULL, corrections INTEGER NOT NULL,
  intents_hash BLOB, outcomes_hash BLOB, corrections_hash BLOB, hash BLOB NOT NULL);
CREATE TABLE rollup_dimension(
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, keys INTEGER NOT NULL DEFAULT 0,
  off INTEGER NOT NULL DEFAULT 0);
INSERT INTO rollup_dimension(id, name) VALUES(0, '');
CREATE TABLE rollup_key(
  id INTEGER PRIMARY KEY, dimension INTEGER NOT NULL, value TEXT NOT NULL,
  vendor TEXT NOT NULL, model TEXT NOT NULL, currency TEXT NOT NULL,
  UNIQUE(dimension, value, vendor, model, currency));
CREATE TABLE rollup(
  day INTEGER NOT NULL, dimension INTEGER NOT NULL, key INTEGER NOT NULL,
  attempts INTEGER NOT NULL, settled INTEGER NOT NULL, voided INTEGER NOT NULL,
  ambiguous INTEGER NOT NULL, open INTEGER NOT NULL, unknown_cost INTEGER NOT NULL,
  input INTEGER NOT NULL, cache_read INTEGER NOT NULL, cache_write INTEGER NOT NULL,
  output INTEGER NOT NULL, reasoning INTEGER NOT NULL,
  cost_micro INTEGER NOT NULL, cost_femto INTEGER NOT NULL,
  low_micro INTEGER NOT NULL, low_femto INTEGER NOT NULL,
  high_micro INTEGER NOT NULL, high_femto INTEGER NOT NULL,
  PRIMARY KEY(day, dimension, key)) STRICT, WITHOUT ROWID;
CREATE VIEW spending AS
SELECT date(r.day * 86400, 'unixepoch') AS day, d.name AS dimension, k.value, k.vendor, k.model,
  k.currency, r.attempts, r.settled, r.voided, r.ambiguous, r.open, r.unknown_cost, r.input,
  r.cache_read, r.cache_write, r.output, r.reasoning, r.cost_micro, r.cost_femto, r.low_micro,
  r.low_femto, r.high_micro, r.high_femto
FROM rollup r JOIN rollup_key k ON k.id = r.key JOIN rollup_dimension d ON d.id = r.dimension
WHERE NOT d.off AND r.attempts <> 0;
)sql";

// Budgets. `budget` is their history: each change is a row, the last one of a name is in force.
// What is counted belongs to a line, the versions of a budget that count the same; a line has the
// id of its first version. Windows and reservations are worked on: they say what entries add up to,
// and can be counted anew from them. `ledger_mark`: 'ended', attempts up to it all have outcomes.
constexpr const char* step_budgets = R"sql(
ALTER TABLE session ADD COLUMN pid_space TEXT;
CREATE TABLE budget(
  id INTEGER PRIMARY KEY, line INTEGER NOT NULL, name TEXT NOT NULL, removed INTEGER NOT NULL,
  set_us INTEGER NOT NULL, since_seq INTEGER NOT NULL,
  limit_micro INTEGER NOT NULL, limit_femto INTEGER NOT NULL, currency TEXT NOT NULL,
  period TEXT NOT NULL, length_s INTEGER NOT NULL, offset_min INTEGER NOT NULL,
  scope TEXT NOT NULL, hard INTEGER NOT NULL, allow_unpriced INTEGER NOT NULL,
  hold_lost INTEGER NOT NULL, thresholds TEXT NOT NULL);
CREATE TABLE budget_window(
  line INTEGER NOT NULL, start_us INTEGER NOT NULL,
  spent_micro INTEGER NOT NULL, spent_femto INTEGER NOT NULL,
  reserved_micro INTEGER NOT NULL, reserved_femto INTEGER NOT NULL,
  PRIMARY KEY(line, start_us)) WITHOUT ROWID;
CREATE TABLE reservation(
  seq INTEGER NOT NULL, line INTEGER NOT NULL, start_us INTEGER NOT NULL,
  held_micro INTEGER NOT NULL, held_femto INTEGER NOT NULL,
  spent_micro INTEGER NOT NULL, spent_femto INTEGER NOT NULL,
  expires_us INTEGER NOT NULL, state TEXT NOT NULL, rate TEXT,
  PRIMARY KEY(seq, line)) WITHOUT ROWID;
CREATE INDEX reservation_unsettled ON reservation(state, expires_us) WHERE state <> 'done';
CREATE TABLE budget_told(
  budget INTEGER NOT NULL, start_us INTEGER NOT NULL, percent INTEGER NOT NULL,
  spent_micro INTEGER NOT NULL, spent_femto INTEGER NOT NULL, at_us INTEGER NOT NULL,
  PRIMARY KEY(budget, start_us, percent)) WITHOUT ROWID;
CREATE TABLE ledger_mark(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
)sql";

/// What a step does besides its SQL.
using filling = result<void> (*)(sqlite::database&);
struct step {
  const char* sql;
  filling fill = nullptr;
};
constexpr std::array<step, 6> steps = {
    {{step_1}, {step_2}, {step_3}, {step_4}, {step_5, &fill_chain}, {step_budgets}}};
static_assert(steps.size() == version);

error foreign(const std::string& path) {
  return {.code = errc::ledger,
          .message = "the file " + path + " is a database of another program: name another file"};
}

error newer(const std::string& path, std::int64_t found) {
  return {.code = errc::ledger,
          .message = "the ledger " + path + " has schema version " + std::to_string(found) +
                     " and this library knows up to " + std::to_string(version) +
                     ": use a newer libark, or name another ledger"};
}

result<std::int64_t> read_version(sqlite::database& db, const std::string& path) {
  const auto id = db.integer("PRAGMA application_id");
  if (!id) return id.error();
  const auto tables = db.integer("SELECT count(*) FROM sqlite_schema");
  if (!tables) return tables.error();
  if (*id == 0 && *tables == 0) return std::int64_t{0};
  if (*id != application_id) return foreign(path);
  const auto found = db.integer("SELECT max(version) FROM schema_version");
  if (!found) return found.error();
  if (*found > version) return newer(path, *found);
  return *found;
}

/// 0: an empty file. Fails on another program's database and on a newer ledger. In one snapshot: a
/// file that another process is just making is either empty or whole.
result<std::int64_t> version_of(sqlite::database& db, const std::string& path) {
  const bool alone = sqlite3_get_autocommit(db.raw()) != 0;
  if (alone)
    if (auto begun = db.run("BEGIN"); !begun) return begun.error();
  auto found = read_version(db, path);
  if (!alone) return found;
  auto ended = db.run("COMMIT");
  if (found && !ended) return ended.error();
  return found;
}

result<void> apply(sqlite::database& db, int number) {
  const step& next = steps[static_cast<std::size_t>(number - 1)];
  if (auto done = db.run(next.sql); !done) return done;
  auto insert =
      db.prepare("INSERT INTO schema_version(version, applied_us, library) VALUES(?,?,?)");
  if (!insert) return insert.error();
  const auto now = os::real().wall_now().time_since_epoch();
  insert->bind(1, number);
  insert->bind(2, std::chrono::duration_cast<std::chrono::microseconds>(now).count());
  insert->bind(3, ark::version());
  if (insert->step() != SQLITE_DONE) return db.last_error("migrate");
  return {};
}

/// In the newest schema, which its code is written for.
result<void> fill(sqlite::database& db, int number) {
  const filling with = steps[static_cast<std::size_t>(number - 1)].fill;
  return with == nullptr ? result<void>() : with(db);
}

result<void> migrate_in_transaction(sqlite::database& db, const std::string& path) {
  // Asked again inside the transaction: another process may have been quicker.
  const auto from = version_of(db, path);
  if (!from) return from.error();
  if (*from == 0) {
    const std::string mark = "PRAGMA application_id = " + std::to_string(application_id);
    if (auto done = db.run(mark.c_str()); !done) return done;
  }
  for (int number = static_cast<int>(*from) + 1; number <= version; ++number)
    if (auto done = apply(db, number); !done) return done;
  if (*from == 0) return {};
  for (int number = static_cast<int>(*from) + 1; number <= version; ++number)
    if (auto done = fill(db, number); !done) return done;
  return {};
}

}  // namespace

result<void> migrate(sqlite::database& db, const std::string& path) {
  const auto found = version_of(db, path);
  if (!found) return found.error();
  if (*found == version) return {};
  if (auto begun = db.run("BEGIN IMMEDIATE"); !begun) return begun;
  auto done = migrate_in_transaction(db, path);
  if (done) done = db.run("COMMIT");
  // A failed rollback leaves nothing to undo: the connection is about to be closed.
  if (!done) static_cast<void>(db.run("ROLLBACK"));
  return done;
}

result<void> check_known(sqlite::database& db, const std::string& path) {
  const auto found = version_of(db, path);
  if (!found) return found.error();
  return {};
}

result<void> check(sqlite::database& db, const std::string& path) {
  const auto found = version_of(db, path);
  if (!found) return found.error();
  // The columns of every step are read.
  if (*found == version) return {};
  if (*found > 0)
    return error{.code = errc::unsupported,
                 .message = "the ledger " + path +
                            " is of an older version: open it once for writing, which brings it "
                            "forward"};
  return error{.code = errc::not_found, .message = "nothing was recorded in " + path + " yet"};
}

std::string_view intent_columns() {
  return "begun_us,attempt_id,attempt,call_id,vendor,model,operation,tenant,user,task,run,tags,"
         "quote_status,quote_currency,quote_price_hash,quote_micro,quote_femto,quote_low_micro,"
         "quote_low_femto,quote_high_micro,quote_high_femto,session,route,prompt_id,"
         "prompt_version,inputs_hash,lease_us";
}

std::string_view outcome_columns() {
  return "state,ended_us,latency_us,cost_status,currency,cost_micro,cost_femto,low_micro,low_femto,"
         "high_micro,high_femto,price_hash,input,cache_read,cache_write,cache_write_5m,"
         "cache_write_1h,input_audio,input_image,input_video,tool_prompt,output,reasoning,"
         "output_audio,output_image,units,vendor_total,vendor_cost_micro,vendor_cost_femto,"
         "vendor_currency,service_tier,reply_model,finish,http_status,request_id,note,lines,"
         "computed_micro,computed_femto,computed_currency,first_us,error";
}

std::string_view correction_columns_before() { return "of_seq,attempt_id,kind,recorded_us"; }

std::string_view chain_columns() { return "segment,row_check"; }

std::string_view rollup_columns() {
  return "attempts,settled,voided,ambiguous,open,unknown_cost,input,cache_read,cache_write,output,"
         "reasoning,cost_micro,cost_femto,low_micro,low_femto,high_micro,high_femto";
}

}  // namespace ark::detail::schema
