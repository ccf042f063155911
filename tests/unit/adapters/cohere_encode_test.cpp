#include "cohere_support.hpp"

namespace ark::test::cohere {
namespace {

call ask(const std::string& text = "q") {
  call c;
  c.messages = {user(text)};
  return c;
}

errc code_of(const call& c, const vendor& v = plain_row()) {
  const auto e = encode(c, v);
  return e ? errc::internal : e.error().code;
}

/// The body's member `name` is `expected`.
void expect_member(const result<dialect::encoded>& e, const char* name, const char* expected) {
  const auto body = body_of(e);
  const auto* object = body.if_object();
  const auto* found = object ? object->if_contains(name) : nullptr;
  ASSERT_NE(found, nullptr) << name;
  expect_json(*found, expected);
}

TEST(cohere_encode, the_smallest_request) {
  const auto e = encode(ask());
  expect_json(body_of(e), R"({"model":"command-x","messages":[{"role":"user","content":"q"}]})");
  EXPECT_EQ(e->request.target, "/v2/chat");
  EXPECT_EQ(wire::find_header(e->request.headers, "accept"), "application/json");
  EXPECT_FALSE(e->max_output_tokens);
  EXPECT_TRUE(e->notes.empty());
  const auto s = encode(ask(), plain_row(), true);
  expect_member(s, "stream", "true");
  EXPECT_EQ(wire::find_header(s->request.headers, "accept"), "text/event-stream");
}

TEST(cohere_encode, a_turn_with_tools) {
  call c;
  c.messages = {system("s"),
                developer("d"),
                user("u"),
                {.role = role::assistant,
                 .parts = {reasoning_part{"plan", "", ""}, tool_call_part{"t1", "f", "{\"a\":1}"},
                           tool_call_part{"t2", "g", ""}}},
                tool("t1", "1"),
                tool_error("t2", "bad"),
                assistant("done"),
                user("v")};
  const auto e = encode(c);
  expect_member(e, "messages", R"([{"role":"system","content":"s"},{"role":"system","content":"d"},
    {"role":"user","content":"u"},
    {"role":"assistant","tool_plan":"plan","tool_calls":[
      {"id":"t1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}},
      {"id":"t2","type":"function","function":{"name":"g","arguments":"{}"}}]},
    {"role":"tool","tool_call_id":"t1","content":"1"},
    {"role":"tool","tool_call_id":"t2","content":"bad"},
    {"role":"assistant","content":"done"},{"role":"user","content":"v"}])");
  EXPECT_TRUE(has_note(e->notes, "failure"));
}

TEST(cohere_encode, pictures_by_url_and_by_bytes) {
  call c;
  image_part detailed = image_url("https://h.test/a.png");
  detailed.detail = "low";
  c.messages = {{.role = role::user,
                 .parts = {text_part{"what"}, detailed, image_bytes("abc", "image/png")}}};
  expect_member(encode(c), "messages", R"([{"role":"user","content":[{"type":"text","text":"what"},
    {"type":"image_url","image_url":{"url":"https://h.test/a.png","detail":"low"}},
    {"type":"image_url","image_url":{"url":"data:image/png;base64,YWJj"}}]}])");
  c.messages[0].parts = {image_part{.bytes = "abc"}};
  EXPECT_EQ(code_of(c), errc::invalid_request);
}

TEST(cohere_encode, reasoning_without_calls_stays_home) {
  call c = ask();
  c.messages.push_back(
      {.role = role::assistant, .parts = {reasoning_part{"hm", "", ""}, text_part{"a"}}});
  const auto e = encode(c);
  expect_member(e, "messages",
                R"([{"role":"user","content":"q"},{"role":"assistant","content":"a"}])");
  EXPECT_TRUE(has_note(e->notes, "reasoning"));
}

TEST(cohere_encode, messages_that_cannot_be_said) {
  const image_part picture = image_url("https://h.test/a.png");
  const std::vector<message> bad = {
      {.role = role::user},
      {.role = role::tool},
      {.role = role::assistant},
      {.role = role::assistant, .parts = {reasoning_part{"r", "", ""}}},
      {.role = role::assistant, .parts = {text_part{"a"}, picture}},
      {.role = role::system, .parts = {picture}},
      {.role = role::tool, .parts = {text_part{"a"}}},
      {.role = role::user, .parts = {tool_call_part{"t", "f", "{}"}}},
      {.role = role::assistant, .parts = {tool_call_part{"t", "f", "{"}}}};
  for (std::size_t i = 0; i < bad.size(); ++i) {
    call c;
    c.messages = {bad[i]};
    EXPECT_EQ(code_of(c), errc::invalid_request) << i;
  }
}

