#include "catalog/vendor_rows.hpp"
#include "dashscope_support.hpp"
#include "rows.hpp"

namespace ark::test::dashscope {
namespace {

constexpr const char* text_path = "/services/aigc/text-generation/generation";
constexpr const char* multimodal_path = "/services/aigc/multimodal-generation/generation";

call simple() { return {.messages = {user("hi")}}; }

boost::json::value parameters_of(const result<dialect::encoded>& e) {
  const auto body = body_of(e);
  return body.is_object() ? body.at("parameters") : body;
}

vendor built_in_row() {
  const auto rows = catalog::unpack_vendors(adapters::vendor_rows());
  if (rows)
    for (const vendor& v : *rows)
      if (v.name == "dashscope-native") return v;
  ADD_FAILURE() << "no row";
  return {};
}

TEST(dashscope_encode, the_whole_request) {
  const auto e = encode(simple());
  expect_json(body_of(e), R"({"model":"qwen-plus",
      "input":{"messages":[{"role":"user","content":"hi"}]},
      "parameters":{"result_format":"message"}})");
  EXPECT_EQ(e->request.target, text_path);
  EXPECT_EQ(wire::find_header(e->request.headers, "accept"), "application/json");
  EXPECT_FALSE(wire::has_header(e->request.headers, "x-dashscope-sse"));
  EXPECT_TRUE(e->notes.empty());
}

TEST(dashscope_encode, a_stream_asks_for_deltas) {
  const auto e = encode(simple(), plain_row(), true);
  expect_json(parameters_of(e), R"({"result_format":"message","incremental_output":true})");
  EXPECT_EQ(wire::find_header(e->request.headers, "accept"), "text/event-stream");
  EXPECT_EQ(wire::find_header(e->request.headers, "x-dashscope-sse"), "enable");
}

TEST(dashscope_encode, a_row_may_turn_deltas_off_but_not_a_call) {
  expect_json(parameters_of(encode(simple(), cumulative_row(), true)),
              R"({"result_format":"message","incremental_output":false})");
  call c = simple();
  c.extra = {{"incremental_output", "false"}};
  EXPECT_EQ(encode(c, plain_row(), true).error().code, errc::unsupported);
  EXPECT_TRUE(encode(c, cumulative_row(), true));
  c.extra = {{"incremental_output", "true"}};
  EXPECT_TRUE(encode(c, plain_row(), true));
  EXPECT_EQ(encode(c, cumulative_row(), true).error().code, errc::unsupported);
}

TEST(dashscope_encode, every_parameter) {
  call c = simple();
  c.max_tokens = 10;
  c.temperature = 0.5;
  c.top_p = 0.9;
  c.stop = {"x"};
  c.seed = 7;
  c.parallel_tool_calls = true;
  c.tools = {{.name = "f", .description = "d", .parameters = R"({"type":"object"})"},
             {.name = "g", .strict = true}};
  c.tool_choice = {tool_choice_mode::named, "f"};
  c.response_format.kind = response_format_kind::json_object;
  c.extra = {{"top_k", "5"}, {"enable_search", "true"}};
  const auto e = encode(c);
  expect_json(parameters_of(e), R"({"result_format":"message","max_tokens":10,"temperature":0.5,
      "top_p":0.9,"stop":["x"],"seed":7,
      "tools":[{"type":"function","function":{"name":"f","description":"d",
                                              "parameters":{"type":"object"}}},
               {"type":"function","function":{"name":"g",
                                              "parameters":{"type":"object","properties":{}}}}],
      "tool_choice":{"type":"function","function":{"name":"f"}},"parallel_tool_calls":true,
      "response_format":{"type":"json_object"},"enable_search":true,"top_k":5})");
  EXPECT_TRUE(has_note(e->notes, "strict tools"));
  EXPECT_EQ(encode(c)->request.body, e->request.body);
}

TEST(dashscope_encode, tool_choices) {
  call c = simple();
  c.tools = {{.name = "f"}};
  c.tool_choice.mode = tool_choice_mode::none;
  EXPECT_EQ(parameters_of(encode(c)).at("tool_choice"), "none");
  c.tool_choice.mode = tool_choice_mode::required;
  EXPECT_EQ(encode(c).error().code, errc::unsupported);
  c.tools.clear();
  EXPECT_EQ(encode(c).error().code, errc::invalid_request);
  c.tool_choice.mode = tool_choice_mode::none;
  EXPECT_TRUE(encode(c));
}

TEST(dashscope_encode, thinking) {
  call c = simple();
  c.reasoning = reasoning_effort::none;
  expect_json(parameters_of(encode(c)), R"({"result_format":"message","enable_thinking":false})");
  c.reasoning = reasoning_effort::high;
  c.reasoning_budget_tokens = 100;
  const auto e = encode(c);
  expect_json(parameters_of(e),
              R"({"result_format":"message","enable_thinking":true,"thinking_budget":100})");
  EXPECT_TRUE(has_note(e->notes, "levels of reasoning"));
  // Documented: thinking models refuse streams that are not incremental.
  EXPECT_EQ(encode(c, cumulative_row(), true).error().code, errc::invalid_request);
}

