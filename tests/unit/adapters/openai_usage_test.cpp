#include "openai_support.hpp"

namespace ark::test::openai {
namespace {

reply with_usage(const std::string& usage, const vendor& v = plain_row(),
                 const std::string& more = "") {
  return *decode(whole(R"({"content":"x"})", "", R"(,"usage":)" + usage + more), v);
}

TEST(openai_usage, buckets_are_disjoint) {
  const auto r = with_usage(R"({"prompt_tokens":100,"completion_tokens":50,"total_tokens":150,
      "prompt_tokens_details":{"cached_tokens":60,"audio_tokens":10,"cache_write_tokens":20},
      "completion_tokens_details":{"reasoning_tokens":30,"audio_tokens":5}})",
                            plain_row(), R"(,"service_tier":"flex")");
  EXPECT_TRUE(r.usage.reported);
  EXPECT_EQ(r.usage.input, 10);
  EXPECT_EQ(r.usage.cache_read, 60);
  EXPECT_EQ(r.usage.cache_write, 20);
  EXPECT_EQ(r.usage.input_audio, 10);
  EXPECT_EQ(r.usage.output, 15);
  EXPECT_EQ(r.usage.reasoning, 30);
  EXPECT_EQ(r.usage.output_audio, 5);
  EXPECT_EQ(r.usage.input_total() + r.usage.output_total(), 150);
  EXPECT_EQ(r.usage.vendor_total, 150);
  EXPECT_EQ(r.usage.service_tier, "flex");
  EXPECT_TRUE(r.notes.empty());
}

TEST(openai_usage, cached_tokens_in_all_their_places) {
  EXPECT_EQ(with_usage(R"({"prompt_tokens":9,"prompt_cache_hit_tokens":4})").usage.cache_read, 4);
  EXPECT_EQ(with_usage(R"({"prompt_tokens":9,"cached_tokens":4})").usage.cache_read, 4);
  EXPECT_EQ(with_usage(R"({"prompt_tokens":9,"hits":{"n":4}})",
                       plain_row({quirk::cached_path{{"no", "hits.n"}}}))
                .usage.cache_read,
            4);
}

TEST(openai_usage, usage_elsewhere) {
  const auto groq = stream(
      {chunk(R"({"content":"a"})"),
       chunk("{}", R"(,"finish_reason":"stop")", R"(,"x_groq":{"usage":{"prompt_tokens":7}})"),
       "[DONE]"},
      row("groq"));
  EXPECT_EQ(groq.reply.usage.input, 7);
  const auto moonshot =
      stream({chunk("{}", R"(,"finish_reason":"stop","usage":{"prompt_tokens":8})"), "[DONE]"},
             row("moonshot"));
  EXPECT_EQ(moonshot.reply.usage.input, 8);
}

TEST(openai_usage, reasoning_beside_the_completion) {
  const std::string beside = R"({"prompt_tokens":10,"completion_tokens":5,"total_tokens":18,
      "completion_tokens_details":{"reasoning_tokens":3}})";
  const auto found = with_usage(beside);
  EXPECT_EQ(found.usage.output, 5);
  EXPECT_EQ(found.usage.reasoning, 3);
  EXPECT_TRUE(found.notes.empty());
  const auto said = with_usage(R"({"prompt_tokens":10,"completion_tokens":5,"reasoning_tokens":3})",
                               plain_row({quirk::reasoning_additive{}}));
  EXPECT_EQ(said.usage.output, 5);
  EXPECT_EQ(said.usage.reasoning, 3);
}

TEST(openai_usage, audio_beside_the_prompt) {
  const auto r = with_usage(R"({"prompt_tokens":11,"completion_tokens":15,"total_tokens":401,
      "prompt_tokens_details":{"audio_tokens":375,"cached_tokens":9}})");
  EXPECT_EQ(r.usage.input, 2);
  EXPECT_EQ(r.usage.cache_read, 9);
  EXPECT_EQ(r.usage.input_audio, 375);
  EXPECT_TRUE(r.notes.empty());
}

TEST(openai_usage, more_reasoning_than_completion_is_cut_and_said) {
  const auto r = with_usage(R"({"prompt_tokens":43,"completion_tokens":10,"total_tokens":53,
      "completion_tokens_details":{"reasoning_tokens":11}})");
  EXPECT_EQ(r.usage.output, 0);
  EXPECT_EQ(r.usage.reasoning, 10);
  EXPECT_TRUE(has_note(r.notes, "reasoning"));
}

TEST(openai_usage, counts_in_other_types) {
  const auto r = with_usage(R"({"prompt_tokens":"12","completion_tokens":7.0,"total_tokens":null,
      "prompt_tokens_details":null})");
  EXPECT_EQ(r.usage.input, 12);
  EXPECT_EQ(r.usage.output, 7);
  EXPECT_FALSE(r.usage.vendor_total);
}

// P05
TEST(openai_usage, counts_that_cannot_be_are_flagged) {
  for (const char* odd : {R"({"prompt_tokens":-5,"completion_tokens":1})",
                          R"({"prompt_tokens":99999999999999,"completion_tokens":1})",
                          R"({"prompt_tokens":1.5,"completion_tokens":1})",
                          R"({"prompt_tokens":18446744073709551615,"completion_tokens":1})"}) {
    const auto r = with_usage(odd);
    EXPECT_TRUE(has_note(r.notes, "cannot be")) << odd;
    EXPECT_TRUE(r.usage.input < 0 || r.usage.input > 1'000'000'000'000) << odd;
  }
}

TEST(openai_usage, a_total_that_does_not_add_up_is_said) {
  EXPECT_TRUE(
      has_note(with_usage(R"({"prompt_tokens":1,"completion_tokens":1,"total_tokens":9})").notes,
               "total of 9 tokens is 7 more than the sum of its parts, 2"));
  EXPECT_TRUE(
      has_note(with_usage(R"({"prompt_tokens":4,"completion_tokens":1,"total_tokens":4})").notes,
               "total of 4 tokens is 1 less than the sum of its parts, 5"));
}

TEST(openai_usage, none_is_unknown) {
  EXPECT_FALSE(decode(whole(R"({"content":"x"})"))->usage.reported);
  EXPECT_FALSE(with_usage("null").usage.reported);
  EXPECT_FALSE(with_usage("{}").usage.reported);
  EXPECT_FALSE(with_usage(R"({"prompt_tokens":null})").usage.reported);
}

TEST(openai_usage, the_vendors_own_cost) {
  const auto r = with_usage(R"({"prompt_tokens":1,"completion_tokens":1,"cost":0.0001013})",
                            row("openrouter"));
  ASSERT_TRUE(r.usage.vendor_cost);
  EXPECT_EQ(to_string(*r.usage.vendor_cost), "0.0001013 USD");
  EXPECT_EQ(
      to_string(
          *with_usage(R"({"prompt_tokens":1,"cost":0})", row("openrouter")).usage.vendor_cost),
      "0 USD");
}

}  // namespace
}  // namespace ark::test::openai
