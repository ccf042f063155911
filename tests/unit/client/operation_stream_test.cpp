#include "toy.hpp"

#include <gtest/gtest.h>

namespace ark::testing {
namespace {

using std::chrono::seconds;

std::vector<event_kind> kinds(ark::stream& s) {
  std::vector<event_kind> out;
  for (const event& e : s) out.push_back(e.kind);
  return out;
}

// P16
TEST(operation_stream, an_end_without_the_terminal_is_truncated_and_settles_an_interval) {
  toy_client t;
  t.net->answers = {{.pieces = {t.sse({"usage 1000 1", "text Hel"})}}};
  auto s = t.make().stream(hello());
  const auto seen = kinds(*s);
  EXPECT_EQ(std::count(seen.begin(), seen.end(), event_kind::done), 0);
  ASSERT_TRUE(s->failure());
  EXPECT_EQ(s->failure()->code, errc::truncated);
  EXPECT_EQ(s->so_far().text(), "Hel") << "nothing that came is lost";
  const auto outcome = t.ledger->outcomes().at(0);
  EXPECT_EQ(outcome.state, attempt_state::ambiguous);
  EXPECT_EQ(outcome.cost.low.to_string(), "0.001002");
  EXPECT_GE(outcome.cost.high, outcome.cost.low);
  const auto again = s->next();
  ASSERT_FALSE(again) << "an error is final";
}

TEST(operation_stream, is_not_repeated_after_visible_content) {
  toy_client t;
  t.net->answers = {{.pieces = {t.sse({"text Hel", "oops"})}},
                    {.pieces = {t.sse({"text no", "end"})}}};
  auto call = hello();
  call.retry.allow_billed = true;
  auto s = t.make().stream(std::move(call));
  kinds(*s);
  ASSERT_TRUE(s->failure());
  EXPECT_EQ(t.net->requests.size(), 1U);
}

TEST(operation_stream, is_repeated_before_content_if_that_is_safe) {
  toy_client t;
  t.net->answers = {t.whole("", 429), {.pieces = {t.sse({"text ok", "usage 1 1", "end"})}}};
  auto s = t.make().stream(hello());
  const auto r = s->collect();
  ASSERT_TRUE(r) << to_string(r.error());
  EXPECT_EQ(r->attempts, 2);
}

TEST(operation_stream, pings_do_not_hold_off_the_idle_timeout) {
  toy_client t;
  t.net->answers = {{.pieces = {t.sse({"text a"}), ": ping\n\n"}, .hangs = true}};
  auto call = hello();
  call.timeouts.idle = seconds(7);
  auto s = t.make().stream(std::move(call));
  const auto begun = t.loop->now;
  kinds(*s);
  ASSERT_TRUE(s->failure());
  EXPECT_EQ(s->failure()->code, errc::timeout);
  EXPECT_NE(s->failure()->message.find("idle"), std::string::npos);
  EXPECT_EQ(t.loop->now - begun, seconds(7));
}

TEST(operation_stream, the_ceiling_stops_it) {
  toy_client t;
  t.net->answers = {
      {.pieces = {t.sse({"text a"}), t.sse({"usage 10 400"}), t.sse({"text b"})}, .hangs = true}};
  auto call = hello();
  call.max_cost = *amount::parse("0.0005");
  auto s = t.make().stream(std::move(call));
  kinds(*s);
  ASSERT_TRUE(s->failure());
  EXPECT_EQ(s->failure()->code, errc::budget);
  EXPECT_EQ(s->so_far().text(), "a");
}

TEST(operation_stream, the_ceiling_counts_the_prompt_reasoning_and_text_before_any_usage) {
  toy_client t;
  t.book->priced.info.max_output_tokens = 0;  // nobody knows how long it may be
  // 400,000 bytes of prompt are some 100,000 tokens: 0.1 USD.
  const std::string piece(2000, 'x');
  t.net->answers = {{.pieces = {t.sse({"text " + piece, "reason " + piece}),
                                t.sse({"text " + piece}), t.sse({"text never"})},
                     .hangs = true}};
  call c{.model = "toy/m1", .messages = {user(std::string(400'000, 'p'))}};
  c.max_cost = *amount::parse("0.102");
  auto s = t.make().stream(std::move(c));
  ASSERT_TRUE(s) << to_string(s.error());
  kinds(*s);
  ASSERT_TRUE(s->failure());
  EXPECT_EQ(s->failure()->code, errc::budget) << to_string(*s->failure());
  EXPECT_EQ(s->so_far().text(), piece + piece);
}

TEST(operation_stream, tells_what_it_costs_so_far_and_the_ledger_has_that_interval) {
  toy_client t;
  t.net->answers = {{.pieces = {t.sse({"usage 1000 1"}), t.sse({"text " + std::string(400, 'a')})},
                     .hangs = true}};
  auto s = t.make().stream({.model = "toy/m1", .messages = {user(std::string(4000, 'p'))}});
  while ((*s->next())->kind != event_kind::text) {
  }
  const cost running = s->cost_so_far();
  EXPECT_EQ(running.status, cost_status::interval);
  EXPECT_EQ(running.value.to_string(), "0.001202") << "1,000 read, 1 + 100 made";
  EXPECT_EQ(running.low.to_string(), "0.001002") << "1 surely made";
  EXPECT_EQ(running.high.to_string(), "0.003") << "1,000 read, 1,000 at most made";
  s->cancel();
  kinds(*s);
  const cost booked = t.ledger->outcomes().at(0).cost;
  EXPECT_EQ(booked.low, running.low);
  EXPECT_EQ(booked.high, running.high);
}

TEST(operation_stream, what_the_vendor_broke_off_may_be_free_but_for_its_own_count) {
  toy_client t;
  t.net->answers = {{.pieces = {t.sse({"text " + std::string(400, 'a'), "oops"})}}};
  auto s = t.make().stream(hello());
  kinds(*s);
  EXPECT_TRUE(t.ledger->outcomes().at(0).cost.low.is_zero());
}

TEST(operation_stream, reading_pauses_while_nobody_takes_events) {
  toy_client t;
  std::vector<std::string> pieces;
  for (int i = 0; i < 40; ++i) {
    std::string many;
    for (int k = 0; k < 500; ++k) many += "data: text x\n\n";
    pieces.push_back(many);
  }
  pieces.push_back(t.sse({"usage 1 1", "end"}));
  t.net->answers = {{.pieces = pieces}};
  auto s = t.make().stream(hello());
  t.loop->drain();
  EXPECT_EQ(t.net->paused, 1);
  std::size_t texts = 0;
  for (const event& e : *s) texts += e.kind == event_kind::text;
  EXPECT_EQ(texts, 20'000U);
  EXPECT_FALSE(s->failure());
}

TEST(operation_stream, events_under_a_type_that_says_json_are_events) {
  toy_client t;
  t.net->answers = {{.headers = {{"content-type", "application/json", false}},
                     .pieces = {t.sse({"usage 10 5", "text Hel"}), t.sse({"text lo", "end"})}}};
  auto s = t.make().stream(hello());
  const auto seen = kinds(*s);
  EXPECT_FALSE(s->failure());
  EXPECT_EQ(s->so_far().text(), "Hello");
  EXPECT_EQ(std::count(seen.begin(), seen.end(), event_kind::text), 2);
}

TEST(operation_stream, a_vendor_that_answers_whole_is_streamed_all_the_same) {
  toy_client t;
  t.net->answers = {t.whole("hi 1000 500")};
  auto s = t.make().stream(hello());
  using enum event_kind;
  EXPECT_EQ(kinds(*s), (std::vector{started, text, usage, done}));
}

}  // namespace
}  // namespace ark::testing
