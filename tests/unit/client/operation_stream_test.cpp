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

TEST(stream, gives_events_then_one_done_and_the_same_reply_as_complete) {
  toy_client t;
  t.net->answers = {{.pieces = {t.sse({"text Hel"}), t.sse({"text lo", "usage 1000 500", "end"})}}};
  auto s = t.make().stream(hello());
  ASSERT_TRUE(s);
  const auto seen = kinds(*s);
  using enum event_kind;
  EXPECT_EQ(seen, (std::vector{text, text, usage, done}));
  EXPECT_FALSE(s->failure());
  EXPECT_EQ(s->so_far().text(), "Hello");
  EXPECT_EQ(s->so_far().cost.value.to_string(), "0.002");
  const auto after = s->next();
  ASSERT_TRUE(after);
  EXPECT_FALSE(*after);
}

TEST(stream, collect_gives_the_reply) {
  toy_client t;
  t.net->answers = {{.pieces = {t.sse({"text Hello", "usage 1000 500", "end"})}}};
  auto s = t.make().stream(hello());
  const auto r = s->collect();
  ASSERT_TRUE(r) << to_string(r.error());
  EXPECT_EQ(r->text(), "Hello");
  EXPECT_EQ(r->finish, finish_reason::stop);
}

TEST(stream, an_end_without_the_terminal_is_truncated_and_settles_an_interval) {
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

TEST(stream, is_not_repeated_after_visible_content) {
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

TEST(stream, is_repeated_before_content_if_that_is_safe) {
  toy_client t;
  t.net->answers = {t.whole("", 429), {.pieces = {t.sse({"text ok", "usage 1 1", "end"})}}};
  auto s = t.make().stream(hello());
  const auto r = s->collect();
  ASSERT_TRUE(r) << to_string(r.error());
  EXPECT_EQ(r->attempts, 2);
}

TEST(stream, pings_do_not_hold_off_the_idle_timeout) {
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

TEST(stream, destroying_it_settles) {
  toy_client t;
  t.net->answers = {{.pieces = {t.sse({"text a"})}, .hangs = true}};
  {
    auto s = t.make().stream(hello());
    ASSERT_TRUE(s->next());
  }
  EXPECT_EQ(t.net->aborted, 1);
  ASSERT_EQ(t.ledger->outcomes().size(), 1U);
  EXPECT_EQ(t.ledger->outcomes()[0].finish, "cancelled");
}

TEST(stream, cancel_says_so) {
  toy_client t;
  t.net->answers = {{.pieces = {t.sse({"text a"})}, .hangs = true}};
  auto s = t.make().stream(hello());
  ASSERT_TRUE(s->next());
  s->cancel();
  const auto r = s->next();
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, errc::cancelled);
}

TEST(stream, the_ceiling_stops_it) {
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

TEST(stream, reading_pauses_while_nobody_takes_events) {
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

TEST(stream, a_vendor_that_answers_whole_is_streamed_all_the_same) {
  toy_client t;
  t.net->answers = {t.whole("hi 1000 500")};
  auto s = t.make().stream(hello());
  using enum event_kind;
  EXPECT_EQ(kinds(*s), (std::vector{started, text, usage, done}));
}

TEST(stream, next_async_tells_each_event) {
  toy_client t;
  t.net->answers = {{.pieces = {t.sse({"text a"}), t.sse({"text b", "usage 1 1", "end"})}}};
  const client c = t.make();
  std::optional<ark::stream> s;
  std::string seen;
  std::function<void()> ask = [&] {
    s->next_async([&](result<std::optional<event>> e) {
      ASSERT_TRUE(e);
      if (!*e) {
        seen += "|";
        return;
      }
      seen += std::string(to_string((*e)->kind)) + " ";
      ask();
    });
  };
  c.stream_async(hello(), [&](result<ark::stream> r) {
    s.emplace(std::move(*r));
    ask();
  });
  t.loop->drain();
  EXPECT_EQ(seen, "text text usage done |");
}

}  // namespace
}  // namespace ark::testing
