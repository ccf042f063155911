#include "bedrock_support.hpp"

#include <boost/json.hpp>

namespace ark::test::bedrock {
namespace {

tool_definition weather() {
  return {.name = "weather", .description = "d", .parameters = R"({"type":"object"})"};
}

TEST(bedrock_encode, smallest_call) {
  const auto e = encode({.messages = {user("hi")}}, "us.amazon.nova-lite-v1:0");
  expect_json(body_of(e), R"({"messages":[{"role":"user","content":[{"text":"hi"}]}]})");
  EXPECT_EQ(e->request.target, "/model/us.amazon.nova-lite-v1%3A0/converse");
  EXPECT_EQ(wire::find_header(e->request.headers, "accept"), "application/json");
  EXPECT_TRUE(e->notes.empty());
  EXPECT_FALSE(e->max_output_tokens);
}

TEST(bedrock_encode, an_arn_is_one_segment_of_the_path) {
  const auto e = encode({.messages = {user("hi")}}, "arn:aws:bedrock:x:1:inference-profile/a",
                        plain_row(), true);
  ASSERT_TRUE(e);
  EXPECT_EQ(e->request.target,
            "/model/arn%3Aaws%3Abedrock%3Ax%3A1%3Ainference-profile%2Fa/converse-stream");
  EXPECT_EQ(wire::find_header(e->request.headers, "accept"), "application/vnd.amazon.eventstream");
  EXPECT_EQ(refusal({.messages = {user("hi")}}, ".."), errc::invalid_request);
}

TEST(bedrock_encode, parameters) {
  const auto e = encode({.messages = {ark::system("s"), user("hi")},
                         .max_tokens = 7,
                         .temperature = 0.5,
                         .top_p = 0.25,
                         .stop = {"a", "b"},
                         .service_tier = "flex",
                         .extra = {{"performanceConfig", R"({"latency":"optimized"})"}}});
  expect_json(body_of(e), R"({"system":[{"text":"s"}],
    "messages":[{"role":"user","content":[{"text":"hi"}]}],
    "inferenceConfig":{"maxTokens":7,"temperature":0.5,"topP":0.25,"stopSequences":["a","b"]},
    "serviceTier":{"type":"flex"},"performanceConfig":{"latency":"optimized"}})");
  EXPECT_EQ(e->max_output_tokens, 7);
}

TEST(bedrock_encode, extras_that_are_not_the_bodys_are_the_models_own) {
  const auto e = encode(
      {.messages = {user("hi")},
       .extra = {{"top_k", "3"}, {"additionalModelRequestFields", R"({"a":[1],"b":null})"}}});
  expect_json(body_of(e).at("additionalModelRequestFields"), R"({"a":[1],"b":null,"top_k":3})");
  EXPECT_EQ(refusal({.messages = {user("hi")},
                     .extra = {{"a", "1"}, {"additionalModelRequestFields", R"({"a":2})"}}}),
            errc::invalid_request);
  for (const auto& [name, value] :
       std::map<std::string, std::string>{{"inferenceConfig", "{}"},
                                          {"messages", "[]"},
                                          {"top_k", "x"},
                                          {"modelId", "\"m\""},
                                          {"additionalModelRequestFields", "[]"}})
    EXPECT_EQ(refusal({.messages = {user("hi")}, .extra = {{name, value}}}), errc::invalid_request)
        << name;
}

TEST(bedrock_encode, a_rows_own_list_refuses_what_is_not_on_it) {
  vendor row = plain_row();
  row.parameters = {};
  EXPECT_FALSE(encode({.messages = {user("hi")}, .extra = {{"top_k", "3"}}}, "m", row));
  EXPECT_TRUE(encode(
      {.messages = {user("hi")}, .extra = {{"additionalModelRequestFields", R"({"top_k":3})"}}},
      "m", row));
}

TEST(bedrock_encode, one_turn_is_one_message) {
  message calls = assistant("");
  calls.parts = {tool_call_part{"1", "f", "{\"x\":1}"}, tool_call_part{"2", "g", ""}};
  const auto e = encode({.messages = {user("a"), calls, tool("1", "r"), tool_error("2", "no")}});
  expect_json(body_of(e).at("messages"), R"([{"role":"user","content":[{"text":"a"}]},
    {"role":"assistant","content":[{"toolUse":{"toolUseId":"1","name":"f","input":{"x":1}}},
                                   {"toolUse":{"toolUseId":"2","name":"g","input":{}}}]},
    {"role":"user","content":[{"toolResult":{"toolUseId":"1","content":[{"text":"r"}]}},
      {"toolResult":{"toolUseId":"2","content":[{"text":"no"}],"status":"error"}}]}])");
  EXPECT_TRUE(e->notes.empty());
  const auto two = encode({.messages = {user("a"), user("b")}});
  expect_json(body_of(two).at("messages"),
              R"([{"role":"user","content":[{"text":"a"},{"text":"b"}]}])");
  EXPECT_TRUE(has_note(two->notes, "sent as one"));
}

