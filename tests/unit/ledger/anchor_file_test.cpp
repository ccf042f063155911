#include "ledger/anchor_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "tests/support/temporary_directory.hpp"

namespace ark::testing {
namespace {

TEST(anchor_file_test, what_is_written_is_read_up_to_its_end) {
  const temporary_directory folder;
  auto file = detail::anchor_file::open(folder.file("a")).value();
  ASSERT_TRUE(file.lock(1));
  ASSERT_TRUE(file.write("a longer text\nend\n"));
  ASSERT_TRUE(file.write("short\nend\n"));
  EXPECT_EQ(file.read().value(), "short\nend\n");
  file.unlock();
  EXPECT_FALSE(file.write(std::string(2u << 20, 'x'))) << "what could not be read again";
  ASSERT_TRUE(file.sync());
  EXPECT_EQ(detail::read_anchor_text(folder.file("a")).value().value(), "short\nend\n");
  struct stat s{};
  ASSERT_EQ(::stat(folder.file("a").c_str(), &s), 0);
  EXPECT_EQ(s.st_mode & 0777, 0600u);
}

TEST(anchor_file_test, two_that_have_it_open_take_turns) {
  const temporary_directory folder;
  auto one = detail::anchor_file::open(folder.file("a")).value();
  auto two = detail::anchor_file::open(folder.file("a")).value();
  ASSERT_TRUE(one.lock(1));
  EXPECT_FALSE(two.lock(3));
  EXPECT_TRUE(two.try_turn()) << "the line is another thing";
  EXPECT_FALSE(one.try_turn());
  two.leave_turn();
  one.unlock();
  EXPECT_TRUE(two.lock(3));
}

TEST(anchor_file_test, links_and_other_things_are_refused) {
  const temporary_directory folder;
  EXPECT_FALSE(detail::read_anchor_text(folder.file("none")).value());
  EXPECT_FALSE(detail::anchor_file::open(folder.path()));
  std::filesystem::create_symlink(folder.file("a"), folder.file("link"));
  EXPECT_FALSE(detail::anchor_file::open(folder.file("link")));
  EXPECT_TRUE(detail::is_foreign_anchor("hello", "ark"));
  EXPECT_FALSE(detail::is_foreign_anchor("ark 1", "ark"));
  EXPECT_FALSE(detail::is_foreign_anchor(std::string(9, '\0'), "ark"));
}

TEST(anchor_file_test, lines_are_taken_off_one_by_one) {
  std::string text = "n 5 ";
  detail::append_head(text, "head", {.id = 7, .hash = {1}});
  std::string_view left = text;
  EXPECT_FALSE(detail::take_word(left, "x"));
  EXPECT_TRUE(detail::take_word(left, "n "));
  EXPECT_EQ(detail::take_number(left, ' '), 5);
  EXPECT_TRUE(detail::take_word(left, "head "));
  EXPECT_EQ(detail::take_head(left), (detail::segment_head{7, {1}}));
  EXPECT_TRUE(left.empty());
  EXPECT_FALSE(detail::take_number(left, ' '));
  EXPECT_FALSE(detail::take_head(left));
}

}  // namespace
}  // namespace ark::testing
