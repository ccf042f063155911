#include "ledger/report.hpp"

#include "ledger_fixture.hpp"

namespace ark::testing {
namespace {

class report_test : public ledger_fixture {};
using keys = std::vector<std::string>;

TEST_F(report_test, sums_are_exact) {
  open();
  std::vector<journal_record> records;
  for (std::uint64_t id = 1; id <= 3000; ++id) {
    records.emplace_back(intent(id));
    records.emplace_back(outcome(id, "0.000000003625001"));
  }
  ASSERT_TRUE(commit(*to, std::move(records)));
  const auto lines = book.report({}, {}).value();
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0].cost.to_string(), "0.000010875003");
  EXPECT_EQ(lines[0].attempts, 3000);
  EXPECT_EQ(lines[0].settled, 3000);
  EXPECT_EQ(lines[0].input, 300'000);
}

TEST_F(report_test, currencies_are_never_added_up) {
  open();
  attempt_outcome yuan = outcome(2, "2");
  yuan.cost.currency = "CNY";
  attempt_outcome unknown = outcome(3);
  unknown.cost = {};
  ASSERT_TRUE(commit(*to, {intent(1), outcome(1, "1"), intent(2), yuan, intent(3), unknown}));
  const auto lines = book.report({"vendor"}, {}).value();
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[0].currency, "");
  EXPECT_EQ(lines[0].unknown_cost, 1);
  EXPECT_TRUE(lines[0].cost.is_zero());
  EXPECT_EQ(lines[1].currency, "CNY");
  EXPECT_EQ(lines[1].cost, money_of("2"));
  EXPECT_EQ(lines[2].currency, "USD");
  EXPECT_EQ(lines[2].high, money_of("1"));
}

TEST_F(report_test, doubt_widens_the_interval_and_leaves_the_known_cost) {
  open();
  attempt_outcome doubtful = outcome(2);
  doubtful.state = attempt_state::ambiguous;
  doubtful.cost = interval("0.1", "0.4");
  attempt_outcome free = outcome(3);
  free.state = attempt_state::void_;
  free.cost = {.status = cost_status::void_};
  attempt_intent open_one = intent(4);
  open_one.quote = interval("0.01", "0.5");
  ASSERT_TRUE(
      commit(*to, {intent(1), outcome(1, "1"), intent(2), doubtful, intent(3), free, open_one}));
  const auto lines = book.report({}, {}).value();
  ASSERT_EQ(lines.size(), 1u) << "void and open go with the currency of their quote";
  const auto& line = lines[0];
  EXPECT_EQ(line.cost, money_of("1"));
  EXPECT_EQ(line.low, money_of("1.1"));
  EXPECT_EQ(line.high, money_of("1.9"));
  EXPECT_EQ(line.attempts, 4);
  EXPECT_EQ(line.settled, 1);
  EXPECT_EQ(line.ambiguous, 1);
  EXPECT_EQ(line.voided, 1);
  EXPECT_EQ(line.open, 1);
}

TEST_F(report_test, every_bucket_is_in_one_sum) {
  open();
  attempt_outcome o = outcome(1);
  o.usage = {.input = 1,
             .cache_read = 2,
             .cache_write = 3,
             .cache_write_5m = 4,
             .cache_write_1h = 5,
             .input_audio = 6,
             .input_image = 7,
             .input_video = 8,
             .tool_prompt = 9,
             .output = 10,
             .reasoning = 11,
             .output_audio = 12,
             .output_image = 13,
             .reported = true};
  ASSERT_TRUE(commit(*to, {intent(1), o}));
  const auto line = book.report({}, {}).value().at(0);
  EXPECT_EQ(line.input, 1 + 6 + 7 + 8 + 9);
  EXPECT_EQ(line.cache_read, 2);
  EXPECT_EQ(line.cache_write, 3 + 4 + 5);
  EXPECT_EQ(line.output, 10 + 12 + 13);
  EXPECT_EQ(line.reasoning, 11);
}

TEST_F(report_test, groups_by_everything) {
  open();
  attempt_intent i = intent(1, -1);  // 09:59:59
  i.tenant = "acme";
  i.user = "u";
  i.task = "t";
  i.run = "r";
  i.tags = {{"team", "search"}};
  ASSERT_TRUE(commit(*to, {i, outcome(1)}));
  const auto lines = book.report({"hour", "day", "month", "vendor", "model", "tenant", "user",
                                  "task", "run", "state", "tag:team", "tag:none"},
                                 {})
                         .value();
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0].key, (keys{"2026-11-21T09", "2026-11-21", "2026-11", "openai", "gpt-6", "acme",
                                "u", "t", "r", "settled", "search", ""}));
}

TEST_F(report_test, lines_are_sorted_by_key) {
  open();
  attempt_intent other = intent(2);
  other.model = "a-model";
  ASSERT_TRUE(commit(*to, {intent(1), other, intent(3, 86'400), intent(4)}));
  const auto lines = book.report({"day", "model"}, {}).value();
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[0].key, (keys{"2026-11-21", "a-model"}));
  EXPECT_EQ(lines[1].key, (keys{"2026-11-21", "gpt-6"}));
  EXPECT_EQ(lines[1].attempts, 2);
  EXPECT_EQ(lines[2].key, (keys{"2026-11-22", "gpt-6"}));
}

TEST_F(report_test, an_unknown_group_and_an_empty_ledger) {
  open();
  EXPECT_TRUE(book.report({"day"}, {}).value().empty());
  const auto refused = book.report({"colour"}, {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::invalid_request);
  EXPECT_NE(refused.error().message.find("\"colour\""), std::string::npos);
  EXPECT_FALSE(book.report({"tag:"}, {}));
}

TEST_F(report_test, a_resolved_doubt_counts_once) {
  open();
  attempt_outcome doubtful = outcome(1);
  doubtful.state = attempt_state::ambiguous;
  doubtful.cost = interval("0", "0.75");
  ASSERT_TRUE(commit(*to, {intent(1), doubtful}));
  ASSERT_TRUE(commit(*to, {outcome(1, "0.3")}));
  const auto line = book.report({"state"}, {}).value().at(0);
  EXPECT_EQ(line.key, keys{"settled"});
  EXPECT_EQ(line.cost, money_of("0.3"));
  EXPECT_EQ(line.high, money_of("0.3"));
  EXPECT_EQ(line.input, 100);
}

}  // namespace
}  // namespace ark::testing
