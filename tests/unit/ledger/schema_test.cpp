#include "ledger/schema.hpp"

#include <fstream>

#include "ledger_fixture.hpp"

namespace ark::testing {
namespace {

class schema_test : public ledger_fixture {};

/// A file as the first version made it, with two attempts: never changes.
constexpr const char* version_1 = R"sql(
PRAGMA application_id = 1095912268;
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
INSERT INTO schema_version VALUES(1, 1795255200000000, '0.0.1');
INSERT INTO intent(begun_us, attempt_id, attempt, call_id, vendor, model, operation, quote_status,
                   quote_currency, quote_micro, quote_femto, tags)
VALUES(1795255200000000, 11, 1, 'call-11', 'openai', 'gpt-6', 'chat', 'exact', 'USD', 500000, 0,
       '{"team":"search"}'),
      (1795255201000000, 12, 1, 'call-12', 'openai', 'gpt-6', 'chat', 'unknown', NULL, NULL, NULL,
       NULL);
INSERT INTO outcome(seq, state, ended_us, latency_us, cost_status, currency, cost_micro, cost_femto,
                    input, cache_read, output)
VALUES(1, 'settled', 1795255202000000, 900, 'exact', 'USD', 3, 625000000, 7, 0, 9);
)sql";

void make_folder(const std::string& path) {
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
}

TEST_F(schema_test, a_file_of_version_1_is_migrated_and_used) {
  make_folder(path);
  sql(path, version_1);
  open();
  EXPECT_EQ(sql(path, "SELECT group_concat(version) FROM schema_version"), "1,2,3,4,5,6");
  const auto entries = book.list({}).value();
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[0].cost.value, money_of("0.000003625"));
  EXPECT_EQ(entries[0].usage.output, 9);
  EXPECT_EQ(entries[0].tags.at("team"), "search");
  EXPECT_EQ(entries[1].finish, "lost") << "nobody knows its process, and its time is over";
  // An attempt of its earlier life can be settled, and new ones begun.
  ASSERT_TRUE(commit(*to, {outcome(12), intent(13)}));
  EXPECT_EQ(book.list({.state = attempt_state::settled}).value().size(), 2u);
  EXPECT_EQ(sql(path, "SELECT count(*) FROM intent WHERE session IS NULL"), "2");
}

TEST_F(schema_test, a_reader_brings_an_older_file_forward_or_says_what_to_do) {
  make_folder(path);
  sql(path, version_1);
  const auto reader = ledger::open({.path = path, .read_only = true}).value();
  EXPECT_EQ(reader.list({}).value().size(), 2u);
  EXPECT_EQ(reader.report({"day"}, {}).value().at(1).cost, money_of("0.000003625"));
  auto raw = sqlite::database::open(path, SQLITE_OPEN_READONLY, std::chrono::seconds(1)).value();
  sql(path, "DELETE FROM schema_version WHERE version > 1");
  const auto old = detail::schema::check(raw, path);
  ASSERT_FALSE(old);
  EXPECT_NE(old.error().message.find("open it once for writing"), std::string::npos);
}

TEST_F(schema_test, an_empty_file_has_nothing_to_read_and_becomes_a_ledger) {
  make_folder(path);
  std::ofstream(path).close();
  EXPECT_EQ(ledger::open({.path = path, .read_only = true}).error().code, errc::not_found);
  open();
  EXPECT_TRUE(commit(*to, {intent(1)}));
}

TEST_F(schema_test, a_newer_file_is_refused_and_left_alone) {
  open();
  ASSERT_TRUE(commit(*to, {intent(1), outcome(1)}));
  book = {};
  to.reset();
  sql(path, "INSERT INTO schema_version VALUES(99, 0, 'future')");
  const auto bytes = [&] {
    std::ifstream from(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(from), {});
  };
  const std::string before = bytes();
  for (const bool read_only : {false, true}) {
    const auto opened = ledger::open({.path = path, .read_only = read_only});
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, errc::ledger);
    EXPECT_NE(opened.error().message.find("schema version 99"), std::string::npos);
    EXPECT_NE(opened.error().message.find("use a newer libark"), std::string::npos);
  }
  EXPECT_TRUE(bytes() == before);
  sql(path, "DELETE FROM schema_version WHERE version = 99");
  EXPECT_EQ(ledger::open({.path = path}).value().list({}).value().size(), 1u);
}

TEST_F(schema_test, a_database_of_another_program_is_refused_and_left_alone) {
  make_folder(path);
  sql(path, "CREATE TABLE bookmarks(url TEXT)");
  const auto opened = ledger::open({.path = path});
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().message.find("another program"), std::string::npos);
  EXPECT_EQ(sql(path, "SELECT group_concat(name) FROM sqlite_schema"), "bookmarks");
  EXPECT_EQ(sql(path, "PRAGMA journal_mode"), "delete");
}

TEST_F(schema_test, a_failed_step_leaves_the_older_version) {
  make_folder(path);
  sql(path, version_1);
  sql(path, "CREATE TABLE session(mine TEXT)");  // in the way of step 2
  EXPECT_FALSE(ledger::open({.path = path}));
  EXPECT_EQ(sql(path, "SELECT max(version) FROM schema_version"), "1");
  EXPECT_EQ(sql(path, "SELECT count(*) FROM intent"), "2");
}

TEST_F(schema_test, the_view_for_people_shows_the_current_state) {
  open();
  attempt_outcome doubtful = outcome(1);
  doubtful.state = attempt_state::ambiguous;
  doubtful.cost = interval("0", "0.75");
  ASSERT_TRUE(commit(*to, {intent(1), doubtful, intent(2)}));
  ASSERT_TRUE(commit(*to, {outcome(1)}));
  EXPECT_EQ(sql(path, "SELECT group_concat(state) FROM attempt"), "settled,sending");
  EXPECT_EQ(sql(path, "SELECT begun FROM attempt"), "2026-11-21T10:00:00Z");
  EXPECT_EQ(sql(path, "SELECT sum(cost_micro) FROM attempt"), "250000");
}

}  // namespace
}  // namespace ark::testing
