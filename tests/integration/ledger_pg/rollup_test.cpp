#include "ledger_pg/pg_rollup.hpp"

#include <atomic>
#include <thread>

#include "ledger_pg/pg_report.hpp"
#include "ledger_pg/pg_schema.hpp"
#include "ledger_pg/pg_store.hpp"
#include "tests/integration/ledger_pg/store_fixture.hpp"
#include "tests/unit/ledger/chain_support.hpp"

/// The server's sums by day are those of the rows.
namespace ark::testing {
namespace {

using namespace std::chrono_literals;
using keys = std::vector<std::string>;

pg::deadline in_a_minute() { return std::chrono::steady_clock::now() + 60s; }

std::string text_of(const std::vector<report_line>& lines) {
  std::string text;
  for (const auto& l : lines) {
    for (const auto& key : l.key) text += key + "|";
    text +=
        l.currency + " " + l.cost.to_string() + " " + l.low.to_string() + " " + l.high.to_string();
    for (const std::int64_t n :
         {l.attempts, l.settled, l.voided, l.ambiguous, l.open, l.unknown_cost, l.input,
          l.cache_read, l.cache_write, l.output, l.reasoning})
      text += " " + std::to_string(n);
    text += "\n";
  }
  return text;
}

class rollup_test : public ::testing::Test {
 protected:
  void SetUp() override {
    server = the_server();
    if (server == nullptr) GTEST_SKIP() << "skipped: postgresql is not installed";
    server->wipe();
    book = ledger::open({.path = server->name()}).value();
    to = journal_of(book);
  }
  pg::connection connect() const {
    return pg::connection::open({.text = server->name(), .write = false}, in_a_minute()).value();
  }
  /// What a check of the sums finds, a line each.
  std::string findings() const {
    auto db = connect();
    db.script("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", in_a_minute()).value();
    detail::findings found;
    detail::verify_rollups(db, found, in_a_minute()).value();
    ledger_check told;
    std::move(found).give(told);
    return words_of(told);
  }
  void rebuild() const {
    auto db = connect();
    ASSERT_TRUE(detail::rebuild_rollups(db, in_a_minute()));
  }
  /// What waits is added to the sums.
  void fold() const { server->run("SELECT ark.rollup_fold(s.id) FROM ark.rollup_shard s"); }
  bool by_sums(const keys& by, const ledger_filter& filter = {}) const {
    auto db = connect();
    return by_sums(db, by, filter);
  }
  static bool by_sums(pg::connection& db, const keys& by, const ledger_filter& filter) {
    const auto query = detail::rollup_query_of(by, filter);
    return query && detail::pg_report_of_rollups(db, *query, in_a_minute()).value().has_value();
  }
  /// Both ways must say the same. Gives how many reports were answered by the sums.
  int compare_reports() const;
  pg_server* server = nullptr;
  ledger book;
  std::shared_ptr<journal> to;
};

int rollup_test::compare_reports() const {
  const std::vector<keys> groups = {{},
                                    {"day"},
                                    {"month", "vendor"},
                                    {"model", "day"},
                                    {"vendor", "model"},
                                    {"tag:team"},
                                    {"day", "tag:app", "model"},
                                    {"tenant"},
                                    {"task", "month"},
                                    {"tag:nobody"},
                                    {"state"}};
  std::vector<ledger_filter> filters(9);
  filters[1].since = std::chrono::floor<std::chrono::days>(at(86'400));
  filters[2].until = std::chrono::floor<std::chrono::days>(at(3 * 86'400));
  filters[3].vendor = "openai";
  filters[4].model = "v4";
  filters[4].since = filters[1].since;
  filters[5].tags = {{"team", "a"}};
  filters[6].tenant = "acme";
  filters[7].tags = {{"nobody", "x"}};
  filters[8].until = at(1);
  int summed = 0;
  auto db = connect();
  for (const auto& by : groups)
    for (const auto& filter : filters) {
      summed += by_sums(db, by, filter) ? 1 : 0;
      const auto rows = detail::pg_report(db, by, filter, detail::report_source::rows).value();
      EXPECT_EQ(text_of(detail::pg_report(db, by, filter).value()), text_of(rows));
    }
  return summed;
}

TEST_F(rollup_test, says_what_a_pass_over_the_rows_says) {
  for (std::uint64_t seed = 1; seed <= 2; ++seed) {
    random_ledger(seed, seed * 1'000'000).record(book, 100);
    EXPECT_GT(compare_reports(), 50);
    EXPECT_EQ(findings(), "");
  }
  EXPECT_NE(server->ask("SELECT count(*) FROM ark.correction"), "0");
}

/// Several handles write; one of them reports, and makes the sums anew, meanwhile.
TEST_F(rollup_test, holds_while_several_sessions_write) {
  std::vector<std::thread> all;
  std::atomic<int> writing = 6;
  for (std::uint64_t t = 1; t <= 6; ++t)
    all.emplace_back([&, t] {
      const auto mine = ledger::open({.path = server->name()}).value();
      random_ledger(t, t * 1'000'000).record(mine, 120);
      --writing;
    });
  std::thread reader([&] {
    for (int n = 0; writing > 0; ++n) {
      EXPECT_EQ(findings(), "");
      if (n % 3 == 0) rebuild();
    }
  });
  for (auto& t : all) t.join();
  reader.join();
  EXPECT_EQ(findings(), "");
  EXPECT_GT(compare_reports(), 50);
  EXPECT_GT(std::stoi(server->ask("SELECT count(DISTINCT shard) FROM ark.rollup_key")), 1);
}

TEST_F(rollup_test, what_a_sweep_books_and_what_comes_late_counts) {
  ASSERT_TRUE(put(*to, {intent(1), intent(2)}));
  to.reset();
  book = {};
  const auto quick = detail::pg_store::open({.path = server->name()},
                                            {.patience = 5s, .beat = 50ms, .silence = 100ms})
                         .value();
  const auto ambiguous = [&] {
    const auto lines = quick->report({"day"}, {}).value();
    return lines.empty() ? 0 : lines[0].ambiguous;
  };
  for (int n = 0; n < 200 && ambiguous() != 2; ++n) std::this_thread::sleep_for(50ms);
  EXPECT_EQ(ambiguous(), 2);
  ASSERT_TRUE(put(*quick, {outcome(1, "0.125")}));
  EXPECT_EQ(ambiguous(), 1);
  EXPECT_EQ(findings(), "");
  EXPECT_TRUE(by_sums({"day"}));
}

TEST_F(rollup_test, a_copied_file_has_its_sums) {
  const temporary_directory folder;
  const std::string path = folder.file("state/ledger.db");
  const auto file = ledger::open({.path = path}).value();
  random_ledger(3).record(file, 100);
  ASSERT_TRUE(put(*to, {intent(1'000'000)}));
  ASSERT_TRUE(ledger::migrate(path, {.path = server->name()}));
  EXPECT_EQ(findings(), "");
  EXPECT_TRUE(by_sums({"vendor"}));
  EXPECT_EQ(text_of(book.report({"vendor", "tag:team"}, {.tenant = "acme"}).value()),
            text_of(file.report({"vendor", "tag:team"}, {.tenant = "acme"}).value()));
  EXPECT_EQ(text_of(book.report({"tenant"}, {.vendor = "deepseek"}).value()),
            text_of(file.report({"tenant"}, {.vendor = "deepseek"}).value()));
}

TEST_F(rollup_test, an_older_snapshot_loses_nothing_that_waits) {
  ASSERT_TRUE(put(*to, {intent(1)}));
  auto db = pg::connection::open({.text = server->name()}, in_a_minute()).value();
  db.script("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM ark.intent", in_a_minute())
      .value();
  ASSERT_TRUE(put(*to, {intent(2)}));
  db.script(
        "INSERT INTO ark.intent(begun_us, attempt_id, attempt, vendor, model, quote_status) SELECT "
        "1795255200000000, n, 1, 'v', 'm', 'unknown' FROM generate_series(1000, 1299) n; COMMIT",
        in_a_minute())
      .value();
  EXPECT_EQ(findings(), "");
  fold();
  EXPECT_EQ(findings(), "");
  EXPECT_EQ(server->ask("SELECT sum(attempts) FROM ark.rollup WHERE dimension = 0"), "302");
}

TEST_F(rollup_test, a_shard_where_nothing_waits_stays_as_it_is) {
  ASSERT_TRUE(put(*to, {intent(1), intent(2)}));
  fold();
  fold();
  EXPECT_EQ(findings(), "");
}

/// Whoever writes rows by hand hears of it himself, and not the one that adds them to the sums.
TEST_F(rollup_test, tags_that_are_no_json_fail_their_own_statement) {
  ASSERT_TRUE(put(*to, {intent(1)}));
  EXPECT_THROW(server->run("INSERT INTO ark.intent(begun_us, attempt_id, attempt, quote_status, "
                           "tags) VALUES(1, 1000, 1, 'unknown', '{bad')"),
               ark::exception);
  server->run(
      "INSERT INTO ark.intent(begun_us, attempt_id, attempt, quote_status, tags) VALUES(1, 1001, "
      "1, 'unknown', 'none at all')");
  fold();
  EXPECT_EQ(findings(), "");
}

TEST_F(rollup_test, several_corrections_in_one_statement_count_once) {
  ASSERT_TRUE(put(*to, {intent(1), outcome(1), intent(2), outcome(2), intent(3)}));
  const std::string columns =
      "of_seq, attempt_id, kind, recorded_us, state, ended_us, latency_us, cost_status, currency, "
      "cost_micro, cost_femto";
  server->run("INSERT INTO ark.correction(" + columns +
              ") VALUES (1, 1, 'resolved', 0, 'settled', 0, 0, 'exact', 'EUR', 7, 5), (1, 1, "
              "'corrected', 0, 'settled', 0, 0, 'exact', 'USD', 9, 6), (2, 2, 'conflict', 0, "
              "'settled', 0, 0, 'exact', 'USD', 1, 1), (NULL, 9, 'orphan', 0, 'settled', 0, 0, "
              "'exact', 'USD', 1, 1)");
  EXPECT_EQ(findings(), "");
  EXPECT_EQ(text_of(book.report({}, {}).value()),
            "USD 0.250009000000006 0.250009000000006 0.750009000000006 3 2 0 0 1 0 100 0 0 20 0\n");
}

TEST_F(rollup_test, a_changed_sum_is_told_and_made_anew) {
  attempt_intent i = intent(1);
  i.tenant = "acme";
  ASSERT_TRUE(put(*to, {i, outcome(1), intent(2)}));
  EXPECT_EQ(findings(), "");
  fold();
  EXPECT_EQ(findings(), "");
  server->run("UPDATE ark.rollup SET cost = cost + 0.000000000000001 WHERE dimension = 0");
  EXPECT_EQ(findings(),
            "the sum of 2026-11-21 for openai/gpt-6 in USD is 0.250000000000001, its rows add up "
            "to 0.25\n");
  server->run("UPDATE ark.rollup SET attempts = attempts + 1 WHERE dimension <> 0");
  EXPECT_NE(findings().find("in USD with tenant=acme counts 2 attempts, its rows 1\n"),
            std::string::npos);
  server->run("DELETE FROM ark.rollup WHERE dimension = 0");
  EXPECT_NE(findings().find("in USD is gone: there are 2 attempts\n"), std::string::npos);
  server->run("UPDATE ark.rollup_key SET vendor = 'x' WHERE dimension <> 0");
  EXPECT_NE(findings().find("for x/gpt-6 in USD with tenant=acme counts 2 attempts, its rows 0\n"),
            std::string::npos);
  rebuild();
  EXPECT_EQ(findings(), "");
  EXPECT_EQ(text_of(book.report({"tenant"}, {}).value()),
            "|USD 0 0 0.5 1 0 0 0 1 0 0 0 0 0 0\n"
            "acme|USD 0.25 0.25 0.25 1 1 0 0 0 0 100 0 0 20 0\n");
}

TEST_F(rollup_test, a_changed_row_is_told_by_its_sum) {
  ASSERT_TRUE(put(*to, {intent(1), outcome(1)}));
  fold();
  server->run(
      "ALTER TABLE ark.outcome DISABLE TRIGGER append_only; UPDATE ark.outcome SET cost_micro = "
      "cost_micro + 1; ALTER TABLE ark.outcome ENABLE TRIGGER append_only");
  EXPECT_NE(findings().find("is 0.25, its rows add up to 0.250001"), std::string::npos);
}

TEST_F(rollup_test, names_beyond_the_limit_and_values_without_end_take_the_rows) {
  std::vector<journal_record> records;
  for (std::uint64_t id = 1; id <= 20; ++id) {
    attempt_intent i = intent(id);
    i.tags = {{"name-" + std::to_string(100 + id), "x"}};
    records.emplace_back(i);
  }
  ASSERT_TRUE(put(*to, std::move(records)));
  EXPECT_TRUE(by_sums({"tag:name-116"}));
  EXPECT_FALSE(by_sums({"tag:name-117"}));
  EXPECT_FALSE(by_sums({"tag:nobody"})) << "it may be one of those that came too late";
  EXPECT_EQ(book.report({"tag:name-117"}, {}).value().size(), 2u);
  const auto add = [&](int from, int until) {
    server->run(
        "INSERT INTO ark.intent(begun_us, attempt_id, attempt, vendor, model, tags, quote_status) "
        "SELECT 1795255200000000, n, 1, 'v', 'm', '{\"name-101\":\"' || n || '\"}', 'unknown' FROM "
        "generate_series(" +
        std::to_string(from) + ", " + std::to_string(until) + ") n");
  };
  add(1000, 10'998);
  EXPECT_TRUE(by_sums({"tag:name-101"})) << "10,000 with the first";
  add(20'000, 20'300);
  EXPECT_FALSE(by_sums({"tag:name-101"}));
  add(20'301, 20'400);
  EXPECT_TRUE(by_sums({"tag:name-102"}));
  EXPECT_EQ(book.report({"tag:name-101"}, {}).value().size(), 10'402u);
  EXPECT_EQ(findings(), "");
  rebuild();
  EXPECT_EQ(findings(), "");
}

TEST_F(rollup_test, long_names_and_values_never_stand_in_a_commits_way) {
  attempt_intent i = intent(1);
  i.tenant = std::string(30'000, 't');
  i.tags = {{std::string(201, 'n'), "x"}, {"long", std::string(20'000, 'v')}};
  i.vendor = std::string(3'000, 'q');
  i.begun = std::chrono::system_clock::time_point(-std::chrono::years(150));
  ASSERT_TRUE(put(*to, {i, outcome(1)}));
  EXPECT_TRUE(by_sums({"tenant"}));
  EXPECT_FALSE(by_sums({"tag:" + std::string(201, 'n')}));
  EXPECT_TRUE(by_sums({"tag:" + std::string(200, 'n')}));
  EXPECT_EQ(book.report({"tag:" + std::string(201, 'n')}, {}).value().at(0).key, keys{"x"});
  EXPECT_EQ(book.report({"day"}, {}).value().at(0).key.at(0).substr(0, 5), "1820-");
  EXPECT_EQ(findings(), "");
  auto db = connect();
  EXPECT_EQ(text_of(book.report({"day"}, {}).value()),
            text_of(detail::pg_report(db, {"day"}, {}, detail::report_source::rows).value()));
}

/// The tables as they were before the roll-ups.
void make_older(const pg_server& server) {
  server.run(
      "DROP FUNCTION ark.rollup_changed CASCADE; "
      "DROP FUNCTION ark.rollup_fold, ark.rollup_apply, ark.rollup_prepare; DROP VIEW "
      "ark.spending, ark.rollup_waiting; DROP TYPE "
      "ark.rollup_change; DROP TABLE ark.rollup, ark.rollup_key, ark.rollup_dimension, "
      "ark.rollup_pending, ark.rollup_shard; DELETE FROM "
      "ark.schema_version WHERE version >= " +
      std::to_string(pg::schema::rollup_version));
}

TEST_F(rollup_test, an_older_ledger_gets_the_sums_of_its_rows_and_its_open_handles_add_to_them) {
  random_ledger(7).record(book, 100);
  make_older(*server);
  random_ledger(8, 1'000'000).record(book, 20);
  server->run(
      "DROP ROLE IF EXISTS reader; CREATE ROLE reader LOGIN; GRANT USAGE ON SCHEMA ark TO reader; "
      "GRANT SELECT ON ALL TABLES IN SCHEMA ark TO reader");
  const auto newer = ledger::open({.path = server->name()}).value();
  EXPECT_EQ(findings(), "");
  random_ledger(9, 2'000'000).record(book, 20);
  random_ledger(10, 3'000'000).record(newer, 20);
  EXPECT_EQ(findings(), "");
  EXPECT_GT(compare_reports(), 50);
  const auto reader = ledger::open({.path = server->name("reader"), .read_only = true}).value();
  EXPECT_EQ(text_of(reader.report({"day"}, {}).value()),
            text_of(newer.report({"day"}, {}).value()));
}

/// The sums of a large ledger take their time: nobody waits for them.
TEST_F(rollup_test, while_the_sums_of_an_older_ledger_are_made_it_is_written_and_read) {
  random_ledger(7).record(book, 50);
  make_older(*server);
  auto db = pg::connection::open({.text = server->name()}, in_a_minute()).value();
  // As if somebody else were at it, and died.
  auto other = connect();
  other.ask("SELECT pg_advisory_lock(1095912275, -2)", {}, in_a_minute()).value();
  ASSERT_TRUE(pg::schema::migrate(db, in_a_minute()));
  EXPECT_FALSE(by_sums({"day"}));
  server->run(
      "DROP ROLE IF EXISTS guest; CREATE ROLE guest LOGIN; GRANT USAGE ON SCHEMA ark TO guest; "
      "GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA ark TO guest");
  auto guest = pg::connection::open({.text = server->name("guest")}, in_a_minute()).value();
  random_ledger(8, 1'000'000).record(book, 20);
  compare_reports();
  EXPECT_EQ(findings(), "") << "nothing to compare yet";
  other.close();
  ASSERT_TRUE(pg::schema::migrate(guest, in_a_minute()));
  EXPECT_FALSE(by_sums({"day"})) << "the owner does it";
  for (int n = 0; n < 100 && !by_sums({"day"}); ++n) {
    ASSERT_TRUE(pg::schema::migrate(db, in_a_minute()));
    std::this_thread::sleep_for(20ms);
  }
  EXPECT_TRUE(by_sums({"day"}));
  EXPECT_EQ(findings(), "");
  EXPECT_GT(compare_reports(), 50);
}

/// Until the sums are committed: the names that they need are not what others wait for.
TEST_F(rollup_test, while_the_sums_of_an_older_ledger_are_not_committed_others_write) {
  random_ledger(7).record(book, 50);
  make_older(*server);
  auto db = pg::connection::open({.text = server->name()}, in_a_minute()).value();
  auto gate = connect();
  gate.ask("SELECT pg_advisory_lock(1095912275, -2), pg_advisory_lock(77)", {}, in_a_minute())
      .value();
  ASSERT_TRUE(pg::schema::migrate(db, in_a_minute())) << "somebody else is at it";
  server->run(
      "CREATE FUNCTION public.hold() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM "
      "pg_catalog.pg_advisory_xact_lock(78); WHILE NOT pg_catalog.pg_try_advisory_xact_lock(77) "
      "LOOP PERFORM pg_catalog.pg_sleep(0.02); END LOOP; RETURN OLD; END $$; CREATE TRIGGER hold "
      "BEFORE DELETE ON ark.rollup_dimension FOR EACH ROW EXECUTE FUNCTION public.hold()");
  gate.ask("SELECT pg_advisory_unlock(1095912275, -2)", {}, in_a_minute()).value();
  std::thread makes([&] { EXPECT_TRUE(pg::schema::migrate(db, in_a_minute())); });
  const auto is_held = [&] {
    return server->ask(
               "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = 0 "
               "AND objid = 78") == "1";
  };
  for (int n = 0; n < 500 && !is_held(); ++n) std::this_thread::sleep_for(20ms);
  EXPECT_TRUE(is_held());
  attempt_intent named = intent(1'000'000);
  named.tenant = "acme";
  named.task = "sort";
  EXPECT_TRUE(put(*to, {named, outcome(1'000'000)}));
  EXPECT_FALSE(by_sums({"day"}));
  gate.close();
  makes.join();
  EXPECT_TRUE(by_sums({"day"}));
  EXPECT_EQ(findings(), "");
  EXPECT_GT(compare_reports(), 50);
  server->run("DROP FUNCTION public.hold() CASCADE");
}

TEST_F(rollup_test, the_names_of_an_older_ledger_are_the_first_ones) {
  std::vector<journal_record> records;
  for (std::uint64_t id = 1; id <= 20; ++id) {
    attempt_intent i = intent(id, static_cast<std::int64_t>(id) * -86'400);
    i.tags = {{"name-" + std::to_string(100 + id), "x"}};
    records.emplace_back(i);
  }
  ASSERT_TRUE(put(*to, std::move(records)));
  make_older(*server);
  const auto newer = ledger::open({.path = server->name()}).value();
  EXPECT_TRUE(by_sums({"tag:name-105"}));
  EXPECT_FALSE(by_sums({"tag:name-104"}));
  EXPECT_FALSE(by_sums({"tag:nobody"})) << "it may be one of those that came too late";
  EXPECT_EQ(findings(), "");
}

TEST_F(rollup_test, who_may_only_write_entries_changes_sums_but_not_by_himself) {
  server->run(
      "DROP ROLE IF EXISTS writer; CREATE ROLE writer LOGIN; GRANT USAGE ON SCHEMA ark TO writer; "
      "GRANT SELECT ON ALL TABLES IN SCHEMA ark TO writer; GRANT INSERT ON ark.intent, "
      "ark.outcome, ark.correction, ark.segment, ark.seal, ark.session, ark.reservation, "
      "ark.budget_shard, ark.budget_told TO writer; GRANT UPDATE ON ark.session, ark.reservation, "
      "ark.budget_shard "
      "TO writer");
  const auto mine = ledger::open({.path = server->name("writer")}).value();
  ASSERT_TRUE(put(*journal_of(mine), {intent(1), outcome(1)}));
  EXPECT_EQ(findings(), "");
  auto db = pg::connection::open({.text = server->name("writer")}, in_a_minute()).value();
  const auto refused = db.ask(
      "SELECT ark.rollup_apply(ARRAY[ROW(1,'','','','','',1,1,0,0,0,0,0,0,0,0,0,1,1,1)"
      "::ark.rollup_change])",
      {}, in_a_minute());
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("42501"), std::string::npos);
}

TEST_F(rollup_test, people_read_the_sums_in_a_view) {
  ASSERT_TRUE(put(*to, {intent(1), outcome(1), intent(2), outcome(2, "0.000000000000001")}));
  EXPECT_EQ(server->ask("SELECT cost::text || ' on ' || day FROM ark.spending"),
            "0.250000000000001 on 2026-11-21");
}

}  // namespace
}  // namespace ark::testing
