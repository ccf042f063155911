#include "skywork_support.hpp"

namespace ark::test::skywork {
namespace {

TEST(skywork_chat, a_stream_ends_with_type_2_or_with_done) {
  for (const std::string& end : {last, std::string("[DONE]")}) {
    const auto s = stream({piece("h"), piece("i"), end, piece("never read")});
    ASSERT_FALSE(s.failure) << s.failure->message;
    EXPECT_EQ(s.reply.text(), "hi");
    EXPECT_EQ(s.reply.finish, finish_reason::stop);
    EXPECT_TRUE(has_note(s.reply.notes, "why the answer ended"));
    EXPECT_FALSE(s.reply.usage.reported);
    expect_lawful(s);
  }
}

TEST(skywork_chat, the_last_frame_may_hold_the_text) {
  const std::string all = R"({"type":2,"arguments":[{"messages":[{"text":"hi"}]}]})";
  EXPECT_EQ(stream({piece("h"), piece("i"), all}).reply.text(), "hi");
  EXPECT_EQ(stream({all}).reply.text(), "hi");
}

TEST(skywork_chat, a_whole_reply_is_the_stream_read_to_its_end) {
  const auto r = decode(lines({piece("h"), piece("i"), last}));
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->text(), "hi");
  EXPECT_EQ(r->request_id, "r1");
  EXPECT_EQ(r->finish, finish_reason::stop);
  EXPECT_EQ(decode(lines({piece("h")})).error().code, errc::truncated);
}

TEST(skywork_chat, cards_and_suggestions_are_left_out_and_noted) {
  const std::string search =
      R"({"type":1,"card_type":"search_result","target":"finish","arguments":[{"messages":[)"
      R"({"sourceAttributions":[{"title":"t"}]}]}]})";
  const auto s =
      stream({search, piece("hi", R"(,{"card_type":"x","text":"card"},{"text":"ask?"})"), last});
  ASSERT_FALSE(s.failure);
  EXPECT_EQ(s.reply.text(), "hi");
  EXPECT_TRUE(has_note(s.reply.notes, "\"search_result\""));
  EXPECT_TRUE(has_note(s.reply.notes, "\"x\""));
  EXPECT_TRUE(has_note(s.reply.notes, "suggestions"));
}

TEST(skywork_chat, a_card_that_finishes_is_not_the_end) {
  const auto s =
      stream({R"({"type":1,"target":"finish","arguments":[{"messages":[{"text":"h"}]}]})",
              piece("i"), last});
  EXPECT_EQ(s.reply.text(), "hi");
}

TEST(skywork_chat, threat_P16_an_end_without_the_terminal_is_truncated) {
  EXPECT_EQ(stream({piece("h")}).failure->code, errc::truncated);
}

TEST(skywork_chat, cut_anywhere_it_is_the_same) {
  const std::string bytes = lines({piece("h"), piece("h\\u5929"), "[1]", last});
  expect_same_wherever_cut(adapters::skywork_chat(), own_row(), bytes);
  expect_same_wherever_cut(adapters::skywork_chat(), own_row(),
                           lines({piece("h"), piece("i"), last}));
}

TEST(skywork_chat, bodies_that_are_not_the_vendors) {
  for (const char* body : {"", "[]", "{}", "<html>", R"({"type":1})"}) {
    const auto r = decode(body);
    ASSERT_FALSE(r) << body;
    EXPECT_EQ(r.error().code, errc::protocol) << body;
  }
  EXPECT_EQ(stream({"not json"}).failure->code, errc::protocol);
  const auto s = stream({R"({"brand":"new"})", piece("a"), last});
  ASSERT_FALSE(s.failure);
  EXPECT_EQ(s.events.front().kind, event_kind::unknown);
  EXPECT_FALSE(stream({R"({"type":1,"arguments":7})", last}).failure);
}

TEST(skywork_chat, there_are_no_embeddings) {
  const auto e = adapters::skywork_chat().encode_embed({.input = {"a"}}, "m", own_row());
  EXPECT_EQ(e.error().code, errc::unsupported);
}

}  // namespace
}  // namespace ark::test::skywork
