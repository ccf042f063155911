#include "ledger/damaged_file.hpp"

#include "ledger/spool.hpp"
#include "salvage_support.hpp"

namespace ark::testing {
namespace {

using detail::damaged_file;
class damaged_file_test : public salvage_fixture {};

TEST_F(damaged_file_test, pages_are_those_of_the_file) {
  record_ten();
  settle();
  const auto file = damaged_file::open(path).value();
  EXPECT_EQ(file->page_size(), page_bytes);
  ASSERT_EQ(file->pages() * page_bytes, whole.size());
  for (std::uint32_t n = 1; n <= file->pages(); ++n)
    EXPECT_TRUE(file->page(n) == whole.substr((n - 1) * page_bytes, page_bytes)) << n;
  EXPECT_TRUE(file->page(0).empty());
  EXPECT_TRUE(file->page(file->pages() + 1).empty());
  EXPECT_TRUE(file->older().empty());
}

TEST_F(damaged_file_test, the_log_replaces_pages_and_keeps_what_it_replaced) {
  record_ten();
  settle();
  open();
  ASSERT_TRUE(commit(*to, {intent(11), outcome(11)}));
  const auto file = damaged_file::open(path).value();
  EXPECT_FALSE(file->older().empty());
  bool is_newer = false;
  for (std::uint32_t n = 1; n <= file->pages(); ++n)
    is_newer = is_newer || file->page(n).find("call-11") != std::string::npos;
  EXPECT_TRUE(is_newer);
  for (const auto& copy : file->older())
    EXPECT_EQ(file->copy(copy).find("call-11"), std::string::npos);
  EXPECT_FALSE(file->is_changed());
  ASSERT_TRUE(commit(*to, {intent(12)}));
  EXPECT_TRUE(file->is_changed());
}

TEST_F(damaged_file_test, what_comes_into_a_spool_is_a_change) {
  record_ten();
  settle();
  const auto alone = damaged_file::open(path).value();
  const auto spool = detail::spool::create(path, 77).value();
  ASSERT_TRUE(spool->append({intent(11)}));
  EXPECT_TRUE(alone->is_changed());
  const auto file = damaged_file::open(path).value();
  EXPECT_FALSE(file->is_changed());
  ASSERT_TRUE(spool->append({outcome(11)}));
  EXPECT_TRUE(file->is_changed());
  spool->abandon();
}

TEST_F(damaged_file_test, a_head_that_lies_about_the_pages) {
  record(1, 60);
  for (const std::string& size : {std::string("\x20\x00", 2), std::string("\x02\x00", 2),
                                  std::string("\x00\x01", 2), std::string("\xff\xff", 2)}) {
    std::string bytes = whole;
    bytes.replace(16, 2, size);
    EXPECT_EQ(damaged_file::open(damaged(bytes)).value()->page_size(), page_bytes);
  }
}

TEST_F(damaged_file_test, a_file_that_ends_within_a_page) {
  record_ten();
  settle();
  const auto file = damaged_file::open(damaged(whole.substr(0, page_bytes + 100))).value();
  EXPECT_EQ(file->pages(), 2u);
  EXPECT_EQ(file->page(2), whole.substr(page_bytes, 100) + std::string(page_bytes - 100, '\0'));
}

TEST_F(damaged_file_test, a_file_that_is_not_there_or_is_a_link) {
  EXPECT_EQ(damaged_file::open(folder.file("none")).error().code, errc::not_found);
  record_ten();
  std::filesystem::create_symlink(path, folder.file("link"));
  EXPECT_EQ(damaged_file::open(folder.file("link")).error().code, errc::ledger);
}

}  // namespace
}  // namespace ark::testing
