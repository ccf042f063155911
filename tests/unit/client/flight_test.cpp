#include "client/flight.hpp"

#include "tests/unit/client/reuse_support.hpp"

#include <gtest/gtest.h>

namespace ark::testing {
namespace {

using std::chrono::seconds;

/// Calls begun together, and what they gave.
struct party {
  explicit party(toy_client& t) : c(t.make()) {}
  std::uint64_t begin(call what) {
    const std::size_t n = got.size();
    got.emplace_back();
    return c.complete_async(std::move(what),
                            [this, n](result<reply> r) { got[n].emplace(std::move(r)); });
  }
  client c;
  std::vector<std::optional<result<reply>>> got;
};

TEST(flight, identical_calls_share_one_attempt_and_one_pays) {
  toy_client t;
  t.net->answers = {t.whole("hi 1000 500")};
  party p(t);
  for (int i = 0; i < 3; ++i) p.begin(shared_hello());
  p.c.run();
  EXPECT_EQ(t.net->requests.size(), 1U);
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(p.got[i] && *p.got[i]) << i;
    const reply& r = **p.got[i];
    EXPECT_EQ(r.text(), "hi");
    EXPECT_EQ(r.reused, i == 0 ? "" : "flight");
    EXPECT_EQ(r.cost.value.to_string(), i == 0 ? "0.002" : "0");
    EXPECT_EQ(r.usage.input, i == 0 ? 1000 : 0);
  }
  const auto intents = t.ledger->intents();
  const auto outcomes = t.ledger->outcomes();
  ASSERT_EQ(intents.size(), 3U);
  ASSERT_EQ(outcomes.size(), 3U);
  EXPECT_EQ(intents[0].route, "named by the caller: toy/m1");
  EXPECT_EQ(intents[1].route, "flight");
  EXPECT_EQ(intents[2].route, "flight");
  EXPECT_EQ(outcomes[0].cost.value.to_string(), "0.002");
  EXPECT_TRUE(outcomes[1].cost.value.is_zero());
  EXPECT_EQ(outcomes[2].cost.status, cost_status::exact);
  EXPECT_TRUE(t.parts->flights.empty());
  EXPECT_TRUE(t.parts->active.empty());
}

TEST(flight, is_not_shared_unless_asked_nor_with_another_call_nor_later) {
  toy_client t;
  for (int i = 0; i < 6; ++i) t.net->answers.push_back(t.whole("hi 10 5"));
  party p(t);
  p.begin(hello());
  p.begin(hello());
  p.begin(shared_hello());
  auto other = shared_hello();
  other.tenant = "acme";
  p.begin(other);
  auto dearer = shared_hello();
  dearer.max_cost = *amount::parse("1");
  p.begin(dearer);
  p.c.run();
  EXPECT_EQ(t.net->requests.size(), 5U);
  p.begin(shared_hello());
  p.c.run();
  EXPECT_EQ(t.net->requests.size(), 6U);
}

TEST(flight, each_learns_the_error_and_it_is_sent_once) {
  toy_client t;
  t.net->answers = {t.whole("bad", 400)};
  party p(t);
  p.begin(shared_hello());
  p.begin(shared_hello());
  p.c.run();
  for (const auto& each : p.got) {
    ASSERT_TRUE(each);
    ASSERT_FALSE(*each);
    EXPECT_EQ(each->error().code, errc::invalid_request);
  }
  EXPECT_EQ(t.net->requests.size(), 1U);
  EXPECT_EQ(t.ledger->outcomes().at(1).state, attempt_state::void_);
}

TEST(flight, one_that_is_cancelled_does_not_cancel_the_others) {
  toy_client t;
  t.net->answers = {t.whole("hi 1000 500")};
  party p(t);
  const auto first = p.begin(shared_hello());
  p.begin(shared_hello());
  p.c.cancel(first);
  p.c.run();
  ASSERT_FALSE(*p.got[0]);
  EXPECT_EQ(p.got[0]->error().code, errc::cancelled);
  ASSERT_TRUE(*p.got[1]);
  EXPECT_EQ((*p.got[1])->text(), "hi");
  EXPECT_TRUE((*p.got[1])->cost.value.is_zero()) << "the attempt is on record as the first one's";
  EXPECT_EQ(t.net->aborted, 0);
  EXPECT_EQ(t.ledger->outcomes().at(0).cost.value.to_string(), "0.002");
}

TEST(flight, the_last_to_leave_cancels_it_and_it_is_settled_by_then) {
  toy_client t;
  t.net->answers = {{.headers = {{"content-type", "application/json", false}}, .hangs = true}};
  party p(t);
  const auto a = p.begin(shared_hello());
  const auto b = p.begin(shared_hello());
  t.loop->drain();
  p.c.cancel(a);
  p.c.cancel(b);
  p.c.run();
  EXPECT_EQ(p.got[0]->error().code, errc::cancelled);
  EXPECT_EQ(p.got[1]->error().code, errc::cancelled);
  EXPECT_EQ(t.net->aborted, 1);
  ASSERT_EQ(t.ledger->outcomes().size(), 1U);
  EXPECT_EQ(t.ledger->outcomes()[0].state, attempt_state::ambiguous);
  EXPECT_TRUE(t.parts->flights.empty());
  EXPECT_TRUE(t.parts->active.empty());
}

TEST(flight, deadlines_are_each_callers_own) {
  toy_client t;
  t.net->answers = {{.headers = {{"content-type", "application/json", false}}, .hangs = true},
                    t.whole("hi 10 5")};
  party p(t);
  auto hasty = shared_hello();
  hasty.timeouts.total = seconds(3);
  auto patient = shared_hello();
  patient.timeouts.total = seconds(9);
  p.begin(hasty);
  p.begin(patient);
  t.loop->drain();
  t.loop->advance(seconds(4));
  ASSERT_TRUE(p.got[0]);
  EXPECT_EQ(p.got[0]->error().code, errc::timeout);
  EXPECT_FALSE(p.got[1]) << "still waits";
  EXPECT_EQ(t.net->aborted, 0);
  t.loop->advance(seconds(6));
  ASSERT_TRUE(p.got[1]);
  EXPECT_EQ(p.got[1]->error().code, errc::timeout);
  EXPECT_NE(p.got[1]->error().message.find("total"), std::string::npos);
  EXPECT_EQ(t.net->requests.size(), 1U);
}

TEST(flight, streams_share_the_events_and_one_that_comes_later_gets_all_of_them) {
  toy_client t;
  t.net->answers = {
      {.pieces = {t.sse({"text a"}), t.sse({"text b"}), t.sse({"usage 10 2", "end"})}}};
  const client c = t.make();
  auto first = c.stream(shared_hello());
  ASSERT_EQ((*first->next())->text, "a");
  auto second = c.stream(shared_hello());
  std::string one = "a", two;
  for (const event& e : *first) one += e.text;
  std::vector<event_kind> seen;
  for (const event& e : *second) {
    two += e.text;
    seen.push_back(e.kind);
  }
  EXPECT_EQ(one, "ab");
  EXPECT_EQ(two, "ab");
  EXPECT_EQ(std::count(seen.begin(), seen.end(), event_kind::done), 1);
  EXPECT_EQ(seen.back(), event_kind::done);
  EXPECT_EQ(second->so_far().reused, "flight");
  EXPECT_EQ(first->so_far().usage.output, 2);
  EXPECT_EQ(t.net->requests.size(), 1U);
}

TEST(flight, a_stream_that_is_dropped_leaves_the_other_running) {
  toy_client t;
  t.net->answers = {{.pieces = {t.sse({"text a"}), t.sse({"text b", "usage 10 2", "end"})}}};
  const client c = t.make();
  auto first = std::make_unique<ark::stream>(std::move(*c.stream(shared_hello())));
  auto second = c.stream(shared_hello());
  ASSERT_EQ((*first->next())->text, "a");
  first.reset();
  EXPECT_EQ(second->collect()->text(), "ab");
  EXPECT_EQ(t.net->aborted, 0);
}

TEST(flight, reading_pauses_when_nobody_takes_events) {
  toy_client t;
  std::vector<std::string> pieces;
  for (int i = 0; i < 40; ++i) {
    std::string many;
    for (int k = 0; k < 500; ++k) many += "data: text x\n\n";
    pieces.push_back(many);
  }
  pieces.push_back(t.sse({"usage 1 1", "end"}));
  t.net->answers = {{.pieces = pieces}};
  auto s = t.make().stream(shared_hello());
  t.loop->drain();
  EXPECT_EQ(t.net->paused, 1);
  std::size_t texts = 0;
  for (const event& e : *s) texts += e.kind == event_kind::text;
  EXPECT_EQ(texts, 20'000U);
  EXPECT_FALSE(s->failure());
}

TEST(flight, the_answer_is_kept_once_and_found_afterwards) {
  reusing_client t;
  t.net->answers = {t.whole("hi 10 5")};
  party p(t);
  for (int i = 0; i < 2; ++i) {
    auto c = hello_again();
    c.reuse.single_flight = true;
    p.begin(c);
  }
  p.c.run();
  EXPECT_EQ(t.store->kept.size(), 1U);
  EXPECT_EQ(t.make().complete(hello_again())->reused, "cache");
  EXPECT_EQ(t.net->requests.size(), 1U);
}

}  // namespace
}  // namespace ark::testing
