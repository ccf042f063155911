#include "openai_support.hpp"

namespace ark::test::openai {
namespace {

vendor counting_row() {
  vendor v = plain_row();
  v.count_path = "/tokenization";
  return v;
}
result<dialect::encoded> encode_texts(const call& c, const vendor& v = counting_row()) {
  return adapters::openai_chat().encode_count(c, "m", v);
}
result<token_count_reply> counted(const std::string& body) {
  const wire::http_head head{200, {{"x-request-id", "r1"}}};
  return adapters::openai_chat().decode_count({head, body}, counting_row());
}

TEST(openai_count, the_texts_of_all_messages) {
  const auto e = encode_texts({.messages = {system("s"), user("a")}, .end_user = "u1"});
  ASSERT_TRUE(e) << e.error().message;
  EXPECT_EQ(e->request.target, "/tokenization");
  expect_json(body_of(e), R"({"model":"m","text":["s","a"],"user":"u1"})");
  EXPECT_TRUE(has_note(e->notes, "not counted"));
}

TEST(openai_count, what_is_no_text_cannot_be_counted) {
  const call picture{.messages = {message{role::user, {text_part{"a"}, image_url("https://x/y")}}}};
  EXPECT_EQ(encode_texts(picture).error().code, errc::unsupported);
  const call armed{.messages = {user("a")}, .tools = {{.name = "f"}}};
  EXPECT_EQ(encode_texts(armed).error().code, errc::unsupported);
  EXPECT_EQ(encode_texts({.messages = {user("a")}}, plain_row()).error().code, errc::unsupported)
      << "the family has no count of its own";
}

TEST(openai_count, several_texts_are_one_sum) {
  const auto r = counted(R"({"object":"list","id":"t","model":"m1","data":[
      {"index":0,"object":"tokenization","total_tokens":4,"token_ids":[1,2,3,4],
       "offset_mapping":[[0,2]]},{"index":1,"total_tokens":38}]})");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->input_tokens, 42);
  EXPECT_EQ(r->model, "m1");
  EXPECT_EQ(r->request_id, "r1");
}

TEST(openai_count, answers_that_count_nothing) {
  for (const char* body :
       {"", "{}", R"({"data":[]})", R"({"data":[{"total_tokens":-1}]})", R"({"data":[{}]})",
        R"({"data":[{"total_tokens":1},{"total_tokens":9223372036854775807}]})"})
    EXPECT_EQ(counted(body).error().code, errc::protocol) << body;
  EXPECT_EQ(counted(R"({"error":{"code":"AuthenticationError","message":"m"}})").error().code,
            errc::auth);
}

}  // namespace
}  // namespace ark::test::openai
