#include "gemini_support.hpp"

#include <boost/json.hpp>

namespace ark::test::gemini {
namespace {

call with(std::map<std::string, std::string> extra = {}) {
  return {.messages = {user("u")}, .extra = std::move(extra)};
}

boost::json::value config_of(const call& c, const std::string& model = "gemini-2.5-flash") {
  const auto body = body_of(encode(c, row(), model));
  const auto* config = body.as_object().if_contains("generationConfig");
  return config == nullptr ? boost::json::value{} : *config;
}

TEST(gemini_encode, the_least_and_its_paths) {
  const auto whole = encode(with());
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->request.body, R"({"contents":[{"role":"user","parts":[{"text":"u"}]}]})");
  EXPECT_EQ(whole->request.target, "/models/gemini-2.5-flash:generateContent");
  EXPECT_FALSE(whole->max_output_tokens);
  const auto streamed = encode(with(), row(), "a/b", true);
  EXPECT_EQ(streamed->request.target, "/models/a%2Fb:streamGenerateContent?alt=sse");
  EXPECT_EQ(wire::find_header(streamed->request.headers, "accept"), "text/event-stream");
  EXPECT_EQ(encode(with(), row("vertex"))->request.target,
            "/publishers/google/models/gemini-2.5-flash:generateContent");
  EXPECT_FALSE(encode(with(), row(), ".."));
}

TEST(gemini_encode, the_rows) {
  const vendor gemini = row("gemini"), vertex = row("vertex");
  EXPECT_EQ(gemini.auth, auth_kind::header);
  EXPECT_EQ(gemini.auth_header, "x-goog-api-key");
  EXPECT_EQ(vertex.auth, auth_kind::bearer);
  EXPECT_EQ(vertex.base_url, "");
}

TEST(gemini_encode, limits_and_sampling) {
  call c = with({{"topK", "40"}});
  c.max_tokens = 100;
  c.temperature = 0.5;
  c.top_p = 0.9;
  c.seed = 7;
  c.stop = {"END", "x"};
  const auto e = encode(c);
  expect_json(body_of(e).at("generationConfig"),
              R"({"maxOutputTokens":100,"temperature":0.5,"topP":0.9,"seed":7,
                  "stopSequences":["END","x"],"topK":40})");
  EXPECT_EQ(e->max_output_tokens, 100);
}

TEST(gemini_encode, tools_with_their_json_schema_as_it_is) {
  call c = with();
  c.tools = {{.name = "f", .description = "d", .parameters = R"({"type":"object","$ref":"#/x"})"},
             {.name = "g", .strict = true}};
  const auto e = encode(c);
  expect_json(body_of(e).at("tools"), R"([{"functionDeclarations":[
    {"name":"f","description":"d","parametersJsonSchema":{"type":"object","$ref":"#/x"}},
    {"name":"g"}]}])");
  EXPECT_TRUE(has_note(e->notes, "no strict tools"));
  c.tools[0].parameters = "{";
  EXPECT_EQ(encode(c).error().code, errc::invalid_request);
}

TEST(gemini_encode, the_vendors_own_tools_stand_behind_the_calls) {
  call c = with({{"tools", R"([{"googleSearch":{}},{"codeExecution":{}}])"}});
  expect_json(body_of(encode(c)).at("tools"), R"([{"googleSearch":{}},{"codeExecution":{}}])");
  c.tools = {{.name = "f"}};
  expect_json(
      body_of(encode(c)).at("tools"),
      R"([{"functionDeclarations":[{"name":"f"}]},{"googleSearch":{}},{"codeExecution":{}}])");
  c.extra["tools"] = "{}";
  EXPECT_EQ(encode(c).error().code, errc::invalid_request);
}

TEST(gemini_encode, tool_choice) {
  call c = with();
  c.tools = {{.name = "f"}};
  const auto choice = [&](tool_choice_mode mode) {
    c.tool_choice = {.mode = mode, .name = mode == tool_choice_mode::named ? "f" : ""};
    const auto body = body_of(encode(c));
    const auto* config = body.as_object().if_contains("toolConfig");
    return config == nullptr ? boost::json::value{} : config->at("functionCallingConfig");
  };
  EXPECT_TRUE(choice(tool_choice_mode::automatic).is_null());
  expect_json(choice(tool_choice_mode::none), R"({"mode":"NONE"})");
  expect_json(choice(tool_choice_mode::required), R"({"mode":"ANY"})");
  expect_json(choice(tool_choice_mode::named), R"({"mode":"ANY","allowedFunctionNames":["f"]})");
  c.tools.clear();
  EXPECT_EQ(encode(c).error().code, errc::invalid_request);
  c.tool_choice.mode = tool_choice_mode::none;
  EXPECT_TRUE(encode(c));
  c.parallel_tool_calls = true;
  EXPECT_TRUE(encode(c));
  c.parallel_tool_calls = false;
  EXPECT_EQ(encode(c).error().code, errc::unsupported);
}

