#include <thread>

#include "ledger_fixture.hpp"

namespace ark::testing {
namespace {

class writer_late_test : public ledger_fixture {
 protected:
  std::string corrections() {
    return sql(path, "SELECT ifnull(group_concat(kind), '') FROM correction");
  }
};

TEST_F(writer_late_test, the_same_outcome_again_is_ignored) {
  open();
  ASSERT_TRUE(commit(*to, {intent(1), outcome(1)}));
  EXPECT_TRUE(commit(*to, {outcome(1)}));
  EXPECT_TRUE(commit(*to, {outcome(1), outcome(1)}));
  EXPECT_EQ(sql(path, "SELECT count(*) FROM outcome"), "1");
  EXPECT_EQ(corrections(), "");
}

TEST_F(writer_late_test, the_first_settlement_stays_and_another_is_kept_as_a_conflict) {
  open();
  ASSERT_TRUE(commit(*to, {intent(1), outcome(1, "0.25")}));
  EXPECT_TRUE(commit(*to, {outcome(1, "0.30"), intent(2)})) << "its neighbours are not its fault";
  const auto entries = book.list({}).value();
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[0].cost, exact("0.25"));
  EXPECT_EQ(corrections(), "conflict");
  EXPECT_EQ(sql(path, "SELECT cost_micro FROM correction"), "300000");
}

// L03
TEST_F(writer_late_test, many_threads_settling_one_attempt_leave_one_row) {
  open();
  ASSERT_TRUE(commit(*to, {intent(1)}));
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) threads.emplace_back([&] { EXPECT_TRUE(commit(*to, {outcome(1)})); });
  for (auto& t : threads) t.join();
  EXPECT_EQ(sql(path, "SELECT count(*) FROM outcome"), "1");
  EXPECT_EQ(corrections(), "");
}

TEST_F(writer_late_test, a_doubt_is_resolved_once) {
  open();
  attempt_outcome doubtful = outcome(1);
  doubtful.state = attempt_state::ambiguous;
  doubtful.cost = interval("0", "0.75");
  ASSERT_TRUE(commit(*to, {intent(1), doubtful}));
  ASSERT_TRUE(commit(*to, {outcome(1, "0.3")}));
  ASSERT_TRUE(commit(*to, {outcome(1, "0.3")}));
  ASSERT_TRUE(commit(*to, {outcome(1, "0.4")}));
  EXPECT_EQ(corrections(), "resolved,conflict");
  const auto e = book.list({}).value().at(0);
  EXPECT_EQ(e.state, attempt_state::settled);
  EXPECT_EQ(e.cost, exact("0.3"));
  EXPECT_EQ(e.usage.input, 100);
  EXPECT_EQ(book.list({.state = attempt_state::ambiguous}).value().size(), 0u);
}

TEST_F(writer_late_test, an_outcome_without_intent_is_kept) {
  open();
  EXPECT_TRUE(commit(*to, {outcome(5)}));
  EXPECT_EQ(corrections(), "orphan");
  EXPECT_EQ(sql(path, "SELECT attempt_id FROM correction WHERE of_seq IS NULL"), "5");
  EXPECT_TRUE(book.list({}).value().empty());
}

TEST_F(writer_late_test, an_attempt_of_an_earlier_life_can_be_settled) {
  open();
  ASSERT_TRUE(commit(*to, {intent(1)}));
  to.reset();
  book = {};
  open();
  ASSERT_TRUE(commit(*to, {outcome(1)}));
  EXPECT_EQ(book.list({}).value().at(0).state, attempt_state::settled);
  EXPECT_EQ(corrections(), "");
}

TEST_F(writer_late_test, a_correction_counts_from_then_on_and_the_entry_stays) {
  open();
  attempt_outcome first = outcome(1, "0.25");
  first.lines = {{.dimension = "input", .quantity = 100, .unit_price = {}, .per = 1, .value = {}}};
  ASSERT_TRUE(commit(*to, {intent(1), first, intent(2), outcome(2)}));
  ASSERT_TRUE(book.correct({{.sequence = 1, .cost = exact("0.2"), .reason = "invoice 7, line 3"}}));
  ASSERT_TRUE(book.correct({{.sequence = 1, .cost = exact("0.3"), .reason = "invoice 8"},
                            {.sequence = 2,
                             .state = attempt_state::void_,
                             .cost = {.status = cost_status::void_},
                             .reason = "credited"}}));
  const auto entries = book.list({}).value();
  EXPECT_EQ(entries.at(0).cost, exact("0.3"));
  EXPECT_EQ(entries.at(0).note, "invoice 8");
  EXPECT_EQ(entries.at(0).usage.input, 100);
  EXPECT_EQ(entries.at(0).request_id, "req-1");
  EXPECT_EQ(entries.at(1).state, attempt_state::void_);
  EXPECT_EQ(corrections(), "corrected,corrected,corrected");
  EXPECT_EQ(sql(path, "SELECT cost_micro FROM outcome WHERE seq = 1"), "250000");
  EXPECT_EQ(book.report({}, {}).value().at(0).cost, money_of("0.3"));
  EXPECT_EQ(sql(path, "SELECT cost_micro FROM attempt WHERE seq = 1"), "300000");
}

TEST_F(writer_late_test, the_same_correction_again_adds_nothing) {
  open();
  ASSERT_TRUE(commit(*to, {intent(1), outcome(1)}));
  const std::vector<ledger_correction> wanted = {
      {.sequence = 1, .cost = exact("0.2"), .reason = "invoice 7"}};
  ASSERT_TRUE(book.correct(wanted));
  ASSERT_TRUE(book.correct(wanted));
  EXPECT_EQ(corrections(), "corrected");
}

TEST_F(writer_late_test, what_is_open_or_unknown_cannot_be_corrected) {
  open();
  ASSERT_TRUE(commit(*to, {intent(1)}));
  for (const std::int64_t sequence : {1, 99}) {
    const auto refused = book.correct({{.sequence = sequence, .cost = exact("0.2")}});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, errc::invalid_request);
    EXPECT_NE(refused.error().message.find("entry " + std::to_string(sequence)), std::string::npos);
  }
  EXPECT_EQ(corrections(), "");
}

TEST_F(writer_late_test, a_void_outcome_of_an_attempt_that_was_refused_leaves_nothing) {
  open();
  attempt_outcome given_up = outcome(7);
  given_up.state = attempt_state::void_;
  given_up.cost = {.status = cost_status::void_};
  EXPECT_TRUE(commit(*to, {given_up}));
  EXPECT_EQ(corrections(), "");
  EXPECT_TRUE(commit(*to, {outcome(8)}));
  EXPECT_EQ(corrections(), "orphan") << "what cost something is kept";
}

}  // namespace
}  // namespace ark::testing
