#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <thread>

#include "ledger_pg/pg_schema.hpp"
#include "ledger_pg/pg_store.hpp"
#include "tests/integration/ledger_pg/store_fixture.hpp"
#include "tests/unit/ledger/chain_support.hpp"
#include "tests/unit/ledger/child.hpp"

/// What only a server does: names, passwords, rights, several machines, being away.
namespace ark::testing {
namespace {

using namespace std::chrono_literals;

class server_test : public ::testing::Test {
 protected:
  void SetUp() override {
    server = the_server();
    if (server == nullptr) GTEST_SKIP() << "skipped: postgresql is not installed";
    server->wipe();
  }
  /// Answers soon when the server is away.
  std::shared_ptr<detail::pg_store> impatient() const {
    return detail::pg_store::open({.path = server->name()}, {.patience = 600ms, .beat = 100ms})
        .value();
  }
  pg_server* server = nullptr;
};

TEST_F(server_test, a_password_in_the_name_is_refused_and_never_repeated) {
  for (const std::string name :
       {"postgresql://ark:s3cret-words@localhost/db", "host=/tmp password=s3cret-words dbname=db",
        "postgresql://ark@localhost/db?password=s3cret-words",
        "postgresql://ark:s3cret-words@[/db?x=y"}) {
    const auto opened = ledger::open({.path = name});
    ASSERT_FALSE(opened) << name;
    EXPECT_EQ(opened.error().code, errc::config);
    EXPECT_EQ(to_string(opened.error()).find("s3cret"), std::string::npos);
  }
}

TEST_F(server_test, the_password_of_the_options_is_used_and_a_wrong_one_is_not_printed) {
  server->run(
      "DROP ROLE IF EXISTS locked; CREATE ROLE locked LOGIN SUPERUSER PASSWORD 'right-one'");
  const auto open = [&](const char* word) {
    return ledger::open({.path = server->name("locked"), .password = secret(word)});
  };
  EXPECT_TRUE(open("right-one"));
  const auto refused = open("wrong-s3cret");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::ledger);
  EXPECT_NE(refused.error().message.find("password authentication failed"), std::string::npos);
  EXPECT_EQ(to_string(refused.error()).find("s3cret"), std::string::npos);
}

TEST_F(server_test, a_server_that_is_not_there_is_told) {
  const auto opened = ledger::open({.path = "postgresql:///db?host=/nonexistent"});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, errc::ledger);
  EXPECT_NE(opened.error().message.find("/nonexistent"), std::string::npos);
}

TEST_F(server_test, another_programs_schema_is_left_alone) {
  server->run("CREATE SCHEMA ark; CREATE TABLE ark.fish(x int)");
  const auto opened = ledger::open({.path = server->name()});
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().message.find("another program"), std::string::npos);
  EXPECT_EQ(server->ask("SELECT count(*) FROM pg_tables WHERE schemaname = 'ark'"), "1");
}

TEST_F(server_test, many_machines_may_make_the_tables_at_once) {
  std::vector<pid_t> children;
  for (std::uint64_t c = 1; c <= 6; ++c)
    children.push_back(start_child([&] {
      const auto mine = ledger::open({.path = server->name()}).value();
      return put(*journal_of(mine), {intent(c)}) ? 0 : 1;
    }));
  for (const pid_t child : children) EXPECT_EQ(wait_for(child), 0);
  EXPECT_EQ(server->ask("SELECT count(*) FROM ark.intent"), "6");
  EXPECT_EQ(server->ask("SELECT count(*) FROM ark.schema_version"),
            std::to_string(pg::schema::version));
}

/// Tables as they were before the chain, brought forward by their owner.
class older_server_test : public server_test {
 protected:
  void SetUp() override {
    server_test::SetUp();
    if (server != nullptr) bring_forward(pg::schema::chain_version - 1).value();
  }
  result<void> bring_forward(int to = pg::schema::version) const {
    const auto soon = std::chrono::steady_clock::now() + 20s;
    auto db = pg::connection::open({.text = server->name()}, soon).value();
    return pg::schema::migrate(db, soon, to);
  }
};

TEST_F(older_server_test, who_could_write_entries_can_write_them_after_a_step) {
  server->run(
      "DROP ROLE IF EXISTS helper; CREATE ROLE helper LOGIN; GRANT USAGE ON SCHEMA ark TO helper; "
      "GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA ark TO helper");
  ASSERT_TRUE(bring_forward());
  {
    const auto book = ledger::open({.path = server->name("helper")}).value();
    ASSERT_TRUE(put(*journal_of(book), {intent(1), outcome(1)}));
    EXPECT_TRUE(book.head());
    EXPECT_EQ(book.report({"day"}, {}).value().at(0).attempts, 1);
    const auto check = book.verify().value();
    EXPECT_TRUE(check.good()) << words_of(check);
  }
  EXPECT_EQ(server->ask("SELECT count(*) FROM unnest(ARRAY['ark.segment', 'ark.seal']) t WHERE "
                        "has_table_privilege('helper', t, 'UPDATE, DELETE, TRUNCATE')"),
            "0")
      << "no more than adding";
}

