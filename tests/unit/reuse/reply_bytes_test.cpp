#include "reuse/reply_bytes.hpp"

#include <gtest/gtest.h>

namespace ark::detail {
namespace {

reply full_reply() {
  reply r;
  r.message = {.role = role::assistant,
               .parts = {text_part{"a\0b"}, reasoning_part{"hm", "sig", "{\"x\":1}"},
                         image_part{.bytes = std::string("\0\xff", 2), .media_type = "image/png"},
                         tool_call_part{"c1", "f", "{}"}, tool_result_part{"c1", "f", "21", true},
                         refusal_part{"no"}, audio_part{.bytes = "w"},
                         document_part{.name = "d", .citations = true}, video_part{.url = "v"}},
               .name = "n",
               .cache = cache_mark::one_hour};
  r.finish = finish_reason::tool_calls;
  r.vendor_finish_reason = "tool_use";
  r.id = "id";
  r.model = "m";
  r.cost = {.status = cost_status::exact, .currency = "USD", .value = amount::from_raw(-7)};
  r.citations = {{.url = "u", .start = 3, .document_index = 2}};
  r.logprobs = {{.chosen = {"t", -0.5, "b"}, .top = {{"t", -0.5, ""}, {"s", -1.5, ""}}}};
  return r;
}

TEST(reply_bytes, every_part_comes_back) {
  const reply r = full_reply();
  const auto back = unpack_reply(pack_reply(r));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->message, r.message);
  EXPECT_EQ(back->finish, r.finish);
  EXPECT_EQ(back->vendor_finish_reason, r.vendor_finish_reason);
  EXPECT_EQ(back->id, r.id);
  EXPECT_EQ(back->model, r.model);
  EXPECT_EQ(back->cost, r.cost);
  EXPECT_EQ(back->citations, r.citations);
  EXPECT_EQ(back->logprobs, r.logprobs);
}

TEST(reply_bytes, what_belongs_to_the_call_is_left_out) {
  reply r = full_reply();
  r.notes = {"attempt 1 failed"};
  r.raw = "raw";
  r.request_id = "req";
  r.attempts = 3;
  r.usage = {.input = 5, .reported = true};
  const auto back = unpack_reply(pack_reply(r));
  ASSERT_TRUE(back);
  EXPECT_TRUE(back->notes.empty());
  EXPECT_EQ(back->raw + back->request_id, "");
  EXPECT_EQ(back->attempts, 1);
  EXPECT_EQ(back->usage, usage{});
}

TEST(reply_bytes, cut_anywhere_or_of_another_form_it_is_none) {
  const std::string bytes = pack_reply(full_reply());
  for (std::size_t i = 0; i < bytes.size(); ++i)
    EXPECT_FALSE(unpack_reply(std::string_view(bytes).substr(0, i))) << i;
  EXPECT_FALSE(unpack_reply(bytes + "x"));
  std::string other = bytes;
  other[0] = 2;
  EXPECT_FALSE(unpack_reply(other));
}

TEST(reply_bytes, any_changed_byte_is_read_without_harm) {
  const std::string bytes = pack_reply(full_reply());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::string changed = bytes;
    changed[i] = static_cast<char>(changed[i] ^ 0x80);
    (void)unpack_reply(changed);
  }
}

}  // namespace
}  // namespace ark::detail
