#include "cloudflare_support.hpp"

namespace ark::test::cloudflare {
namespace {

constexpr const char* done = "[DONE]";

TEST(cloudflare_run, a_whole_answer) {
  const auto r = decode(R"({"response":"Hello!","usage":{"prompt_tokens":19,"completion_tokens":3,
      "total_tokens":22,"prompt_tokens_details":{"cached_tokens":4}}})");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->text(), "Hello!");
  EXPECT_EQ(r->finish, finish_reason::other);
  EXPECT_EQ(r->usage.input, 15);
  EXPECT_EQ(r->usage.cache_read, 4);
  EXPECT_EQ(r->usage.output, 3);
  EXPECT_EQ(r->request_id, "ray1");
}

TEST(cloudflare_run, an_answer_by_a_schema_is_json_text_without_usage) {
  const auto r = decode(R"({"response":{"is_fruit": true}})");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->text(), R"({"is_fruit":true})");
  EXPECT_FALSE(r->usage.reported);
  EXPECT_EQ(decode(R"({"response":42})")->text(), "42");
}

TEST(cloudflare_run, tool_calls_of_both_shapes) {
  const auto own = decode(R"({"response":null,"tool_calls":[{"name":"f","arguments":{"a":1}},
      {"name":"f","arguments":{"a":2}}]})");
  ASSERT_TRUE(own) << own.error().message;
  EXPECT_EQ(own->message.parts, (std::vector<part>{tool_call_part{"call_0", "f", R"({"a":1})"},
                                                   tool_call_part{"call_1", "f", R"({"a":2})"}}));
  EXPECT_EQ(own->finish, finish_reason::tool_calls);
  const auto openai = decode(R"({"tool_calls":[
      {"id":"t1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}},
      {"id":"t2","type":"function","function":{"name":"g","arguments":null}}]})");
  ASSERT_TRUE(openai) << openai.error().message;
  EXPECT_EQ(openai->message.parts, (std::vector<part>{tool_call_part{"t1", "f", R"({"a":1})"},
                                                      tool_call_part{"t2", "g", "{}"}}));
}

TEST(cloudflare_run, reasoning_stands_between_tags) {
  const auto r = decode(R"({"response":"<think>\nhm\n</think>\n\nHello"})");
  EXPECT_EQ(r->reasoning(), "\nhm\n");
  EXPECT_EQ(r->text(), "Hello");
  const auto s = stream({R"({"response":"<think>"})", R"({"response":"hm"})",
                         R"({"response":"</think>"})", R"({"response":"Hi"})", "{}", done});
  EXPECT_EQ(s.reply.reasoning(), "hm");
  EXPECT_EQ(s.reply.text(), "Hi");
  // Cut by a token limit before the tag that ends it.
  EXPECT_EQ(decode(R"({"response":"<think>hm"})")->reasoning(), "hm");
}

TEST(cloudflare_run, an_answer_that_is_no_reply_is_an_error) {
  for (const char* result : {"{}", "null", R"({"choices":[]})", R"({"image":"x"})"}) {
    const auto r = decode(result);
    ASSERT_FALSE(r) << result;
    EXPECT_EQ(r.error().code, errc::protocol) << result;
    EXPECT_EQ(r.error().retry, retry_class::maybe_billed) << result;
    EXPECT_EQ(r.error().request_id, "ray1") << result;
  }
  const auto nameless = decode(R"({"tool_calls":[{"arguments":{}}]})");
  ASSERT_FALSE(nameless);
  EXPECT_EQ(nameless.error().http_status, 200);
  EXPECT_EQ(nameless.error().request_id, "ray1");
}

TEST(cloudflare_run, an_error_inside_a_200_is_an_error) {
  const auto r = decode(R"({"response":"a"})", R"(,"success":false)");
  ASSERT_FALSE(r);
  EXPECT_NE(r.error().retry, retry_class::safe);
  const auto listed = decode("null", R"(,"errors":[{"code":429,"message":"m"}],"success":true)");
  ASSERT_FALSE(listed);
  EXPECT_EQ(listed.error().vendor_message, "m");
  EXPECT_EQ(listed.error().retry, retry_class::maybe_billed);
}

