#include "ledger/fate.hpp"

#include "ledger_fixture.hpp"

namespace ark::testing {
namespace {

ledger_entry booked(attempt_state state, const cost& paid) {
  ledger_entry e;
  e.state = state;
  e.cost = paid;
  e.finish = "stop";
  return e;
}

attempt_outcome told(attempt_state state, const cost& paid) {
  attempt_outcome o;
  o.state = state;
  o.cost = paid;
  o.finish = "stop";
  return o;
}

TEST(fate, only_a_doubt_is_resolved) {
  using enum attempt_state;
  const auto doubt = booked(ambiguous, interval("0", "1"));
  EXPECT_EQ(detail::kind_of_late(doubt, told(ambiguous, interval("0", "1"))), "");
  EXPECT_EQ(detail::kind_of_late(doubt, told(settled, exact("0.5"))), "resolved");
  EXPECT_EQ(detail::kind_of_late(doubt, told(ambiguous, interval("0", "2"))), "conflict");
  const auto paid = booked(settled, exact("0.5"));
  EXPECT_EQ(detail::kind_of_late(paid, told(settled, exact("0.5"))), "");
  EXPECT_EQ(detail::kind_of_late(paid, told(settled, exact("0.6"))), "conflict");
}

TEST(fate, a_correction_changes_what_it_says_and_nothing_else) {
  attempt_correction c{.sequence = 1, .keeps_usage = true, .reason = "invoice"};
  c.outcome.cost = exact("0.5");
  auto entry = booked(attempt_state::settled, exact("0.5"));
  EXPECT_FALSE(detail::apply(ledger_entry(entry), c)) << "it says the same";
  c.outcome.cost = exact("0.4");
  entry.usage.input = 7;
  const auto made = detail::apply(ledger_entry(entry), c);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->outcome.cost, exact("0.4"));
  EXPECT_EQ(made->outcome.usage.input, 7);
  EXPECT_EQ(made->outcome.finish, "stop");
  EXPECT_EQ(made->note, "invoice");
  c.only_in_doubt = true;
  EXPECT_FALSE(detail::apply(ledger_entry(entry), c));
}

}  // namespace
}  // namespace ark::testing
