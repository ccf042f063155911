#include "client/reused_call.hpp"

#include "observed.hpp"
#include "tests/unit/client/reuse_support.hpp"

#include <gtest/gtest.h>

namespace ark::testing {
namespace {

reply kept_hi() {
  reply r;
  r.message = assistant("hi");
  r.finish = finish_reason::stop;
  return r;
}

std::shared_ptr<reused_call> make(toy_client& t) {
  reused_call::options o;
  o.route = {.vendor = "toy", .model = "m1"};
  o.currency = "USD";
  return std::make_shared<reused_call>(t.parts, std::move(o), kept_hi());
}

TEST(reused_call, tells_once_and_on_the_loop) {
  toy_client t;
  const auto c = make(t);
  int told = 0;
  c->start([&] { ++told; });
  EXPECT_EQ(told, 0);
  EXPECT_EQ(t.parts->active.count(c->id()), 1U);
  t.loop->drain();
  EXPECT_EQ(told, 1);
  EXPECT_EQ(c->made<reply>().text(), "hi");
  EXPECT_TRUE(t.parts->active.empty());
}

TEST(reused_call, cancelled_before_it_begins_it_gives_nothing_and_is_not_on_record) {
  toy_client t;
  const auto c = make(t);
  c->cancel();
  c->start({});
  t.loop->drain();
  ASSERT_TRUE(c->failure());
  EXPECT_EQ(c->failure()->code, errc::cancelled);
  EXPECT_TRUE(t.ledger->all.empty());
}

TEST(reused_call, observers_hear_of_a_call_that_cost_nothing_and_of_no_attempt) {
  observed_client t;
  reused_call::options o;
  o.route = {.vendor = "toy", .model = "m1"};
  o.currency = "USD";
  o.to.vendor = "toy";
  o.asked = std::make_shared<request_facts>();
  const auto c = std::make_shared<reused_call>(t.parts, std::move(o), kept_hi());
  c->start({});
  t.loop->drain();
  EXPECT_TRUE(t.heard->attempts.empty());
  ASSERT_EQ(t.heard->calls.size(), 1U);
  const call_facts& told = t.heard->calls[0];
  EXPECT_EQ(told.call_id, t.ledger->intents().at(0).call_id);
  EXPECT_EQ(told.to.vendor, "toy");
  EXPECT_EQ(told.attempts, 0);
  EXPECT_EQ(told.route_reason, "cache");
  EXPECT_EQ(told.finish, "stop");
  EXPECT_EQ(told.cost.status, cost_status::exact);
  EXPECT_EQ(told.cost.value, amount{});
  EXPECT_EQ(told.cost.currency, "USD");
}

TEST(reused_call, both_records_are_one_commit) {
  toy_client t;
  const auto c = make(t);
  c->start({});
  t.loop->drain();
  EXPECT_EQ(t.ledger->all.size(), 2U);
  EXPECT_EQ(t.ledger->commits, 1);
}

TEST(reused_call, is_given_although_the_ledger_fails_with_a_note) {
  toy_client t;
  t.ledger->refusal = error{.code = errc::ledger, .message = "the disk is full"};
  const auto c = make(t);
  c->start({});
  t.loop->drain();
  ASSERT_FALSE(c->failure());
  EXPECT_NE(c->made<reply>().notes.back().find("the disk is full"), std::string::npos);
}

TEST(reused_call, waits_for_a_ledger_that_answers_later) {
  toy_client t;
  t.ledger->later = true;
  const auto c = make(t);
  c->start({});
  t.loop->drain();
  EXPECT_FALSE(c->is_finished());
  c->cancel();
  t.loop->drain();
  EXPECT_FALSE(c->is_finished()) << "it is on its way into the ledger";
  for (auto& each : t.ledger->waiting) each({});
  t.loop->drain();
  EXPECT_TRUE(c->is_finished());
  EXPECT_FALSE(c->failure());
}

}  // namespace
}  // namespace ark::testing
