#include "cohere_support.hpp"

namespace ark::test::cohere {
namespace {

result<dialect::encoded> encode_count(const call& c) {
  return adapters::cohere_chat().encode_count(c, "command-x", plain_row());
}

TEST(cohere_count, one_text) {
  call c;
  c.messages = {user("Hello")};
  c.max_tokens = 5;
  const auto e = encode_count(c);
  expect_json(body_of(e), R"({"model":"command-x","text":"Hello"})");
  EXPECT_EQ(e->request.target, "/v1/tokenize");
  EXPECT_TRUE(has_note(e->notes, "around the text"));
}

TEST(cohere_count, a_chat_is_more_than_it_can_count) {
  call two;
  two.messages = {user("a"), user("b")};
  call said;
  said.messages = {assistant("a")};
  call tools;
  tools.messages = {user("a")};
  tools.tools = {{.name = "f"}};
  call picture;
  picture.messages = {user("a")};
  picture.messages[0].parts.push_back(image_bytes("x", "image/png"));
  for (const call* c : {&two, &said, &tools, &picture})
    EXPECT_EQ(encode_count(*c).error().code, errc::unsupported);
}

TEST(cohere_count, the_answer_lists_the_tokens) {
  const wire::http_head head{200, {}};
  const auto got = adapters::cohere_chat().decode_count(
      {head, R"({"tokens":[1,2,3],"token_strings":["a","b","c"]})"}, plain_row());
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->input_tokens, 3);
}

}  // namespace
}  // namespace ark::test::cohere