TEST(cloudflare_run, errors) {
  const auto route =
      decode_error(400, R"({"success":false,"errors":[{"code":7000,"message":"No route"}]})");
  EXPECT_EQ(route.code, errc::not_found);
  EXPECT_EQ(route.vendor_code, "7000");
  EXPECT_EQ(route.request_id, "ray1");
  EXPECT_EQ(decode_error(403, R"({"errors":[{"message":"m","code":5023}],"success":false,
      "result":{}})")
                .code,
            errc::unsupported);
  EXPECT_EQ(decode_error(401, R"({"result":null,"errors":[{"code":10000,"message":"m"}]})").code,
            errc::auth);
  EXPECT_EQ(decode_error(502, "<html>").code, errc::server);
}

TEST(cloudflare_run, a_stream) {
  const auto s =
      stream({R"({"response":"He","p":"abc"})", R"({"response":"y"})", "{}", R"({"response":4})",
              R"({"response":"","usage":{"prompt_tokens":2,"completion_tokens":2,
                            "total_tokens":4}})",
              done});
  ASSERT_FALSE(s.failure) << s.failure->message;
  expect_lawful(s);
  EXPECT_EQ(s.reply.text(), "Hey4");
  EXPECT_EQ(s.reply.usage.output, 2);
  EXPECT_EQ(s.reply.finish, finish_reason::other);
  EXPECT_TRUE(s.reply.notes.empty());
}

TEST(cloudflare_run, a_stream_of_a_tool_call_in_pieces) {
  const auto s =
      stream({R"({"response":"","tool_calls":[],"p":"a"})",
              R"({"tool_calls":[{"id":"t1","type":"function","index":0,
                  "function":{"name":"f"}}]})",
              R"({"tool_calls":[{"index":0,"function":{"arguments":"{\"n\": 13"}}]})",
              R"({"tool_calls":[{"index":0,"function":{"name":"f","arguments":"2}"}}]})",
              R"({"tool_calls":[{"index":0,"id":"t2","function":{"name":"g"}}]})", done});
  ASSERT_FALSE(s.failure) << s.failure->message;
  expect_lawful(s);
  EXPECT_EQ(s.reply.message.parts, (std::vector<part>{tool_call_part{"t1", "f", R"({"n": 132})"},
                                                      tool_call_part{"t2", "g", "{}"}}));
  EXPECT_EQ(s.reply.finish, finish_reason::tool_calls);
}

TEST(cloudflare_run, what_goes_wrong_in_a_stream) {
  const auto failed = stream({R"({"response":"a"})",
                              R"({"errors":[{"code":429,"message":"m"}],"success":false,
                                  "usage":{"prompt_tokens":2,"completion_tokens":1}})"});
  ASSERT_TRUE(failed.failure);
  EXPECT_EQ(failed.failure->vendor_message, "m");
  EXPECT_EQ(failed.failure->retry, retry_class::maybe_billed);
  EXPECT_EQ(failed.reply.usage.input, 2);
  EXPECT_EQ(stream({R"({"response":"a"})"}).failure.value().code, errc::truncated);
  EXPECT_EQ(stream({"nonsense"}).failure.value().code, errc::protocol);
  EXPECT_FALSE(stream({R"({"new":1})", done}).failure);
}

TEST(cloudflare_run, no_embeddings) {
  const vendor v = plain_row();
  const auto& family = adapters::cloudflare_run();
  EXPECT_EQ(family.encode_embed({.input = {"a"}}, "m", v).error().code, errc::unsupported);
  EXPECT_EQ(family.decode_embed({{200, {}}, "{}"}, v).error().code, errc::unsupported);
}

}  // namespace
}  // namespace ark::test::cloudflare
