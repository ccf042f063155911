#include "cloudflare_support.hpp"

namespace ark::test::cloudflare {
namespace {

errc refusal(const call& c, bool stream = false) {
  const auto e = encode(c, stream);
  return e ? errc::internal : e.error().code;
}

TEST(cloudflare_encode, the_model_is_in_the_path) {
  const call c{.messages = {user("hi")}};
  EXPECT_EQ(encode(c)->request.target, "/run/@cf/owner/m");
  EXPECT_EQ(encode(c, false, "bad model")->request.target, "/run/bad%20model");
  EXPECT_EQ(encode(c, false, "a/@b@c?")->request.target, "/run/a/@b%40c%3F");
  for (const char* model : {"", "@cf/../m", "@cf//m", ".."})
    EXPECT_EQ(encode(c, false, model).error().code, errc::invalid_request) << model;
}

TEST(cloudflare_encode, messages_and_parameters) {
  call c{.messages = {system("s"), user("hi")}, .max_tokens = 5, .temperature = 0.5};
  c.messages[0].role = role::developer;
  c.top_p = 0.25;
  c.seed = 7;
  c.extra = {{"top_k", "3"}};
  const auto e = encode(c, true);
  expect_json(body_of(e), R"({"messages":[{"role":"system","content":"s"},
      {"role":"user","content":"hi"}],"max_tokens":5,"temperature":0.5,"top_p":0.25,"seed":7,
      "stream":true,"top_k":3})");
  EXPECT_EQ(e->max_output_tokens, 5);
  EXPECT_EQ(wire::find_header(e->request.headers, "accept"), "text/event-stream");
  EXPECT_TRUE(e->notes.empty());
  EXPECT_EQ(encode(c, true)->request.body, e->request.body);
}

TEST(cloudflare_encode, tools_and_their_results) {
  call c{.messages = {user("u"),
                      {.role = role::assistant,
                       .parts = {reasoning_part{"hm", "", ""}, text_part{"I ask. "},
                                 tool_call_part{"c1", "f", R"({"a":1})"}}},
                      {.role = role::tool, .parts = {tool_result_part{"c1", "f", "2", true}}}}};
  c.tools = {{.name = "f", .description = "d", .parameters = R"({"type":"object"})"},
             {.name = "g", .strict = true}};
  const auto e = encode(c);
  expect_json(body_of(e), R"({"messages":[{"role":"user","content":"u"},
      {"role":"assistant","content":"I ask. {\"name\":\"f\",\"arguments\":{\"a\":1}}"},
      {"role":"tool","content":"2"}],
      "tools":[{"type":"function","function":{"name":"f","description":"d",
                "parameters":{"type":"object"}}},
               {"type":"function","function":{"name":"g",
                "parameters":{"type":"object","properties":{}}}}]})");
  for (const char* part : {"sent back as text", "reasoning was left out", "not strict", "failed"})
    EXPECT_TRUE(has_note(e->notes, part)) << part;
  c.messages = {{.role = role::assistant, .parts = {tool_call_part{"c1", "f", "{\"a"}}}};
  expect_json(body_of(encode(c)).at("messages").at(0).at("content"),
              R"("{\"name\":\"f\",\"arguments\":\"{\\\"a\"}")");
  c.tools = {{.name = "f", .parameters = "{"}};
  EXPECT_EQ(refusal(c), errc::invalid_request);
}

TEST(cloudflare_encode, a_schema_stands_bare_and_not_in_a_stream) {
  call c{.messages = {user("u")}};
  c.response_format = {.kind = response_format_kind::json_schema, .schema = R"({"type":"object"})"};
  expect_json(body_of(encode(c)).at("response_format"),
              R"({"type":"json_schema","json_schema":{"type":"object"}})");
  EXPECT_EQ(refusal(c, true), errc::unsupported);
  c.response_format.schema = "{";
  EXPECT_EQ(refusal(c), errc::invalid_request);
  c.response_format.kind = response_format_kind::json_object;
  expect_json(body_of(encode(c, true)).at("response_format"), R"({"type":"json_object"})");
}

TEST(cloudflare_encode, what_it_cannot_say_is_refused) {
  const call plain{.messages = {user("u")}};
  call c = plain;
  c.tool_choice.mode = tool_choice_mode::required;
  EXPECT_EQ(refusal(c), errc::unsupported);
  c.tool_choice.mode = tool_choice_mode::none;
  EXPECT_EQ(refusal(c), errc::internal);  // without tools it says nothing
  c = plain;
  c.parallel_tool_calls = false;
  EXPECT_EQ(refusal(c), errc::unsupported);
  c = plain;
  c.stop = {"x"};
  EXPECT_EQ(refusal(c), errc::unsupported);
  c = plain;
  c.reasoning = reasoning_effort::low;
  EXPECT_EQ(refusal(c), errc::unsupported);
  c = plain;
  c.service_tier = "flex";
  EXPECT_EQ(refusal(c), errc::unsupported);
  c = plain;
  c.messages[0].parts.emplace_back(image_part{.url = "https://a.test/i.png"});
  EXPECT_EQ(refusal(c), errc::unsupported);
  c = plain;
  c.extra = {{"stop", "[]"}};
  EXPECT_EQ(refusal(c), errc::invalid_request);
  c.extra = {{"stream", "true"}};
  EXPECT_EQ(refusal(c), errc::invalid_request);
  EXPECT_EQ(refusal({}), errc::invalid_request);
}

TEST(cloudflare_encode, what_has_no_place_is_noted) {
  call c{.messages = {user("u")}};
  c.end_user = "e";
  c.messages[0].name = "Ann";
  const auto e = encode(c);
  ASSERT_TRUE(e);
  EXPECT_TRUE(has_note(e->notes, "end user"));
  EXPECT_TRUE(has_note(e->notes, "names"));
}

TEST(cloudflare_encode, nested_vendor_fields_pass_as_they_are) {
  call c{.messages = {user("u")}};
  c.extra["lora"] = R"({"id":{"of":[1]}})";
  expect_json(body_of(encode(c)).at("lora"), R"({"id":{"of":[1]}})");
  EXPECT_EQ(encode({.messages = {user("u")}, .top_logprobs = 0}).error().code, errc::unsupported);
}

}  // namespace
}  // namespace ark::test::cloudflare