TEST(bedrock_encode, images) {
  message m = user("x");
  m.parts = {image_bytes("abc", "image/jpeg"), image_url("data:image/webp;base64,QUJD"),
             image_part{.url = "s3://b/k", .media_type = "image/png"}};
  expect_json(body_of(encode({.messages = {m}})).at("messages").at(0).at("content"), R"([
    {"image":{"format":"jpeg","source":{"bytes":"YWJj"}}},
    {"image":{"format":"webp","source":{"bytes":"QUJD"}}},
    {"image":{"format":"png","source":{"s3Location":{"uri":"s3://b/k"}}}}])");
  m.parts = {image_url("https://a.test/b.png")};
  EXPECT_EQ(refusal({.messages = {m}}), errc::unsupported);
  m.parts = {image_bytes("abc", "image/tiff")};
  EXPECT_EQ(refusal({.messages = {m}}), errc::invalid_request);
}

TEST(bedrock_encode, tools) {
  tool_definition strict{.name = "s", .strict = true};
  const call c{.messages = {user("u")},
               .tools = {weather(), strict},
               .tool_choice = {tool_choice_mode::named, "s"}};
  expect_json(body_of(encode(c)).at("toolConfig"), R"({"tools":[
    {"toolSpec":{"name":"weather","description":"d","inputSchema":{"json":{"type":"object"}}}},
    {"toolSpec":{"name":"s","inputSchema":{"json":{"type":"object","properties":{},
      "additionalProperties":false}},"strict":true}}],"toolChoice":{"tool":{"name":"s"}}})");
  call any = c;
  any.tool_choice = {tool_choice_mode::required};
  expect_json(body_of(encode(any)).at("toolConfig").at("toolChoice"), R"({"any":{}})");
  any.parallel_tool_calls = false;
  EXPECT_EQ(refusal(any), errc::unsupported);
  any.tools = {};
  EXPECT_EQ(refusal(any), errc::invalid_request);
  EXPECT_EQ(refusal({.messages = {user("u")}, .tools = {{.name = "t", .parameters = "[]"}}}),
            errc::invalid_request);
}

TEST(bedrock_encode, tools_are_forbidden_by_leaving_them_out) {
  call c{.messages = {user("u")}, .tools = {weather()}, .tool_choice = {tool_choice_mode::none}};
  const auto e = encode(c);
  EXPECT_EQ(body_of(e).as_object().if_contains("toolConfig"), nullptr);
  EXPECT_TRUE(has_note(e->notes, "tools were left out"));
  c.messages.push_back(tool("1", "r"));
  EXPECT_EQ(refusal(c), errc::unsupported);
}

