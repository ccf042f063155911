#include "ledger_pg/pg_schema.hpp"

#include <algorithm>
#include <ark/version.hpp>
#include <array>

#include "ledger/schema.hpp"
#include "ledger_pg/pg_rollup.hpp"
#include "ledger_pg/pg_rollup_step.hpp"
#include "ledger_pg/pg_seal.hpp"
#include "os/os.hpp"

namespace ark::pg::schema {
namespace {

// NOTE: a step that was released never changes: databases in the field were made by it. Steps only
// add. Money: two integers of the same sign, `_micro` (1e-6 of the unit) and `_femto` (the rest, in
// 1e-15), as in the file; the view has it as NUMERIC. Times: microseconds, UTC.
constexpr const char* step_1 = R"sql(
CREATE TABLE ark.session(
  id bigint PRIMARY KEY, pid bigint NOT NULL, process_start bigint NOT NULL,
  boot_id text NOT NULL, host text NOT NULL, opened_us bigint NOT NULL, library text NOT NULL,
  committed bigint NOT NULL DEFAULT 0,
  seen timestamptz NOT NULL DEFAULT clock_timestamp()) WITH (fillfactor = 30);
CREATE TABLE ark.intent(
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  begun_us bigint NOT NULL,
  attempt_id bigint NOT NULL UNIQUE,
  attempt bigint NOT NULL,
  call_id text, vendor text, model text, operation text,
  tenant text, "user" text, task text, run text, tags text,
  quote_status text NOT NULL, quote_currency text, quote_price_hash text,
  quote_micro bigint, quote_femto bigint,
  quote_low_micro bigint, quote_low_femto bigint,
  quote_high_micro bigint, quote_high_femto bigint,
  session bigint, route text, prompt_id text, prompt_version text, inputs_hash text,
  lease_us bigint);
CREATE INDEX intent_begun ON ark.intent USING brin (begun_us);
CREATE TABLE ark.outcome(
  seq bigint PRIMARY KEY,
  state text NOT NULL, ended_us bigint NOT NULL, latency_us bigint NOT NULL,
  cost_status text NOT NULL, currency text,
  cost_micro bigint, cost_femto bigint,
  low_micro bigint, low_femto bigint, high_micro bigint, high_femto bigint,
  price_hash text,
  input bigint, cache_read bigint,
  cache_write bigint, cache_write_5m bigint, cache_write_1h bigint,
  input_audio bigint, input_image bigint, input_video bigint, tool_prompt bigint,
  output bigint, reasoning bigint, output_audio bigint, output_image bigint,
  units text, vendor_total bigint,
  vendor_cost_micro bigint, vendor_cost_femto bigint, vendor_currency text,
  service_tier text, reply_model text, finish text, http_status bigint, request_id text,
  note text, lines text,
  computed_micro bigint, computed_femto bigint, computed_currency text,
  first_us bigint, error text);
CREATE TABLE ark.correction(
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  of_seq bigint, attempt_id bigint NOT NULL, kind text NOT NULL, recorded_us bigint NOT NULL,
  state text NOT NULL, ended_us bigint NOT NULL, latency_us bigint NOT NULL,
  cost_status text NOT NULL, currency text,
  cost_micro bigint, cost_femto bigint,
  low_micro bigint, low_femto bigint, high_micro bigint, high_femto bigint,
  price_hash text,
  input bigint, cache_read bigint,
  cache_write bigint, cache_write_5m bigint, cache_write_1h bigint,
  input_audio bigint, input_image bigint, input_video bigint, tool_prompt bigint,
  output bigint, reasoning bigint, output_audio bigint, output_image bigint,
  units text, vendor_total bigint,
  vendor_cost_micro bigint, vendor_cost_femto bigint, vendor_currency text,
  service_tier text, reply_model text, finish text, http_status bigint, request_id text,
  note text, lines text,
  computed_micro bigint, computed_femto bigint, computed_currency text,
  first_us bigint, error text);
CREATE UNIQUE INDEX correction_resolved ON ark.correction(of_seq) WHERE kind = 'resolved';
CREATE INDEX correction_current ON ark.correction(of_seq, seq)
  WHERE kind IN ('resolved', 'corrected');
CREATE TABLE ark.copied(
  source bigint PRIMARY KEY, corrections bigint NOT NULL, last bigint NOT NULL);
CREATE FUNCTION ark.append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the ledger is append-only: rows of ark.% are never changed', TG_TABLE_NAME;
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ark.intent
  FOR EACH STATEMENT EXECUTE FUNCTION ark.append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ark.outcome
  FOR EACH STATEMENT EXECUTE FUNCTION ark.append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ark.correction
  FOR EACH STATEMENT EXECUTE FUNCTION ark.append_only();
CREATE VIEW ark.attempt AS
SELECT i.seq, i.call_id, i.attempt, coalesce(c.state, o.state, 'sending') AS state,
  to_timestamp(i.begun_us / 1000000.0) AS begun, i.begun_us, i.vendor, i.model, i.operation,
  i.tenant, i."user", i.task, i.run, i.tags, i.route, i.prompt_id, i.prompt_version,
  i.inputs_hash,
  CASE WHEN c.seq IS NULL THEN o.currency ELSE c.currency END AS currency,
  CASE WHEN c.seq IS NULL THEN o.cost_status ELSE c.cost_status END AS cost_status,
  (CASE WHEN c.seq IS NULL THEN o.cost_micro ELSE c.cost_micro END)::numeric / 1000000 +
    (CASE WHEN c.seq IS NULL THEN o.cost_femto ELSE c.cost_femto END)::numeric * 0.000000000000001 AS cost,
  (CASE WHEN c.seq IS NULL THEN o.low_micro ELSE c.low_micro END)::numeric / 1000000 +
    (CASE WHEN c.seq IS NULL THEN o.low_femto ELSE c.low_femto END)::numeric * 0.000000000000001 AS low,
  (CASE WHEN c.seq IS NULL THEN o.high_micro ELSE c.high_micro END)::numeric / 1000000 +
    (CASE WHEN c.seq IS NULL THEN o.high_femto ELSE c.high_femto END)::numeric * 0.000000000000001 AS high,
  CASE WHEN c.seq IS NULL THEN o.lines ELSE c.lines END AS lines,
  CASE WHEN c.seq IS NULL THEN o.input ELSE c.input END AS input,
  CASE WHEN c.seq IS NULL THEN o.cache_read ELSE c.cache_read END AS cache_read,
  CASE WHEN c.seq IS NULL THEN o.output ELSE c.output END AS output,
  CASE WHEN c.seq IS NULL THEN o.reasoning ELSE c.reasoning END AS reasoning,
  CASE WHEN c.seq IS NULL THEN o.finish ELSE c.finish END AS finish,
  CASE WHEN c.seq IS NULL THEN o.request_id ELSE c.request_id END AS request_id,
  CASE WHEN c.seq IS NULL THEN o.error ELSE c.error END AS error
FROM ark.intent i LEFT JOIN ark.outcome o ON o.seq = i.seq
LEFT JOIN ark.correction c ON c.seq = (SELECT max(x.seq) FROM ark.correction x
  WHERE x.of_seq = i.seq AND x.kind IN ('resolved', 'corrected'));
)sql";

// Budgets. `budget` is their history: each change is a row, the last one of a name is in force. A
// line is what the versions that count the same share: it has the id of the first of them. A window
// is counted in several rows (shards), each with a part of what is left as its quota.
constexpr const char* step_2 = R"sql(
CREATE TABLE ark.budget(
  id bigint PRIMARY KEY, line bigint NOT NULL, name text NOT NULL, removed bigint NOT NULL,
  set_us bigint NOT NULL, since_seq bigint NOT NULL,
  limit_value numeric(38, 15) NOT NULL, currency text NOT NULL,
  period text NOT NULL, length_s bigint NOT NULL, offset_min bigint NOT NULL,
  scope text NOT NULL, hard bigint NOT NULL, allow_unpriced bigint NOT NULL,
  hold_lost bigint NOT NULL, thresholds text NOT NULL);
CREATE TABLE ark.budget_shard(
  line bigint NOT NULL, start_us bigint NOT NULL, shard bigint NOT NULL,
  quota numeric(38, 15) NOT NULL, spent numeric(38, 15) NOT NULL DEFAULT 0,
  reserved numeric(38, 15) NOT NULL DEFAULT 0,
  PRIMARY KEY(line, start_us, shard)) WITH (fillfactor = 20);
CREATE TABLE ark.reservation(
  attempt_id bigint NOT NULL, line bigint NOT NULL,
  start_us bigint NOT NULL, shard bigint NOT NULL,
  held numeric(38, 15) NOT NULL, spent numeric(38, 15) NOT NULL,
  expires_us bigint NOT NULL, state text NOT NULL, rate text,
  PRIMARY KEY(attempt_id, line));
CREATE INDEX reservation_unsettled ON ark.reservation(state, expires_us) WHERE state <> 'done';
CREATE TABLE ark.budget_told(
  budget bigint NOT NULL, start_us bigint NOT NULL, percent bigint NOT NULL,
  spent numeric(38, 15) NOT NULL, at_us bigint NOT NULL,
  PRIMARY KEY(budget, start_us, percent));
CREATE INDEX intent_session ON ark.intent(session);
ALTER TABLE ark.session ADD COLUMN swept boolean NOT NULL DEFAULT false;
)sql";

