#include "client/reuse.hpp"

#include "client/prepare_parts.hpp"
#include "tests/unit/client/reuse_support.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace ark::testing {
namespace {

std::string canonical(const call& c) {
  toy_client t;
  const auto quoted = quote_chat(*t.parts, c, false);
  return quoted ? canonical_request(*quoted, c.tenant) : "";
}

reply ended(finish_reason why, part p) {
  reply r;
  r.finish = why;
  r.message.parts = {std::move(p)};
  return r;
}

TEST(reuse, the_request_and_the_tenant_tell_calls_apart) {
  const std::string usual = canonical(hello());
  ASSERT_FALSE(usual.empty());
  EXPECT_EQ(canonical(hello()), usual);
  call other = hello();
  other.tenant = "acme";
  EXPECT_NE(canonical(other), usual);
  other = hello();
  other.messages = {user("hello!")};
  EXPECT_NE(canonical(other), usual);
  other = hello();
  other.model = "toy/m2";
  EXPECT_NE(canonical(other), usual);
  other = hello();
  other.user = "u";
  other.task = "t";
  other.timeouts.total = std::chrono::milliseconds(5);
  EXPECT_EQ(canonical(other), usual) << "these do not change the answer";
}

TEST(reuse, no_two_lists_of_parts_are_the_same_text) {
  call a = hello(), b = hello();
  a.tenant = "x3:toy";
  b.tenant = "x";
  EXPECT_NE(canonical(a), canonical(b));
}

TEST(reuse, the_key_of_the_vendor_is_in_no_canonical_request) {
  toy_client t;
  auto quoted = quote_chat(*t.parts, hello(), false);
  quoted->request.headers.push_back({"authorization", "Bearer toy-key-1234567890", true});
  const std::string with = canonical_request(*quoted, "");
  EXPECT_EQ(with.find("toy-key"), std::string::npos);
  EXPECT_EQ(with, canonical(hello()));
  quoted->request.headers.push_back({"Beta", "new", false});
  EXPECT_NE(canonical_request(*quoted, ""), with) << "other headers change the answer";
}

TEST(reuse, only_answers_that_the_model_ended_are_worth_keeping) {
  using enum finish_reason;
  EXPECT_TRUE(is_worth_keeping(ended(stop, text_part{"hi"})));
  EXPECT_TRUE(is_worth_keeping(ended(tool_calls, tool_call_part{"1", "f", "{}"})));
  for (const auto why : {length, content_filter, refusal, paused, other})
    EXPECT_FALSE(is_worth_keeping(ended(why, text_part{"hi"}))) << to_string(why);
  EXPECT_FALSE(is_worth_keeping(ended(stop, text_part{""})));
  EXPECT_FALSE(is_worth_keeping(ended(stop, refusal_part{"no"})));
  EXPECT_FALSE(is_worth_keeping(ended(tool_calls, tool_call_part{"1", "f", "{\"a\":"})));
}

TEST(reuse, nothing_is_kept_unless_it_is_asked_for) {
  reusing_client t;
  t.net->answers = {t.whole("hi 10 5"), t.whole("hi 10 5")};
  for (int i = 0; i < 2; ++i) EXPECT_EQ(t.make().complete(hello())->reused, "");
  EXPECT_EQ(t.net->requests.size(), 2U);
  EXPECT_EQ(t.store->asked, 0);
  EXPECT_TRUE(t.store->kept.empty());
}

TEST(reuse, the_second_call_is_answered_from_the_cache_and_costs_nothing) {
  reusing_client t;
  t.net->answers = {t.whole("hi 1000 500")};
  const auto first = t.make().complete(hello_again());
  ASSERT_TRUE(first) << to_string(first.error());
  EXPECT_EQ(first->reused, "");
  EXPECT_EQ(first->cost.value.to_string(), "0.002");
  auto again = hello_again();
  again.task = "other";
  again.tags = {{"a", "b"}};
  const auto second = t.make().complete(again);
  ASSERT_TRUE(second) << to_string(second.error());
  EXPECT_EQ(second->text(), "hi");
  EXPECT_EQ(second->reused, "cache");
  EXPECT_EQ(second->finish, finish_reason::stop);
  EXPECT_EQ(second->cost.status, cost_status::exact);
  EXPECT_TRUE(second->cost.value.is_zero());
  EXPECT_EQ(second->cost.currency, "USD");
  EXPECT_EQ(second->usage, usage{.reported = true});
  EXPECT_EQ(second->notes, std::vector<std::string>{"a note of the dialect"});
  EXPECT_EQ(t.net->requests.size(), 1U);

  const auto intents = t.ledger->intents();
  const auto outcomes = t.ledger->outcomes();
  ASSERT_EQ(intents.size(), 2U);
  ASSERT_EQ(outcomes.size(), 2U);
  EXPECT_EQ(intents[1].attempt_id, outcomes[1].attempt_id);
  EXPECT_NE(intents[1].attempt_id, intents[0].attempt_id);
  EXPECT_EQ(intents[1].route, "cache");
  EXPECT_EQ(intents[1].operation, "chat");
  EXPECT_EQ(intents[1].task, "other");
  EXPECT_EQ(intents[1].tags.at("a"), "b");
  EXPECT_EQ(intents[1].quote.status, cost_status::exact);
  EXPECT_EQ(outcomes[1].state, attempt_state::settled);
  EXPECT_EQ(outcomes[1].cost.status, cost_status::exact);
  EXPECT_TRUE(outcomes[1].cost.value.is_zero());
  EXPECT_EQ(outcomes[1].usage, usage{.reported = true});
  EXPECT_EQ(outcomes[1].finish, "stop");
  EXPECT_EQ(outcomes[1].reply_model, "m1");
}

TEST(reuse, tenants_never_see_each_others_answers) {
  reusing_client t;
  t.net->answers = {t.whole("for-a 10 5"), t.whole("for-b 10 5")};
  for (const char* tenant : {"a", "b", "a"}) {
    auto c = hello_again();
    c.tenant = tenant;
    EXPECT_EQ(t.make().complete(c)->text(), std::string("for-") + tenant);
  }
  EXPECT_EQ(t.net->requests.size(), 2U);
}

TEST(reuse, a_stream_replays_the_answer_of_a_whole_call_with_all_laws) {
  reusing_client t;
  reply kept = ended(finish_reason::tool_calls, reasoning_part{"hm", "", ""});
  kept.message.parts.push_back(text_part{"hi"});
  kept.message.parts.push_back(tool_call_part{"c", "f", "{}"});
  t.net->answers = {t.whole("hi 10 5")};
  ASSERT_TRUE(t.make().complete(hello_again()));
  t.store->kept.begin()->second = kept;
  auto s = t.make().stream(hello_again());
  ASSERT_TRUE(s);
  std::vector<event_kind> seen;
  for (const event& e : *s) seen.push_back(e.kind);
  using enum event_kind;
  EXPECT_EQ(seen, (std::vector{started, reasoning, text, tool_call_begin, tool_call_arguments,
                               tool_call_end, usage, done}));
  EXPECT_FALSE(s->failure());
  EXPECT_EQ(s->so_far().message, kept.message);
  EXPECT_EQ(s->so_far().reused, "cache");
  EXPECT_TRUE(s->cost_so_far().high.is_zero());
  EXPECT_EQ(t.net->requests.size(), 1U);
}

TEST(reuse, a_whole_stream_is_kept_and_a_broken_one_is_not) {
  reusing_client t;
  t.net->answers = {{.pieces = {t.sse({"text Hel", "usage 10 2"})}},
                    {.pieces = {t.sse({"text Hello", "usage 10 2", "end"})}}};
  auto broken = t.make().stream(hello_again());
  EXPECT_FALSE(broken->collect());
  EXPECT_TRUE(t.store->kept.empty());
  auto whole = t.make().stream(hello_again());
  EXPECT_EQ(whole->collect()->text(), "Hello");
  EXPECT_EQ(t.store->kept.size(), 1U);
  EXPECT_EQ(t.make().complete(hello_again())->text(), "Hello");
  EXPECT_EQ(t.net->requests.size(), 2U);
}

TEST(reuse, errors_are_never_kept) {
  reusing_client t;
  t.net->answers = {t.whole("no", 400), t.whole("hi 10 5")};
  EXPECT_FALSE(t.make().complete(hello_again()));
  EXPECT_EQ(t.make().complete(hello_again())->text(), "hi");
}

TEST(reuse, refresh_asks_the_vendor_and_replaces_the_answer) {
  reusing_client t;
  t.net->answers = {t.whole("old 10 5"), t.whole("new 10 5")};
  EXPECT_EQ(t.make().complete(hello_again())->text(), "old");
  EXPECT_EQ(t.make().complete(hello_again(reuse_mode::refresh))->text(), "new");
  EXPECT_EQ(t.make().complete(hello_again())->text(), "new");
  EXPECT_EQ(t.net->requests.size(), 2U);
}

TEST(reuse, only_sends_nothing_and_needs_no_key) {
  reusing_client t;
  t.net->answers = {t.whole("hi 10 5")};
  const auto none = t.make().complete(hello_again(reuse_mode::only));
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, errc::not_found);
  EXPECT_TRUE(t.net->requests.empty());
  ASSERT_TRUE(t.make().complete(hello_again()));
  t.parts->options.keys = {};
  EXPECT_EQ(t.make().complete(hello_again(reuse_mode::only))->text(), "hi");
}