TEST(cohere_encode, parameters_by_the_vendors_names) {
  call c = ask();
  c.max_tokens = 7;
  c.temperature = 0.5;
  c.top_p = 0.9;
  c.stop = {"x", "y"};
  c.seed = 3;
  c.extra = {{"k", "5"}, {"safety_mode", "\"STRICT\""}, {"documents", "[\"d\"]"}};
  const auto e = encode(c);
  expect_json(body_of(e), R"({"model":"command-x","messages":[{"role":"user","content":"q"}],
    "max_tokens":7,"temperature":0.5,"p":0.9,"stop_sequences":["x","y"],"seed":3,"k":5,
    "safety_mode":"STRICT","documents":["d"]})");
  EXPECT_EQ(e->max_output_tokens, 7);
  EXPECT_EQ(encode(c)->request.body, e->request.body);
}

TEST(cohere_encode, parameters_that_the_vendor_does_not_have) {
  call c = ask();
  c.service_tier = "flex";
  EXPECT_EQ(code_of(c), errc::unsupported);
  const auto dropped = encode(c, plain_row({quirk::drop{"service_tier"}}));
  ASSERT_TRUE(dropped);
  EXPECT_TRUE(has_note(dropped->notes, "service_tier"));
  c = ask();
  c.parallel_tool_calls = false;
  EXPECT_EQ(code_of(c), errc::unsupported);
  c.parallel_tool_calls = true;
  EXPECT_TRUE(encode(c));
  c.end_user = "u";
  EXPECT_TRUE(has_note(encode(c)->notes, "end user"));
  for (const char* name : {"stream", "messages", "n", "top_p"}) {
    c = ask();
    c.extra = {{name, "1"}};
    EXPECT_EQ(code_of(c), errc::invalid_request) << name;
  }
}

TEST(cohere_encode, tools_and_their_choice) {
  call c = ask();
  c.tools = {{.name = "f", .description = "d", .parameters = R"({"type":"object"})"},
             {.name = "g"}};
  c.tool_choice.mode = tool_choice_mode::required;
  auto e = encode(c);
  expect_member(e, "tools", R"([{"type":"function","function":{"name":"f","description":"d",
      "parameters":{"type":"object"}}},{"type":"function","function":{"name":"g",
      "parameters":{"type":"object","properties":{}}}}])");
  expect_member(e, "tool_choice", "\"REQUIRED\"");
  EXPECT_EQ(e->request.body.find("strict_tools"), std::string::npos);
  c.tool_choice.mode = tool_choice_mode::none;
  c.tools[0].strict = true;
  e = encode(c);
  expect_member(e, "tool_choice", "\"NONE\"");
  EXPECT_TRUE(has_note(e->notes, "strict"));
  c.tools[1].strict = true;
  expect_member(encode(c), "strict_tools", "true");
  c.tool_choice = {tool_choice_mode::named, "f"};
  EXPECT_EQ(code_of(c), errc::unsupported);
  c.tools[0].parameters = "{";
  EXPECT_EQ(code_of(c), errc::invalid_request);
}

TEST(cohere_encode, a_choice_without_tools) {
  call c = ask();
  c.tool_choice.mode = tool_choice_mode::none;
  EXPECT_TRUE(encode(c));
  c.tool_choice.mode = tool_choice_mode::required;
  EXPECT_EQ(code_of(c), errc::invalid_request);
}

TEST(cohere_encode, structured_output) {
  call c = ask();
  c.response_format.kind = response_format_kind::json_object;
  expect_member(encode(c), "response_format", R"({"type":"json_object"})");
  c.response_format = {.kind = response_format_kind::json_schema, .schema = R"({"type":"object"})"};
  expect_member(encode(c), "response_format",
                R"({"type":"json_object","json_schema":{"type":"object"}})");
  c.response_format.schema = "}";
  EXPECT_EQ(code_of(c), errc::invalid_request);
}

TEST(cohere_encode, thinking_is_on_off_or_a_budget) {
  call c = ask();
  c.reasoning = reasoning_effort::none;
  expect_member(encode(c), "thinking", R"({"type":"disabled"})");
  c.reasoning_budget_tokens = 100;
  EXPECT_EQ(code_of(c), errc::invalid_request);
  c.reasoning = reasoning_effort::unset;
  expect_member(encode(c), "thinking", R"({"type":"enabled","token_budget":100})");
  c.reasoning_budget_tokens = 0;
  EXPECT_EQ(code_of(c), errc::invalid_request);
  c.reasoning_budget_tokens.reset();
  c.reasoning = reasoning_effort::high;
  const auto e = encode(c);
  expect_member(e, "thinking", R"({"type":"enabled"})");
  EXPECT_TRUE(has_note(e->notes, "effort high"));
}

TEST(cohere_encode, log_probabilities_and_nested_vendor_fields) {
  call c{.messages = {user("u")}, .top_logprobs = 2};
  c.extra["documents"] = R"([{"id":"d","data":{"text":"t"}}])";
  const auto e = encode(c);
  EXPECT_EQ(body_of(e).at("logprobs"), true);
  EXPECT_TRUE(has_note(e->notes, "chosen tokens only"));
  expect_json(body_of(e).at("documents"), R"([{"id":"d","data":{"text":"t"}}])");
  c.messages[0].parts = {document_url("https://h.test/d")};
  EXPECT_EQ(encode(c).error().code, errc::unsupported);
}

}  // namespace
}  // namespace ark::test::cohere