// The chain: `chain` is the session whose transaction added the row, `segment` its segment there.
// Rows that have none are from before this step; put_first_seal() says how many.
// The tables are locked at once, as their rows are counted; who could read rows or add them can do
// so here.
constexpr const char* step_3 = R"sql(
LOCK TABLE ark.outcome, ark.intent, ark.correction;
ALTER TABLE ark.intent ADD COLUMN chain bigint, ADD COLUMN segment bigint, ADD COLUMN row_check bigint;
ALTER TABLE ark.outcome ADD COLUMN chain bigint, ADD COLUMN segment bigint, ADD COLUMN row_check bigint;
ALTER TABLE ark.correction ADD COLUMN chain bigint, ADD COLUMN segment bigint, ADD COLUMN row_check bigint;
CREATE TABLE ark.segment(
  chain bigint NOT NULL, id bigint NOT NULL, at_us bigint NOT NULL,
  intents bigint NOT NULL, outcomes bigint NOT NULL, corrections bigint NOT NULL,
  intents_hash bytea, outcomes_hash bytea, corrections_hash bytea, hash bytea NOT NULL,
  PRIMARY KEY(chain, id));
CREATE TABLE ark.seal(
  id bigint PRIMARY KEY, at_us bigint NOT NULL, chain bigint NOT NULL, segment bigint NOT NULL,
  segment_hash bytea NOT NULL, hash bytea NOT NULL);
