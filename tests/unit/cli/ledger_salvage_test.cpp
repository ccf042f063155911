#include <gtest/gtest.h>
#include <sqlite3.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "cli/ledger_verbs.hpp"
#include "cli/run.hpp"
#include "client/journal.hpp"
#include "ledger/ledger_journal.hpp"
#include "os/os.hpp"
#include "tests/support/temporary_directory.hpp"

namespace ark::cli {
namespace {

std::string bytes_of(const std::string& path) {
  std::ifstream from(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(from), {}};
}

/// `ark ledger salvage` on a ledger of three attempts, two of which ended.
class ledger_salvage_command : public ::testing::Test {
 protected:
  void SetUp() override {
    {
      const auto book = ledger::open({.path = path, .commit_interval = {}}).value();
      for (std::uint64_t id = 1; id <= 3; ++id) {
        attempt_intent i;
        i.attempt_id = id;
        i.begun = std::chrono::sys_days(std::chrono::year(2026) / 11 / 21);
        i.vendor = "openai";
        i.model = "gpt-6";
        i.call_id = "call-" + std::to_string(id);
        i.lease = std::chrono::hours(24 * 3650);
        i.operation = "batch";
        record(book, i);
        if (id == 3) continue;
        attempt_outcome o;
        o.attempt_id = id;
        o.request_id = "request-" + std::to_string(id);
        o.ended = i.begun;
        record(book, o);
      }
    }
    // Its log is moved into the file by the next that opens and closes it.
    sqlite_checkpoint();
  }
  static void record(const ledger& book, journal_record what) {
    result<void> done = error{};
    journal_of(book)->commit({std::move(what)}, [&](const commit_result& r) { done = r.all; });
    ASSERT_TRUE(done);
  }
  void sqlite_checkpoint() {
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open(path.c_str(), &db), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(db, "PRAGMA wal_checkpoint(TRUNCATE)", nullptr, nullptr, nullptr),
              SQLITE_OK);
    sqlite3_close(db);
  }
  int ark(std::vector<std::string> arguments) {
    out_text.clear();
    err_text.clear();
    arguments.insert(arguments.begin(), {"--ledger", path, "ledger"});
    std::string nothing;
    input in{nothing};
    output out{out_text}, err{err_text};
    context ctx{os::real(), in, out, err};
    return static_cast<int>(run(arguments, ctx));
  }
  void flip(const std::string& text) {
    std::string bytes = bytes_of(path);
    const auto at = bytes.find(text);
    ASSERT_NE(at, std::string::npos);
    bytes[at] = static_cast<char>(bytes[at] ^ 1);
    std::ofstream(path, std::ios::binary) << bytes;
  }
  bool says(const std::string& text) const { return out_text.find(text) != std::string::npos; }

  testing::temporary_directory folder;
  std::string path = folder.file("ledger.db"), saved = folder.file("saved.db");
  std::string out_text, err_text;
};

// Threat L12
TEST_F(ledger_salvage_command, L12_a_sound_file_is_0_and_nothing_is_lost) {
  EXPECT_EQ(ark({"salvage", "--to", saved}), 0) << err_text << out_text;
  EXPECT_EQ(out_text,
            "3 of 3 attempts, 2 of 2 outcomes, 0 corrections; 0 records of spools, 0 changes of "
            "budgets\n5 of 5 segments fit; the end is the anchor's\n" +
                saved + " was made and is good: nothing was lost\n");
  path = saved;
  EXPECT_EQ(ark({"verify"}), 0) << out_text;
}

TEST_F(ledger_salvage_command, L12_what_was_damaged_is_1_and_is_named) {
  flip("request-2");
  const std::string before = bytes_of(path);
  EXPECT_EQ(ark({"salvage", "--to", saved}), 1) << err_text;
  EXPECT_TRUE(says("row: the outcome of number 2 does not fit its own check\n")) << out_text;
  EXPECT_TRUE(says("1 attempts are in doubt, up to their quote: `ark ledger list")) << out_text;
  EXPECT_TRUE(says("2 of 2 outcomes (1 do not fit their check)"));
  EXPECT_TRUE(says("4 of 5 segments fit")) << out_text;
  EXPECT_EQ(bytes_of(path), before);
  std::filesystem::remove(saved);
  std::filesystem::remove(saved + "-anchor");
  EXPECT_EQ(ark({"salvage", "--to", saved, "--json"}), 1);
  EXPECT_TRUE(
      out_text.starts_with("{\"complete\":false,\"intents\":{\"saved\":3,\"changed\":0,"
                           "\"unchecked\":0,\"recorded\":3},"))
      << out_text;
  EXPECT_TRUE(says("\"in_doubt\":1,\"orphans\":0,"));
  EXPECT_TRUE(says("\"segments\":5,\"good_segments\":4,\"end\":{\"segment\":5,"));
  EXPECT_TRUE(says("\"ends_at_anchor\":true"));
}

TEST_F(ledger_salvage_command, L12_the_damage_is_refused_with_the_way_out) {
  std::string bytes = bytes_of(path);
  bytes.replace(100, 8, std::string(8, '\xff'));
  std::ofstream(path, std::ios::binary) << bytes;
  EXPECT_NE(ark({"list"}), 0);
  EXPECT_NE(err_text.find("ark ledger salvage --to NEWFILE"), std::string::npos) << err_text;
  EXPECT_EQ(ark({"salvage", "--to", saved}), 0) << "the schema is not needed: " << out_text;
  path = saved;
  EXPECT_EQ(ark({"list"}), 0);
  EXPECT_TRUE(says("openai"));
}

TEST_F(ledger_salvage_command, nothing_is_written_over) {
  EXPECT_EQ(ark({"salvage"}), 2);
  EXPECT_EQ(ark({"salvage", "--to", path}), 2);
  EXPECT_NE(err_text.find("nothing is written over"), std::string::npos) << err_text;
  EXPECT_EQ(ark({"verify"}), 0);
}

}  // namespace
}  // namespace ark::cli
