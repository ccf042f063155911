#include "ledger/verify.hpp"

#include <atomic>
#include <fstream>
#include <thread>

#include "chain_support.hpp"

namespace ark::testing {
namespace {

using kind = ledger_finding::kind;
class verify_test : public chain_fixture {};

TEST_F(verify_test, a_ledger_that_nobody_touched_is_good) {
  record_ten();
  const auto check = verify();
  EXPECT_TRUE(check.good()) << words_of(check);
  EXPECT_EQ(check.intents, 10);
  EXPECT_EQ(check.outcomes, 10);
  EXPECT_EQ(check.segments, 20);
  EXPECT_EQ(check.head.segment, 20);
  EXPECT_EQ(check.head.hash.size(), 64u);
  ASSERT_TRUE(check.anchor);
  EXPECT_EQ(check.anchor->hash, check.head.hash);
  EXPECT_EQ(check.anchor_behind, 0);
  EXPECT_GT(check.sums, 0);
}

TEST_F(verify_test, an_empty_ledger_is_good) {
  open();
  const auto check = book.verify().value();
  EXPECT_TRUE(check.good()) << words_of(check);
  EXPECT_EQ(check.head.segment, 0);
}

TEST_F(verify_test, random_ledgers_are_good_with_one_thread_and_with_many) {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    path = folder.file("random-" + std::to_string(seed));
    open();
    random_ledger(seed).record(book, 300);
    for (const int threads : {1, 5}) {
      const auto check = book.verify({.threads = threads, .pages = true}).value();
      EXPECT_TRUE(check.good()) << words_of(check);
    }
  }
}

/// Threat L08: one row is tampered with, through SQLite, in the middle.
TEST_F(verify_test, L08_a_changed_row_is_named) {
  record_ten();
  sql(path, "UPDATE outcome SET cost_micro = cost_micro - 1 WHERE seq = 5");
  const auto check = verify();
  ASSERT_FALSE(check.good());
  EXPECT_EQ(check.findings[0].what, kind::row);
  EXPECT_EQ(check.findings[0].sequence, 5);
  EXPECT_EQ(check.findings[0].segment, 10);
  EXPECT_NE(words_of(check).find("the sum of"), std::string::npos) << "the roll-up tells it too";
}

TEST_F(verify_test, L08_any_column_of_any_kind_of_row_counts) {
  open();
  attempt_outcome doubtful = outcome(2);
  doubtful.state = attempt_state::ambiguous;
  doubtful.cost = interval("0", "1");
  ASSERT_TRUE(commit(*to, {intent(1), outcome(1), intent(2), doubtful}));
  ASSERT_TRUE(commit(*to, {outcome(2)}));
  close();
  ASSERT_TRUE(verify().good());
  sql(path, "PRAGMA wal_checkpoint(TRUNCATE)");
  for (const char* change :
       {"UPDATE intent SET tags = '{\"team\":\"x\"}' WHERE seq = 1",
        "UPDATE intent SET begun_us = begun_us + 1 WHERE seq = 1",
        "UPDATE intent SET lease_us = 1 WHERE seq = 2",
        "UPDATE outcome SET note = 'x' WHERE seq = 1",
        "UPDATE outcome SET error = '' WHERE seq = 1",
        "UPDATE outcome SET http_status = 200.5 WHERE seq = 1",
        "UPDATE correction SET kind = 'conflict'",
        "UPDATE correction SET of_seq = 1",
        "UPDATE outcome SET row_check = row_check + 1 WHERE seq = 1",
        "UPDATE intent SET segment = 2 WHERE seq = 1",
        "UPDATE correction SET segment = NULL",
        "DELETE FROM outcome WHERE seq = 1",
        "DELETE FROM intent WHERE seq = 1",
        "DELETE FROM correction",
        "INSERT INTO outcome(seq, state, ended_us, latency_us, cost_status, segment) VALUES(3, "
        "'settled', 1, 1, 'unknown', 1)",
        "UPDATE segment SET at_us = at_us + 1 WHERE id = 1",
        "UPDATE segment SET intents_hash = outcomes_hash WHERE id = 1",
        "UPDATE segment SET outcomes = outcomes + 1 WHERE id = 1",
        "UPDATE segment SET hash = zeroblob(32) WHERE id = 1",
        "UPDATE segment SET hash = 'x'",
        "DELETE FROM segment WHERE id = 1",
        "UPDATE segment SET id = 7 WHERE id = 1"}) {
    const std::string copy = folder.file("copy.db");
    for (const char* part : {"", "-anchor"})
      std::filesystem::copy_file(path + part, copy + part,
                                 std::filesystem::copy_options::overwrite_existing);
    std::filesystem::remove(copy + "-wal");
    std::filesystem::remove(copy + "-shm");
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open(copy.c_str(), &db), SQLITE_OK);
    sqlite3_exec(db, change, nullptr, nullptr, nullptr);
    const bool changed = sqlite3_total_changes(db) > 0;
    sqlite3_close(db);
    // Renaming a segment to a number that is taken is SQLite's to refuse.
    ASSERT_TRUE(changed) << change;
    const auto check = ledger::open({.path = copy, .read_only = true}).value().verify();
    ASSERT_TRUE(check) << change << ": " << check.error().message;
    EXPECT_FALSE(check->good()) << change;
  }
}

TEST_F(verify_test, L08_a_change_of_row_and_check_is_found_by_the_segment) {
  record_ten();
  // Whoever makes up a row's own check does not get its segment right.
  sql(path, "UPDATE intent SET row_check = 1, tenant = 'acme' WHERE seq = 4");
  sql(path, "UPDATE intent SET row_check = NULL, tenant = 'acme' WHERE seq = 6");
  const auto words = words_of(verify());
  EXPECT_NE(words.find("intent rows 6 of segment 11"), std::string::npos) << words;
}

