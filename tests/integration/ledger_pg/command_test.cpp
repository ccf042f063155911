#include "cli/run.hpp"
#include "os/os.hpp"
#include "tests/integration/ledger_pg/store_fixture.hpp"

/// `ark ledger verify` and `head` with a server in the place of a file.
namespace ark::testing {
namespace {

class command_test : public ::testing::Test {
 protected:
  void SetUp() override {
    server = the_server();
    if (server == nullptr) GTEST_SKIP() << "skipped: postgresql is not installed";
    server->wipe();
    const auto book = ledger::open({.path = server->name()}).value();
    for (std::uint64_t id = 1; id <= 3; ++id)
      ASSERT_TRUE(put(*journal_of(book), {intent(id), outcome(id)}));
  }
  int ark(std::vector<std::string> arguments) {
    out_text.clear();
    err_text.clear();
    arguments.insert(arguments.begin(), {"--ledger", server->name(), "ledger"});
    std::string nothing;
    cli::input in{nothing};
    cli::output out{out_text}, err{err_text};
    cli::context ctx{os::real(), in, out, err};
    return static_cast<int>(cli::run(arguments, ctx));
  }
  void change(const std::string& table, const std::string& sql) {
    server->run("ALTER TABLE ark." + table + " DISABLE TRIGGER USER; " + sql +
                "; ALTER TABLE ark." + table + " ENABLE TRIGGER USER");
    server->set_sums_right();
  }
  bool says(const std::string& text) const { return out_text.find(text) != std::string::npos; }
  std::string out_text, err_text;
  pg_server* server = nullptr;
};

TEST_F(command_test, a_good_ledger_is_0_and_its_head_can_be_noted) {
  EXPECT_EQ(ark({"verify"}), 0) << out_text << err_text;
  EXPECT_TRUE(says("3 attempts, 3 outcomes, 0 corrections in 3 segments")) << out_text;
  EXPECT_TRUE(says("\ngood\n"));
  ASSERT_EQ(ark({"head"}), 0);
  const std::string head = out_text.substr(0, out_text.size() - 1);
  EXPECT_TRUE(head.starts_with("2:")) << head;
  EXPECT_EQ(ark({"verify", "--head", head, "--json"}), 0);
  EXPECT_TRUE(out_text.starts_with("{\"good\":true,\"intents\":3,")) << out_text;
  std::string other = head;
  other.back() = other.back() == '0' ? '1' : '0';
  EXPECT_EQ(ark({"verify", "--head", other}), 1);
  EXPECT_TRUE(says("end: the ledger does not have seal 2")) << out_text;
}

TEST_F(command_test, L08_a_changed_row_is_1_and_is_named) {
  change("intent", "UPDATE ark.intent SET model = 'cheaper' WHERE seq = 2");
  EXPECT_EQ(ark({"verify"}), 1);
  EXPECT_TRUE(out_text.starts_with("row: the intent of entry 2 was changed (segment 2 of session "))
      << out_text;
  EXPECT_TRUE(says("\nNOT good\n"));
}

TEST_F(command_test, L09_a_cut_end_is_1_until_it_is_accepted) {
  change("seal", "DELETE FROM ark.seal WHERE id = 2");
  change("outcome", "DELETE FROM ark.outcome WHERE seq = 3");
  change("intent", "DELETE FROM ark.intent WHERE seq = 3");
  change("segment", "DELETE FROM ark.segment WHERE id = 3");
  EXPECT_EQ(ark({"verify"}), 1);
  EXPECT_TRUE(says("end: the ledger's end was cut off or lost: it had seal 2")) << out_text;
  EXPECT_EQ(ark({"head", "--accept"}), 0) << err_text;
  EXPECT_EQ(ark({"verify"}), 0) << out_text;
}

TEST_F(command_test, pages_are_a_files) {
  EXPECT_NE(ark({"verify", "--pages"}), 0);
  EXPECT_NE(err_text.find("leave out --pages"), std::string::npos) << err_text;
}

}  // namespace
}  // namespace ark::testing