CREATE INDEX seal_chain ON ark.seal(chain, segment);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ark.segment
  FOR EACH STATEMENT EXECUTE FUNCTION ark.append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ark.seal
  FOR EACH STATEMENT EXECUTE FUNCTION ark.append_only();
DO $$
DECLARE who text; what text;
BEGIN
  FOR who, what IN SELECT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE
      quote_ident(pg_get_userbyid(a.grantee)) END, a.privilege_type
      FROM pg_class c, aclexplode(c.relacl) a
      WHERE c.oid = 'ark.intent'::regclass AND a.privilege_type IN ('SELECT', 'INSERT') LOOP
    EXECUTE 'GRANT ' || what || ' ON ark.segment, ark.seal TO ' || who;
  END LOOP;
END $$;
)sql";

/// The roll-ups' step is in pg_rollup_step.
const std::array<std::string, version>& steps() {
  static const std::array<std::string, version> all = {step_1, step_2, step_3, rollup_step()};
  return all;
}

/// What is there already may be much.
constexpr std::chrono::minutes migration_limit{30};

/// "ARKL": the lock that whoever makes or migrates the tables holds.
constexpr const char* lock = "SELECT pg_advisory_xact_lock(1095912268, 1)";

error newer(const connection& at, std::int64_t found) {
  return {.code = errc::ledger,
          .message = "the ledger in PostgreSQL (" + at.name() + ") has schema version " +
                     std::to_string(found) + " and this library knows up to " +
                     std::to_string(version) + ": use a newer libark, or another database"};
}

/// Counting the rows of a large ledger takes longer than anything else here.
deadline count_until() { return os::real().steady_now() + std::chrono::minutes(10); }

/// 0: no ledger yet. From the catalogue's tables: to_regclass() may answer from before the lock.
result<std::int64_t> version_of(connection& at, deadline until) {
  auto found = at.ask(
      "SELECT count(c.oid), count(c.oid) FILTER (WHERE c.relname = 'schema_version') "
      "FROM pg_namespace n JOIN pg_class c ON c.relnamespace = n.oid WHERE n.nspname = 'ark'",
      {}, until);
  if (!found) return found.error();
  found->next();
  // An administrator may have made an empty one for the ledger.
  if (found->integer(0) == 0) return std::int64_t{0};
  if (found->integer(1) == 0)
    return error{.code = errc::ledger,
                 .message = "the schema \"ark\" in PostgreSQL (" + at.name() +
                            ") belongs to another program: use another database"};
  auto number = at.ask("SELECT coalesce(max(version), 0) FROM ark.schema_version", {}, until);
  if (!number) return number.error();
  number->next();
  const std::int64_t known = number->integer(0);
  if (known > version) return newer(at, known);
  return known;
}

