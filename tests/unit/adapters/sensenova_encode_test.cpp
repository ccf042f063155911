#include "sensenova_support.hpp"

namespace ark::test::sensenova {
namespace {

const std::vector<message> asked = {user("hi")};

TEST(sensenova_encode, a_request) {
  const auto e =
      encode({.messages = {developer("be brief"), user("hi"), assistant("ho"), user("?")},
              .max_tokens = 64,
              .temperature = 0.5,
              .top_p = 0.25,
              .end_user = "u",
              .extra = {{"know_ids", R"(["k"])"}}},
             true);
  ASSERT_TRUE(e) << e.error().message;
  EXPECT_EQ(e->request.target, "/chat-completions");
  EXPECT_EQ(e->max_output_tokens, 64);
  expect_json(body_of(e), R"({"model":"SenseChat-5","stream":true,"max_new_tokens":64,
    "temperature":0.5,"top_p":0.25,"user":"u","know_ids":["k"],
    "messages":[{"role":"system","content":"be brief"},{"role":"user","content":"hi"},
                {"role":"assistant","content":"ho"},{"role":"user","content":"?"}]})");
  EXPECT_FALSE(body_of(encode({.messages = asked})).as_object().contains("stream"));
}

TEST(sensenova_encode, what_it_cannot_say) {
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
  EXPECT_EQ(refused({.messages = asked, .stop = {"x"}}), errc::unsupported);
  EXPECT_EQ(refused({.messages = asked, .seed = 1}), errc::unsupported);
  EXPECT_EQ(refused({.messages = asked, .tools = {{"f"}}}), errc::unsupported);
  EXPECT_EQ(refused({.messages = asked, .reasoning = reasoning_effort::low}), errc::unsupported);
  EXPECT_EQ(refused({.messages = asked, .service_tier = "x"}), errc::unsupported);
  EXPECT_EQ(refused({.messages = asked, .extra = {{"max_tokens", "1"}}}), errc::invalid_request);
  EXPECT_EQ(refused({}), errc::invalid_request);
}

TEST(sensenova_encode, what_is_left_out_is_noted) {
  message m = assistant("a");
  m.parts.insert(m.parts.begin(), reasoning_part{.text = "why"});
  m.name = "bob";
  const auto e = encode({.messages = {user("x"), m, user("y")}});
  EXPECT_TRUE(has_note(e->notes, "reasoning"));
  EXPECT_TRUE(has_note(e->notes, "names"));
}

}  // namespace
}  // namespace ark::test::sensenova