TEST(reuse, the_clients_default_is_used_and_a_call_may_say_otherwise) {
  reusing_client t;
  t.parts->options.reuse.cache = reuse_mode::on;
  t.parts->options.reuse.max_age = std::chrono::seconds(60);
  t.net->answers = {t.whole("hi 10 5"), t.whole("hi 10 5")};
  ASSERT_TRUE(t.make().complete(hello()));
  EXPECT_EQ(t.make().complete(hello())->reused, "cache");
  EXPECT_EQ(t.store->last_max_age, std::chrono::seconds(60));
  EXPECT_EQ(t.make().complete(hello_again(reuse_mode::off))->reused, "");
}

TEST(reuse, a_cache_that_fails_is_a_note_and_the_call_goes_on) {
  reusing_client t;
  t.store->refusal = error{.code = errc::config, .message = "the file is damaged"};
  t.net->answers = {t.whole("hi 10 5")};
  const auto r = t.make().complete(hello_again());
  ASSERT_TRUE(r);
  EXPECT_EQ(r->text(), "hi");
  const auto says = [&](std::string_view what) {
    return std::any_of(r->notes.begin(), r->notes.end(),
                       [&](const auto& n) { return n.find(what) != std::string::npos; });
  };
  EXPECT_TRUE(says("no kept answer was looked for: the file is damaged"));
  EXPECT_TRUE(says("the answer was not kept: the file is damaged"));
  EXPECT_EQ(t.make().complete(hello_again(reuse_mode::only)).error().message,
            "the file is damaged");
}

TEST(reuse, what_cannot_be_kept_is_told) {
  reusing_client t;
  t.net->answers = {t.whole("hi 10 5"), t.whole("hi 10 5")};
  auto raw = hello_again();
  raw.keep_raw = true;
  const auto r = t.make().complete(raw);
  ASSERT_TRUE(r);
  EXPECT_NE(r->notes.back().find("no kept answer was looked for"), std::string::npos);
  EXPECT_TRUE(t.store->kept.empty());
  t.parts->replies = nullptr;
  EXPECT_NE(t.make().complete(hello_again())->notes.back().find("no response cache"),
            std::string::npos);
  EXPECT_EQ(t.make().complete(hello_again(reuse_mode::only)).error().code, errc::config);
}

}  // namespace
}  // namespace ark::testing
