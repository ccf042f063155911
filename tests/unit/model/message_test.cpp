#include <ark/message.hpp>

#include <ark/call.hpp>
#include <ark/event.hpp>
#include <ark/ledger.hpp>
#include <ark/reply.hpp>

#include <gtest/gtest.h>

#include <set>

namespace ark {
namespace {

TEST(message, factories) {
  EXPECT_EQ(system("s").role, role::system);
  EXPECT_EQ(developer("d").role, role::developer);
  EXPECT_EQ(assistant("a").role, role::assistant);
  const message u = user("hello");
  EXPECT_EQ(u.role, role::user);
  EXPECT_EQ(u.parts, (std::vector<part>{text_part{"hello"}}));

  const auto answered = std::get<tool_result_part>(tool("call_1", "{}").parts.at(0));
  EXPECT_EQ(answered.tool_call_id, "call_1");
  EXPECT_EQ(answered.text, "{}");
  EXPECT_FALSE(answered.is_error);
  EXPECT_EQ(tool("call_1", "").role, role::tool);
  EXPECT_TRUE(std::get<tool_result_part>(tool_error("c", "no").parts.at(0)).is_error);

  EXPECT_EQ(image_url("https://h/x.png").url, "https://h/x.png");
  const image_part raw = image_bytes(std::string("\x89PNG\0", 5), "image/png");
  EXPECT_EQ(raw.bytes.size(), 5u);
  EXPECT_EQ(raw.media_type, "image/png");
  EXPECT_EQ(raw.url, "");
  EXPECT_EQ(audio_bytes("x", "audio/wav").media_type, "audio/wav");
  EXPECT_EQ(document_url("https://h/d").url, "https://h/d");
  EXPECT_EQ(document_bytes("x", "text/plain", "n").name, "n");
  EXPECT_EQ(video_url("https://h/v").url, "https://h/v");
  EXPECT_EQ(video_bytes("x", "video/mp4").bytes, "x");
}

TEST(message, reads_its_parts_in_order) {
  message m;
  m.role = role::assistant;
  m.parts = {reasoning_part{"think ", {}, {}},
             text_part{"a"},
             tool_call_part{"1", "f", "{}"},
             reasoning_part{"more", {}, {}},
             text_part{"b"},
             tool_call_part{"2", "g", "[]"},
             refusal_part{"no"}};
  EXPECT_EQ(m.text(), "ab");
  EXPECT_EQ(m.reasoning(), "think more");
  const auto calls = m.tool_calls();
  ASSERT_EQ(calls.size(), 2u);
  EXPECT_EQ(calls[0].name, "f");
  EXPECT_EQ(calls[1].id, "2");
  EXPECT_EQ(message{}.text(), "");
}

TEST(message, is_a_value) {
  message a = user("x");
  const message b = a;
  EXPECT_EQ(a, b);
  a.name = "anna";
  EXPECT_NE(a, b);
}

/// The names of an enumeration's first `count` values are all there and all different.
template <class E>
void expect_names(int count, std::string_view first) {
  std::set<std::string_view> names;
  for (int i = 0; i < count; ++i) names.insert(to_string(static_cast<E>(i)));
  EXPECT_EQ(names.size(), static_cast<std::size_t>(count));
  EXPECT_EQ(to_string(static_cast<E>(0)), first);
}

TEST(message, names_of_enumerations_differ) {
  expect_names<role>(static_cast<int>(role::tool) + 1, "system");
  expect_names<finish_reason>(static_cast<int>(finish_reason::other) + 1, "stop");
  expect_names<event_kind>(static_cast<int>(event_kind::done) + 1, "started");
  expect_names<reasoning_effort>(static_cast<int>(reasoning_effort::max) + 1, "");
  expect_names<cost_status>(static_cast<int>(cost_status::void_) + 1, "exact");
}

TEST(message, usage_totals_are_sums_of_disjoint_buckets) {
  usage u;
  u.input = 1;
  u.cache_read = 2;
  u.cache_write = 4;
  u.cache_write_5m = 8;
  u.cache_write_1h = 16;
  u.input_audio = 32;
  u.input_image = 64;
  u.input_video = 128;
  u.tool_prompt = 256;
  EXPECT_EQ(u.input_total(), 511);
  u.output = 1;
  u.reasoning = 2;
  u.output_audio = 4;
  u.output_image = 8;
  EXPECT_EQ(u.output_total(), 15);
  EXPECT_EQ(u.input_total(), 511);
}

}  // namespace
}  // namespace ark
