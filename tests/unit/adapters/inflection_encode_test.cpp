#include "inflection_support.hpp"

namespace ark::test::inflection {
namespace {

const std::vector<message> asked = {user("hi")};

TEST(inflection_encode, a_request) {
  const call c{.messages = {ark::system("be kind"), user("hi"), assistant("ho"), user("?")},
               .max_tokens = 256,
               .temperature = 0.5,
               .top_p = 0.25,
               .stop = {"STOP"},
               .extra = {{"web_search", "true"}, {"metadata", R"({"user_country":"CA"})"}}};
  const auto e = encode(c);
  ASSERT_TRUE(e) << e.error().message;
  EXPECT_EQ(e->request.target, "/external/api/inference");
  EXPECT_EQ(e->max_output_tokens, 256);
  expect_json(body_of(e), R"({"config":"inflection_3_pi","max_tokens":256,"temperature":0.5,
    "top_p":0.25,"stop_tokens":["STOP"],"web_search":true,"metadata":{"user_country":"CA"},
    "context":[{"type":"Instruction","text":"be kind"},{"type":"Human","text":"hi"},
               {"type":"AI","text":"ho"},{"type":"Human","text":"?"}]})");
  EXPECT_EQ(encode(c, true)->request.target, "/external/api/inference/streaming");
  EXPECT_EQ(encode(c, true)->request.body, e->request.body);
}

TEST(inflection_encode, a_rows_path) {
  vendor v = own_row();
  v.chat_path = "/x";
  const auto& family = adapters::inflection_native();
  EXPECT_EQ(family.encode_chat({.messages = asked}, "m", v, true)->request.target, "/x/streaming");
  v.chat_path = "-";
  EXPECT_EQ(family.encode_chat({.messages = asked}, "m", v, true).error().code, errc::unsupported);
}

TEST(inflection_encode, what_it_cannot_say) {
  const auto refused = [](const call& c) {
    const auto e = encode(c);
    return e ? errc::server : e.error().code;
  };
  message picture = user("see");
  picture.parts.emplace_back(image_url("https://i.test/a.png"));
  call structured{.messages = asked};
  structured.response_format.kind = response_format_kind::json_object;
  EXPECT_EQ(refused({.messages = {picture}}), errc::unsupported);
  EXPECT_EQ(refused({.messages = {tool("c", "x")}}), errc::unsupported);
  EXPECT_EQ(refused(structured), errc::unsupported);
  EXPECT_EQ(refused({.messages = asked, .tools = {{"f"}}}), errc::unsupported);
  EXPECT_EQ(refused({.messages = asked, .reasoning = reasoning_effort::low}), errc::unsupported);
  EXPECT_EQ(refused({.messages = asked, .seed = 1}), errc::invalid_request);
  EXPECT_EQ(refused({.messages = asked, .end_user = "u"}), errc::invalid_request);
  EXPECT_EQ(refused({.messages = asked, .extra = {{"context", "[]"}}}), errc::invalid_request);
  EXPECT_EQ(refused({}), errc::invalid_request);
}

}  // namespace
}  // namespace ark::test::inflection
