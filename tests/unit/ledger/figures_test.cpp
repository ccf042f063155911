#include "ledger/figures.hpp"

#include "ledger_fixture.hpp"

namespace ark::testing {
namespace {

TEST(figures_test, an_open_attempt_may_cost_nothing_or_its_quote) {
  const cost quote = interval("0.1", "0.4");
  const auto open = detail::standing_of(quote);
  report_line line;
  detail::count(line, open);
  EXPECT_EQ(line.attempts, 1);
  EXPECT_EQ(line.open, 1);
  EXPECT_TRUE(line.low.is_zero());
  EXPECT_EQ(line.high, money_of("0.4"));
  EXPECT_EQ(detail::currency_of(open), "USD");
}

TEST(figures_test, what_is_taken_away_leaves_nothing) {
  const attempt_outcome o = outcome(1);
  const cost quote = exact("1", "CNY");
  const auto done = detail::ended(detail::standing_of(quote), o);
  EXPECT_EQ(detail::currency_of(done), "USD");
  report_line one, sum;
  detail::count(one, done);
  detail::add(sum, one);
  detail::add(sum, one);
  EXPECT_EQ(sum.cost, money_of("0.5"));
  EXPECT_EQ(sum.input, 200);
  detail::subtract(sum, one);
  EXPECT_TRUE(detail::same_figures(sum, one));
  detail::subtract(sum, one);
  EXPECT_TRUE(detail::same_figures(sum, {}));
}

TEST(figures_test, usage_that_was_not_reported_counts_as_nothing) {
  attempt_outcome o = outcome(1);
  o.usage.reported = false;
  o.state = attempt_state::void_;
  o.cost = {.status = cost_status::void_};
  const cost quote = exact("1", "CNY");
  const auto done = detail::ended(detail::standing_of(quote), o);
  report_line line;
  detail::count(line, done);
  EXPECT_EQ(line.input, 0);
  EXPECT_EQ(line.voided, 1);
  EXPECT_EQ(detail::currency_of(done), "CNY") << "that of the quote";
}

}  // namespace
}  // namespace ark::testing