/// A writer that settles holds one of the tables, and wants the others.
TEST_F(older_server_test, a_step_waits_for_who_settles_and_holds_nothing_meanwhile) {
  const auto soon = std::chrono::steady_clock::now() + 20s;
  auto writer = pg::connection::open({.text = server->name()}, soon).value();
  ASSERT_TRUE(writer.script("BEGIN; LOCK TABLE ark.outcome IN ROW EXCLUSIVE MODE", soon));
  std::thread step([&] { EXPECT_TRUE(bring_forward()); });
  const auto locks = [&](const std::string& table, const std::string& granted) {
    return server->ask(
        "SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND "
        "granted = " +
        granted + " AND relation = 'ark." + table + "'::regclass");
  };
  for (int n = 0; n < 500 && locks("outcome", "false") == "0"; ++n)
    std::this_thread::sleep_for(20ms);
  EXPECT_EQ(locks("outcome", "false"), "1");
  EXPECT_EQ(locks("intent", "true"), "0");
  EXPECT_TRUE(writer.script("SELECT count(*) FROM ark.intent; COMMIT", soon));
  step.join();
  EXPECT_EQ(server->ask("SELECT max(version) FROM ark.schema_version"),
            std::to_string(pg::schema::version));
}

/// A writer may hold one of the tables and want another.
TEST_F(older_server_test, a_step_that_meets_a_deadlock_is_tried_once_more) {
  const auto fail = [&](int times) {
    server->run(
        "DROP SCHEMA IF EXISTS tries CASCADE; CREATE SCHEMA tries; CREATE SEQUENCE tries.n; CREATE "
        "FUNCTION tries.fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF "
        "pg_catalog.nextval('tries.n') <= " +
        std::to_string(times) +
        " THEN RAISE EXCEPTION USING ERRCODE = '40P01'; END IF; RETURN NEW; END $$; CREATE TRIGGER "
        "fail BEFORE INSERT ON ark.schema_version FOR EACH ROW EXECUTE FUNCTION tries.fail()");
  };
  fail(2);
  EXPECT_FALSE(bring_forward());
  EXPECT_EQ(server->ask("SELECT last_value FROM tries.n"), "2");
  fail(1);
  EXPECT_TRUE(bring_forward());
  EXPECT_EQ(server->ask("SELECT max(version) FROM ark.schema_version"),
            std::to_string(pg::schema::version));
  server->run("DROP SCHEMA tries CASCADE");
}

TEST_F(server_test, rows_are_never_changed_or_removed) {
  const auto book = ledger::open({.path = server->name()}).value();
  ASSERT_TRUE(put(*journal_of(book), {intent(1), outcome(1)}));
  for (const char* sql : {"UPDATE ark.outcome SET cost_micro = 0", "DELETE FROM ark.intent",
                          "TRUNCATE ark.correction"})
    EXPECT_THROW(server->run(sql), ark::exception) << sql;
  EXPECT_EQ(server->ask("SELECT cost FROM ark.attempt").substr(0, 17), "0.250000000000000");
}

TEST_F(server_test, an_attempt_id_is_there_once) {
  const auto book = ledger::open({.path = server->name()}).value();
  const auto other = ledger::open({.path = server->name()}).value();
  ASSERT_TRUE(put(*journal_of(book), {intent(1)}));
  const auto again = commit_all(*journal_of(other), {intent(1), intent(2), intent(2)});
  EXPECT_EQ(again.of(0).error().code, errc::internal);
  EXPECT_TRUE(again.of(1));
  EXPECT_EQ(again.of(2).error().code, errc::internal);
  EXPECT_EQ(server->ask("SELECT count(*) FROM ark.intent"), "2");
}

TEST_F(server_test, a_forked_child_is_told_to_open_its_own) {
  const auto book = ledger::open({.path = server->name()}).value();
  const auto to = journal_of(book);
  ASSERT_TRUE(put(*to, {intent(1)}));
  const pid_t child =
      start_child([&] { return put(*to, {intent(2)}).error().code == errc::ledger ? 0 : 1; });
  EXPECT_EQ(wait_for(child), 0);
  ASSERT_TRUE(put(*to, {intent(3)})) << "the parent's connection is as it was";
}

