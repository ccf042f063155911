#include "cli/ledger_verify.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <filesystem>

#include "cli/run.hpp"
#include "client/journal.hpp"
#include "ledger/ledger_journal.hpp"
#include "os/os.hpp"
#include "tests/support/temporary_directory.hpp"

namespace ark::cli {
namespace {

/// `ark ledger` with a ledger of three attempts.
class ledger_verify_command : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto book = ledger::open({.path = path, .commit_interval = {}}).value();
    for (std::uint64_t id = 1; id <= 3; ++id) {
      attempt_intent i;
      i.attempt_id = id;
      i.begun = std::chrono::sys_days(std::chrono::year(2026) / 11 / 21);
      i.vendor = "openai";
      i.model = "gpt-6";
      result<void> done = error{};
      journal_of(book)->commit({i}, [&](const commit_result& r) { done = r.all; });
      ASSERT_TRUE(done);
    }
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
  void change(const char* sql) {
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open(path.c_str(), &db), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(db, sql, nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(db);
  }
  bool says(const std::string& text) const { return out_text.find(text) != std::string::npos; }
  testing::temporary_directory folder;
  std::string path = folder.file("ledger.db");
  std::string out_text, err_text;
};

TEST_F(ledger_verify_command, a_good_ledger_is_0) {
  EXPECT_EQ(ark({"verify"}), 0);
  EXPECT_TRUE(says("3 attempts, 0 outcomes, 0 corrections in 3 segments; 1 sums\n")) << out_text;
  EXPECT_TRUE(says("\ngood\n"));
  EXPECT_EQ(ark({"verify", "--json", "--pages", "--threads", "2"}), 0);
  EXPECT_TRUE(out_text.starts_with("{\"good\":true,\"intents\":3,")) << out_text;
}

TEST_F(ledger_verify_command, L08_a_changed_row_is_1_and_is_named) {
  change("UPDATE intent SET model = 'cheaper' WHERE seq = 2");
  EXPECT_EQ(ark({"verify"}), 1);
  EXPECT_TRUE(out_text.starts_with("row: the intent of entry 2 was changed\n")) << out_text;
  EXPECT_TRUE(says("\nNOT good\n"));
  EXPECT_EQ(ark({"verify", "--json"}), 1);
  EXPECT_TRUE(says("{\"what\":\"row\",\"segment\":2,\"sequence\":2,")) << out_text;
}

TEST_F(ledger_verify_command, L09_a_head_that_was_noted_tells_a_cut_tail) {
  ASSERT_EQ(ark({"head"}), 0);
  const std::string head = out_text.substr(0, out_text.size() - 1);
  EXPECT_TRUE(head.starts_with("3:"));
  std::filesystem::remove(path + "-anchor");
  EXPECT_EQ(ark({"verify"}), 1);
  EXPECT_TRUE(says("anchor: there is no anchor"));
  EXPECT_EQ(ark({"verify", "--head", head}), 0);
  change(
      "DELETE FROM intent WHERE seq = 3; DELETE FROM segment WHERE id = 3;"
      "UPDATE rollup SET attempts = 2, open = 2");
  EXPECT_EQ(ark({"verify", "--head", head}), 1);
  EXPECT_TRUE(says("end: the ledger does not have segment 3")) << out_text;
  EXPECT_EQ(ark({"head", "--accept"}), 0);
  EXPECT_EQ(ark({"verify"}), 0);
}

TEST_F(ledger_verify_command, sums_are_made_anew_when_asked) {
  change("UPDATE rollup SET open = 7");
  EXPECT_EQ(ark({"verify"}), 1);
  EXPECT_EQ(ark({"verify", "--rebuild-sums"}), 0);
  EXPECT_EQ(ark({"verify"}), 0);
}

TEST_F(ledger_verify_command, a_wrong_head_is_wrong_usage) {
  for (const char* head : {"3", "3:abc", "x:", ":", "0:"})
    EXPECT_EQ(ark({"verify", "--head", head}), 2) << head;
}

}  // namespace
}  // namespace ark::cli
