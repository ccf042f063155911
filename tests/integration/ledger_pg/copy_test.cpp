#include <atomic>
#include <fstream>
#include <thread>

#include "tests/integration/ledger_pg/store_fixture.hpp"
#include "tests/unit/ledger/chain_support.hpp"

namespace ark::testing {
namespace {

class copy_test : public ::testing::Test {
 protected:
  void SetUp() override {
    server = the_server();
    if (server == nullptr) GTEST_SKIP() << "skipped: postgresql is not installed";
    server->wipe();
  }
  /// 2,500 attempts of which the last is open, a doubt that was resolved, a conflict, an orphan.
  void fill() {
    const auto book = ledger::open({.path = path}).value();
    std::vector<journal_record> records;
    for (std::uint64_t id = 1; id <= 2500; ++id) {
      records.emplace_back(intent(id, static_cast<std::int64_t>(id)));
      attempt_outcome o = outcome(id, "0.000000003625001");
      if (id == 7) {
        o.state = attempt_state::ambiguous;
        o.cost = interval("0", "0.75");
      }
      if (id < 2500) records.emplace_back(o);
    }
    ASSERT_TRUE(put(*journal_of(book), std::move(records)));
    ASSERT_TRUE(put(*journal_of(book), {outcome(7, "0.3"), outcome(8, "5"), outcome(9999)}));
    ASSERT_TRUE(book.correct({{.sequence = 9, .cost = exact("0.2"), .reason = "invoice"}}));
  }
  temporary_directory folder;
  std::string path = folder.file("state/ledger.db");
  pg_server* server = nullptr;
};

TEST_F(copy_test, a_file_is_copied_once_whole_and_its_sums_agree) {
  fill();
  const auto done = ledger::migrate(path, {.path = server->name()}).value();
  EXPECT_EQ(done.intents, 2500);
  EXPECT_EQ(done.outcomes, 2499);
  EXPECT_EQ(done.corrections, 4);
  EXPECT_EQ(done.copied, 2500 + 2499 + 4);
  const auto from = ledger::open({.path = path, .read_only = true}).value();
  const auto to = ledger::open({.path = server->name()}).value();
  const auto by = std::vector<std::string>{"day", "state"};
  const auto before = from.report(by, {}).value(), after = to.report(by, {}).value();
  ASSERT_EQ(before.size(), after.size());
  for (std::size_t i = 0; i < before.size(); ++i) {
    EXPECT_EQ(before[i].key, after[i].key);
    EXPECT_EQ(before[i].cost, after[i].cost);
    EXPECT_EQ(before[i].high, after[i].high);
    EXPECT_EQ(before[i].attempts, after[i].attempts);
  }
  const auto check = to.verify().value();
  EXPECT_TRUE(check.good()) << words_of(check);
  EXPECT_EQ(check.intents + check.outcomes + check.corrections, 2500 + 2499 + 4);
  EXPECT_EQ(check.segments, 3 + 3 + 1) << "a page a transaction";
  const auto one = [](const ledger& l, const char* call) {
    auto e = l.list({.call_id = call}).value().at(0);
    e.sequence = 0;
    return e;
  };
  EXPECT_EQ(one(from, "call-9").note, one(to, "call-9").note);
  EXPECT_EQ(one(from, "call-7").cost, one(to, "call-7").cost);
  EXPECT_EQ(one(from, "call-3").usage, one(to, "call-3").usage);

  const auto again = ledger::migrate(path, {.path = server->name()}).value();
  EXPECT_EQ(again.copied, 0) << "what is there is not copied again";
  ASSERT_TRUE(put(*journal_of(to), {outcome(2500)})) << "and an open attempt is settled there";
  EXPECT_EQ(one(to, "call-2500").state, attempt_state::settled);
}

// What was saved of a damaged file (L12) can be copied, with orphans and corrections of the lost.
TEST_F(copy_test, what_was_saved_of_a_damaged_file_is_copied) {
  fill();
  sql(path, "PRAGMA wal_checkpoint(TRUNCATE)");
  const auto page = std::stoll(
      sql(path,
          "SELECT pageno FROM dbstat WHERE name = 'intent' AND pagetype = 'leaf' ORDER BY path "
          "LIMIT 1"));
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  file.seekp((page - 1) * 4096);
  file << std::string(4096, '\0');
  file.close();
  const std::string saved = folder.file("saved.db");
  const auto told = ledger::salvage({.path = path}, {.path = saved}).value();
  ASSERT_GT(told.orphans, 9) << "entries 7, 8 and 9, which were corrected, are among them";
  const auto done = ledger::migrate(saved, {.path = server->name()});
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(done->intents, 2500 - told.orphans);
  EXPECT_EQ(server->ask("SELECT count(*) FROM ark.correction WHERE kind = 'orphan'"),
            std::to_string(told.orphans + 1));
}

TEST_F(copy_test, an_interrupted_copy_is_repeated) {
  fill();
  // The server refuses rows from some point on.
  const auto book = ledger::open({.path = server->name()}).value();
  ASSERT_TRUE(put(*journal_of(book), {intent(1'000'000)})) << "it has entries of its own";
  server->run("ALTER TABLE ark.outcome ADD CONSTRAINT stop CHECK (request_id <> 'req-1900')");
  const auto stopped = ledger::migrate(path, {.path = server->name()});
  ASSERT_FALSE(stopped);
  EXPECT_EQ(server->ask("SELECT count(*) FROM ark.outcome"), "1000");
  server->run("ALTER TABLE ark.outcome DROP CONSTRAINT stop");
  const auto done = ledger::migrate(path, {.path = server->name()}).value();
  EXPECT_EQ(done.copied, 1499 + 4);
  EXPECT_EQ(server->ask("SELECT count(*) FROM ark.intent"), "2501");
  const auto check = book.verify().value();
  EXPECT_TRUE(check.good()) << words_of(check);
}

/// As if each page took longer than a session may be silent.
TEST_F(copy_test, a_long_copy_is_not_taken_for_a_dead_session) {
  fill();
  {
    const auto book = ledger::open({.path = server->name()}).value();
  }
  server->run(
      "CREATE FUNCTION public.late() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE "
      "ark.session s SET seen = s.seen - interval '1 hour', swept = true FROM added a WHERE s.id = "
      "a.chain; RETURN NULL; END $$; CREATE TRIGGER late AFTER INSERT ON ark.correction "
      "REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION public.late()");
  ASSERT_TRUE(ledger::migrate(path, {.path = server->name()}));
  EXPECT_EQ(server->ask("SELECT count(*) FROM ark.session s WHERE NOT s.swept AND s.seen > "
                        "clock_timestamp() - interval '1 minute' AND EXISTS (SELECT FROM "
                        "ark.correction c WHERE c.chain = s.id)"),
            "1");
  server->run("DROP FUNCTION public.late() CASCADE");
}

/// A correction counts by what was there before: two at once would not see each other.
TEST_F(copy_test, corrections_wait_for_who_settles_the_same_attempt) {
  fill();
  {
    const auto book = ledger::open({.path = server->name()}).value();
  }
  const auto soon = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  auto other = pg::connection::open({.text = server->name()}, soon).value();
  other.ask("SELECT pg_advisory_lock(8)", {}, soon).value();
  std::atomic<bool> ended = false;
  std::thread copies([&] {
    EXPECT_TRUE(ledger::migrate(path, {.path = server->name()}));
    ended = true;
  });
  const auto waits = [&] {
    return server->ask(
               "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = 0 "
               "AND objid = 8 AND objsubid = 1 AND NOT granted") == "1";
  };
  bool waited = false;
  while (!ended && !waited) waited = waits();
  EXPECT_TRUE(waited);
  EXPECT_EQ(server->ask("SELECT count(*) FROM ark.correction"), "0");
  other.close();
  copies.join();
  EXPECT_EQ(server->ask("SELECT count(*) FROM ark.correction"), "4");
}

TEST_F(copy_test, a_difference_is_told) {
  fill();
  ASSERT_TRUE(ledger::migrate(path, {.path = server->name()}));
  server->run(
      "ALTER TABLE ark.outcome DISABLE TRIGGER append_only; UPDATE ark.outcome SET cost_femto = "
      "cost_femto + 1 WHERE request_id = 'req-3'; ALTER TABLE ark.outcome ENABLE TRIGGER "
      "append_only");
  const auto refused = ledger::migrate(path, {.path = server->name()});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("differs"), std::string::npos);
}

TEST_F(copy_test, only_a_file_is_copied_and_only_to_a_server) {
  EXPECT_EQ(ledger::migrate(path, {.path = folder.file("other.db")}).error().code,
            errc::invalid_request);
  EXPECT_EQ(ledger::migrate(folder.file("none.db"), {.path = server->name()}).error().code,
            errc::not_found);
}

}  // namespace
}  // namespace ark::testing
