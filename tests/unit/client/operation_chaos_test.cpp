// Whatever answers come, in whatever order, with whatever options: the books are right.
#include "pair_book.hpp"

#include <gtest/gtest.h>

#include <map>

namespace ark::testing::operation_chaos_test {
namespace {

using std::chrono::milliseconds;

fake_transport::answer any_answer(toy_client& t, std::uint64_t dice) {
  const error refused{.code = errc::network, .retry = retry_class::safe, .message = "refused"};
  const error lost{.code = errc::network, .retry = retry_class::maybe_billed, .message = "lost"};
  switch (dice % 12) {
    case 0:
      return {.pieces = {}, .hangs = true};
    case 1:
      return t.whole("no", 429);
    case 2:
      return t.whole("no", 500);
    case 3:
      return t.whole("no", 402);
    case 4:
      return {.failure = net::exchange_failure{.error = refused}};
    case 5:
      return {.status = 0, .failure = net::exchange_failure{.error = lost, .request_begun = true}};
    case 6:
      return {
          .status = 0,
          .failure = net::exchange_failure{.error = lost, .request_begun = true, .reused = true}};
    case 7:
      return {.pieces = {t.sse({"text hi"})}};
    case 8:
      return {.pieces = {t.sse({"text hi"}), t.sse({"oops"})}};
    case 9:
      return {.pieces = {t.sse({"text hi"})}, .hangs = true};
    default:
      return dice % 2 == 0 ? t.whole("hi 10 5")
                           : fake_transport::answer{
                                 .pieces = {t.sse({"text hi"}), t.sse({"usage 10 5", "end"})}};
  }
}

call any_call(os::system& dice) {
  call c = hello();
  c.max_tokens = 100;
  c.hedge = dice.random_u64() % 2 == 0;
  if (dice.random_u64() % 2 == 0) c.fallbacks = {"toy/m2", "other/cheap", "other/dear"};
  if (dice.random_u64() % 4 == 0) c.retry.allow_billed = true;
  if (dice.random_u64() % 4 == 0) c.max_cost = *amount::parse("0.0005");
  c.timeouts.first_content = milliseconds(300);
  c.timeouts.idle = milliseconds(200);
  c.timeouts.total = milliseconds(5000);
  return c;
}

struct books {
  int maybe_billed = 0;
  amount high;
};

/// One outcome for each intent, numbers that grow, none that is open.
books check_books(const toy_client& t, std::uint64_t seed) {
  std::map<std::uint64_t, attempt_intent> open;
  int last = 0;
  for (const auto& i : t.ledger->intents()) {
    EXPECT_EQ(i.attempt, ++last) << seed;
    EXPECT_TRUE(open.emplace(i.attempt_id, i).second) << seed;
    EXPECT_FALSE(i.route.empty());
  }
  books out;
  for (const auto& o : t.ledger->outcomes()) {
    EXPECT_EQ(open.erase(o.attempt_id), 1U) << seed << ": two outcomes, or one of nothing";
    out.maybe_billed += o.state != attempt_state::void_;
    if (o.cost.status != cost_status::unknown) out.high = *out.high.plus(o.cost.high);
  }
  EXPECT_TRUE(open.empty()) << seed << ": " << open.size() << " attempts are not settled";
  return out;
}

TEST(operation_chaos, every_attempt_is_settled_once_and_the_default_bills_once) {
  int hedged = 0, fell_back = 0, repeated = 0;
  for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
    pair_client t;
    fake_system dice(seed);
    for (int i = 0; i < 20; ++i) t.parts->traffic.lane_of("toy/m1").streamed.add(milliseconds(50));
    for (int i = 0; i < 20; ++i) t.parts->traffic.lane_of("toy/m1").whole.add(milliseconds(50));
    for (int i = 0; i < 12; ++i) t.net->answers.push_back(any_answer(t, dice.random_u64()));
    const call asked = any_call(dice);
    const client c = t.make();
    int told = 0;
    if (dice.random_u64() % 2 == 0) {
      if (auto s = c.stream(asked)) {
        std::uint64_t steps = dice.random_u64() % 60;
        t.loop->run_until([&] { return steps-- == 0; });
        if (dice.random_u64() % 3 == 0) s->cancel();
        (void)s->collect();
        ++told;
      }
    } else {
      c.complete_async(asked, [&](const result<reply>&) { ++told; });
      c.run();
    }
    EXPECT_EQ(told, 1) << seed;
    const books b = check_books(t, seed);
    // A stale connection is tried again once; a hedge was asked for.
    const bool one_bill = !asked.retry.allow_billed && !asked.hedge;
    if (one_bill) {
      EXPECT_LE(b.maybe_billed, 2) << seed;
    } else if (asked.max_cost) {
      EXPECT_LE(b.high, *asked.max_cost) << seed;
    }
    for (const auto& i : t.ledger->intents()) {
      hedged += i.route.starts_with("hedge");
      fell_back += i.route.starts_with("fallback");
    }
    repeated += t.ledger->intents().size() > 1;
  }
  EXPECT_GT(hedged, 15);
  EXPECT_GT(fell_back, 15);
  EXPECT_GT(repeated, 150);
}

}  // namespace
}  // namespace ark::testing::operation_chaos_test
