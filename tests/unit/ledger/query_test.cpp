#include "ledger/query.hpp"

#include "ledger_fixture.hpp"

namespace ark::testing {
namespace {

class query_test : public ledger_fixture {
 protected:
  std::vector<std::int64_t> sequences(const ledger_filter& filter) {
    std::vector<std::int64_t> found;
    for (const auto& e : book.list(filter).value()) found.push_back(e.sequence);
    return found;
  }
};
using numbers = std::vector<std::int64_t>;

TEST_F(query_test, each_field_filters) {
  open();
  attempt_intent other = intent(2, 60);
  other.vendor = "anthropic";
  other.model = "claude";
  other.tenant = "acme";
  other.user = "u";
  other.task = "t";
  other.run = "r";
  other.tags = {{"team", "search"}, {"env", "prod"}};
  ASSERT_TRUE(commit(*to, {intent(1), other, intent(3, 120), outcome(1)}));
  for (const ledger_filter& f :
       std::vector<ledger_filter>{{.vendor = "anthropic"},
                                  {.model = "claude"},
                                  {.tenant = "acme"},
                                  {.user = "u"},
                                  {.task = "t"},
                                  {.run = "r"},
                                  {.call_id = "call-2"},
                                  {.tags = {{"team", "search"}}},
                                  {.tags = {{"team", "search"}, {"env", "prod"}}},
                                  {.since = at(60), .until = at(120)}})
    EXPECT_EQ(sequences(f), numbers{2});
  EXPECT_EQ(sequences({.tags = {{"team", "ads"}}}), numbers{});
  EXPECT_EQ(sequences({.state = attempt_state::settled}), numbers{1});
  EXPECT_EQ(sequences({.state = attempt_state::sending}), (numbers{2, 3}));
}

TEST_F(query_test, paging_goes_on_after_a_sequence_in_either_order) {
  open();
  std::vector<journal_record> records;
  for (std::uint64_t id = 1; id <= 1200; ++id) records.emplace_back(intent(id));
  ASSERT_TRUE(commit(*to, std::move(records)));
  EXPECT_EQ(sequences({.after_sequence = 3, .limit = 2}), (numbers{4, 5}));
  EXPECT_EQ(sequences({.limit = 2, .newest_first = true}), (numbers{1200, 1199}));
  EXPECT_EQ(sequences({.after_sequence = 1199, .limit = 2, .newest_first = true}),
            (numbers{1198, 1197}));
  EXPECT_EQ(sequences({}).size(), 1200u) << "more than one page";
  EXPECT_EQ(sequences({.limit = 513}).size(), 513u);
}

TEST_F(query_test, a_scan_stops_when_told_and_holds_no_lock_meanwhile) {
  open();
  ASSERT_TRUE(commit(*to, {intent(1), intent(2), intent(3)}));
  int seen = 0;
  ASSERT_TRUE(book.scan({}, [&](const ledger_entry&) {
    EXPECT_TRUE(commit(*to, {intent(static_cast<std::uint64_t>(100 + seen))}));
    EXPECT_EQ(book.report({}, {}).value().size(), 1u) << "a query inside a query";
    return ++seen < 2;
  }));
  EXPECT_EQ(seen, 2);
}

// L14
TEST_F(query_test, what_a_caller_says_never_becomes_sql) {
  open();
  const std::string nasty = "'); DROP TABLE intent;--";
  attempt_intent i = intent(1);
  i.model = nasty;
  i.tags = {{nasty, nasty}, {"$.\"x", "1"}};
  ASSERT_TRUE(commit(*to, {i}));
  EXPECT_EQ(sequences({.model = nasty}), numbers{1});
  EXPECT_EQ(sequences({.tags = {{nasty, nasty}}}), numbers{1});
  EXPECT_EQ(sequences({.tags = {{"$.\"x", "1"}}}), numbers{1});
  EXPECT_EQ(book.report({"model", "tag:" + nasty}, {}).value().at(0).key,
            (std::vector<std::string>{nasty, nasty}));
  EXPECT_EQ(sql(path, "SELECT count(*) FROM intent"), "1");
}

}  // namespace
}  // namespace ark::testing