/// What somebody does who cuts off the last `rows` entries and covers it up within the file.
void cut_tail(const std::string& path, int rows) {
  sql(path, "DELETE FROM outcome WHERE seq > 10 - " + std::to_string(rows) +
                "; DELETE FROM intent WHERE seq > 10 - " + std::to_string(rows) +
                "; DELETE FROM segment WHERE id > 20 - 2 * " + std::to_string(rows) +
                "; UPDATE rollup SET attempts = attempts - " + std::to_string(rows) +
                ", settled = settled - " + std::to_string(rows) + ", input = input - 100 * " +
                std::to_string(rows) + ", output = output - 20 * " + std::to_string(rows) +
                ", cost_micro = cost_micro - 250000 * " + std::to_string(rows) +
                ", low_micro = low_micro - 250000 * " + std::to_string(rows) +
                ", high_micro = high_micro - 250000 * " + std::to_string(rows));
}

/// Threat L09: the last rows are deleted. Only what lies outside of the file can tell.
TEST_F(verify_test, L09_a_cut_tail_is_seen_by_the_anchor) {
  record_ten();
  const auto head = verify().head;
  cut_tail(path, 3);
  const auto check = verify();
  ASSERT_EQ(check.findings.size(), 1u) << words_of(check);
  EXPECT_EQ(check.findings[0].what, kind::end);
  EXPECT_EQ(check.findings[0].segment, 20);
  EXPECT_NE(check.findings[0].text.find(head.hash), std::string::npos);
}

TEST_F(verify_test, L09_a_cut_tail_without_an_anchor_is_not_passed_in_silence) {
  record_ten();
  const auto head = verify().head;
  cut_tail(path, 3);
  std::filesystem::remove(anchor_file());
  const auto check = verify();
  ASSERT_EQ(check.findings.size(), 1u) << words_of(check);
  EXPECT_EQ(check.findings[0].what, kind::anchor);
  EXPECT_NE(check.findings[0].text.find("there is no anchor"), std::string::npos);
  // A head that was noted elsewhere tells it, and does without the file.
  const auto with_head = verify({.head = head});
  ASSERT_EQ(with_head.findings.size(), 1u);
  EXPECT_EQ(with_head.findings[0].what, kind::end);
  const auto now = verify({.head = ledger_head{14, with_head.head.hash}});
  EXPECT_TRUE(now.good()) << words_of(now);
}

TEST_F(verify_test, L09_writing_on_does_not_hide_a_cut_tail) {
  record_ten();
  cut_tail(path, 3);
  open();
  for (std::uint64_t id = 20; id < 40; ++id) ASSERT_TRUE(commit(*to, {intent(id), outcome(id)}));
  close();
  const auto check = verify();
  ASSERT_EQ(check.findings.size(), 1u) << words_of(check);
  EXPECT_EQ(check.findings[0].what, kind::end);
  EXPECT_NE(check.findings[0].text.find("once ended with segment 20"), std::string::npos);
  ASSERT_TRUE(ledger::open({.path = path}).value().accept_head());
  EXPECT_TRUE(verify().good()) << "until somebody takes it as it is";
}

TEST_F(verify_test, L09_an_anchor_that_was_made_anew_says_since_when) {
  record_ten();
  std::filesystem::remove(anchor_file());
  open();
  ASSERT_TRUE(commit(*to, {intent(20)}));
  const auto check = book.verify().value();
  ASSERT_EQ(check.findings.size(), 1u) << words_of(check);
  EXPECT_EQ(check.findings[0].what, kind::anchor);
  EXPECT_EQ(check.findings[0].segment, 20);
  ASSERT_TRUE(book.accept_head());
  EXPECT_TRUE(book.verify().value().good());
}

/// Threat L12: a page of the file is damaged. It is told, and nothing is appended where it is seen.
TEST_F(verify_test, L12_flipped_bytes_are_found) {
  record_ten();
  sql(path, "PRAGMA wal_checkpoint(TRUNCATE)");
  const std::int64_t page = 4096;
  std::string whole(std::filesystem::file_size(path), '\0');
  std::ifstream(path, std::ios::binary)
      .read(whole.data(), static_cast<std::streamsize>(whole.size()));
  const auto at = whole.find("req-7");
  ASSERT_NE(at, std::string::npos);
  const auto rewrite = [&](std::size_t where, char value) {
    std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(static_cast<std::streamoff>(where));
    file.put(value);
  };
  // Inside a value, which SQLite does not notice.
  rewrite(at, 'R');
  auto check = verify();
  ASSERT_FALSE(check.good());
  EXPECT_EQ(check.findings[0].sequence, 7);
  rewrite(at, 'r');
  ASSERT_TRUE(verify().good());
  // The head of the page that holds the row.
  const auto start = at - at % static_cast<std::size_t>(page);
  rewrite(start, '\x7f');
  const auto damaged = ledger::open({.path = path, .read_only = true}).value().verify();
  EXPECT_TRUE(!damaged || !damaged->good());
  const auto appended = ledger::open({.path = path});
  EXPECT_FALSE(appended) << "nothing is built upon it";
}

TEST_F(verify_test, writers_go_on_meanwhile) {
  open();
  std::atomic<bool> stop = false;
  std::thread busy([&] {
    for (std::uint64_t id = 1; !stop; ++id)
      static_cast<void>(commit(*to, {intent(id), outcome(id)}));
  });
  for (int i = 0; i < 5; ++i) {
    const auto check = book.verify({.threads = 3});
    EXPECT_TRUE(check && check->good()) << (check ? words_of(*check) : check.error().message);
  }
  stop = true;
  busy.join();
}

}  // namespace
}  // namespace ark::testing
