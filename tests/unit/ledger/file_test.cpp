#include "ledger/file.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "child.hpp"
#include "ledger_fixture.hpp"

namespace ark::testing {
namespace {

class file_test : public ledger_fixture {
 protected:
  std::string refusal(bool read_only = false) {
    const auto opened = ledger::open({.path = path, .read_only = read_only});
    if (opened) return "";
    EXPECT_EQ(opened.error().code, errc::ledger);
    return opened.error().message;
  }
  void close() {
    to.reset();
    book = {};
  }
  void write(const std::string& bytes) {
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path, std::ios::binary) << bytes;
  }
};

TEST_F(file_test, the_file_and_its_folder_are_private) {
  open();
  ASSERT_TRUE(commit(*to, {intent(1)}));
  struct stat s{};
  for (const std::string& name : {path, path + "-wal"}) {
    ASSERT_EQ(::stat(name.c_str(), &s), 0);
    EXPECT_EQ(s.st_mode & 0777, 0600u) << name;
  }
  ASSERT_EQ(::stat(folder.file("state").c_str(), &s), 0);
  EXPECT_EQ(s.st_mode & 0777, 0700u);
}

// S06
TEST_F(file_test, a_symbolic_link_is_refused) {
  open();
  close();
  const std::string target = path;
  path = folder.file("link.db");
  ASSERT_EQ(::symlink(target.c_str(), path.c_str()), 0);
  EXPECT_NE(refusal().find("symbolic link"), std::string::npos);
  EXPECT_NE(refusal(true).find("symbolic link"), std::string::npos);
}

TEST_F(file_test, a_link_to_nowhere_makes_no_file) {
  const std::string target = folder.file("elsewhere.db");
  path = folder.file("link.db");
  ASSERT_EQ(::symlink(target.c_str(), path.c_str()), 0);
  EXPECT_NE(refusal().find("symbolic link"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(target));
}

// S06
TEST_F(file_test, a_hard_link_is_refused) {
  open();
  close();
  ASSERT_EQ(::link(path.c_str(), folder.file("other.db").c_str()), 0);
  EXPECT_NE(refusal().find("hard links"), std::string::npos);
}

TEST_F(file_test, a_folder_that_everybody_may_write_is_refused) {
  const std::string open_folder = folder.file("open");
  ASSERT_EQ(::mkdir(open_folder.c_str(), 0700), 0);
  ASSERT_EQ(::chmod(open_folder.c_str(), 0777), 0);
  path = open_folder + "/ledger.db";
  EXPECT_NE(refusal().find("everybody may write"), std::string::npos);
  ASSERT_EQ(::chmod(open_folder.c_str(), 01777), 0);  // as /tmp
  EXPECT_EQ(refusal(), "");
}

TEST_F(file_test, a_file_of_another_user_is_refused) {
  if (::geteuid() != 0) GTEST_SKIP() << "skipped: needs root to give a file away";
  open();
  close();
  ASSERT_EQ(::chown(path.c_str(), 12345, 12345), 0);
  EXPECT_NE(refusal().find("belongs to another user"), std::string::npos);
  EXPECT_EQ(refusal(true), "");
}

// L11
TEST_F(file_test, a_read_only_file_is_refused_for_writing_only) {
  open();
  ASSERT_TRUE(commit(*to, {intent(1)}));
  close();
  ASSERT_EQ(::chmod(path.c_str(), 0444), 0);
  EXPECT_NE(refusal().find("read-only"), std::string::npos);
  EXPECT_EQ(refusal(true), "");
}

TEST_F(file_test, a_ledger_in_a_folder_that_may_not_be_written_can_be_read) {
  open();
  ASSERT_TRUE(commit(*to, {intent(1)}));
  close();
  sql(path, "SELECT count(*) FROM intent");  // the last one to close moves the log into the file
  ASSERT_FALSE(std::filesystem::exists(path + "-wal"));
  ASSERT_EQ(::chmod(path.c_str(), 0444), 0);
  ASSERT_EQ(::chmod(folder.file("state").c_str(), 0555), 0);
  ASSERT_EQ(::chmod(folder.path().c_str(), 0755), 0);
  const pid_t child = start_child([&] {
    if (::geteuid() == 0 && ::setuid(65534) != 0) return 1;  // root may write everywhere
    const auto reader = ledger::open({.path = path, .read_only = true});
    return reader && reader->list({}).value().size() == 1 ? 0 : 2;
  });
  EXPECT_EQ(wait_for(child), 0);
  ASSERT_EQ(::chmod(folder.file("state").c_str(), 0700), 0);
}

TEST_F(file_test, a_folder_that_cannot_be_made_is_told) {
  write("a file");
  path += "/below/ledger.db";
  EXPECT_NE(refusal().find(path), std::string::npos);
}

TEST_F(file_test, what_is_no_database_is_refused_and_left_alone) {
  const std::string text = "dear diary, " + std::string(5000, 'x');
  write(text);
  EXPECT_NE(refusal().find("not a ledger"), std::string::npos);
  EXPECT_NE(refusal(true).find("not a ledger"), std::string::npos);
  EXPECT_EQ(std::filesystem::file_size(path), text.size());
}

// L12
TEST_F(file_test, damage_at_the_end_of_a_table_is_found_at_open) {
  open();
  std::vector<journal_record> records;
  for (std::uint64_t id = 1; id <= 2000; ++id) {
    records.emplace_back(intent(id));
    records.emplace_back(outcome(id));
  }
  ASSERT_TRUE(commit(*to, std::move(records)));
  close();
  sql(path, "PRAGMA wal_checkpoint(TRUNCATE)");
  const std::string leaf = sql(path,
                               "SELECT pageno FROM dbstat WHERE name='intent' AND pagetype='leaf'"
                               " ORDER BY path DESC LIMIT 1");
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp((std::stoll(leaf) - 1) * 4096);
  file << std::string(64, '\xff');
  file.close();
  EXPECT_NE(refusal().find("damaged"), std::string::npos);
}

TEST_F(file_test, a_name_with_odd_characters_works) {
  path = folder.file("what? 100% #1.db");
  open();
  ASSERT_TRUE(commit(*to, {intent(1)}));
  close();
  EXPECT_TRUE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace ark::testing