TEST(dashscope_encode, the_bound_of_the_answer_holds_with_its_thinking) {
  call c = simple();
  c.max_tokens = 10;
  EXPECT_FALSE(encode(c)->max_output_tokens);
  c.reasoning = reasoning_effort::none;
  EXPECT_EQ(encode(c)->max_output_tokens, 10);
  c.extra = {{"n", "3"}};
  EXPECT_EQ(encode(c)->max_output_tokens, 30);
  c.extra.clear();
  c.reasoning = reasoning_effort::high;
  EXPECT_FALSE(encode(c)->max_output_tokens);
  c.reasoning_budget_tokens = 100;
  EXPECT_EQ(encode(c)->max_output_tokens, 110);
  c.reasoning = reasoning_effort::unset;
  c.reasoning_budget_tokens.reset();
  c.extra = {{"enable_thinking", "false"}};
  EXPECT_EQ(encode(c)->max_output_tokens, 10);
  EXPECT_EQ(encode({.messages = c.messages, .max_tokens = 10},
                   plain_row({quirk::set_default{"enable_thinking", "false"}}))
                ->max_output_tokens,
            10);
}

TEST(dashscope_encode, the_endpoint) {
  call c = simple();
  EXPECT_EQ(encode(c, plain_row(), false, "qwen-plus")->request.target, text_path);
  for (const char* model : {"qwen3-vl-plus", "qwen3.5-flash", "qwen3.7-plus", "qvq-max"})
    EXPECT_EQ(encode(c, plain_row(), false, model)->request.target, multimodal_path) << model;
  c.extra = {{"multimodal", "true"}};
  const auto forced = encode(c);
  EXPECT_EQ(forced->request.target, multimodal_path);
  EXPECT_EQ(forced->request.body.find("\"multimodal\""), std::string::npos);
  c.extra = {{"multimodal", "false"}};
  EXPECT_EQ(encode(c, plain_row(), false, "qwen3.5-flash")->request.target, text_path);
  c.extra = {{"multimodal", "1"}};
  EXPECT_EQ(encode(c).error().code, errc::invalid_request);
  c = {.messages = {{.parts = {image_url("https://h.example/a.png")}}}};
  EXPECT_EQ(encode(c)->request.target, multimodal_path);
  c.extra = {{"multimodal", "false"}};
  EXPECT_EQ(encode(c).error().code, errc::invalid_request);
}

TEST(dashscope_encode, a_row_may_name_the_endpoint) {
  vendor v = plain_row({quirk::add_query{"q", "1"}, quirk::add_header{"x-ws", "w"}});
  v.chat_path = multimodal_path;
  const auto e = encode(simple(), v);
  EXPECT_EQ(e->request.target, std::string(multimodal_path) + "?q=1");
  EXPECT_EQ(wire::find_header(e->request.headers, "x-ws"), "w");
  EXPECT_NE(e->request.body.find(R"("content":[{"text":"hi"}])"), std::string::npos);
}

TEST(dashscope_encode, structured_output) {
  call c = simple();
  c.response_format = {.kind = response_format_kind::json_schema, .schema = R"({"type":"object"})"};
  expect_json(parameters_of(encode(c)).at("response_format"), R"({"type":"json_schema",
      "json_schema":{"name":"answer","schema":{"type":"object"},"strict":true}})");
  const auto e = encode(c, built_in_row());
  expect_json(parameters_of(e).at("response_format"), R"({"type":"json_object"})");
  EXPECT_NE(e->request.body.find("follows this JSON Schema"), std::string::npos);
  EXPECT_TRUE(has_note(e->notes, "does not enforce"));
  c.response_format.schema = "{";
  EXPECT_EQ(encode(c).error().code, errc::invalid_request);
}

TEST(dashscope_encode, what_is_not_taken_is_refused) {
  call c = simple();
  c.end_user = "u";
  EXPECT_EQ(encode(c).error().code, errc::invalid_request);
  c = simple();
  c.service_tier = "flex";
  EXPECT_EQ(encode(c).error().code, errc::invalid_request);
  for (const auto& [name, value] : std::map<std::string, std::string>{{"frequency_penalty", "1"},
                                                                      {"result_format", "\"text\""},
                                                                      {"stream", "true"},
                                                                      {"top_k", "x"}}) {
    c = simple();
    c.extra = {{name, value}};
    EXPECT_EQ(encode(c, built_in_row()).error().code, errc::invalid_request) << name;
  }
  c = simple();
  c.tools = {{.name = "f", .parameters = "{"}};
  EXPECT_EQ(encode(c).error().code, errc::invalid_request);
}

}  // namespace
}  // namespace ark::test::dashscope