TEST(gemini_encode, structured_output) {
  call c = with();
  c.response_format = {.kind = response_format_kind::json_object};
  expect_json(config_of(c), R"({"responseMimeType":"application/json"})");
  c.response_format = {.kind = response_format_kind::json_schema, .schema = R"({"type":"object"})"};
  expect_json(config_of(c), R"({"responseMimeType":"application/json",
                                "responseJsonSchema":{"type":"object"}})");
  c.response_format.schema = "}";
  EXPECT_EQ(encode(c).error().code, errc::invalid_request);
}

TEST(gemini_encode, reasoning_as_a_budget_or_as_a_level) {
  call c = with();
  c.reasoning = reasoning_effort::medium;
  expect_json(config_of(c), R"({"thinkingConfig":{"includeThoughts":true,"thinkingBudget":8192}})");
  EXPECT_TRUE(has_note(encode(c)->notes, "8192"));
  expect_json(config_of(c, "gemini-3-pro-preview"),
              R"({"thinkingConfig":{"includeThoughts":true,"thinkingLevel":"MEDIUM"}})");
  c.reasoning = reasoning_effort::none;
  expect_json(config_of(c), R"({"thinkingConfig":{"includeThoughts":false,"thinkingBudget":0}})");
  expect_json(config_of(c, "gemini-3-flash"),
              R"({"thinkingConfig":{"includeThoughts":false,"thinkingLevel":"MINIMAL"}})");
  EXPECT_TRUE(has_note(encode(c, row(), "gemini-3-flash")->notes, "always thinks"));
  c.reasoning = reasoning_effort::max;
  expect_json(config_of(c, "gemini-3.5-flash"),
              R"({"thinkingConfig":{"includeThoughts":true,"thinkingLevel":"HIGH"}})");
  EXPECT_TRUE(has_note(encode(c, row(), "gemini-3.5-flash")->notes, "max was sent as high"));
  c.reasoning_budget_tokens = 300;
  for (const char* model : {"gemini-2.5-flash", "gemini-3.5-flash", "gemini-flash-latest"})
    expect_json(config_of(c, model),
                R"({"thinkingConfig":{"includeThoughts":true,"thinkingBudget":300}})");
}

TEST(gemini_encode, extra_members_stand_where_they_belong) {
  const auto e = encode(with({{"safetySettings", "[]"}, {"candidateCount", "1"}}));
  const auto body = body_of(e);
  expect_json(body.at("safetySettings"), "[]");
  expect_json(body.at("generationConfig"), R"({"candidateCount":1})");
  call tier = with();
  tier.service_tier = "flex";
  expect_json(body_of(encode(tier)).at("serviceTier"), R"("flex")");
}

TEST(gemini_encode, what_cannot_be_said) {
  call c = with();
  c.end_user = "x";
  EXPECT_EQ(encode(c).error().code, errc::unsupported);
  for (const char* name : {"contents", "generationConfig", "model", "brand_new"})
    EXPECT_EQ(encode(with({{name, "1"}})).error().code, errc::invalid_request) << name;
  vendor v = row();
  v.quirks = {quirk::drop{"topK"}, quirk::set_default{"temperature", "1"}};
  const auto e = encode(with({{"topK", "1"}}), v);
  expect_json(body_of(e).at("generationConfig"), R"({"temperature":1})");
  EXPECT_TRUE(has_note(e->notes, "topK"));
}

TEST(gemini_encode, each_platform_takes_its_own_members) {
  EXPECT_TRUE(encode(with({{"labels", R"({"team":"x"})"}}), row("vertex")));
  EXPECT_EQ(encode(with({{"labels", "{}"}})).error().code, errc::invalid_request);
  call tier = with();
  tier.service_tier = "flex";
  EXPECT_EQ(encode(tier, row("vertex")).error().code, errc::invalid_request);
}

TEST(gemini_encode, the_same_call_makes_the_same_bytes) {
  call c = with({{"topK", "1"}, {"cachedContent", "\"c\""}, {"candidateCount", "1"}});
  c.tools = {{.name = "f"}};
  EXPECT_EQ(encode(c)->request.body, encode(c)->request.body);
}

}  // namespace
}  // namespace ark::test::gemini
