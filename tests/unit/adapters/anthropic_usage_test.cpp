#include "anthropic_support.hpp"

namespace ark::test::anthropic {
namespace {

TEST(anthropic_usage, usage_in_disjoint_buckets) {
  const auto r = decode(whole("", R"(,"usage":{"input_tokens":10,"output_tokens":50,
    "cache_read_input_tokens":3,"cache_creation_input_tokens":7,
    "cache_creation":{"ephemeral_5m_input_tokens":5,"ephemeral_1h_input_tokens":2},
    "output_tokens_details":{"thinking_tokens":20},"service_tier":"priority",
    "server_tool_use":{"web_search_requests":2,"web_fetch_requests":0}})"));
  const usage& u = r->usage;
  EXPECT_TRUE(u.reported);
  EXPECT_EQ(u.input, 10);
  EXPECT_EQ(u.cache_read, 3);
  EXPECT_EQ(u.cache_write, 0);
  EXPECT_EQ(u.cache_write_5m, 5);
  EXPECT_EQ(u.cache_write_1h, 2);
  EXPECT_EQ(u.input_total(), 20);
  EXPECT_EQ(u.output, 30);
  EXPECT_EQ(u.reasoning, 20);
  EXPECT_EQ(u.units, (std::map<std::string, std::int64_t>{{"web_search", 2}}));
  EXPECT_EQ(u.service_tier, "priority");
}

TEST(anthropic_usage, compaction_is_billed_and_an_advisor_is_noted) {
  const auto r = decode(whole("", R"(,"usage":{"input_tokens":181,"output_tokens":8,"iterations":[
    {"type":"compaction","input_tokens":100,"output_tokens":83,"cache_read_input_tokens":55},
    {"type":"advisor_message","input_tokens":7,"output_tokens":9},
    {"type":"message","input_tokens":181,"output_tokens":8}]})"));
  EXPECT_EQ(r->usage.input, 281);
  EXPECT_EQ(r->usage.cache_read, 55);
  EXPECT_EQ(r->usage.output, 91);
  ASSERT_EQ(r->notes.size(), 1u);
  EXPECT_NE(r->notes[0].find("7 input and 9 output"), std::string::npos);
}

TEST(anthropic_usage, no_usage_is_unknown_not_zero) {
  EXPECT_FALSE(decode(whole(""))->usage.reported);
  EXPECT_FALSE(decode(whole("", R"(,"usage":null)"))->usage.reported);
  EXPECT_FALSE(decode(whole("", R"(,"usage":{})"))->usage.reported);
}

TEST(anthropic_usage, threat_P05_counts_that_are_not_numbers_make_usage_unknown) {
  for (const char* count : {"\"12\"", "-1", "1.5", "true", "[]", "1e300", "99999999999999999999"}) {
    const auto r = decode(
        whole("", std::string(R"(,"usage":{"output_tokens":1,"input_tokens":)") + count + "}"));
    ASSERT_TRUE(r) << count;
    EXPECT_FALSE(r->usage.reported) << count;
    EXPECT_EQ(r->usage.input_total(), 0) << count;
    EXPECT_EQ(r->notes.size(), 1u) << count;
  }
  EXPECT_EQ(decode(whole("", R"(,"usage":{"input_tokens":12.0})"))->usage.input, 12);
}

TEST(anthropic_usage, usage_later_fields_that_are_not_null_replace_earlier_ones) {
  const std::string start =
      R"({"type":"message_start","message":{"id":"m","model":"c","usage":{"input_tokens":10,
         "cache_creation_input_tokens":100,"cache_read_input_tokens":7,"output_tokens":1,
         "cache_creation":{"ephemeral_5m_input_tokens":100,"ephemeral_1h_input_tokens":0},
         "service_tier":"standard"}}})";
  const auto s = stream({start, stop("end_turn", R"({"input_tokens":12,"output_tokens":40,
                                   "cache_creation_input_tokens":150,"cache_read_input_tokens":null,
                                   "output_tokens_details":{"thinking_tokens":15}})"),
                         message_stop});
  ASSERT_FALSE(s.failure);
  const usage& u = s.reply.usage;
  EXPECT_EQ(u.input, 12);
  EXPECT_EQ(u.cache_read, 7);
  // The split by time to live is the start's; what came on top has none.
  EXPECT_EQ(u.cache_write_5m, 100);
  EXPECT_EQ(u.cache_write, 50);
  EXPECT_EQ(u.input_total(), 12 + 7 + 150);
  EXPECT_EQ(u.output, 25);
  EXPECT_EQ(u.reasoning, 15);
  EXPECT_EQ(u.service_tier, "standard");
}

TEST(anthropic_usage, a_split_larger_than_the_whole_is_not_believed) {
  const auto s = stream({message_start, stop("end_turn", R"({"cache_creation_input_tokens":5,
         "cache_creation":{"ephemeral_5m_input_tokens":9}})"),
                         message_stop});
  EXPECT_EQ(s.reply.usage.cache_write, 5);
  EXPECT_EQ(s.reply.usage.cache_write_5m, 0);
}

}  // namespace
}  // namespace ark::test::anthropic
