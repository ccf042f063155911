#include "ledger_pg/pg_rollup.hpp"

#include <algorithm>

#include "ledger/report.hpp"
#include "ledger/rollup_keys.hpp"
#include "ledger_pg/pg_budget.hpp"
#include "ledger_pg/pg_figures.hpp"
#include "ledger_pg/pg_query.hpp"
#include "ledger_pg/pg_report.hpp"

namespace ark::detail {
namespace {

using rolled_part = rollup_query::part;
constexpr std::int64_t rolled_day_us = 86'400'000'000;
/// A tag with a longer name is not rolled up: as in the schema's step.
constexpr std::size_t tag_bytes_max = 200;
constexpr std::string_view tag_prefix = "tag:";
/// While the sums lack what was there before them.
constexpr std::string_view incomplete_dimension = "?";

/// For the transaction that runs. To compile such a query takes longer than to run it.
void queue_settings(pg::connection& db, const std::string& value, const std::string& names) {
  db.queue("SELECT set_config('jit', 'off', true), (SELECT count(set_config(n, '" + value +
           "', true)) FROM unnest(ARRAY[" + names + "]::text[]) n)");
}

std::string rolled_key(rolled_part p) {
  const auto clock = [](const char* form) {
    return "to_char(to_timestamp(day::bigint * 86400), '" + std::string(form) + "') COLLATE \"C\"";
  };
  switch (p) {
    case rolled_part::day:
      return clock("YYYY-MM-DD");
    case rolled_part::month:
      return clock("YYYY-MM");
    case rolled_part::vendor:
      return "vendor";
    case rolled_part::model:
      return "model";
    case rolled_part::value:
      break;
  }
  return "value";
}

/// The sums of a dimension, and what is not added to them yet (`w`): each figure times `sign`,
/// taken for `value`.
std::string rolled_sums(const std::string& id, const std::string& name, const std::string& where,
                        const std::string& value, const std::string& sign) {
  return "SELECT r.day, " + value + " COLLATE \"C\" AS value, r.vendor, r.model, r.currency, " +
         pg_figure_list(sign + "r.@ AS @") +
         " FROM (SELECT s.day, k.value, k.vendor, k.model, k.currency, " + pg_figure_list("s.@") +
         " FROM ark.rollup s JOIN ark.rollup_key k ON k.id = s.key WHERE s.dimension = " + id +
         " UNION ALL SELECT w.day, w.value, w.vendor, w.model, w.currency, " +
         pg_figure_list("w.@") + " FROM w WHERE w.name = " + name + ") r WHERE " + where;
}

/// All that `query` asks for. Who has no value is what is left of all attempts when those that have
/// one are taken away.
std::string rolled_source(const rollup_query& query, pg_condition& values) {
  if (query.since_day != INT64_MIN) values.add("r.day >= " + values.value(query.since_day));
  if (query.until_day != INT64_MAX) values.add("r.day < " + values.value(query.until_day));
  if (!query.vendor.empty()) values.add("r.vendor = " + values.value(query.vendor));
  if (!query.model.empty()) values.add("r.model = " + values.value(query.model));
  if (query.dimension.empty()) return rolled_sums("0", "''", values.sql(), "''", "");
  const std::string name = values.value(query.dimension);
  const std::string id = "(SELECT d.id FROM ark.rollup_dimension d WHERE d.name = " + name + ")";
  if (!query.value.empty()) {
    values.add("r.value = " + values.value(query.value));
    return rolled_sums(id, name, values.sql(), "r.value", "");
  }
  return rolled_sums("0", "''", values.sql(), "''", "") + " UNION ALL " +
         rolled_sums(id, name, values.sql(), "r.value", "") + " UNION ALL " +
         rolled_sums(id, name, values.sql(), "''", "-");
}

std::string rolled_report_sql(const rollup_query& query, pg_condition& values) {
  std::string keys, names;
  for (std::size_t at = 0; at < query.parts.size(); ++at) {
    const std::string k = "k" + std::to_string(at);
    keys += rolled_key(query.parts[at]) + " AS " + k + ", ";
    names += k + ", ";
  }
  const std::string source = rolled_source(query, values);
  return "WITH w AS MATERIALIZED (SELECT * FROM ark.rollup_waiting) SELECT " + keys + "currency, " +
         pg_figure_list("sum(@) AS @") + " FROM (" + source + ") r GROUP BY " + names +
         "currency HAVING sum(attempts) <> 0 ORDER BY " + names + "currency LIMIT " +
         std::to_string(report_groups_max + 1);
}

/// Whether the sums hold all of this dimension, and of all attempts.
bool rolled_up(pg::rows& dimensions, std::string_view asked) {
  bool all = false, has = asked.empty(), more = false;
  while (dimensions.next()) {
    const std::string_view name = dimensions.text(0);
    const bool off = dimensions.integer(1) != 0;
    if (name == plain_dimension) all = !off;
    if (name == more_dimensions) more = true;
    if (name == incomplete_dimension) return false;
    if (name != asked) continue;
    if (off) return false;
    has = true;
  }
  // Without a row no attempt has the name, unless it came after the last that was rolled up.
  return all && (has || !more);
}

}  // namespace

result<std::optional<std::vector<report_line>>> pg_report_of_rollups(pg::connection& db,
                                                                     const rollup_query& query,
                                                                     pg::deadline until) {
  std::optional<std::vector<report_line>> nothing;
  if (query.dimension.size() > tag_prefix.size() + tag_bytes_max) return nothing;
  pg_condition values;
  const std::string sql = rolled_report_sql(query, values);
  db.queue("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  // By keys only: what is waiting is little beside the rows that it is found in.
  queue_settings(db, "off", "'enable_seqscan', 'enable_hashjoin', 'enable_mergejoin'");
  db.queue("SELECT name, off::int FROM ark.rollup_dimension");
  db.queue(sql, values.parameters());
  db.queue("COMMIT");
  auto answers = db.flush(until);
  if (!answers) return answers.error();
  if (!rolled_up((*answers)[2], query.dimension)) return nothing;
  auto lines = pg_read_lines((*answers)[3], static_cast<int>(query.parts.size()), false);
  if (!lines) return lines.error();
  // A state that this library does not know: the rows tell it.
  for (const auto& l : *lines)
    if (l.attempts != l.settled + l.voided + l.ambiguous + l.open) return nothing;
  return std::optional(std::move(*lines));
}

namespace {

constexpr const char* rolled_places = "day, name, value, vendor, model, currency";

/// A condition: what of this name there is, is rolled up.
std::string is_rolled_up(const std::string& name) {
  const std::string of = "(SELECT FROM ark.rollup_dimension x WHERE x.name = ";
  return "NOT EXISTS " + of + name + " AND x.off) AND (EXISTS " + of + name + ") OR NOT EXISTS " +
         of + "'*'))";
}

/// What the table should have, from the rows.
std::string sums_of_rows() {
  constexpr const char* texts = "day, vendor, model, tenant, task, tags, currency";
  return "SELECT s.day, d.name COLLATE \"C\" AS name, d.value COLLATE \"C\" AS value, s.vendor, "
         "s.model, s.currency, " +
         pg_figure_list("sum(s.@) AS @") + " FROM (SELECT " + texts + ", " + pg_figure_sums() +
         " FROM (SELECT (i.begun_us / 86400000000 - (i.begun_us % 86400000000 < 0)::int)::int AS "
         "day, coalesce(i.vendor, '') COLLATE \"C\" AS vendor, coalesce(i.model, '') COLLATE \"C\" "
         "AS model, i.tenant, i.task, i.tags, " +
         pg_attempt_columns() + pg_from + ") a GROUP BY " + texts +
         ") s CROSS JOIN LATERAL (SELECT '' AS name, '' AS value UNION ALL SELECT 'tenant', "
         "s.tenant WHERE s.tenant <> '' UNION ALL SELECT 'task', s.task WHERE s.task <> '' UNION "
         "ALL SELECT 'tag:' || t.key, t.value FROM jsonb_each_text(CASE WHEN s.tags LIKE '{%' THEN "
         "s.tags::jsonb END) t WHERE t.value <> '' AND octet_length(t.key) <= " +
         std::to_string(tag_bytes_max) + ") d WHERE " + is_rolled_up("d.name") +
         " GROUP BY 1, 2, 3, 4, 5, 6";
}

std::string sums_of_table() {
  return "SELECT " + std::string(rolled_places) + ", " + pg_figure_list("sum(@) AS @") +
         " FROM (SELECT r.day, d.name, k.value, k.vendor, k.model, k.currency, " +
         pg_figure_list("r.@") +
         " FROM ark.rollup r JOIN ark.rollup_key k ON k.id = r.key JOIN ark.rollup_dimension d ON "
         "d.id = r.dimension UNION ALL SELECT * FROM ark.rollup_waiting) r WHERE " +
         is_rolled_up("r.name") + " GROUP BY " + rolled_places;
}

/// FROM clause: the table's sums `h` that are not those of the rows, `s`.
std::string differing_sums() {
  std::string differs = pg_figure_list("coalesce(h.@, 0) <> coalesce(s.@, 0)");
  for (auto at = differs.find(", coalesce(h."); at != std::string::npos;
       at = differs.find(", coalesce(h.", at))
    differs.replace(at, 1, " OR");
  return " FROM (" + sums_of_table() + ") h FULL JOIN (" + sums_of_rows() + ") s USING (" +
         rolled_places + ") WHERE " + differs;
}

std::string rolled_sentence(pg::rows& row) {
  const auto text = [&](int column) { return std::string(row.text(column)); };
  std::string told = "the sum of " + clock_text(row.integer(0) * rolled_day_us, clock_unit::day) +
                     " for " + text(3) + "/" + text(4) + " in " +
                     (text(5).empty() ? "no currency" : text(5));
  if (!text(1).empty()) told += " with " + text(1) + "=" + text(2);
  constexpr int attempts = 6, cost = 8;
  if (row.is_null(attempts))
    return told + " is gone: there are " + text(attempts + 1) + " attempts";
  const std::string should = row.is_null(attempts + 1) ? "0" : text(attempts + 1);
  if (text(attempts) != should)
    return told + " counts " + text(attempts) + " attempts, its rows " + should;
  const amount has = pg_amount(row.text(cost)), paid = pg_amount(row.text(cost + 1));
  if (!(has == paid))
    return told + " is " + has.to_string() + ", its rows add up to " + paid.to_string();
  return told + " is not that of its rows";
}

}  // namespace

result<std::int64_t> verify_rollups(pg::connection& db, findings& found, pg::deadline until) {
  queue_settings(db, "on", "");
  auto incomplete = db.ask("SELECT FROM ark.rollup_dimension WHERE name = '?'", {}, until);
  if (!incomplete) return incomplete.error();
  if (incomplete->next()) return std::int64_t{0};
  auto differing =
      db.ask("SELECT " + std::string(rolled_places) + ", h.attempts, s.attempts, h.cost, s.cost" +
                 differing_sums() + " ORDER BY " + rolled_places + " LIMIT 10000",
             {}, until);
  if (!differing) return differing.error();
  while (differing->next())
    found.add(ledger_finding::kind::rollup, 0, 0, rolled_sentence(*differing));
  auto sums = db.ask("SELECT count(*) FROM (" + sums_of_table() + ") h", {}, until);
  if (!sums) return sums.error();
  sums->next();
  return sums->integer(0);
}

result<void> rebuild_rollups(pg::connection& db, pg::deadline until) {
  // By day, as names were first used; so many at once, which bounds the server's memory.
  const std::string sql =
      "SELECT count(ark.rollup_apply(c.changes)) FROM (SELECT array_agg(ROW(" +
      std::string(rolled_places) + ", " + pg_figure_list("@") +
      ")::ark.rollup_change) AS changes FROM (SELECT d.*, row_number() OVER (ORDER BY day, name "
      "LIKE 'tag:%', name) / 10000 AS chunk FROM (SELECT " +
      rolled_places + ", " + pg_figure_list("coalesce(s.@, 0) - coalesce(h.@, 0) AS @") +
      differing_sums() + ") d) n GROUP BY chunk ORDER BY chunk) c";
  // One at a time: two would book a difference twice. A writer's connection is set to look rows up
  // one by one.
  db.queue("SELECT pg_advisory_xact_lock(1095912275, -2)");
  queue_settings(db, "on", "'enable_seqscan', 'enable_hashjoin', 'enable_mergejoin'");
  db.queue(sql);
  auto done = db.flush(until);
  if (!done) return done.error();
  return {};
}

namespace {

constexpr const char* is_incomplete =
    "SELECT FROM ark.rollup_dimension WHERE name = '?' AND pg_has_role((SELECT c.relowner FROM "
    "pg_class c WHERE c.oid = 'ark.rollup'::regclass), 'USAGE')";

/// The first names of the rows: one more than there is room for, which tells that there are more.
std::string first_names() {
  return "SELECT d.name FROM (SELECT tenant <> '' AS of_tenant, task <> '' AS of_task, tags, "
         "min(begun_us / 86400000000 - (begun_us % 86400000000 < 0)::int) AS day FROM ark.intent "
         "GROUP BY 1, 2, 3) s CROSS JOIN LATERAL (SELECT 'tenant' AS name WHERE s.of_tenant UNION "
         "ALL SELECT 'task' WHERE s.of_task UNION ALL SELECT 'tag:' || t.key FROM "
         "jsonb_each_text(CASE WHEN s.tags LIKE '{%' THEN s.tags::jsonb END) t WHERE t.value <> "
         "'' AND octet_length(t.key) <= " +
         std::to_string(tag_bytes_max) +
         ") d GROUP BY d.name ORDER BY min(s.day), d.name LIKE 'tag:%', d.name COLLATE \"C\" LIMIT "
         "17";
}

/// Looks for names without a lock that a writer needs, and adds them under it, as
/// ark.rollup_prepare() does.
result<void> add_names(pg::connection& db, pg::deadline until) {
  queue_settings(db, "on", "'enable_seqscan', 'enable_hashjoin', 'enable_mergejoin'");
  db.queue(first_names());
  auto found = db.flush(until);
  if (!found) return found.error();
  pg::column names(pg::type::text);
  while (found->back().next()) names.add(found->back().text(0));
  db.queue("SELECT pg_advisory_xact_lock(1095912275, -1)");
  db.queue(
      "INSERT INTO ark.rollup_dimension(name) SELECT n.name FROM unnest($1::text[]) WITH "
      "ORDINALITY n(name, place) WHERE NOT EXISTS (SELECT FROM ark.rollup_dimension d WHERE d.name "
      "IN (n.name, '*')) ORDER BY n.place LIMIT (SELECT greatest(17 - count(*), 0) FROM "
      "ark.rollup_dimension d WHERE d.name NOT IN ('*', '?'))",
      pg::parameters().array(names));
  db.queue(
      "INSERT INTO ark.rollup_dimension(name, off) SELECT '*', true WHERE EXISTS (SELECT FROM "
      "unnest($1::text[]) n WHERE NOT EXISTS (SELECT FROM ark.rollup_dimension d WHERE d.name = "
      "n)) ON CONFLICT DO NOTHING",
      pg::parameters().array(names));
  auto done = db.flush(until);
  if (!done) return done.error();
  return {};
}

result<void> add_sums(pg::connection& db, pg::deadline until) {
  if (auto made = rebuild_rollups(db, until); !made) return made;
  auto complete = db.ask("DELETE FROM ark.rollup_dimension WHERE name = '?'", {}, until);
  if (!complete) return complete.error();
  return {};
}

}  // namespace

result<void> complete_rollups(pg::connection& db, pg::deadline until) {
  auto incomplete = db.ask(is_incomplete, {}, until);
  if (!incomplete) return incomplete.error();
  if (!incomplete->next()) return {};
  // Sums take long, and a name that is not committed would keep writers waiting: names go first.
  for (const auto step : {&add_names, &add_sums}) {
    db.queue("BEGIN");
    db.queue("SELECT pg_try_advisory_xact_lock(1095912275, -2)::int");
    // Asked again: another machine may have been quicker.
    db.queue(is_incomplete);
    auto begun = db.flush(until);
    if (!begun) return begun.error();
    pg::rows &turn = (*begun)[1], &still = (*begun)[2];
    turn.next();
    if (turn.integer(0) != 0 && still.next())
      if (auto done = step(db, until); !done) return done;
    auto ended = db.ask("COMMIT", {}, until);
    if (!ended) return ended.error();
  }
  return {};
}

}  // namespace ark::detail
