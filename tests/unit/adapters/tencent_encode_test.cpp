#include "tencent_support.hpp"

namespace ark::test::tencent {
namespace {

call simple() { return {.messages = {user("hi")}}; }

TEST(tencent_encode, the_whole_request) {
  const auto e = encode(simple());
  expect_json(body_of(e), R"({"Model":"hunyuan-pro","Messages":[{"Role":"user","Content":"hi"}],
      "Stream":false})");
  EXPECT_EQ(e->request.target, "/");
  EXPECT_EQ(wire::find_header(e->request.headers, "x-tc-action"), "ChatCompletions");
  EXPECT_EQ(wire::find_header(e->request.headers, "x-tc-version"), "2023-09-01");
  const auto s = encode(simple(), plain_row(), true);
  EXPECT_NE(s->request.body.find(R"("Stream":true)"), std::string::npos);
  EXPECT_EQ(wire::find_header(s->request.headers, "accept"), "text/event-stream");
}

TEST(tencent_encode, messages) {
  message asks{.role = role::assistant,
               .parts = {reasoning_part{"hm", "", ""}, tool_call_part{"c1", "f", ""}}};
  call c{.messages = {developer("d"), user("u"), asks, tool("c1", "21"), tool_error("c1", "no")}};
  c.messages[1].parts.push_back(image_bytes("\x01\x02", "image/png"));
  c.messages[1].name = "Ann";
  const vendor v =
      plain_row({quirk::reasoning_replay{quirk::replay_rule::always, "ReasoningContent"}});
  const auto e = encode(c, v);
  expect_json(body_of(e).at("Messages"), R"([{"Role":"system","Content":"d"},
      {"Role":"user","Contents":[{"Type":"text","Text":"u"},
          {"Type":"image_url","ImageUrl":{"Url":"data:image/png;base64,AQI="}}]},
      {"Role":"assistant","Content":"","ReasoningContent":"hm","ToolCalls":[{"Id":"c1",
          "Type":"function","Function":{"Name":"f","Arguments":"{}"}}]},
      {"Role":"tool","Content":"21","ToolCallId":"c1"},
      {"Role":"tool","Content":"no","ToolCallId":"c1"}])");
  EXPECT_TRUE(has_note(e->notes, "names of speakers"));
  EXPECT_TRUE(has_note(e->notes, "failed tool"));
  EXPECT_EQ(encode(c)->request.body.find("hm"), std::string::npos);
}

TEST(tencent_encode, every_parameter) {
  call c = simple();
  c.temperature = 0.5;
  c.top_p = 0.9;
  c.seed = 7;
  c.stop = {"x"};
  c.reasoning = reasoning_effort::high;
  c.tools = {{.name = "f", .description = "d", .parameters = R"({"type":"object"})"}};
  c.tool_choice = {tool_choice_mode::named, "f"};
  c.extra = {{"EnableEnhancement", "true"}};
  const auto e = encode(c);
  const auto body = body_of(e);
  expect_json(body, R"({"Model":"hunyuan-pro","Messages":[{"Role":"user","Content":"hi"}],
      "Temperature":0.5,"TopP":0.9,"Seed":7,"Stop":["x"],"EnableThinking":true,
      "Tools":[{"Type":"function","Function":{"Name":"f","Description":"d",
                                              "Parameters":"{\"type\":\"object\"}"}}],
      "ToolChoice":"custom","CustomTool":{"Type":"function","Function":{"Name":"f",
          "Description":"d","Parameters":"{\"type\":\"object\"}"}},
      "EnableEnhancement":true,"Stream":false})");
  EXPECT_TRUE(has_note(e->notes, "after a stop text"));
  EXPECT_TRUE(has_note(e->notes, "levels of reasoning"));
}

TEST(tencent_encode, what_it_cannot_say_is_refused) {
  const auto refused_as = [](auto change) {
    call c = simple();
    change(c);
    const auto e = encode(c);
    return e ? errc::internal : e.error().code;
  };
  EXPECT_EQ(refused_as([](call& c) { c.max_tokens = 5; }), errc::invalid_request);
  EXPECT_EQ(refused_as([](call& c) { c.seed = 0; }), errc::invalid_request);
  EXPECT_EQ(refused_as([](call& c) { c.seed = 10001; }), errc::invalid_request);
  EXPECT_EQ(refused_as([](call& c) { c.parallel_tool_calls = true; }), errc::invalid_request);
  EXPECT_EQ(refused_as([](call& c) { c.end_user = "u"; }), errc::invalid_request);
  EXPECT_EQ(refused_as([](call& c) { c.service_tier = "t"; }), errc::invalid_request);
  EXPECT_EQ(refused_as([](call& c) { c.reasoning_budget_tokens = 5; }), errc::invalid_request);
  EXPECT_EQ(refused_as([](call& c) { c.extra = {{"Stream", "true"}}; }), errc::invalid_request);
  EXPECT_EQ(refused_as([](call& c) { c.messages.clear(); }), errc::invalid_request);
  EXPECT_EQ(refused_as([](call& c) { c.tools = {{.name = "f", .parameters = "{"}}; }),
            errc::invalid_request);
  EXPECT_EQ(refused_as([](call& c) { c.tool_choice = {tool_choice_mode::named, "g"}; }),
            errc::invalid_request);
  EXPECT_EQ(refused_as([](call& c) { c.tool_choice.mode = tool_choice_mode::required; }),
            errc::unsupported);
  EXPECT_EQ(refused_as([](call& c) { c.response_format.kind = response_format_kind::json_object; }),
            errc::unsupported);
}

TEST(tencent_encode, messages_that_cannot_be_sent) {
  for (const message& m :
       {message{}, message{.role = role::tool, .parts = {text_part{"t"}}},
        message{.parts = {tool_call_part{"c", "f", "{}"}}}, message{.parts = {tool_result_part{}}},
        message{.parts = {image_part{}}}, message{.parts = {image_bytes("x", "")}}})
    EXPECT_EQ(encode({.messages = {m}}).error().code, errc::invalid_request);
}

TEST(tencent_encode, media_that_it_cannot_say_and_nested_vendor_fields) {
  call c{.messages = {user("u")}};
  c.extra["WebSearchOptions"] = R"({"Knowledge":[{"Text":"t"}]})";
  expect_json(body_of(encode(c)).at("WebSearchOptions"), R"({"Knowledge":[{"Text":"t"}]})");
  c.messages[0].parts = {video_url("https://h.test/v")};
  EXPECT_EQ(encode(c).error().code, errc::unsupported);
  EXPECT_EQ(encode({.messages = {user("u")}, .top_logprobs = 0}).error().code, errc::unsupported);
}

}  // namespace
}  // namespace ark::test::tencent
