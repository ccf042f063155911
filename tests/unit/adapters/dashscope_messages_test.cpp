#include "dashscope_support.hpp"

namespace ark::test::dashscope {
namespace {

boost::json::value messages_of(const result<dialect::encoded>& e) {
  const auto body = body_of(e);
  return body.is_object() ? body.at("input").at("messages") : body;
}

TEST(dashscope_messages, roles_and_texts) {
  call c{.messages = {system("s"), developer("d"), user("u"), assistant("a")}};
  c.messages[2].parts.push_back(text_part{"!"});
  c.messages[2].name = "Ann";
  const auto e = encode(c);
  expect_json(messages_of(e), R"([{"role":"system","content":"s"},{"role":"system","content":"d"},
      {"role":"user","content":"u!"},{"role":"assistant","content":"a"}])");
  EXPECT_TRUE(has_note(e->notes, "names of speakers"));
}

TEST(dashscope_messages, on_the_multimodal_endpoint_every_content_is_a_list) {
  call c{.messages = {system("s"), user("look")}};
  c.messages[1].parts.push_back(image_url("https://h.example/a.png"));
  c.messages[1].parts.push_back(image_bytes("\x01\x02", "image/png"));
  const auto e = encode(c);
  expect_json(messages_of(e), R"([{"role":"system","content":[{"text":"s"}]},
      {"role":"user","content":[{"text":"look"},{"image":"https://h.example/a.png"},
                                {"image":"data:image/png;base64,AQI="}]}])");
}

TEST(dashscope_messages, a_detail_of_an_image_is_noted) {
  image_part image = image_url("https://h.example/a.png");
  image.detail = "low";
  EXPECT_TRUE(has_note(encode({.messages = {{.parts = {image}}}})->notes, "detail of an image"));
}

TEST(dashscope_messages, an_image_in_the_vendors_store_asks_to_be_resolved) {
  const auto e = encode({.messages = {{.parts = {image_url("oss://b/a.png")}}}});
  ASSERT_TRUE(e);
  EXPECT_EQ(wire::find_header(e->request.headers, "x-dashscope-ossresourceresolve"), "enable");
}

TEST(dashscope_messages, tool_calls_and_their_results) {
  message asks{.role = role::assistant, .parts = {tool_call_part{"c1", "f", ""}}};
  const auto e = encode({.messages = {user("u"), asks, tool("c1", "21"), tool_error("c1", "no")}});
  expect_json(messages_of(e), R"([{"role":"user","content":"u"},
      {"role":"assistant","content":"","tool_calls":[{"id":"c1","type":"function","index":0,
          "function":{"name":"f","arguments":"{}"}}]},
      {"role":"tool","content":"21","tool_call_id":"c1"},
      {"role":"tool","content":"no","tool_call_id":"c1"}])");
  EXPECT_TRUE(has_note(e->notes, "failed tool"));
}

TEST(dashscope_messages, reasoning_goes_back_only_where_the_row_says) {
  message thought{.role = role::assistant, .parts = {reasoning_part{"hm", "", ""}, text_part{"a"}}};
  const call c{.messages = {user("u"), thought, user("v")}};
  EXPECT_EQ(encode(c)->request.body.find("hm"), std::string::npos);
  const vendor v =
      plain_row({quirk::reasoning_replay{quirk::replay_rule::always, "reasoning_content"}});
  EXPECT_NE(encode(c, v)->request.body.find(R"("reasoning_content":"hm")"), std::string::npos);
}

TEST(dashscope_messages, an_earlier_refusal_is_sent_as_text) {
  const auto e =
      encode({.messages = {user("u"), {.role = role::assistant, .parts = {refusal_part{"no"}}}}});
  EXPECT_TRUE(has_note(e->notes, "refusals"));
  EXPECT_NE(e->request.body.find(R"("content":"no")"), std::string::npos);
}

TEST(dashscope_messages, messages_that_cannot_be_sent) {
  const message picture{.role = role::assistant, .parts = {image_url("https://h.example/a.png")}};
  for (const call& c : {call{}, call{.messages = {message{}}},
                        call{.messages = {{.role = role::tool, .parts = {text_part{"t"}}}}},
                        call{.messages = {{.parts = {tool_call_part{"c", "f", "{}"}}}}},
                        call{.messages = {{.parts = {tool_result_part{}}}}},
                        call{.messages = {{.parts = {image_part{}}}}},
                        call{.messages = {{.parts = {image_bytes("x", "")}}}},
                        call{.messages = {user("u"), picture}}})
    EXPECT_EQ(encode(c).error().code, errc::invalid_request);
}

TEST(dashscope_messages, sound_and_videos_on_the_multimodal_endpoint) {
  call c{.messages = {message{role::user,
                              {audio_bytes("abc", "audio/wav"), video_url("oss://b/v.mp4")}}},
         .top_logprobs = 3};
  const auto e = encode(c);
  expect_json(body_of(e).at_pointer("/input/messages/0/content"),
              R"([{"audio":"data:audio/wav;base64,YWJj"},{"video":"oss://b/v.mp4"}])");
  EXPECT_EQ(body_of(e).at_pointer("/parameters/top_logprobs"), 3);
  EXPECT_EQ(body_of(e).at_pointer("/parameters/logprobs"), true);
  c.extra["translation_options"] = R"({"terms":[{"source":"a"}]})";
  expect_json(body_of(encode(c)).at_pointer("/parameters/translation_options"),
              R"({"terms":[{"source":"a"}]})");
  c.messages[0].parts = {document_url("https://h.test/d")};
  EXPECT_EQ(encode(c).error().code, errc::unsupported);
}

}  // namespace
}  // namespace ark::test::dashscope