TEST(bedrock_encode, a_schema_is_a_text) {
  const call c{.messages = {user("u")},
               .response_format = {response_format_kind::json_schema, "n", R"({"type":"object"})"}};
  expect_json(body_of(encode(c)).at("outputConfig"), R"({"textFormat":{"type":"json_schema",
    "structure":{"jsonSchema":{"name":"n","schema":"{\"type\":\"object\"}"}}}})");
  EXPECT_EQ(refusal({.messages = {user("u")},
                     .response_format = {response_format_kind::json_schema, "n", "{"}}),
            errc::invalid_request);
  EXPECT_EQ(
      refusal({.messages = {user("u")}, .response_format = {response_format_kind::json_object}}),
      errc::unsupported);
}

TEST(bedrock_encode, reasoning_goes_back_as_it_was_signed) {
  message m = assistant("");
  m.parts = {reasoning_part{.text = "t", .signature = "s"},
             reasoning_part{.opaque = R"({"reasoningContent":{"redactedContent":"QQ=="}})"},
             reasoning_part{.text = "unsigned"}, text_part{"x"}};
  const call c{.messages = {user("u"), m, user("v")}};
  const auto e = encode(c);
  expect_json(body_of(e).at("messages").at(1).at("content"), R"([
    {"reasoningContent":{"reasoningText":{"text":"t","signature":"s"}}},
    {"reasoningContent":{"redactedContent":"QQ=="}},{"text":"x"}])");
  EXPECT_TRUE(has_note(e->notes, "without a signature"));
  vendor row = plain_row();
  row.quirks = {quirk::reasoning_replay{quirk::replay_rule::always, ""}};
  expect_json(body_of(encode(c, "m", row)).at("messages").at(1).at("content").at(2),
              R"({"reasoningContent":{"reasoningText":{"text":"unsigned"}}})");
}

TEST(bedrock_encode, a_cache_point_ends_the_last_message) {
  const auto e = encode(
      {.messages = {user("u")}, .extra = {{"cachePoint", R"({"type":"default","ttl":"1h"})"}}});
  expect_json(body_of(e), R"({"messages":[{"role":"user","content":[{"text":"u"},
    {"cachePoint":{"type":"default","ttl":"1h"}}]}]})");
}

TEST(bedrock_encode, what_cannot_be_said) {
  EXPECT_EQ(refusal({.messages = {user("u")}, .seed = 1}), errc::unsupported);
  EXPECT_EQ(refusal({.messages = {user("")}}), errc::invalid_request);
  const auto e = encode(
      {.messages = {user("u"), assistant("a"), ark::system("s"), user("v")}, .end_user = "me"});
  ASSERT_TRUE(e);
  EXPECT_TRUE(has_note(e->notes, "end_user"));
  EXPECT_TRUE(has_note(e->notes, "moved to the front"));
}

TEST(bedrock_encode, a_count_is_of_the_same_prompt) {
  call c{.messages = {ark::system("s"), user("u")}, .max_tokens = 5, .temperature = 1.0, .seed = 1};
  c.tools = {{.name = "f"}};
  c.extra = {{"top_k", "3"}, {"guardrailConfig", "{}"}};
  const auto e = adapters::bedrock_converse().encode_count(c, "a.b:0", plain_row());
  expect_json(body_of(e), R"({"input":{"converse":{"system":[{"text":"s"}],
      "messages":[{"role":"user","content":[{"text":"u"}]}],
      "toolConfig":{"tools":[{"toolSpec":{"name":"f",
        "inputSchema":{"json":{"type":"object","properties":{}}}}}]},
      "additionalModelRequestFields":{"top_k":3}}}})");
  EXPECT_EQ(e->request.target, "/model/a.b%3A0/count-tokens");
  const wire::http_head head{200, {}};
  EXPECT_EQ(adapters::bedrock_converse()
                .decode_count({head, R"({"inputTokens":11})"}, plain_row())
                ->input_tokens,
            11);
}

}  // namespace
}  // namespace ark::test::bedrock
