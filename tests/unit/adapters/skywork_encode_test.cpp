#include "skywork_support.hpp"

namespace ark::test::skywork {
namespace {

const std::vector<message> asked = {user("hi")};

TEST(skywork_encode, a_request) {
  const auto e =
      encode({.messages = {developer("be brief"), user("hi"), assistant("ho"), user("?")},
              .max_tokens = 64,
              .temperature = 0.5,
              .top_p = 0.25});
  ASSERT_TRUE(e) << e.error().message;
  EXPECT_EQ(e->request.target, "/sky-work/api/v1/chat");
  EXPECT_EQ(e->max_output_tokens, 64);
  EXPECT_TRUE(e->notes.empty());
  expect_json(body_of(e), R"({"model":"sky-1","intent":"chat","max_tokens":64,"temperature":0.5,
    "top_p":0.25,"messages":[{"role":"system","content":"be brief"},{"role":"user","content":"hi"},
                {"role":"bot","content":"ho"},{"role":"user","content":"?"}]})");
  EXPECT_EQ(wire::find_header(e->request.headers, "content-type"), "application/json");
}

TEST(skywork_encode, a_whole_call_and_a_stream_are_the_same_request) {
  const call c{.messages = asked};
  EXPECT_EQ(encode(c, "m", true)->request.body, encode(c, "m", false)->request.body);
}

TEST(skywork_encode, the_search_can_be_left_to_the_service) {
  expect_json(body_of(encode({.messages = asked, .extra = {{"intent", R"("")"}}}, "default")),
              R"({"intent":"","messages":[{"role":"user","content":"hi"}]})");
}

TEST(skywork_encode, what_it_cannot_say) {
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
  EXPECT_EQ(refused({.messages = asked, .service_tier = "x"}), errc::unsupported);
  EXPECT_EQ(refused({.messages = asked, .stop = {"x"}}), errc::invalid_request);
  EXPECT_EQ(refused({.messages = asked, .seed = 1}), errc::invalid_request);
  EXPECT_EQ(refused({.messages = asked, .end_user = "u"}), errc::invalid_request);
  EXPECT_EQ(refused({.messages = asked, .extra = {{"messages", "[]"}}}), errc::invalid_request);
  EXPECT_EQ(refused({}), errc::invalid_request);
}

TEST(skywork_encode, what_is_left_out_is_noted) {
  message m = assistant("a");
  m.parts.insert(m.parts.begin(), reasoning_part{.text = "why"});
  m.name = "bob";
  const auto e = encode({.messages = {user("x"), m, user("y")}});
  EXPECT_TRUE(has_note(e->notes, "reasoning"));
  EXPECT_TRUE(has_note(e->notes, "names"));
}

}  // namespace
}  // namespace ark::test::skywork
