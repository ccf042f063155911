#include <algorithm>
#include <ark/version.hpp>
#include <map>
#include <unordered_map>

#include "ledger/file.hpp"
#include "ledger/process.hpp"
#include "ledger/record.hpp"
#include "ledger/schema.hpp"
#include "ledger/state.hpp"
#include "ledger_pg/pg_anchor.hpp"
#include "ledger_pg/pg_batch.hpp"
#include "ledger_pg/pg_connection.hpp"
#include "ledger_pg/pg_insert.hpp"
#include "ledger_pg/pg_report.hpp"
#include "ledger_pg/pg_schema.hpp"
#include "ledger_pg/pg_seal.hpp"
#include "ledger_pg/pg_segment.hpp"
#include "os/os.hpp"

/// A file's ledger into a server's.
namespace ark::detail {
namespace {

constexpr int rows_a_copy = 1000;
constexpr std::chrono::seconds copy_limit{60};
constexpr std::chrono::minutes compare_limit{30};
constexpr std::chrono::milliseconds file_busy_limit{10'000};

pg::deadline copy_until(std::chrono::seconds limit) { return os::real().steady_now() + limit; }

/// The copied_sums of one currency; each is exact.
struct copied_sums {
  std::int64_t rows = 0;
  amount cost{}, low{}, high{};
  friend bool operator==(const copied_sums&, const copied_sums&) = default;
};
using sums_by_currency = std::map<std::string, copied_sums>;

constexpr const char* sum_columns =
    "coalesce(x.currency, ''), count(*), sum(x.cost_micro), sum(x.cost_femto), sum(x.low_micro), "
    "sum(x.low_femto), sum(x.high_micro), sum(x.high_femto)";

void add_sums(sums_by_currency& to, row_source& row) {
  const auto at = [&](int column) {
    constexpr __int128 femto_a_micro_copied = 1'000'000'000;
    return amount::from_raw(parse_whole(row.text(column)).value_or(0) * femto_a_micro_copied +
                            parse_whole(row.text(column + 1)).value_or(0));
  };
  to[std::string(row.text(0))] = {row.integer(1), at(2), at(4), at(6)};
}

class copying {
 public:
  copying(sqlite::database& from, pg::connection& to) : from_(from), to_(to) {}
  result<ledger_copy> run();
  /// In whose chain the copied rows are: a session of the copy's own.
  std::int64_t session() const noexcept { return chain_.session(); }

 private:
  result<void> name_source();
  result<void> own_session();
  result<void> sessions();
  result<void> intents();
  result<void> outcomes();
  result<void> corrections();
  result<void> compare();
  /// Reads pages of `sql` (its first column is `seq`) and writes each with `write`. `before` looks
  /// at a page's begin.
  template <class Before, class Row, class Write>
  result<void> pages(const std::string& sql, std::int64_t after, Before&& before, Row&& row,
                     Write&& write);
  result<void> put(pg::batch& rows, const std::string& sql);
  /// One transaction: the rows, `more` that was queued for it, their segment.
  result<void> put_page(row_kind kind, pg::batch& rows, const std::string& sql,
                        const std::function<void()>& more = {});
  result<void> find_owners(std::int64_t after);
  result<sums_by_currency> file_sums(const std::string& table);
  result<sums_by_currency> server_sums(const std::string& sql);
  pg::parameters of_source();

  sqlite::database& from_;
  pg::connection& to_;
  pg_chain chain_{static_cast<std::int64_t>(os::real().random_u64() >> 1)};
  row row_;
  std::int64_t source_ = 0;
  std::unordered_map<std::int64_t, std::int64_t> owners_;  ///< their sequences in the server
  pg::column sessions_{pg::type::int8};
  pg::column corrected_{pg::type::int8};  ///< attempts of a page of corrections
  ledger_copy told_;
};

error copy_differs(const std::string& what) {
  return {.code = errc::ledger,
          .message = "the copy in the server differs from the file in its " + what +
                     ": is a program still writing the file? Nothing was removed; repeat the copy"};
}

/// One name for the file in all its copies: its first session, or its first attempt.
result<void> copying::name_source() {
  const auto found = from_.integer(
      "SELECT coalesce((SELECT id FROM session ORDER BY opened_us, id LIMIT 1), "
      "(SELECT attempt_id FROM intent ORDER BY seq LIMIT 1), 0)");
  if (!found) return found.error();
  source_ = *found;
  return {};
}

result<void> copying::sessions() {
  auto query = from_.prepare(
      "SELECT id, pid, process_start, boot_id, host, opened_us, library FROM session");
  if (!query) return query.error();
  pg::batch rows({{"id", pg::type::int8},
                  {"pid", pg::type::int8},
                  {"process_start", pg::type::int8},
                  {"boot_id", pg::type::text},
                  {"host", pg::type::text},
                  {"opened_us", pg::type::int8},
                  {"library", pg::type::text}},
                 {});
  const auto add = [&](std::int64_t id, std::span<const cell> rest) {
    const cell first[] = {pg::number_cell(id)};
    sessions_.add(id);
    rows.add(first, rest);
  };
  bool named = false;
  int code = SQLITE_ROW;
  while ((code = query->step()) == SQLITE_ROW) {
    const cell rest[] = {pg::number_cell(query->integer(1)), pg::number_cell(query->integer(2)),
                         pg::text_cell(query->text(3)),      pg::text_cell(query->text(4)),
                         pg::number_cell(query->integer(5)), pg::text_cell(query->text(6))};
    named = named || query->integer(0) == source_;
    add(query->integer(0), rest);
  }
  if (code != SQLITE_DONE) return from_.last_error("read");
  // Entries of before sessions were recorded go under the file's own name.
  const cell unknown[] = {pg::number_cell(0), pg::number_cell(0), pg::text_cell(""),
                          pg::text_cell(""),  pg::number_cell(0), pg::text_cell("")};
  if (!named) add(source_, unknown);
  return put(rows, "INSERT INTO ark.session(" + rows.names("") + ", seen, swept) SELECT " +
                       rows.names("g.") + ", to_timestamp(g.opened_us / 1000000.0), true FROM " +
                       rows.source() + " ON CONFLICT (id) DO NOTHING");
}

result<void> copying::own_session() {
  const process_identity self = this_process();
  auto made = to_.ask(
      "INSERT INTO ark.session(id, pid, process_start, boot_id, host, opened_us, library) "
      "VALUES($1, $2, $3, $4, $5, $6, $7)",
      pg::parameters()
          .integer(chain_.session())
          .integer(self.pid)
          .integer(self.start)
          .text(self.boot_id)
          .text(self.host)
          .integer(to_us(os::real().wall_now()))
          .text(ark::version()),
      copy_until(copy_limit));
  if (!made) return made.error();
  return {};
}

result<void> copying::put(pg::batch& rows, const std::string& sql) {
  auto done = to_.ask(sql, rows.arrays(), copy_until(copy_limit));
  if (!done) return done.error();
  return {};
}

result<void> copying::put_page(row_kind kind, pg::batch& rows, const std::string& sql,
                               const std::function<void()>& more) {
  to_.queue("BEGIN");
  // As a writer does: nobody else settles these attempts meanwhile.
  if (kind == row_kind::correction)
    to_.queue(
        "SELECT pg_advisory_xact_lock(a.id) FROM (SELECT DISTINCT id FROM unnest($1::int8[]) id "
        "ORDER BY id) a",
        pg::parameters().array(corrected_));
  to_.queue(sql, chain_.place(rows.arrays()));
  auto answers = to_.flush(copy_until(copy_limit));
  if (!answers) return answers.error();
  pg::rows& added = answers->back();
  for (std::uint64_t place = 1; added.next(); ++place) {
    // Corrections have no key but their order, in which their sequences are given.
    const bool keyed = kind != row_kind::correction;
    chain_.added(kind, keyed ? static_cast<std::uint64_t>(added.integer(0)) : place,
                 added.integer(keyed ? 1 : 0));
  }
  told_.copied += added.count();
  if (more) more();
  // A long copy is no dead session.
  to_.queue("UPDATE ark.session SET seen = clock_timestamp(), swept = false WHERE id = $1",
            pg::parameters().integer(chain_.session()));
  chain_.queue(to_, to_us(os::real().wall_now()));
  to_.queue("COMMIT");
  if (auto done = to_.flush(copy_until(copy_limit)); !done) return done.error();
  if (const auto made = chain_.take_made()) chain_.committed(*made);
  chain_.begin();
  rows.clear();
  corrected_.clear();
  return {};
}

template <class Before, class Row, class Write>
result<void> copying::pages(const std::string& sql, std::int64_t after, Before&& before, Row&& row,
                            Write&& write) {
  auto query = from_.prepare(sql);
  if (!query) return query.error();
  for (;;) {
    if (auto ready = before(after); !ready) return ready;
    query->bind(1, after);
    query->bind(2, std::int64_t{rows_a_copy});
    int read = 0, code = SQLITE_ROW;
    for (; (code = query->step()) == SQLITE_ROW; ++read) {
      after = query->integer(0);
      row(*query);
    }
    if (code != SQLITE_DONE) return from_.last_error("read");
    query->reset();
    if (read == 0) return {};
    if (auto done = write(after); !done) return done;
    if (read < rows_a_copy) return {};
  }
}

constexpr auto nothing_before = [](std::int64_t) -> result<void> { return {}; };

/// A column of the file's row, behind those that the row has.
void copy_cell(row& to, sqlite::statement& from, int column, pg::type of) {
  if (from.is_null(column)) return to.skip();
  if (of == pg::type::int8) return to.integer(from.integer(column));
  to.text(from.text(column));
}

result<void> copying::intents() {
  const auto& columns = pg::schema::intent_columns();
  pg::batch rows = rows_for(row_kind::intent);
  const std::string sql = insert_sql(row_kind::intent, rows);
  return pages(
      "SELECT seq," + std::string(schema::intent_columns()) +
          " FROM intent WHERE seq > ? ORDER BY seq LIMIT ?",
      0, nothing_before,
      [&](sqlite::statement& from) {
        row_.clear();
        std::uint64_t id = 0;
        for (std::size_t i = 0; i < columns.size(); ++i) {
          const int at = static_cast<int>(i) + 1;
          if (columns[i].name == "attempt_id") id = static_cast<std::uint64_t>(from.integer(at));
          if (columns[i].name == "session" && from.is_null(at))
            row_.integer(source_);
          else
            copy_cell(row_, from, at, columns[i].of);
        }
        chain_.seal(row_, row_kind::intent, id);
        rows.add({}, row_.cells());
        ++told_.intents;
      },
      [&](std::int64_t) { return put_page(row_kind::intent, rows, sql); });
}

std::string prefixed(std::string_view columns, const std::string& prefix) {
  std::string sql = prefix;
  for (const char c : columns) {
    sql += c;
    if (c == ',') sql += prefix;
  }
  return sql;
}

/// The columns of a fate, which begin at `first`.
void copy_fate(row& to, sqlite::statement& from, int first) {
  for (const auto& c : pg::schema::outcome_columns()) copy_cell(to, from, first++, c.of);
}

result<void> copying::outcomes() {
  pg::batch rows = rows_for(row_kind::outcome);
  const std::string sql = insert_sql(row_kind::outcome, rows);
  return pages(
      "SELECT o.seq,i.attempt_id," + prefixed(schema::outcome_columns(), "o.") +
          " FROM outcome o JOIN intent i ON i.seq = o.seq WHERE o.seq > ? ORDER BY o.seq LIMIT ?",
      0, nothing_before,
      [&](sqlite::statement& from) {
        row_.clear();
        copy_fate(row_, from, 2);
        chain_.seal(row_, row_kind::outcome, static_cast<std::uint64_t>(from.integer(1)));
        const cell id[] = {pg::number_cell(from.integer(1))};
        rows.add(id, row_.cells());
        ++told_.outcomes;
      },
      [&](std::int64_t) { return put_page(row_kind::outcome, rows, sql); });
}

/// What the corrections of the next page correct, as the server numbers it.
result<void> copying::find_owners(std::int64_t after) {
  auto query = from_.prepare(
      "SELECT i.attempt_id FROM correction c LEFT JOIN intent i ON i.seq = c.of_seq WHERE c.seq > "
      "? ORDER BY c.seq LIMIT ?");
  if (!query) return query.error();
  query->bind(1, after);
  query->bind(2, std::int64_t{rows_a_copy});
  pg::column ids(pg::type::int8);
  int code = SQLITE_ROW;
  while ((code = query->step()) == SQLITE_ROW)
    if (!query->is_null(0)) ids.add(query->integer(0));
  if (code != SQLITE_DONE) return from_.last_error("read");
  auto found = to_.ask("SELECT attempt_id, seq FROM ark.intent WHERE attempt_id = ANY($1)",
                       pg::parameters().array(ids), copy_until(copy_limit));
  if (!found) return found.error();
  owners_.clear();
  while (found->next()) owners_[found->integer(0)] = found->integer(1);
  return {};
}

/// They have no key of their own: how far they are copied is said in the same transaction.
result<void> copying::corrections() {
  auto known = to_.ask("SELECT last FROM ark.copied WHERE source = $1",
                       pg::parameters().integer(source_), copy_until(copy_limit));
  if (!known) return known.error();
  const std::int64_t from = known->next() ? known->integer(0) : 0;
  pg::batch rows = rows_for(row_kind::correction);
  const std::string sql = insert_sql(row_kind::correction, rows);
  return pages(
      "SELECT c.seq,i.attempt_id,c.attempt_id,c.kind,c.recorded_us," +
          prefixed(schema::outcome_columns(), "c.") +
          " FROM correction c LEFT JOIN intent i ON i.seq = c.of_seq WHERE c.seq > ? ORDER BY "
          "c.seq LIMIT ?",
      from, [&](std::int64_t after) { return find_owners(after); },
      [&](sqlite::statement& from_row) {
        row_.clear();
        const auto owner = from_row.is_null(1) ? owners_.end() : owners_.find(from_row.integer(1));
        if (owner != owners_.end())
          row_.integer(owner->second);
        else
          row_.skip();
        row_.integer(from_row.integer(2));
        corrected_.add(from_row.integer(from_row.is_null(1) ? 2 : 1));
        row_.text(from_row.text(3));
        row_.integer(from_row.integer(4));
        copy_fate(row_, from_row, 5);
        chain_.seal(row_, row_kind::correction, static_cast<std::uint64_t>(rows.rows()) + 1);
        rows.add({}, row_.cells());
      },
      [&](std::int64_t last) {
        const std::int64_t count = rows.rows();
        return put_page(row_kind::correction, rows, sql, [&, count] {
          to_.queue(
              "INSERT INTO ark.copied AS k(source, corrections, last) VALUES($1, $2, $3) ON "
              "CONFLICT (source) DO UPDATE SET corrections = k.corrections + "
              "excluded.corrections, last = excluded.last",
              pg::parameters().integer(source_).integer(count).integer(last));
        });
      });
}

result<sums_by_currency> copying::file_sums(const std::string& table) {
  auto query =
      from_.prepare("SELECT " + std::string(sum_columns) + " FROM " + table + " x GROUP BY 1");
  if (!query) return query.error();
  sums_by_currency made;
  int code = SQLITE_ROW;
  while ((code = query->step()) == SQLITE_ROW) add_sums(made, *query);
  if (code != SQLITE_DONE) return from_.last_error("read");
  return made;
}

pg::parameters copying::of_source() { return pg::parameters().array(sessions_); }

result<sums_by_currency> copying::server_sums(const std::string& sql) {
  auto found = to_.ask("SELECT " + std::string(sum_columns) + sql + " GROUP BY 1", of_source(),
                       copy_until(compare_limit));
  if (!found) return found.error();
  sums_by_currency made;
  while (found->next()) add_sums(made, *found);
  return made;
}

result<void> copying::compare() {
  const std::string ours = " JOIN ark.intent i ON i.seq = ";
  const std::string mine = " WHERE i.session = ANY($1)";
  auto begun =
      to_.ask("SELECT count(*) FROM ark.intent i" + mine, of_source(), copy_until(compare_limit));
  if (!begun) return begun.error();
  begun->next();
  if (begun->integer(0) != told_.intents) return copy_differs("number of attempts");
  const auto here = file_sums("outcome");
  const auto there = server_sums(" FROM ark.outcome x" + ours + "x.seq" + mine);
  if (!here) return here.error();
  if (!there) return there.error();
  if (*here != *there) return copy_differs("outcomes' number or copied_sums");
  // One whose attempt was lost (a salvage) is an orphan there.
  const auto late =
      file_sums("(SELECT * FROM correction WHERE of_seq IN (SELECT seq FROM intent))");
  const auto late_there = server_sums(" FROM ark.correction x" + ours + "x.of_seq" + mine);
  if (!late) return late.error();
  if (!late_there) return late_there.error();
  if (*late != *late_there) return copy_differs("corrections' number or copied_sums");
  const auto all = from_.integer("SELECT count(*) FROM correction");
  auto copied = to_.ask("SELECT corrections FROM ark.copied WHERE source = $1",
                        pg::parameters().integer(source_), copy_until(copy_limit));
  if (!all) return all.error();
  if (!copied) return copied.error();
  told_.corrections = *all;
  if ((copied->next() ? copied->integer(0) : 0) != *all)
    return copy_differs("number of corrections");
  for (const auto& [currency, sum] : *here)
    if (!currency.empty()) told_.total.push_back({sum.cost, currency});
  // Until all of it is there, nobody may take an attempt without its outcome for a lost one.
  auto open = to_.ask("UPDATE ark.session SET swept = false WHERE id = ANY($1)", of_source(),
                      copy_until(compare_limit));
  if (!open) return open.error();
  return {};
}

result<ledger_copy> copying::run() {
  for (auto step :
       {&copying::name_source, &copying::sessions, &copying::own_session, &copying::intents,
        &copying::outcomes, &copying::corrections, &copying::compare})
    if (auto done = (this->*step)(); !done) return done.error();
  return std::move(told_);
}

}  // namespace

result<ledger_copy> copy_to_server(const std::string& from, const ledger_options& to) {
  // Reading takes what spools hold into the file.
  auto file = ledger_state::open({.path = from, .read_only = true});
  if (!file) return file.error();
  if (auto taken = (*file)->scan({.limit = 1}, [](const ledger_entry&) { return false; }); !taken)
    return taken.error();
  auto db = open_readable(from, file_busy_limit);
  if (!db) return db.error();
  const pg::target target{.text = to.path, .password = to.password};
  if (auto good = pg::check(target); !good) return good.error();
  auto server = pg::connection::open(target, copy_until(copy_limit));
  if (!server) return server.error();
  if (auto ready = pg::schema::migrate(*server, copy_until(copy_limit)); !ready)
    return ready.error();
  const auto now_us = [] { return to_us(os::real().wall_now()); };
  const auto anchored =
      pg_anchor::open_for(to.anchor, target, *server, now_us(), copy_until(copy_limit));
  if (!anchored) return anchored.error();
  copying work(*db, *server);
  auto copied = work.run();
  if (!copied) return copied;
  const std::int64_t session[] = {work.session()};
  const auto sealed = seal_sessions(*server, session, now_us(), copy_until(copy_limit));
  if (!sealed) return sealed.error();
  if (*anchored)
    if (auto done = (*anchored)->refresh(*server, now_us(), copy_until(copy_limit)); !done)
      return done.error();
  return copied;
}

}  // namespace ark::detail