TEST_F(server_test, while_the_server_is_away_intents_fail_and_outcomes_are_kept) {
  const auto to = impatient();
  ASSERT_TRUE(put(*to, {intent(1), intent(2)}));
  server->kill();
  const auto begun = std::chrono::steady_clock::now();
  const auto refused = put(*to, {outcome(1), intent(3)});
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 5s);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::ledger);
  EXPECT_FALSE(put(*to, {outcome(2)}));
  server->begin();
  // Nobody asks: it comes by itself.
  for (int i = 0; i < 200 && server->ask("SELECT count(*) FROM ark.outcome") != "2"; ++i)
    std::this_thread::sleep_for(50ms);
  EXPECT_EQ(server->ask("SELECT count(*) FROM ark.outcome"), "2");
  EXPECT_EQ(server->ask("SELECT count(*) FROM ark.intent"), "2") << "nothing was sent for it";
  EXPECT_TRUE(put(*to, {intent(4)}));
  const auto check = to->verify({}).value();
  EXPECT_TRUE(check.good()) << words_of(check);
}

TEST_F(server_test, a_commit_that_waits_is_made_when_the_server_comes_back) {
  const auto book = ledger::open({.path = server->name()}).value();
  const auto to = journal_of(book);
  ASSERT_TRUE(put(*to, {intent(1)}));
  server->kill();
  std::thread waits([&] { EXPECT_TRUE(put(*to, {outcome(1), intent(2)})); });
  std::this_thread::sleep_for(200ms);
  server->begin();
  waits.join();
  EXPECT_EQ(book.list({}).value().size(), 2u) << "readers find the new server too";
}

/// A server that commits, and whose answer is lost: the backend is stopped inside of the commit by
/// a trigger that waits, and the client's patience ends before.
TEST_F(server_test, an_intent_whose_answer_was_lost_is_voided_as_nothing_was_sent) {
  const auto to = impatient();
  ASSERT_TRUE(put(*to, {intent(1)}));
  server->run(
      "CREATE FUNCTION public.slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF "
      "NEW.attempt_id = 2 THEN PERFORM pg_catalog.pg_sleep(1.5); END IF; RETURN NULL; END $$;"
      "CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON ark.intent DEFERRABLE INITIALLY DEFERRED "
      "FOR EACH ROW EXECUTE FUNCTION public.slow()");
  const auto answer = put(*to, {intent(2), outcome(1)});
  ASSERT_FALSE(answer) << "its commit takes longer than anybody waits";
  for (int i = 0; i < 200 && server->ask("SELECT count(*) FROM ark.outcome") != "2"; ++i)
    std::this_thread::sleep_for(50ms);
  EXPECT_EQ(server->ask("SELECT state FROM ark.attempt WHERE call_id = 'call-2'"), "void");
  EXPECT_EQ(server->ask("SELECT state FROM ark.attempt WHERE call_id = 'call-1'"), "settled");
  EXPECT_EQ(server->ask("SELECT count(*) FROM ark.correction"), "0") << "nothing was written twice";
  const auto check = to->verify({}).value();
  EXPECT_TRUE(check.good()) << words_of(check);
  server->run("DROP FUNCTION public.slow() CASCADE");
}

/// Cuts this process's connections; the server notices when it answers, and so commits.
void break_connections() {
  for (int fd = 3; fd < 256; ++fd) {
    sockaddr_un peer{};
    socklen_t size = sizeof peer;
    if (::getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &size) == 0 &&
        peer.sun_family == AF_UNIX &&
        std::string_view(peer.sun_path).find("PGSQL") != std::string::npos)
      ::shutdown(fd, SHUT_RDWR);
  }
}

TEST_F(server_test, a_lost_answer_within_patience_is_asked_for_and_not_written_twice) {
  const auto book = ledger::open({.path = server->name()}).value();
  const auto to = journal_of(book);
  server->run(
      "CREATE FUNCTION public.slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM "
      "pg_catalog.pg_sleep(0.4); RETURN NULL; END $$;"
      "CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON ark.correction DEFERRABLE INITIALLY DEFERRED "
      "FOR EACH ROW EXECUTE FUNCTION public.slow()");
  ASSERT_TRUE(put(*to, {intent(1), outcome(1)}));
  std::thread breaks([&] {
    std::this_thread::sleep_for(200ms);
    break_connections();
  });
  // A conflict has no key of its own: only the commit's number tells that it is there already.
  EXPECT_TRUE(put(*to, {outcome(1, "9"), intent(2)}));
  breaks.join();
  EXPECT_EQ(server->ask("SELECT count(*) FROM ark.correction"), "1");
  EXPECT_EQ(server->ask("SELECT count(*) FROM ark.intent"), "2");
  server->run("DROP FUNCTION public.slow() CASCADE");
  ASSERT_TRUE(put(*to, {outcome(2)})) << "the chain goes on from there";
  const auto check = book.verify().value();
  EXPECT_TRUE(check.good()) << words_of(check);
  EXPECT_EQ(check.segments, 3);
}

}  // namespace
}  // namespace ark::testing
