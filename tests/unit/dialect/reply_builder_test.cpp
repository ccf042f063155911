#include "dialect/reply_builder.hpp"

#include <gtest/gtest.h>

namespace ark::dialect {
namespace {

std::vector<event_kind> kinds(const std::vector<event>& events) {
  std::vector<event_kind> out;
  for (const event& e : events) out.push_back(e.kind);
  return out;
}
using k = event_kind;

TEST(reply_builder, makes_the_same_reply_with_and_without_events) {
  std::vector<event> events;
  reply_builder streamed(&events), whole;
  for (reply_builder* b : {&streamed, &whole}) {
    b->started("id1", "m");
    b->reasoning("th");
    b->reasoning("ink");
    b->text("hel");
    b->text("lo");
    b->tool_begin(3, "c1", "f");
    b->tool_arguments(3, "{\"a\":");
    b->tool_arguments(3, "1}");
    b->finish(finish_reason::tool_calls, "tool_calls");
    b->done();
  }
  EXPECT_EQ(streamed.reply().message, whole.reply().message);
  EXPECT_EQ(streamed.reply().reasoning(), "think");
  EXPECT_EQ(streamed.reply().text(), "hello");
  ASSERT_EQ(streamed.reply().tool_calls().size(), 1u);
  EXPECT_EQ(streamed.reply().tool_calls()[0].arguments, "{\"a\":1}");
  EXPECT_EQ(kinds(events), (std::vector<k>{k::started, k::reasoning, k::reasoning, k::text, k::text,
                                           k::tool_call_begin, k::tool_call_arguments,
                                           k::tool_call_arguments, k::tool_call_end, k::done}));
  EXPECT_EQ(events[5].index, 0);
}

TEST(reply_builder, says_done_once_and_nothing_after_it) {
  std::vector<event> events;
  reply_builder b(&events);
  b.text("a");
  b.done();
  b.done();
  b.text("b");
  b.tool_begin(0, "x", "f");
  b.fail({.code = errc::server});
  EXPECT_EQ(kinds(events), (std::vector<k>{k::text, k::done}));
  EXPECT_EQ(b.reply().text(), "a");
  EXPECT_FALSE(b.failure());
}

TEST(reply_builder, says_nothing_after_an_error_and_keeps_the_first) {
  std::vector<event> events;
  reply_builder b(&events);
  b.text("a");
  b.fail({.code = errc::server});
  b.fail({.code = errc::auth});
  b.text("b");
  b.done();
  EXPECT_EQ(kinds(events), (std::vector<k>{k::text}));
  EXPECT_EQ(b.failure()->code, errc::server);
  EXPECT_FALSE(b.is_done());
  EXPECT_EQ(b.reply().text(), "a");
}

TEST(reply_builder, refuses_arguments_before_the_name) {
  reply_builder b;
  b.tool_arguments(0, "{}");
  ASSERT_TRUE(b.failure());
  EXPECT_EQ(b.failure()->code, errc::protocol);
  reply_builder unnamed;
  unnamed.tool_begin(0, "id", "");
  ASSERT_TRUE(unnamed.failure());
  EXPECT_EQ(unnamed.failure()->code, errc::protocol);
}

TEST(reply_builder, gives_an_empty_call_an_empty_object) {
  std::vector<event> events;
  reply_builder b(&events);
  b.tool_begin(0, "c", "f");
  b.done();
  EXPECT_EQ(b.reply().tool_calls()[0].arguments, "{}");
  EXPECT_EQ(kinds(events), (std::vector<k>{k::tool_call_begin, k::tool_call_arguments,
                                           k::tool_call_end, k::done}));
}

TEST(reply_builder, white_space_alone_becomes_an_object_that_its_events_add_up_to) {
  std::vector<event> events;
  reply_builder b(&events);
  b.tool_begin(0, "c1", "f");
  b.tool_arguments(0, " ");
  b.tool_arguments(0, "\n");
  b.done();
  std::string joined;
  for (const event& e : events)
    if (e.kind == k::tool_call_arguments) joined += e.text;
  EXPECT_EQ(joined, " \n{}");
  EXPECT_EQ(b.reply().tool_calls()[0].arguments, joined);
}

TEST(reply_builder, does_not_end_a_call_whose_arguments_are_cut) {
  std::vector<event> events;
  reply_builder b(&events);
  b.tool_begin(0, "c", "f");
  b.tool_arguments(0, "{\"a\": ");
  b.finish(finish_reason::length, "length");
  b.done();
  EXPECT_EQ(kinds(events), (std::vector<k>{k::tool_call_begin, k::tool_call_arguments, k::done}));
  EXPECT_EQ(b.reply().tool_calls()[0].arguments, "{\"a\": ");
  ASSERT_EQ(b.reply().notes.size(), 1u);
  EXPECT_NE(b.reply().notes[0].find("token limit"), std::string::npos);
}

// P02
TEST(reply_builder, does_not_end_a_call_whose_arguments_are_too_deep) {
  std::vector<event> events;
  reply_builder b(&events);
  b.tool_begin(0, "c", "f");
  b.tool_arguments(0, std::string(50'000, '[') + std::string(50'000, ']'));
  b.finish(finish_reason::tool_calls, "tool_calls");
  b.done();
  for (const event& e : events) EXPECT_NE(e.kind, k::tool_call_end);
  EXPECT_EQ(b.reply().notes.size(), 1u);
}

TEST(reply_builder, counts_calls_from_zero_and_reuses_a_vendor_index) {
  std::vector<event> events;
  reply_builder b(&events);
  b.tool_begin(0, "c1", "f");
  b.tool_arguments(0, "{}");
  EXPECT_EQ(b.tool_id(0), "c1");
  b.tool_begin(0, "c2", "g");  // seen where parallel calls all have index 0
  b.tool_arguments(0, "[1]");
  b.done();
  ASSERT_EQ(b.reply().tool_calls().size(), 2u);
  EXPECT_EQ(b.reply().tool_calls()[1].arguments, "[1]");
  EXPECT_EQ(kinds(events), (std::vector<k>{k::tool_call_begin, k::tool_call_arguments,
                                           k::tool_call_end, k::tool_call_begin,
                                           k::tool_call_arguments, k::tool_call_end, k::done}));
  EXPECT_EQ(events[3].index, 1);
}

// P18
TEST(reply_builder, holds_its_limits) {
  reply_builder::limits l;
  l.text_bytes = 4;
  reply_builder text(nullptr, l);
  text.text("1234");
  EXPECT_FALSE(text.failure());
  text.reasoning("5");
  ASSERT_TRUE(text.failure());
  EXPECT_EQ(text.failure()->code, errc::too_large);
  EXPECT_EQ(text.reply().text(), "1234");

  l = {};
  l.arguments_bytes = 3;
  l.tool_calls = 1;
  reply_builder tools(nullptr, l);
  tools.tool_begin(0, "a", "f");
  tools.tool_arguments(0, "[1]");
  EXPECT_FALSE(tools.failure());
  tools.tool_begin(1, "b", "g");
  ASSERT_TRUE(tools.failure());
  EXPECT_EQ(tools.failure()->code, errc::too_large);

  reply_builder arguments(nullptr, l);
  arguments.tool_begin(0, "a", "f");
  arguments.tool_arguments(0, "[12]");
  ASSERT_TRUE(arguments.failure());
  EXPECT_EQ(arguments.failure()->code, errc::too_large);
}

TEST(reply_builder, breaks_parts_and_keeps_signatures) {
  reply_builder b;
  b.reasoning("a");
  b.reasoning_signature("sig");
  b.break_part();
  b.reasoning_opaque("{\"x\":1}");
  b.reasoning_opaque("{\"x\":2}");
  b.text("t");
  b.break_part();
  b.text("u");
  b.done();
  const auto& parts = b.reply().message.parts;
  ASSERT_EQ(parts.size(), 5u);
  EXPECT_EQ(std::get<reasoning_part>(parts[0]).signature, "sig");
  EXPECT_EQ(std::get<reasoning_part>(parts[1]).opaque, "{\"x\":1}");
  EXPECT_EQ(std::get<reasoning_part>(parts[2]).opaque, "{\"x\":2}");
  EXPECT_EQ(std::get<text_part>(parts[4]).text, "u");
}

TEST(reply_builder, tells_usage_only_when_it_changed) {
  std::vector<event> events;
  reply_builder b(&events);
  usage u;
  u.reported = true;
  u.input = 3;
  b.usage(u);
  b.usage(u);
  u.output = 1;
  b.usage(u);
  EXPECT_EQ(events.size(), 2u);
  EXPECT_EQ(b.reply().usage.output, 1);
}

TEST(reply_builder, sealed_texts_are_opened_or_fail) {
  std::vector<event> events;
  reply_builder b(&events);
  b.open_text_with([](std::string_view sealed) -> result<std::string> {
    if (!sealed.starts_with("sealed ")) return error{.code = errc::protocol, .message = "clear"};
    return std::string(sealed.substr(7));
  });
  b.text("sealed a");
  b.text("sealed ");
  b.text("sealed b");
  EXPECT_EQ(b.reply().message.text(), "ab");
  EXPECT_EQ(events.size(), 2u) << "an empty text is no event";
  b.refusal("in clear");
  b.text("sealed c");
  ASSERT_TRUE(b.failure());
  EXPECT_EQ(b.failure()->message, "clear");
  EXPECT_EQ(b.reply().message.parts.size(), 1u);
}

TEST(reply_builder, keeps_the_first_id_and_model) {
  std::vector<event> events;
  reply_builder b(&events);
  b.started("", "");
  b.started("id", "");
  b.started("other", "model");
  EXPECT_EQ(b.reply().id, "id");
  EXPECT_EQ(b.reply().model, "model");
  EXPECT_EQ(events.size(), 1u);
}

}  // namespace
}  // namespace ark::dialect
