#include "ledger/reserve.hpp"

#include <signal.h>

#include <future>

#include "budget_fixture.hpp"
#include "child.hpp"

namespace ark::testing {
namespace {

using namespace std::chrono_literals;

class reserve_test : public budget_fixture {
 protected:
  void SetUp() override {
    open_ledger();
    set(limited("1"));
  }
  /// Its attempts are of the test's time, and it dies without a word.
  void die_with(std::uint64_t id, std::string_view most) {
    const pid_t child = start_child([&] {
      const auto mine = opened();
      if (!commit(*mine, {asks(id, most)})) return 1;
      ::kill(::getpid(), SIGKILL);
      return 2;
    });
    ASSERT_EQ(wait_for(child), -SIGKILL);
  }
};

TEST_F(reserve_test, a_lost_reservation_is_free_when_its_lease_is_over) {
  die_with(1, "0.8");
  EXPECT_EQ(put({asks(2, "0.5")}).error().code, errc::budget);
  EXPECT_EQ(status().in_doubt, money_of("0.8")) << "the refusal has found it";
  EXPECT_EQ(stand(), "0 0.8 0.2") << "it may still be billed";
  machine.advance(301s);
  ASSERT_TRUE(put({asks(2, "0.5", 301)})) << "by the attempt that needs the room";
  EXPECT_EQ(stand(), "0 0.5 0.5");
  EXPECT_EQ(status().given_up, money_of("0.8"));
  EXPECT_EQ(entry(1).state, attempt_state::ambiguous) << "its entry stays in doubt";
  expect_consistent();
}

TEST_F(reserve_test, a_budget_may_hold_what_is_lost_until_it_is_resolved) {
  budget b = limited("1");
  b.hold_lost = true;
  set(b);
  die_with(1, "0.8");
  machine.advance(301s);
  EXPECT_FALSE(put({asks(2, "0.5", 301)}));
  EXPECT_EQ(stand(), "0 0.8 0.2");
  ASSERT_TRUE(correct(1, attempt_state::settled, exact("0.1")));
  EXPECT_EQ(stand(), "0.1 0 0.9");
  expect_consistent();
}

TEST_F(reserve_test, what_was_given_up_counts_when_it_is_resolved) {
  die_with(1, "0.8");
  machine.advance(301s);
  EXPECT_EQ(stand(), "0 0 1");
  ASSERT_TRUE(correct(1, attempt_state::settled, exact("0.7")));
  EXPECT_EQ(stand(), "0.7 0 0.3");
  EXPECT_TRUE(status().given_up.is_zero());
  expect_consistent();
}

TEST_F(reserve_test, looks_for_the_dead_at_most_once_a_second) {
  EXPECT_FALSE(put({asks(1, "2")}));
  die_with(2, "0.8");
  EXPECT_FALSE(put({asks(3, "0.5")}));
  EXPECT_EQ(sql(path, "SELECT count(*) FROM outcome"), "0");
  machine.advance(1s);
  EXPECT_FALSE(put({asks(3, "0.5")}));
  EXPECT_EQ(sql(path, "SELECT count(*) FROM outcome"), "1");
}

TEST_F(reserve_test, a_commit_keeps_its_order_when_some_of_it_is_tried_again) {
  die_with(1, "0.8");
  machine.advance(301s);
  commit_result told;
  to->commit({asks(2, "5", 301), asks(3, "0.9", 301), asks(4, "0.1", 301)},
             [&](const commit_result& r) { told = r; });
  ASSERT_TRUE(told.all);
  EXPECT_EQ(told.of(0).error().code, errc::budget);
  EXPECT_TRUE(told.of(1)) << "tried again";
  EXPECT_TRUE(told.of(2));
  EXPECT_EQ(stand(), "0 1 0");
}

TEST_F(reserve_test, other_refusals_stay_as_they_are) {
  attempt_intent unfit = asks(0, "0.1");
  commit_result told;
  to->commit({unfit, asks(2, "5"), asks(3, "0.1")}, [&](const commit_result& r) { told = r; });
  EXPECT_EQ(told.of(0).error().code, errc::invalid_request);
  EXPECT_EQ(told.of(1).error().code, errc::budget);
  EXPECT_TRUE(told.of(2));
}

TEST_F(reserve_test, with_power_the_committer_does_it_for_many) {
  const auto power =
      detail::ledger_state::open({.path = path, .durability = durability::power}, machine).value();
  std::promise<commit_result> first, second;
  power->commit({asks(1, "0.7")}, [&](commit_result r) { first.set_value(std::move(r)); });
  ASSERT_TRUE(first.get_future().get());
  power->commit({asks(2, "0.7")}, [&](commit_result r) { second.set_value(std::move(r)); });
  const commit_result told = second.get_future().get();
  ASSERT_TRUE(told.all);
  EXPECT_EQ(told.of(0).error().code, errc::budget);
}

}  // namespace
}  // namespace ark::testing
