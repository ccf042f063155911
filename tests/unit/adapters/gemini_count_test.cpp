#include "gemini_support.hpp"

namespace ark::test::gemini {
namespace {

call counted_prompt() {
  call c;
  c.messages = {system("be brief"), user("hi")};
  return c;
}

result<dialect::encoded> encode_count(const call& c, const vendor& v) {
  return adapters::gemini_content().encode_count(c, "gemini-x", v);
}

result<token_count_reply> decode_count(const std::string& body) {
  const wire::http_head head{200, {}};
  return adapters::gemini_content().decode_count({head, body}, row());
}

TEST(gemini_count, the_whole_request_is_a_member_with_its_model) {
  call c = counted_prompt();
  c.max_tokens = 5;
  const auto made = encode_count(c, row());
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->request.target, "/models/gemini-x:countTokens");
  expect_json(body_of(made), R"({"generateContentRequest":{"model":"models/gemini-x",
    "systemInstruction":{"parts":[{"text":"be brief"}]},
    "contents":[{"role":"user","parts":[{"text":"hi"}]}],
    "generationConfig":{"maxOutputTokens":5}}})");
}

TEST(gemini_count, below_a_publisher_its_parts_stand_at_the_top) {
  call c = counted_prompt();
  c.max_tokens = 5;
  c.extra["safetySettings"] = "[]";
  const auto made = encode_count(c, row("vertex"));
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->request.target, "/publishers/google/models/gemini-x:countTokens");
  expect_json(body_of(made), R"({"systemInstruction":{"parts":[{"text":"be brief"}]},
    "contents":[{"role":"user","parts":[{"text":"hi"}]}],
    "generationConfig":{"maxOutputTokens":5}})");
  EXPECT_TRUE(has_note(made->notes, "safetySettings was left out"));
}

TEST(gemini_count, what_a_call_cannot_say_is_refused) {
  call c = counted_prompt();
  c.extra["nonsense"] = "1";
  EXPECT_EQ(encode_count(c, row()).error().code, errc::invalid_request);
}

TEST(gemini_count, the_answer) {
  const auto made = decode_count(R"({"totalTokens":9,"promptTokensDetails":[]})");
  ASSERT_TRUE(made);
  EXPECT_EQ(made->input_tokens, 9);
  for (const char* body : {"{}", "[]", "x", R"({"totalTokens":-1})", R"({"totalTokens":"9"})"})
    EXPECT_EQ(decode_count(body).error().code, errc::protocol) << body;
  const auto failed = decode_count(R"({"error":{"code":404,"status":"NOT_FOUND","message":"m"}})");
  EXPECT_EQ(failed.error().code, errc::not_found);
}

}  // namespace
}  // namespace ark::test::gemini
