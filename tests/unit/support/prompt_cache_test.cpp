#include "sim/prompt_cache.hpp"

#include <gtest/gtest.h>

namespace ark::testing {

namespace {
chat_request request_of(wire_family family, std::size_t bytes, std::string_view tail,
                        prompt_segment::cache_mark mark = prompt_segment::cache_mark::none) {
  chat_request r;
  r.family = family;
  r.model = "m";
  r.segments.push_back({std::string(bytes, 'a'), static_cast<std::int64_t>(bytes / 4), mark});
  r.segments.push_back({std::string(tail), static_cast<std::int64_t>(tail.size()) / 4 + 1});
  return r;
}
}  // namespace

TEST(prompt_cache, openai_reads_a_known_beginning_in_steps) {
  prompt_cache cache;
  const auto first = request_of(wire_family::openai, 6000, "one");
  EXPECT_EQ(cache.split(first).cache_read, 0);
  const auto second = request_of(wire_family::openai, 6000, "two");
  const auto t = cache.split(second);
  EXPECT_EQ(t.cache_read, 11 * 128);
  EXPECT_EQ(t.input + t.cache_read, second.prompt_tokens());
}

TEST(prompt_cache, short_prompts_are_not_cached) {
  prompt_cache cache;
  const auto r = request_of(wire_family::openai, 2000, "x");
  cache.split(r);
  EXPECT_EQ(cache.split(r).cache_read, 0);
}

TEST(prompt_cache, anthropic_writes_then_reads_what_is_marked) {
  prompt_cache cache;
  const auto r =
      request_of(wire_family::anthropic, 8000, "q", prompt_segment::cache_mark::five_minutes);
  const auto first = cache.split(r);
  EXPECT_EQ(first.cache_write_5m, 2000);
  EXPECT_EQ(first.cache_read, 0);
  EXPECT_EQ(first.input, 1);
  const auto second = cache.split(r);
  EXPECT_EQ(second.cache_write_5m, 0);
  EXPECT_EQ(second.cache_read, 2000);
  EXPECT_EQ(second.total(), first.total());
}

TEST(prompt_cache, anthropic_one_hour_writes_are_apart_and_unmarked_is_input) {
  prompt_cache cache;
  const auto hour =
      request_of(wire_family::anthropic, 8000, "q", prompt_segment::cache_mark::one_hour);
  EXPECT_EQ(cache.split(hour).cache_write_1h, 2000);
  const auto plain = request_of(wire_family::anthropic, 9000, "q");
  EXPECT_EQ(cache.split(plain).input, plain.prompt_tokens());
}

}  // namespace ark::testing
