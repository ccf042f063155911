#include <signal.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "ledger_pg/pg_anchor.hpp"
#include "ledger_pg/pg_schema.hpp"
#include "ledger_pg/pg_store.hpp"
#include "tests/integration/ledger_pg/store_fixture.hpp"
#include "tests/unit/ledger/chain_support.hpp"
#include "tests/unit/ledger/child.hpp"

/// The chain of a shared ledger: what is seen of what somebody did to the server's tables.
namespace ark::testing {
namespace {

using namespace std::chrono_literals;
using kind = ledger_finding::kind;

class pg_verify_test : public ::testing::Test {
 protected:
  void SetUp() override {
    server = the_server();
    if (server == nullptr) GTEST_SKIP() << "skipped: postgresql is not installed";
    server->wipe();
  }
  void TearDown() override {
    if (server != nullptr) server->run("DROP SCHEMA IF EXISTS saved CASCADE");
  }
  ledger open() const { return ledger::open({.path = server->name(), .anchor = anchor}).value(); }
  /// A session of its own: entries [first, last], a transaction for each row.
  void record(std::uint64_t first, std::uint64_t last) const {
    const auto book = open();
    for (std::uint64_t id = first; id <= last; ++id) {
      ASSERT_TRUE(put(*journal_of(book), {intent(id)}));
      ASSERT_TRUE(put(*journal_of(book), {outcome(id)}));
    }
  }
  ledger_check verify(const ledger_verify_options& options = {}) const {
    return ledger::open({.path = server->name(), .read_only = true, .anchor = anchor})
        .value()
        .verify(options)
        .value();
  }
  ledger_head head() const {
    return ledger::open({.path = server->name(), .read_only = true}).value().head().value();
  }
  /// What an owner of the tables can do.
  void edit(const std::string& sql) const {
    std::string all;
    for (const char* word : {"DISABLE", "ENABLE"}) {
      for (const char* table : tables)
        all += "ALTER TABLE ark." + std::string(table) + " " + word + " TRIGGER USER;";
      if (word[0] == 'D') all += sql + ";";
    }
    server->run(all);
    server->set_sums_right();
  }
  void save() const {
    std::string all = "CREATE SCHEMA saved;";
    for (const char* table : tables)
      all += "CREATE TABLE saved." + std::string(table) + " AS TABLE ark." + table + ";";
    server->run(all);
  }
  void restore() const {
    std::string all;
    for (const char* table : tables) {
      const std::string name(table);
      all += "DELETE FROM ark." + name + ";INSERT INTO ark." + name +
             " OVERRIDING SYSTEM VALUE SELECT * FROM saved." + name + ";";
    }
    edit(all);
  }
  detail::pg_anchor_content content() const {
    return detail::read_pg_anchor(anchor).value().value();
  }
  static constexpr const char* tables[] = {"intent", "outcome", "correction", "segment", "seal"};
  temporary_directory folder;
  std::string anchor = folder.file("anchor");
  pg_server* server = nullptr;
};

TEST_F(pg_verify_test, a_ledger_that_nobody_touched_is_good) {
  record(1, 10);
  const auto check = verify();
  EXPECT_TRUE(check.good()) << words_of(check);
  EXPECT_EQ(check.intents, 10);
  EXPECT_EQ(check.outcomes, 10);
  EXPECT_EQ(check.segments, 20);
  EXPECT_EQ(check.head.segment, 2) << "the first seal, and the session's end";
  EXPECT_EQ(check.head.hash, head().hash);
  ASSERT_TRUE(check.anchor);
  EXPECT_EQ(check.anchor->hash, check.head.hash);
  EXPECT_EQ(check.anchor_behind, 0);
  EXPECT_EQ(check.unchained, 0);
}

TEST_F(pg_verify_test, an_empty_ledger_is_good) {
  open();
  const auto check = verify();
  EXPECT_TRUE(check.good()) << words_of(check);
  EXPECT_EQ(check.segments, 0);
}

TEST_F(pg_verify_test, random_ledgers_are_good) {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    server->wipe();
    std::filesystem::remove(anchor);
    const auto book = open();
    random_ledger(seed).record(book, 100);
    ASSERT_TRUE(put(*journal_of(book), {outcome(999'999)})) << "an orphan";
    const auto check = book.verify().value();
    EXPECT_TRUE(check.good()) << words_of(check);
    EXPECT_GT(check.corrections, 10);
  }
}

/// Threat L08.
TEST_F(pg_verify_test, L08_a_changed_row_is_named) {
  record(1, 10);
  edit("UPDATE ark.outcome SET cost_micro = cost_micro - 1 WHERE seq = 5");
  const auto check = verify();
  ASSERT_EQ(check.findings.size(), 2u) << words_of(check);
  EXPECT_EQ(check.findings[0].what, kind::row);
  EXPECT_EQ(check.findings[0].segment, 10);
  EXPECT_EQ(check.findings[0].sequence, 5);
  EXPECT_NE(words_of(check).find("the outcome of entry 5 was changed (segment 10 of session "),
            std::string::npos)
      << words_of(check);
}

TEST_F(pg_verify_test, L08_any_column_of_any_kind_of_row_counts) {
  {
    const auto book = open();
    attempt_outcome doubtful = outcome(2);
    doubtful.state = attempt_state::ambiguous;
    doubtful.cost = interval("0", "1");
    ASSERT_TRUE(put(*journal_of(book), {intent(1), outcome(1), intent(2), doubtful}));
    ASSERT_TRUE(put(*journal_of(book), {outcome(2)}));
  }
  record(3, 3);
  ASSERT_TRUE(verify().good());
  save();
  const std::string third = "(SELECT chain FROM ark.intent WHERE seq = 3)";
  for (const std::string& change :
       {std::string("UPDATE ark.intent SET tags = '{\"team\":\"x\"}' WHERE seq = 1"),
        std::string("UPDATE ark.intent SET begun_us = begun_us + 1 WHERE seq = 1"),
        std::string("UPDATE ark.intent SET lease_us = 1 WHERE seq = 2"),
        std::string("UPDATE ark.intent SET session = session + 1 WHERE seq = 2"),
        std::string("UPDATE ark.outcome SET note = 'x' WHERE seq = 1"),
        std::string("UPDATE ark.outcome SET error = '' WHERE seq = 1"),
        std::string("UPDATE ark.correction SET kind = 'conflict'"),
        std::string("UPDATE ark.correction SET of_seq = 1"),
        std::string("UPDATE ark.outcome SET row_check = row_check + 1 WHERE seq = 1"),
        std::string("UPDATE ark.outcome SET row_check = NULL WHERE seq = 1"),
        std::string("UPDATE ark.intent SET segment = 2 WHERE seq = 1"),
        std::string("UPDATE ark.intent SET segment = NULL WHERE seq = 1"),
        std::string("UPDATE ark.intent SET segment = 77 WHERE seq = 1"),
        std::string("UPDATE ark.correction SET chain = NULL"),
        std::string("UPDATE ark.correction SET chain = NULL, segment = NULL, row_check = NULL"),
        std::string("UPDATE ark.intent SET chain = -5 WHERE seq = 1"),
        std::string("UPDATE ark.intent SET chain = 0, segment = 1 WHERE seq = 1"),
        "UPDATE ark.intent SET chain = " + third + ", segment = 1 WHERE seq = 1",
        std::string("DELETE FROM ark.outcome WHERE seq = 1"),
        std::string("DELETE FROM ark.intent WHERE seq = 1"),
        std::string("DELETE FROM ark.correction"),
        std::string("INSERT INTO ark.outcome SELECT 99, state, ended_us, latency_us, cost_status "
                    "FROM ark.outcome WHERE seq = 1"),
        std::string("UPDATE ark.segment SET at_us = at_us + 1 WHERE intents = 2"),
        std::string("UPDATE ark.segment SET intents_hash = outcomes_hash WHERE intents = 2"),
        std::string("UPDATE ark.segment SET outcomes = outcomes + 1 WHERE intents = 2"),
        std::string("UPDATE ark.segment SET hash = sha256('x') WHERE intents = 2"),
        std::string("UPDATE ark.segment SET hash = 'x'"),
        "DELETE FROM ark.segment WHERE id = 1 AND chain = " + third,
        std::string("DELETE FROM ark.segment WHERE chain = 0"),
        std::string("UPDATE ark.segment SET intents = 5 WHERE chain = 0"),
        std::string("INSERT INTO ark.segment SELECT 0, 2, at_us, 0, 0, 0, NULL, NULL, NULL, hash "
                    "FROM ark.segment WHERE chain = 0"),
        "UPDATE ark.segment SET id = 7 WHERE id = 1 AND chain = " + third,
        "UPDATE ark.segment SET chain = 12345 WHERE chain = " + third +
            ";UPDATE ark.intent SET chain = 12345 WHERE seq = 3"
            ";UPDATE ark.outcome SET chain = 12345 WHERE seq = 3",
        std::string("DELETE FROM ark.seal WHERE id = 1"),
        std::string("DELETE FROM ark.seal WHERE id = 2"),
        std::string("UPDATE ark.seal SET at_us = at_us + 1 WHERE id = 2"),
        std::string("UPDATE ark.seal SET segment = segment - 1 WHERE id = 3"),
        std::string("UPDATE ark.seal SET hash = sha256('x') WHERE id = 3")}) {
    edit(change);
    const auto check = verify();
    EXPECT_FALSE(check.good()) << change;
    restore();
  }
  const auto check = verify();
  EXPECT_TRUE(check.good()) << words_of(check);
}

TEST_F(pg_verify_test, removed_added_and_moved_rows_are_told_apart) {
  {
    const auto book = open();
    ASSERT_TRUE(put(*journal_of(book), {intent(1), intent(2), intent(3)}));
    ASSERT_TRUE(put(*journal_of(book), {intent(4), intent(5)}));
  }
  save();
  const auto words_after = [&](const std::string& change) {
    edit(change);
    auto words = words_of(verify());
    restore();
    return words;
  };
  const auto says = [](const std::string& words, const char* what) {
    EXPECT_NE(words.find(what), std::string::npos) << words;
  };
  says(words_after("DELETE FROM ark.intent WHERE seq = 2"), "1 intent row of segment 1 of session");
  says(words_after("DELETE FROM ark.intent WHERE seq > 3"), "all intent rows of segment 2 of");
  const auto moved = words_after("UPDATE ark.intent SET segment = 2 WHERE seq = 3");
  says(moved, "1 intent row of segment 1 of session");
  says(moved, "were added later; there are 3 to 5");
  says(words_after("DELETE FROM ark.segment WHERE id = 1 AND chain <> 0"), "are gone: 1");
  says(words_after("DELETE FROM ark.segment WHERE id = 1 AND chain <> 0"), "which is not there");
  says(words_after("UPDATE ark.intent SET row_check = 1, tenant = 'acme' WHERE seq = 2"),
       "the intent rows 1 to 3 of segment 1 of session");
  says(words_after("INSERT INTO ark.intent(begun_us, attempt_id, attempt, quote_status) VALUES(1, "
                   "77, 1, 'unknown')"),
       "1 intent row more without a segment than there were before the chain");
}

/// What somebody does who cuts off the end and covers it up within the server: two sessions, of the
/// second the last three entries.
const char* const cut_rows =
    "DELETE FROM ark.outcome WHERE seq > 7; DELETE FROM ark.intent WHERE seq > 7;"
    "DELETE FROM ark.segment WHERE chain = (SELECT chain FROM ark.intent WHERE seq = 7) AND id > 4";
const char* const cut_seals = "DELETE FROM ark.seal WHERE id = 3";

/// Threat L09.
TEST_F(pg_verify_test, L09_a_cut_tail_is_seen_by_its_seal_by_the_anchor_and_by_a_noted_head) {
  record(1, 5);
  record(6, 10);
  const auto noted = head();
  ASSERT_EQ(noted.segment, 3);
  edit(cut_rows);
  const auto by_seal = verify({.head = noted});
  ASSERT_EQ(by_seal.findings.size(), 1u) << words_of(by_seal);
  EXPECT_EQ(by_seal.findings[0].what, kind::segment);
  EXPECT_NE(by_seal.findings[0].text.find("is gone or was changed: seal 3 names it"),
            std::string::npos);
  edit(cut_seals);
  const auto by_anchor = verify();
  ASSERT_EQ(by_anchor.findings.size(), 1u) << words_of(by_anchor);
  EXPECT_EQ(by_anchor.findings[0].what, kind::end);
  EXPECT_NE(by_anchor.findings[0].text.find(noted.hash), std::string::npos);
  std::filesystem::remove(anchor);
  const auto by_head = verify({.head = noted});
  ASSERT_EQ(by_head.findings.size(), 1u) << words_of(by_head);
  EXPECT_EQ(by_head.findings[0].what, kind::end);
}

TEST_F(pg_verify_test, L09_what_is_not_seen_without_anchor_and_head) {
  record(1, 5);
  record(6, 10);
  edit(std::string(cut_rows) + ";" + cut_seals);
  std::filesystem::remove(anchor);
  const auto check = verify();
  ASSERT_EQ(check.findings.size(), 1u) << words_of(check);
  EXPECT_EQ(check.findings[0].what, kind::anchor) << "it is not known, and said so";
  // A new anchor knows nothing of before, and says since when it is.
  record(11, 11);
  const auto since = verify();
  ASSERT_EQ(since.findings.size(), 1u) << words_of(since);
  EXPECT_EQ(since.findings[0].what, kind::anchor);
  ASSERT_TRUE(open().accept_head());
  EXPECT_TRUE(verify().good()) << "the cut is part of the ledger now";
}

TEST_F(pg_verify_test, L09_a_ledger_that_was_made_up_anew_is_seen_by_anchor_and_head) {
  record(1, 3);
  const auto noted = head();
  server->run("DROP SCHEMA ark CASCADE");
  const std::string other = folder.file("whose anchor is theirs");
  {
    const auto book = ledger::open({.path = server->name(), .anchor = other}).value();
    for (std::uint64_t id = 1; id <= 3; ++id)
      ASSERT_TRUE(put(*journal_of(book), {intent(id), outcome(id, "0.01")}));
  }
  const auto by_anchor = verify();
  ASSERT_EQ(by_anchor.findings.size(), 1u) << words_of(by_anchor);
  EXPECT_EQ(by_anchor.findings[0].what, kind::end);
  std::filesystem::rename(other, anchor);
  EXPECT_TRUE(verify().good()) << "there is no key: alone it is as good as any";
  const auto by_head = verify({.head = noted});
  ASSERT_EQ(by_head.findings.size(), 1u) << words_of(by_head);
  EXPECT_EQ(by_head.findings[0].what, kind::end);
}

TEST_F(pg_verify_test, L09_a_session_that_goes_on_does_not_hide_what_was_cut) {
  record(1, 5);
  record(6, 10);
  edit(std::string(cut_rows) + ";" + cut_seals);
  record(11, 12);
  const auto check = verify();
  ASSERT_FALSE(check.good());
  EXPECT_EQ(check.findings[0].what, kind::end);
  EXPECT_NE(words_of(check).find("once had seal 3"), std::string::npos) << words_of(check);
  ASSERT_TRUE(open().accept_head());
  EXPECT_TRUE(verify().good());
}

TEST_F(pg_verify_test, L09_what_no_seal_has_yet_is_in_the_anchor) {
  const pid_t child = start_child([&] {
    const auto book = open();
    if (!put(*journal_of(book), {intent(1)})) return 1;
    if (!book.head()) return 2;  // which gives it a seal
    if (!put(*journal_of(book), {intent(2)})) return 3;
    ::raise(SIGKILL);
    return 4;
  });
  EXPECT_EQ(wait_for(child), -SIGKILL);
  open();
  ASSERT_EQ(content().sessions.size(), 1u) << "whoever looks at the seals keeps what they have not";
  EXPECT_EQ(content().sessions.begin()->second.id, 2);
  EXPECT_TRUE(verify().good()) << words_of(verify());
  save();
  edit("DELETE FROM ark.intent WHERE seq = 2; DELETE FROM ark.segment WHERE id = 2");
  const auto check = verify();
  ASSERT_EQ(check.findings.size(), 1u) << words_of(check);
  EXPECT_EQ(check.findings[0].what, kind::end);
  EXPECT_NE(check.findings[0].text.find("segment 2 of session"), std::string::npos);
  restore();
  // The next writer on this machine gives the dead one's end a seal.
  record(3, 3);
  EXPECT_TRUE(content().sessions.empty());
  EXPECT_EQ(server->ask("SELECT count(*) FROM ark.seal"), "4");
  EXPECT_TRUE(verify().good()) << words_of(verify());
}

TEST_F(pg_verify_test, a_whole_session_that_is_gone_is_seen_by_its_seal) {
  record(1, 2);
  record(3, 4);
  record(5, 6);
  const std::string second = "(SELECT chain FROM saved.intent WHERE seq = 3)";
  save();
  const std::string gone = "DELETE FROM ark.outcome WHERE chain = " + second +
                           "; DELETE FROM ark.intent WHERE chain = " + second +
                           "; DELETE FROM ark.segment WHERE chain = " + second +
                           "; DELETE FROM ark.session WHERE id = " + second;
  edit(gone);
  std::filesystem::remove(anchor);
  const auto check = verify({.head = head()});
  ASSERT_EQ(check.findings.size(), 1u) << words_of(check);
  EXPECT_NE(check.findings[0].text.find("seal 3 names it"), std::string::npos) << words_of(check);
  edit("DELETE FROM ark.seal WHERE chain = " + second);
  EXPECT_NE(words_of(verify()).find("seals are gone: 3"), std::string::npos) << words_of(verify());
}

TEST_F(pg_verify_test, many_processes_that_write_at_once_leave_a_good_ledger) {
  std::vector<pid_t> children;
  for (std::uint64_t c = 1; c <= 4; ++c)
    children.push_back(start_child([&, c] {
      const auto books = {open(), open()};
      std::atomic<bool> good = true;
      std::vector<std::thread> all;
      std::uint64_t first = c * 1'000'000;
      for (const ledger& book : books)
        for (int t = 0; t < 4; ++t, first += 1000)
          all.emplace_back([&, first, to = journal_of(book)] {
            for (std::uint64_t id = first; id < first + 40; ++id)
              if (!put(*to, {intent(id)}) || !put(*to, {outcome(id)})) good = false;
          });
      for (auto& t : all) t.join();
      return good ? 0 : 1;
    }));
  // And while they do.
  open();
  for (int i = 0; i < 5; ++i) {
    const auto check = verify();
    EXPECT_TRUE(check.good()) << words_of(check);
  }
  for (const pid_t child : children) EXPECT_EQ(wait_for(child), 0);
  const auto check = verify();
  EXPECT_TRUE(check.good()) << words_of(check);
  EXPECT_EQ(check.intents, 4 * 2 * 4 * 40);
  EXPECT_EQ(check.anchor_behind, 0);
  EXPECT_TRUE(content().sessions.empty()) << "all have a seal";
}

TEST_F(pg_verify_test, a_busy_session_gets_seals_too_and_what_a_sweep_books_is_in_the_chain) {
  const pid_t child = start_child([&] {
    const auto book =
        ledger::open({.path = server->name(), .anchor = folder.file("another machine's")}).value();
    if (!put(*journal_of(book), {intent(1)})) return 1;
    ::raise(SIGKILL);
    return 2;
  });
  EXPECT_EQ(wait_for(child), -SIGKILL);
  const auto to = detail::pg_store::open({.path = server->name(), .anchor = anchor},
                                         {.beat = 50ms, .seal = 0ms, .silence = 10ms})
                      .value();
  for (std::uint64_t id = 10; id < 15; ++id) ASSERT_TRUE(put(*to, {intent(id), outcome(id)}));
  const auto swept = [&] {
    return server->ask("SELECT count(*) FROM ark.outcome WHERE state = 'ambiguous'") == "1";
  };
  for (int i = 0; i < 200 && !swept(); ++i) std::this_thread::sleep_for(20ms);
  EXPECT_TRUE(swept());
  EXPECT_EQ(server->ask("SELECT count(*) FROM ark.seal l JOIN ark.intent i ON i.chain = l.chain "
                        "AND i.seq = 1"),
            "1")
      << "the dead one's end has its seal";
  EXPECT_GE(std::stoi(server->ask("SELECT count(*) FROM ark.seal")), 1 + 5);
  ASSERT_TRUE(to->accept_head()) << "this machine joined later";
  const auto check = to->verify({}).value();
  EXPECT_TRUE(check.good()) << words_of(check);
  EXPECT_EQ(check.outcomes, 6);
}

/// A sweep adds a segment too: when the answer to its commit is lost, the chain goes on all the
/// same.
TEST_F(pg_verify_test, a_sweep_whose_answer_was_lost_leaves_the_chain_right) {
  const pid_t child = start_child([&] {
    const auto book = open();
    if (!put(*journal_of(book), {intent(1)})) return 1;
    ::raise(SIGKILL);
    return 2;
  });
  EXPECT_EQ(wait_for(child), -SIGKILL);
  server->run(
      "CREATE FUNCTION public.slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF "
      "NEW.state = 'ambiguous' THEN PERFORM pg_catalog.pg_sleep(1); END IF; RETURN NULL; END $$;"
      "CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON ark.outcome DEFERRABLE INITIALLY DEFERRED "
      "FOR EACH ROW EXECUTE FUNCTION public.slow()");
  const auto to = detail::pg_store::open({.path = server->name(), .anchor = anchor},
                                         {.patience = 600ms, .beat = 50ms, .silence = 10ms})
                      .value();
  const auto swept = [&] { return server->ask("SELECT count(*) FROM ark.outcome") == "1"; };
  for (int i = 0; i < 200 && !swept(); ++i) std::this_thread::sleep_for(20ms);
  ASSERT_TRUE(swept());
  for (std::uint64_t id = 2; id < 5; ++id) EXPECT_TRUE(put(*to, {intent(id), outcome(id)}));
  const auto check = to->verify({}).value();
  EXPECT_TRUE(check.good()) << words_of(check);
  EXPECT_EQ(check.segments, 1 + 1 + 3);
  server->run("DROP FUNCTION public.slow() CASCADE");
}

TEST_F(pg_verify_test, a_handle_that_writes_seals_before_it_tells_the_head) {
  const auto book = open();
  ASSERT_TRUE(put(*journal_of(book), {intent(1)}));
  const auto before = head();
  EXPECT_EQ(before.segment, 1);
  const auto now = book.head().value();
  EXPECT_EQ(now.segment, 2);
  ASSERT_TRUE(put(*journal_of(book), {outcome(1)}));
  EXPECT_TRUE(book.verify({.head = now}).value().good());
  ledger_head wrong = now;
  wrong.hash[0] = wrong.hash[0] == '0' ? '1' : '0';
  EXPECT_FALSE(book.verify({.head = wrong}).value().good());
}

TEST_F(pg_verify_test, rows_from_before_the_chain_are_counted) {
  const auto soon = std::chrono::steady_clock::now() + 20s;
  {
    auto db = pg::connection::open({.text = server->name()}, soon).value();
    pg::schema::migrate(db, soon, pg::schema::chain_version - 1).value();
  }
  server->run(
      "INSERT INTO ark.intent(begun_us, attempt_id, attempt, call_id, quote_status) SELECT x, x, "
      "1, "
      "'call-' || x, 'unknown' FROM generate_series(1, 3) x; INSERT INTO ark.outcome(seq, state, "
      "ended_us, latency_us, cost_status) SELECT seq, 'settled', 1, 1, 'unknown' FROM ark.intent");
  record(4, 5);
  const auto check = verify();
  EXPECT_TRUE(check.good()) << words_of(check);
  EXPECT_EQ(check.unchained, 6);
  EXPECT_EQ(check.intents, 5);
  edit("DELETE FROM ark.outcome WHERE seq = 2");
  EXPECT_NE(words_of(verify()).find("1 outcome row from before the chain are gone"),
            std::string::npos)
      << words_of(verify());
}

TEST_F(pg_verify_test, the_anchor_has_a_place_among_the_users_state_files) {
  const std::string path = detail::pg_anchor_path("", {.text = server->name()});
  EXPECT_FALSE(std::filesystem::exists(path));
  {
    const auto book = ledger::open({.path = server->name()}).value();
    ASSERT_TRUE(put(*journal_of(book), {intent(1)}));
    EXPECT_EQ(detail::read_pg_anchor(path).value().value().sessions.size(), 1u);
    EXPECT_EQ(std::filesystem::status(path).permissions(),
              std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    EXPECT_TRUE(book.verify().value().good());
  }
  std::ofstream(anchor) << "do not lose this\n";
  const auto refused = ledger::open({.path = server->name(), .anchor = anchor});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("a file of something else"), std::string::npos);
  EXPECT_EQ(std::filesystem::file_size(anchor), 17u);
}

TEST_F(pg_verify_test, an_anchor_that_lags_when_the_ledger_is_opened_catches_up) {
  const std::string path = detail::pg_anchor_path("", {.text = server->name()});
  {
    const auto book = ledger::open({.path = server->name()}).value();
  }
  server->run("ALTER TABLE ark.seal RENAME TO hidden");
  {
    const auto book = ledger::open({.path = server->name()}).value();
    server->run("ALTER TABLE ark.hidden RENAME TO seal");
    ASSERT_TRUE(put(*journal_of(book), {intent(1)}));
    EXPECT_EQ(detail::read_pg_anchor(path).value().value().sessions.size(), 1u);
  }
  EXPECT_EQ(std::to_string(detail::read_pg_anchor(path).value().value().seal.id),
            server->ask("SELECT max(id) FROM ark.seal"));
  server->run("ALTER TABLE ark.seal RENAME TO hidden");
  EXPECT_FALSE(ledger::open({.path = server->name(), .anchor = anchor})) << "that was named";
  server->run("ALTER TABLE ark.hidden RENAME TO seal");
}

TEST_F(pg_verify_test, a_connection_that_is_lost_meanwhile_is_no_reason_to_have_no_anchor) {
  const pg::target to{.text = server->name()};
  const auto soon = std::chrono::steady_clock::now() + 20s;
  auto db = pg::connection::open(to, soon).value();
  db.close();
  EXPECT_FALSE(detail::pg_anchor::open_for("", to, db, 1, soon));
}

TEST_F(pg_verify_test, only_who_has_no_home_folder_has_no_anchor) {
  const std::string path = detail::pg_anchor_path("", {.text = server->name()});
  std::filesystem::create_directories(path);  // a folder in the file's place
  const auto refused = ledger::open({.path = server->name()});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find(path), std::string::npos) << refused.error().message;
  const std::string state = ::getenv("XDG_STATE_HOME");
  ::setenv("XDG_STATE_HOME", (state + "/" + std::string(300, 'x')).c_str(), 1);
  EXPECT_FALSE(ledger::open({.path = server->name()})) << "there is one; making a folder failed";
  ::setenv("XDG_STATE_HOME", "/dev/null/state", 1);
  const auto book = ledger::open({.path = server->name()});
  ::setenv("XDG_STATE_HOME", state.c_str(), 1);
  ASSERT_TRUE(book) << book.error().message;
  EXPECT_TRUE(put(*journal_of(*book), {intent(1)}));
}

TEST_F(pg_verify_test, pages_are_a_files) {
  record(1, 1);
  const auto book = open();
  EXPECT_EQ(book.verify({.pages = true}).error().code, errc::unsupported);
}

}  // namespace
}  // namespace ark::testing
