#include "ledger/rollup_keys.hpp"

#include "chain_support.hpp"

namespace ark::testing {
namespace {

class rollup_keys_test : public chain_fixture {};

TEST_F(rollup_keys_test, days_are_whole_before_1970_too) {
  EXPECT_EQ(detail::day_of(0), 0);
  EXPECT_EQ(detail::day_of(86'399'999'999), 0);
  EXPECT_EQ(detail::day_of(86'400'000'000), 1);
  EXPECT_EQ(detail::day_of(-1), -1);
  EXPECT_EQ(detail::day_of(-86'400'000'000), -1);
}

/// One attempt for each value, in one transaction.
std::vector<journal_record> tagged(std::uint64_t first, std::uint64_t count) {
  std::vector<journal_record> records;
  for (std::uint64_t id = first; id < first + count; ++id) {
    attempt_intent i = intent(id);
    i.tags = {{"request", "r" + std::to_string(id)}, {"team", "a"}};
    records.emplace_back(i);
  }
  return records;
}

TEST_F(rollup_keys_test, a_tag_with_too_many_values_is_left_to_the_rows) {
  open();
  ASSERT_TRUE(commit(*to, tagged(1, 10'000)));
  EXPECT_EQ(sql(path, "SELECT off FROM rollup_dimension WHERE name = 'tag:request'"), "0");
  ASSERT_TRUE(commit(*to, tagged(10'001, 2)));
  EXPECT_EQ(sql(path, "SELECT off FROM rollup_dimension WHERE name = 'tag:request'"), "1");
  EXPECT_EQ(sql(path, "SELECT off FROM rollup_dimension WHERE name = 'tag:team'"), "0");
  EXPECT_EQ(book.report({"tag:request"}, {}).value().size(), 10'002u);
  EXPECT_EQ(book.report({"tag:team"}, {}).value().at(0).attempts, 10'002);
  EXPECT_TRUE(book.verify().value().good());
}

TEST_F(rollup_keys_test, names_beyond_the_limit_are_left_to_the_rows) {
  open();
  for (std::uint64_t id = 1; id <= 20; ++id) {
    attempt_intent i = intent(id);
    i.tags = {{"name-" + std::to_string(id), "x"}};
    ASSERT_TRUE(commit(*to, {i}));
  }
  EXPECT_EQ(sql(path, "SELECT count(*) FROM rollup_dimension"), "18") << "16, the plain one, '*'";
  for (const char* name : {"tag:name-1", "tag:name-20", "tag:nobody-has-it"}) {
    const auto lines = book.report({name}, {}).value();
    std::int64_t attempts = 0;
    for (const auto& line : lines) attempts += line.attempts;
    EXPECT_EQ(attempts, 20) << name;
  }
  EXPECT_EQ(book.report({"tag:name-20"}, {}).value().size(), 2u);
  EXPECT_TRUE(book.verify().value().good());
}

TEST_F(rollup_keys_test, a_name_that_is_switched_off_makes_no_room_for_another) {
  open();
  std::uint64_t id = 0;
  const auto begin_with = [&](const std::string& name) {
    attempt_intent i = intent(++id);
    i.tags = {{name, "x"}};
    ASSERT_TRUE(commit(*to, {i}));
  };
  for (int n = 1; n <= 17; ++n) begin_with("name-" + std::to_string(n));
  sql(path, "UPDATE rollup_dimension SET off = 1 WHERE name = 'tag:name-3'");
  close();
  open();
  begin_with("name-17");
  std::int64_t named = 0;
  for (const auto& line : book.report({"tag:name-17"}, {}).value())
    if (line.key.at(0) == "x") named += line.attempts;
  EXPECT_EQ(named, 2) << "also the one from before there was room";
}

}  // namespace
}  // namespace ark::testing
