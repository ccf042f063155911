#include "gemini_support.hpp"

namespace ark::test::gemini {
namespace {

TEST(gemini_usage, disjoint_buckets) {
  const auto r = decode(with_usage(R"("promptTokenCount":100,"cachedContentTokenCount":30,
    "candidatesTokenCount":20,"thoughtsTokenCount":7,"toolUsePromptTokenCount":5,
    "totalTokenCount":132,"serviceTier":"standard")"));
  ASSERT_TRUE(r);
  const usage& u = r->usage;
  EXPECT_TRUE(u.reported);
  EXPECT_EQ(u.input, 70);
  EXPECT_EQ(u.cache_read, 30);
  EXPECT_EQ(u.tool_prompt, 5);
  EXPECT_EQ(u.output, 20);
  EXPECT_EQ(u.reasoning, 7);
  EXPECT_EQ(u.vendor_total, 132);
  EXPECT_EQ(u.input_total() + u.output_total(), 132);
  EXPECT_EQ(u.service_tier, "standard");
  EXPECT_TRUE(r->notes.empty());
}

TEST(gemini_usage, modalities_without_what_the_cache_had_of_them) {
  const auto r = decode(with_usage(R"("promptTokenCount":1518,"cachedContentTokenCount":1122,
    "promptTokensDetails":[{"modality":"TEXT","tokenCount":43},{"modality":"VIDEO","tokenCount":1315},
                           {"modality":"AUDIO","tokenCount":160}],
    "cacheTokensDetails":[{"modality":"AUDIO","tokenCount":118},{"modality":"TEXT","tokenCount":31},
                          {"modality":"VIDEO","tokenCount":973}],
    "candidatesTokenCount":111,"candidatesTokensDetails":[{"modality":"AUDIO","tokenCount":100},
                                                          {"modality":"IMAGE","tokenCount":10}],
    "totalTokenCount":1629)"));
  const usage& u = r->usage;
  EXPECT_EQ(u.cache_read, 1122);
  EXPECT_EQ(u.input, 12);
  EXPECT_EQ(u.input_video, 342);
  EXPECT_EQ(u.input_audio, 42);
  EXPECT_EQ(u.output, 1);
  EXPECT_EQ(u.output_audio, 100);
  EXPECT_EQ(u.output_image, 10);
  EXPECT_TRUE(r->notes.empty());
}

TEST(gemini_usage, modalities_as_numbers_and_a_cache_that_does_not_say_its_own) {
  const auto r = decode(with_usage(R"("promptTokenCount":264,"totalTokenCount":264,
    "cachedContentTokenCount":100,
    "promptTokensDetails":[{"modality":1,"tokenCount":6},{"modality":2,"tokenCount":258}])"));
  EXPECT_EQ(r->usage.cache_read, 100);
  EXPECT_EQ(r->usage.input_image, 164);
  EXPECT_EQ(r->usage.input, 0);
}

TEST(gemini_usage, the_last_object_with_counts_is_all_there_is) {
  const auto frame = [](const std::string& usage, const std::string& finish = "") {
    return answer(R"({"text":"a"})", finish, R"(,"usageMetadata":{)" + usage + "}");
  };
  const auto s = stream(
      {frame(R"("trafficType":"ON_DEMAND")"),
       frame(
           R"("promptTokenCount":9,"candidatesTokenCount":21,"thoughtsTokenCount":35,"totalTokenCount":65)"),
       // A count of 0 is left out on this wire.
       frame(R"("promptTokenCount":87,"thoughtsTokenCount":78,"totalTokenCount":165)",
             R"(,"finishReason":"STOP")"),
       frame(R"("trafficType":"ON_DEMAND")")});
  ASSERT_FALSE(s.failure);
  EXPECT_EQ(s.reply.usage.input, 87);
  EXPECT_EQ(s.reply.usage.output, 0);
  EXPECT_EQ(s.reply.usage.reasoning, 78);
  EXPECT_TRUE(s.reply.notes.empty());
}

TEST(gemini_usage, no_counts_are_unknown_not_zero) {
  EXPECT_FALSE(decode(answer(R"({"text":"a"})"))->usage.reported);
  EXPECT_FALSE(decode(with_usage(""))->usage.reported);
  EXPECT_FALSE(decode(with_usage(R"("trafficType":"ON_DEMAND")"))->usage.reported);
  EXPECT_FALSE(decode(with_usage(R"("promptTokenCount":"many")"))->usage.reported);
}

TEST(gemini_usage, threat_P05_impossible_counts_are_kept_and_noted) {
  for (const char* count : {"-1", "1.5", "1e300", "9999999999999"}) {
    const auto r =
        decode(with_usage(std::string(R"("candidatesTokenCount":1,"promptTokenCount":)") + count));
    ASSERT_TRUE(r) << count;
    EXPECT_NE(r->usage.input, 0) << count;
    EXPECT_TRUE(has_note(r->notes, "cannot be")) << count;
  }
  EXPECT_EQ(decode(with_usage(R"("promptTokenCount":12.0)"))->usage.input, 12);
}

TEST(gemini_usage, what_does_not_add_up_is_noted) {
  auto r = decode(
      with_usage(R"("promptTokenCount":263,"candidatesTokenCount":35,"totalTokenCount":35)"));
  EXPECT_TRUE(has_note(r->notes, "263 less than the sum of its parts, 298"));
  r = decode(with_usage(R"("promptTokenCount":10,"cachedContentTokenCount":20)"));
  EXPECT_EQ(r->usage.cache_read, 10);
  EXPECT_TRUE(has_note(r->notes, "more cached tokens than the prompt has: 20"));
}

}  // namespace
}  // namespace ark::test::gemini
