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

TEST(stream, keeps_the_frames_when_asked) {
  toy_client t;
  const std::vector<std::string> pieces{t.sse({"text Hel"}), t.sse({"text lo", "end"})};
  t.net->answers = {{.pieces = pieces}, {.pieces = pieces}};
  call asked = hello();
  EXPECT_EQ(t.make().stream(asked)->collect()->raw, "");
  asked.keep_raw = true;
  EXPECT_EQ(t.make().stream(asked)->collect()->raw, pieces[0] + pieces[1]);
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