result<void> migrate_in_transaction(connection& to, deadline until, int up_to) {
  if (auto locked = to.ask(lock, {}, until); !locked) return locked.error();
  // Asked again: another machine may have been quicker.
  const auto from = version_of(to, until);
  if (!from) return from.error();
  if (*from == 0) {
    auto made = to.script(
        "CREATE SCHEMA IF NOT EXISTS ark; CREATE TABLE ark.schema_version("
        "version bigint PRIMARY KEY, applied timestamptz NOT NULL DEFAULT now(), "
        "library text NOT NULL)",
        until);
    if (!made) return made;
  }
  for (int number = static_cast<int>(*from) + 1; number <= up_to; ++number) {
    if (auto done = to.script(steps()[static_cast<std::size_t>(number - 1)], until); !done)
      return done;
    auto told = to.ask("INSERT INTO ark.schema_version(version, library) VALUES($1, $2)",
                       parameters().integer(number).text(ark::version()), until);
    if (!told) return told.error();
    if (number == chain_version)
      if (auto sealed = detail::put_first_seal(to, std::max(until, count_until())); !sealed)
        return sealed;
  }
  return {};
}

bool is_text(std::string_view name) {
  constexpr std::string_view texts[] = {"call_id",
                                        "vendor",
                                        "model",
                                        "operation",
                                        "tenant",
                                        "user",
                                        "task",
                                        "run",
                                        "tags",
                                        "quote_status",
                                        "quote_currency",
                                        "quote_price_hash",
                                        "route",
                                        "prompt_id",
                                        "prompt_version",
                                        "inputs_hash",
                                        "kind",
                                        "state",
                                        "cost_status",
                                        "currency",
                                        "price_hash",
                                        "units",
                                        "vendor_currency",
                                        "service_tier",
                                        "reply_model",
                                        "finish",
                                        "request_id",
                                        "note",
                                        "lines",
                                        "computed_currency",
                                        "error"};
  return std::find(std::begin(texts), std::end(texts), name) != std::end(texts);
}

std::vector<named_column> columns_of(std::string_view list) {
  std::vector<named_column> made;
  while (!list.empty()) {
    const auto comma = list.find(',');
    const std::string_view name = list.substr(0, comma);
    made.push_back(
        {name == "user" ? "\"user\"" : std::string(name), is_text(name) ? type::text : type::int8});
    list = comma == std::string_view::npos ? "" : list.substr(comma + 1);
  }
  return made;
}

}  // namespace

result<void> migrate(connection& to, deadline until, int up_to) {
  const auto found = version_of(to, until);
  if (!found) return found.error();
  if (*found > 0) until = std::max(until, os::real().steady_now() + migration_limit);
  const auto complete = [&] {
    return up_to < rollup_version ? result<void>() : detail::complete_rollups(to, until);
  };
  if (*found >= up_to) return complete();
  // Once more: a writer and the tables' locks may have been a deadlock.
  for (bool again = true;; again = false) {
    if (auto begun = to.script("BEGIN", until); !begun) return begun;
    auto done = migrate_in_transaction(to, until, up_to);
    if (done) done = to.script("COMMIT", until);
    if (done) return complete();
    again = again && !to.lost() && to.may_repeat();
    if (!to.lost())
      if (auto usable = to.recover(until); !usable) return done;
    if (!again) return done;
  }
}

result<void> check(connection& to, deadline until) {
  const auto found = version_of(to, until);
  if (!found) return found.error();
  if (*found == version) return {};
  if (*found > 0)
    return error{.code = errc::unsupported,
                 .message = "the ledger in PostgreSQL (" + to.name() +
                            ") is of an older version: open it once for writing, which brings it "
                            "forward"};
  return error{.code = errc::not_found,
               .message = "there is no ledger in PostgreSQL (" + to.name() + ") yet"};
}

const std::vector<named_column>& intent_columns() {
  static const auto all = columns_of(detail::schema::intent_columns());
  return all;
}

const std::vector<named_column>& outcome_columns() {
  static const auto all = columns_of(detail::schema::outcome_columns());
  return all;
}

const std::vector<named_column>& correction_columns() {
  static const auto all = columns_of(std::string(detail::schema::correction_columns_before()) +
                                     "," + std::string(detail::schema::outcome_columns()));
  return all;
}

std::string joined(const std::vector<named_column>& columns, std::string_view prefix) {
  std::string sql;
  for (const auto& c : columns) {
    if (!sql.empty()) sql += ',';
    sql += prefix;
    sql += c.name;
  }
  return sql;
}

}  // namespace ark::pg::schema
