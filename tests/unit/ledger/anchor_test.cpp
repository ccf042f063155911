#include "ledger/anchor.hpp"

#include <fstream>

#include "chain_support.hpp"

namespace ark::testing {
namespace {

class anchor_test : public chain_fixture {
 protected:
  detail::anchor_content content() { return detail::read_anchor(anchor_file()).value().value(); }
};

TEST_F(anchor_test, its_text_reads_back_and_nothing_else_does) {
  detail::anchor_content c{.since = 3, .since_us = 5};
  c.head = {.id = 7, .hash = {1, 2}};
  c.lost = {{.id = 6, .hash = {3}}, {.id = 5, .hash = {}}};
  const std::string text = detail::to_text(c);
  EXPECT_EQ(detail::anchor_of_text(text), c);
  for (std::size_t cut = 0; cut < text.size(); ++cut)
    EXPECT_FALSE(detail::anchor_of_text(text.substr(0, cut)));
  EXPECT_FALSE(detail::anchor_of_text(text + "x"));
  EXPECT_FALSE(detail::anchor_of_text("ark-anchor 2" + text.substr(12)));
}

TEST_F(anchor_test, follows_every_commit) {
  open();
  EXPECT_EQ(content().head.id, 0);
  for (int i = 1; i <= 12; ++i) {
    ASSERT_TRUE(commit(*to, {intent(static_cast<std::uint64_t>(i))}));
    EXPECT_EQ(content().head.id, i);
  }
  EXPECT_EQ(detail::to_hex(content().head.hash), book.head().value().hash);
  EXPECT_EQ(content().since, 0);
}

TEST_F(anchor_test, two_writers_move_it_forward_only) {
  open();
  const auto second = ledger::open({.path = path, .commit_interval = {}}).value();
  for (std::uint64_t i = 1; i <= 6; ++i)
    ASSERT_TRUE(commit(i % 2 == 0 ? *to : *journal_of(second), {intent(i)}));
  EXPECT_EQ(content().head.id, 6);
  EXPECT_TRUE(content().lost.empty());
  EXPECT_TRUE(book.verify().value().good());
}

TEST_F(anchor_test, may_lie_elsewhere) {
  const std::string other = folder.file("elsewhere");
  const auto book_there = ledger::open({.path = path, .anchor = other}).value();
  ASSERT_TRUE(commit(*journal_of(book_there), {intent(1)}));
  EXPECT_TRUE(std::filesystem::exists(other));
  EXPECT_FALSE(std::filesystem::exists(anchor_file()));
  EXPECT_TRUE(book_there.verify().value().good());
}

TEST_F(anchor_test, never_writes_over_a_file_of_something_else) {
  const std::string other = folder.file("mine.txt");
  std::ofstream(other) << "do not lose this\n";
  const auto opened = ledger::open({.path = path, .anchor = other});
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().message.find("a file of something else"), std::string::npos);
  EXPECT_EQ(std::filesystem::file_size(other), 17u);
  std::filesystem::create_symlink(other, folder.file("link"));
  EXPECT_FALSE(ledger::open({.path = path, .anchor = folder.file("link")}));
}

TEST_F(anchor_test, what_a_power_cut_left_of_it_does_not_stop_the_ledger_and_is_told) {
  record_ten();
  for (const std::string& left :
       {std::string(), std::string(300, '\0'), std::string("ark-anchor 1\nhead 2")}) {
    std::ofstream(anchor_file(), std::ios::binary | std::ios::trunc) << left;
    EXPECT_FALSE(verify().good());
    open();
    EXPECT_EQ(content().since, 20);
    EXPECT_FALSE(book.verify().value().good());
    ASSERT_TRUE(book.accept_head());
    EXPECT_TRUE(book.verify().value().good());
    close();
  }
}

TEST_F(anchor_test, a_turn_is_one_writers_at_a_time) {
  open();
  auto db = sqlite::database::open(path, SQLITE_OPEN_READONLY, std::chrono::milliseconds(10));
  ASSERT_TRUE(db);
  const auto a = detail::anchor::open(anchor_file(), *db, 1).value();
  const auto b = detail::anchor::open(anchor_file(), *db, 1).value();
  EXPECT_TRUE(a->try_turn());
  EXPECT_FALSE(b->try_turn());
  // Who holds it for ever makes others late, not stuck.
  EXPECT_TRUE(commit(*to, {intent(1)}));
  a->leave_turn();
  EXPECT_TRUE(b->try_turn());
}

}  // namespace
}  // namespace ark::testing
