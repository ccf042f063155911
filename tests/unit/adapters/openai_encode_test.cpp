#include "openai_support.hpp"

namespace ark::test::openai {
namespace {

TEST(openai_encode, smallest_call) {
  const auto e = encode({.messages = {user("hi")}});
  expect_json(body_of(e), R"({"model":"m","messages":[{"role":"user","content":"hi"}]})");
  EXPECT_EQ(e->request.method, "POST");
  EXPECT_EQ(e->request.target, "/chat/completions");
  EXPECT_EQ(wire::find_header(e->request.headers, "content-type"), "application/json");
  EXPECT_TRUE(e->notes.empty());
}

TEST(openai_encode, is_byte_stable) {
  const call c{.messages = {ark::system("s"), user("u")}, .max_tokens = 3, .seed = 1};
  EXPECT_EQ(encode(c)->request.body, encode(c)->request.body);
}

TEST(openai_encode, parameters_and_stream) {
  const auto e = encode({.messages = {user("hi")},
                         .max_tokens = 7,
                         .temperature = 0.5,
                         .top_p = 0.25,
                         .stop = {"a", "b"},
                         .seed = 9,
                         .parallel_tool_calls = false,
                         .reasoning = reasoning_effort::low,
                         .service_tier = "flex",
                         .end_user = "u1",
                         .extra = {{"logit_bias", R"({"5":-1})"}}},
                        plain_row(), true);
  expect_json(body_of(e), R"({"model":"m","messages":[{"role":"user","content":"hi"}],
    "max_tokens":7,"temperature":0.5,"top_p":0.25,"stop":["a","b"],"seed":9,
    "parallel_tool_calls":false,"reasoning_effort":"low","service_tier":"flex","user":"u1",
    "logit_bias":{"5":-1},"stream":true,"stream_options":{"include_usage":true}})");
  EXPECT_EQ(wire::find_header(e->request.headers, "accept"), "text/event-stream");
  const auto quiet =
      encode({.messages = {user("hi")}}, plain_row({quirk::no_stream_options{}}), true);
  EXPECT_FALSE(body_of(quiet).as_object().contains("stream_options"));
}

TEST(openai_encode, says_the_output_bound_that_it_sends) {
  const auto bound = [](std::optional<std::int64_t> limit,
                        std::map<std::string, std::string> extra = {},
                        std::vector<quirk_item> quirks = {}) {
    return encode({.messages = {user("hi")}, .max_tokens = limit, .extra = std::move(extra)},
                  plain_row(std::move(quirks)))
        ->max_output_tokens;
  };
  EXPECT_FALSE(bound({}));
  EXPECT_EQ(bound(7), 7);
  EXPECT_EQ(bound(7, {}, {quirk::rename{"max_tokens", "max_completion_tokens"}}), 7);
  EXPECT_EQ(bound({}, {{"max_completion_tokens", "9"}}), 9);
  EXPECT_EQ(bound(7, {{"n", "3"}}), 21) << "all answers are billed";
  EXPECT_EQ(bound({}, {}, {quirk::set_default{"max_tokens", "50"}}), 50);
  EXPECT_EQ(bound(700, {}, {quirk::clamp{"max_tokens", {}, 100}}), 100);
  EXPECT_FALSE(bound(7, {}, {quirk::drop{"max_tokens"}})) << "what is not sent binds nobody";
}

TEST(openai_encode, roles_and_parts) {
  message picture{role::user, {text_part{"look"}, image_url("https://x/y.png")}};
  message bytes{role::user, {image_bytes(std::string("\x01\x02\x03", 3), "image/png")}};
  std::get<image_part>(bytes.parts[0]).detail = "low";
  message said = assistant("no");
  said.parts.emplace_back(refusal_part{"I cannot"});
  said.name = "bob";
  const auto e = encode({.messages = {developer("d"), picture, bytes, said,
                                      message{role::user, {text_part{"a"}, text_part{"b"}}}}});
  expect_json(body_of(e).at("messages"), R"([
    {"role":"developer","content":"d"},
    {"role":"user","content":[{"type":"text","text":"look"},
      {"type":"image_url","image_url":{"url":"https://x/y.png"}}]},
    {"role":"user","content":[{"type":"image_url",
      "image_url":{"url":"data:image/png;base64,AQID","detail":"low"}}]},
    {"role":"assistant","name":"bob","content":"no","refusal":"I cannot"},
    {"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}])");
}

TEST(openai_encode, quirks_of_messages) {
  const call c{.messages = {developer("d"), message{role::user, {text_part{"a"}, text_part{"b"}}}}};
  const auto e = encode(c, plain_row({quirk::developer_as_system{}, quirk::flatten_content{}}));
  expect_json(body_of(e).at("messages"),
              R"([{"role":"system","content":"d"},{"role":"user","content":"ab"}])");
}

TEST(openai_encode, tools_calls_and_results) {
  message calls{role::assistant,
                {tool_call_part{"c1", "f", R"({"a":1})"}, tool_call_part{"c2", "g", ""}}};
  message results{role::user, {tool_result_part{"c1", "f", "one", false}, text_part{"go on"}}};
  const auto e = encode({.messages = {user("q"), calls, results, tool_error("c2", "broke")},
                         .tools = {{.name = "f",
                                    .description = "does f",
                                    .parameters = R"({"type":"object"})",
                                    .strict = true},
                                   {.name = "g"}},
                         .tool_choice = {tool_choice_mode::named, "f"}});
  const auto body = body_of(e);
  expect_json(body.at("messages"), R"([{"role":"user","content":"q"},
    {"role":"assistant","content":null,"tool_calls":[
      {"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}},
      {"id":"c2","type":"function","function":{"name":"g","arguments":"{}"}}]},
    {"role":"tool","tool_call_id":"c1","name":"f","content":"one"},
    {"role":"user","content":"go on"},
    {"role":"tool","tool_call_id":"c2","content":"broke"}])");
  expect_json(body.at("tools"), R"([
    {"type":"function","function":{"name":"f","description":"does f",
      "parameters":{"type":"object"},"strict":true}},
    {"type":"function","function":{"name":"g","parameters":{"type":"object","properties":{}}}}])");
  expect_json(body.at("tool_choice"), R"({"type":"function","function":{"name":"f"}})");
  EXPECT_TRUE(has_note(e->notes, "failed tool"));
}

TEST(openai_encode, tool_choice_words) {
  call c{.messages = {user("q")}, .tools = {{.name = "f"}}};
  EXPECT_FALSE(body_of(encode(c)).as_object().contains("tool_choice"));
  c.tool_choice.mode = tool_choice_mode::none;
  EXPECT_EQ(body_of(encode(c)).at("tool_choice"), "none");
  c.tool_choice.mode = tool_choice_mode::required;
  EXPECT_EQ(body_of(encode(c)).at("tool_choice"), "required");
  c.tools.clear();
  EXPECT_NE(encode(c).error().message.find("needs tools"), std::string::npos);
  c.tool_choice.mode = tool_choice_mode::none;
  EXPECT_FALSE(body_of(encode(c)).as_object().contains("tool_choice"));
}

TEST(openai_encode, structured_output) {
  call c{.messages = {user("q")}};
  c.response_format.kind = response_format_kind::json_object;
  expect_json(body_of(encode(c)).at("response_format"), R"({"type":"json_object"})");
  c.response_format = {response_format_kind::json_schema, "n", R"({"type":"object"})", false};
  expect_json(body_of(encode(c)).at("response_format"),
              R"({"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object"}}})");
  const auto soft = encode(c, plain_row({quirk::json_schema_as{"json_object"}}));
  const auto body = body_of(soft);
  expect_json(body.at("response_format"), R"({"type":"json_object"})");
  EXPECT_EQ(body.at("messages").as_array().size(), 2u);
  EXPECT_EQ(body.at("messages").at(0).at("role"), "system");
  EXPECT_TRUE(has_note(soft->notes, "does not enforce"));
  c.response_format.schema = "{";
  EXPECT_EQ(encode(c).error().code, errc::invalid_request);
}

TEST(openai_encode, strict_is_asked_for_only_where_the_vendor_takes_it) {
  call c{.messages = {user("q")}};
  c.response_format = {response_format_kind::json_schema, "n", "", true};
  c.response_format.schema = R"({"type":"object","additionalProperties":false})";
  const auto strict = encode(c);
  expect_json(body_of(strict).at("response_format").at("json_schema").at("strict"), "true");
  EXPECT_TRUE(strict->notes.empty());
  c.response_format.schema = R"({"type":"object","properties":{"a":{"type":"string"}}})";
  const auto loose = encode(c);
  expect_json(body_of(loose).at("response_format").at("json_schema").at("strict"), "false");
  EXPECT_TRUE(has_note(loose->notes, "does not enforce this JSON Schema"));
  const auto tool = encode({.messages = {user("q")}, .tools = {{.name = "f", .strict = true}}});
  expect_json(body_of(tool).at("tools").at(0).at("function").at("parameters"),
              R"({"type":"object","properties":{},"required":[],"additionalProperties":false})");
}

TEST(openai_encode, reasoning_styles) {
  call c{.messages = {user("q")}, .reasoning = reasoning_effort::high};
  vendor any = plain_row({quirk::reasoning_as{"object"}});
  any.parameters = {"*"};
  expect_json(body_of(encode(c, any)).at("reasoning"), R"({"effort":"high"})");
  any.quirks = {quirk::reasoning_as{"thinking_effort"}};
  expect_json(body_of(encode(c, any)).at("thinking"), R"({"type":"enabled"})");
  EXPECT_EQ(body_of(encode(c, any)).at("reasoning_effort"), "high");
  any.quirks = {quirk::reasoning_as{"template"}};
  expect_json(body_of(encode(c, any)).at("chat_template_kwargs"), R"({"enable_thinking":true})");
  any.quirks = {quirk::reasoning_as{"thinking"}};
  EXPECT_TRUE(has_note(encode(c, any)->notes, "no levels"));
  c.reasoning = reasoning_effort::none;
  expect_json(body_of(encode(c, any)).at("thinking"), R"({"type":"disabled"})");
  c.reasoning = reasoning_effort::unset;
  c.reasoning_budget_tokens = 2000;
  expect_json(body_of(encode(c, any)).at("thinking"), R"({"type":"enabled","budget_tokens":2000})");
  any.quirks = {quirk::reasoning_as{"object"}};
  expect_json(body_of(encode(c, any)).at("reasoning"), R"({"max_tokens":2000})");
  EXPECT_EQ(encode(c).error().code, errc::invalid_request);
}

TEST(openai_encode, reasoning_goes_back_where_the_row_wants_it) {
  message thought{role::assistant, {reasoning_part{"why", "", ""}, tool_call_part{"c", "f", "{}"}}};
  call c{.messages = {user("q"), thought, tool("c", "r")}};
  EXPECT_FALSE(body_of(encode(c)).at("messages").at(1).as_object().contains("reasoning_content"));
  const auto deepseek = row("deepseek");
  EXPECT_EQ(body_of(encode(c, deepseek)).at("messages").at(1).at("reasoning_content"), "why");
  c.messages.push_back(user("another question"));
  EXPECT_FALSE(
      body_of(encode(c, deepseek)).at("messages").at(1).as_object().contains("reasoning_content"));

  const auto openrouter = row("openrouter");
  EXPECT_EQ(body_of(encode(c, openrouter)).at("messages").at(1).at("reasoning"), "why");
  std::get<reasoning_part>(c.messages[1].parts[0]).opaque = R"([{"type":"reasoning.encrypted"}])";
  const auto body = body_of(encode(c, openrouter));
  expect_json(body.at("messages").at(1).at("reasoning_details"),
              R"([{"type":"reasoning.encrypted"}])");
  EXPECT_FALSE(body.at("messages").at(1).as_object().contains("reasoning"));
}

TEST(openai_encode, rows_decide_on_parameters) {
  const call limited{.messages = {user("q")}, .max_tokens = 5};
  EXPECT_EQ(body_of(encode(limited, row("openai"))).at("max_completion_tokens"), 5);
  EXPECT_EQ(body_of(encode(limited, row("deepseek"))).at("max_tokens"), 5);
  const auto refused =
      encode({.messages = {user("q")}, .extra = {{"top_k", "1"}}}, row("deepseek"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::invalid_request);
  EXPECT_NE(refused.error().message.find("\"top_k\""), std::string::npos);
  EXPECT_NE(refused.error().message.find("\"deepseek\""), std::string::npos);
  EXPECT_EQ(body_of(encode({.messages = {user("q")}, .end_user = "u"}, row("zhipu"))).at("user_id"),
            "u");
  EXPECT_EQ(encode({.messages = {user("q")}}, row("zhipu"))->request.target, "/chat/completions");
}

TEST(openai_encode, calls_that_cannot_be_made) {
  const auto refused = [](call c) {
    const auto e = encode(c);
    return e ? errc::internal : e.error().code;
  };
  EXPECT_EQ(refused({}), errc::invalid_request);
  EXPECT_EQ(refused({.messages = {message{}}}), errc::invalid_request);
  EXPECT_EQ(refused({.messages = {message{role::tool, {text_part{"x"}}}}}), errc::invalid_request);
  EXPECT_EQ(refused({.messages = {message{role::user, {tool_call_part{"a", "b", "c"}}}}}),
            errc::invalid_request);
  EXPECT_EQ(refused({.messages = {message{role::user, {image_part{}}}}}), errc::invalid_request);
  EXPECT_EQ(refused({.messages = {message{role::user, {image_bytes("x", "")}}}}),
            errc::invalid_request);
  EXPECT_EQ(refused({.messages = {message{role::assistant, {image_url("u")}}}}),
            errc::invalid_request);
  EXPECT_EQ(refused({.messages = {tool("", "r")}}), errc::invalid_request);
  EXPECT_EQ(refused({.messages = {user("q")}, .tools = {{.name = "f", .parameters = "{"}}}),
            errc::invalid_request);
  EXPECT_EQ(refused({.messages = {user("q")}, .extra = {{"stream", "true"}}}),
            errc::invalid_request);
  EXPECT_EQ(refused({.messages = {user("q")}, .max_tokens = 1, .extra = {{"max_tokens", "2"}}}),
            errc::invalid_request);
}

TEST(openai_encode, an_agent_in_the_place_of_the_model) {
  const auto e = encode({.messages = {user("q")}}, row("mistral-agents"));
  expect_json(body_of(e), R"({"agent_id":"m","messages":[{"role":"user","content":"q"}]})");
  EXPECT_EQ(e->request.target, "/agents/completions");
}

}  // namespace
}  // namespace ark::test::openai
