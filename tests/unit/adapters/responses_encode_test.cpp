#include "responses_support.hpp"

#include <boost/json.hpp>

namespace ark::test::responses {
namespace {

/// The body without its input and model.
boost::json::value parameters(const call& c, const vendor& v = plain_row(), bool stream = false) {
  auto body = body_of(encode(c, v, stream));
  if (!body.is_object()) return body;
  body.as_object().erase("input");
  body.as_object().erase("model");
  return body;
}

call asking(call c = {}) {
  c.messages = {user("hi")};
  return c;
}

TEST(responses_encode, smallest_call) {
  const auto e = encode(asking());
  expect_json(body_of(e),
              R"({"model":"m","input":[{"type":"message","role":"user","content":"hi"}]})");
  EXPECT_EQ(e->request.method, "POST");
  EXPECT_EQ(e->request.target, "/responses");
  EXPECT_EQ(wire::find_header(e->request.headers, "content-type"), "application/json");
  EXPECT_TRUE(e->notes.empty());
  EXPECT_EQ(e->request.body, encode(asking())->request.body);
}

TEST(responses_encode, parameters_and_stream) {
  const call c = asking({.max_tokens = 7,
                         .temperature = 0.5,
                         .top_p = 0.25,
                         .parallel_tool_calls = false,
                         .service_tier = "flex",
                         .end_user = "u1",
                         .extra = {{"instructions", R"("be terse")"}, {"store", "true"}}});
  expect_json(parameters(c, plain_row(), true),
              R"({"max_output_tokens":7,"temperature":0.5,"top_p":0.25,"parallel_tool_calls":false,
    "service_tier":"flex","user":"u1","instructions":"be terse","store":true,"stream":true})");
  const auto e = encode(c, plain_row(), true);
  EXPECT_EQ(wire::find_header(e->request.headers, "accept"), "text/event-stream");
  EXPECT_EQ(e->max_output_tokens, 7);
}

TEST(responses_encode, what_the_wire_has_no_word_for) {
  const auto code = [](const call& c) { return encode(asking(c)).error().code; };
  EXPECT_EQ(code({.stop = {"x"}}), errc::unsupported);
  EXPECT_EQ(code({.seed = 1}), errc::unsupported);
  EXPECT_EQ(code({.reasoning_budget_tokens = 10}), errc::unsupported);
  EXPECT_EQ(code({.extra = {{"background", "true"}}}), errc::unsupported);
  EXPECT_EQ(code({.extra = {{"frequency_penalty", "1"}}}), errc::invalid_request);
  EXPECT_EQ(code({.extra = {{"input", "[]"}}}), errc::invalid_request);
  // A row may know the words, or say that they are dropped.
  vendor open = plain_row();
  open.parameters = {"*"};
  expect_json(parameters(asking({.stop = {"x"}, .seed = 1}), open), R"({"stop":["x"],"seed":1})");
  const auto dropped = encode(asking({.seed = 1}), plain_row({quirk::drop{"seed"}}));
  ASSERT_TRUE(dropped);
  EXPECT_TRUE(has_note(dropped->notes, "seed"));
}

TEST(responses_encode, tools_are_strict_only_when_asked) {
  const call c =
      asking({.tools = {{"f", "does", R"({"type":"object"})", true}, {"g", "", "", false}},
              .tool_choice = {tool_choice_mode::named, "f"},
              .extra = {{"tools", R"([{"type":"web_search"}])"}}});
  expect_json(parameters(c), R"({"tools":[
    {"type":"function","name":"f","description":"does","parameters":{"type":"object"},"strict":true},
    {"type":"function","name":"g","parameters":{"type":"object","properties":{}},"strict":false},
    {"type":"web_search"}],"tool_choice":{"type":"function","name":"f"}})");
  const auto choice = [](tool_choice_mode mode, std::map<std::string, std::string> extra) {
    return encode(asking({.tool_choice = {mode, ""}, .extra = std::move(extra)}));
  };
  const std::map<std::string, std::string> own = {{"tools", R"([{"type":"web_search"}])"}};
  expect_json(body_of(choice(tool_choice_mode::required, own)).at("tool_choice"), "\"required\"");
  expect_json(body_of(choice(tool_choice_mode::none, own)).at("tool_choice"), "\"none\"");
  EXPECT_TRUE(choice(tool_choice_mode::none, {}));
  EXPECT_FALSE(choice(tool_choice_mode::required, {}));
  EXPECT_FALSE(choice(tool_choice_mode::automatic, {{"tools", "{}"}}));
  EXPECT_FALSE(encode(asking({.tools = {{"f", "", "{", false}}})));
}

TEST(responses_encode, format_of_the_text) {
  const std::string closed =
      R"({"type":"object","properties":{},"required":[],"additionalProperties":false})";
  expect_json(
      parameters(asking({.response_format = {response_format_kind::json_schema, "n", closed},
                         .extra = {{"text", R"({"verbosity":"low"})"}}})),
      (R"({"text":{"format":{"type":"json_schema","name":"n","schema":)" + closed +
       R"(,"strict":true},"verbosity":"low"}})")
          .c_str());
  expect_json(parameters(asking({.response_format = {response_format_kind::json_object}})),
              R"({"text":{"format":{"type":"json_object"}}})");
  const auto loose = encode(asking(
      {.response_format = {response_format_kind::json_schema, "n", R"({"type":"object"})"}}));
  expect_json(body_of(loose).at("text").at("format").at("strict"), "false");
  EXPECT_TRUE(has_note(loose->notes, "does not enforce"));
  EXPECT_FALSE(encode(asking({.response_format = {response_format_kind::json_schema, "n", "{"}})));
  EXPECT_FALSE(encode(asking({.response_format = {response_format_kind::json_object},
                              .extra = {{"text", R"({"format":{"type":"text"}})"}}})));
  EXPECT_FALSE(encode(asking({.extra = {{"text", "[]"}}})));
}

TEST(responses_encode, reasoning_and_what_can_be_sent_back) {
  expect_json(parameters(asking({.reasoning = reasoning_effort::low,
                                 .extra = {{"reasoning", R"({"summary":"auto"})"}}})),
              R"({"reasoning":{"effort":"low","summary":"auto"},
                  "include":["reasoning.encrypted_content"]})");
  expect_json(parameters(asking({.extra = {{"reasoning", R"({"summary":"auto"})"}}})),
              R"({"reasoning":{"summary":"auto"}})");
  expect_json(parameters(asking({.reasoning = reasoning_effort::none})),
              R"({"reasoning":{"effort":"none"}})");
  expect_json(parameters(asking({.reasoning = reasoning_effort::low,
                                 .extra = {{"include", "[]"}, {"store", "false"}}})),
              R"({"reasoning":{"effort":"low"},"include":[],"store":false})");
  expect_json(
      parameters(asking({.reasoning = reasoning_effort::low, .extra = {{"store", "true"}}})),
      R"({"reasoning":{"effort":"low"},"store":true})");
  EXPECT_FALSE(encode(asking(
      {.reasoning = reasoning_effort::low, .extra = {{"reasoning", R"({"effort":"high"})"}}})));
}

TEST(responses_encode, own_row_keeps_nothing_at_the_vendor_unless_asked) {
  const vendor v = own_row();
  EXPECT_EQ(v.dialect, "openai_responses");
  EXPECT_EQ(v.key_variable, "OPENAI_API_KEY");
  EXPECT_EQ(v.price_vendor, "openai");
  expect_json(parameters(asking(), v), R"({"store":false})");
  expect_json(parameters(asking({.extra = {{"store", "true"}}}), v), R"({"store":true})");
}

TEST(responses_encode, log_probabilities_are_asked_for) {
  call c{.messages = {user("u")}, .top_logprobs = 2};
  auto tree = body_of(encode(c));
  EXPECT_EQ(tree.at("top_logprobs"), 2);
  expect_json(tree.at("include"), R"(["message.output_text.logprobs"])");
  c.top_logprobs = 0;
  c.reasoning = reasoning_effort::low;
  tree = body_of(encode(c));
  EXPECT_FALSE(tree.as_object().contains("top_logprobs"));
  expect_json(tree.at("include"),
              R"(["reasoning.encrypted_content","message.output_text.logprobs"])");
}

TEST(responses_encode, nested_vendor_fields_pass_as_they_are) {
  call c{.messages = {user("u")}};
  c.extra["context_management"] = R"([{"type":"compaction","nested":{"a":[1]}}])";
  expect_json(body_of(encode(c)).at("context_management"),
              R"([{"type":"compaction","nested":{"a":[1]}}])");
  c.response_format = {
      .kind = response_format_kind::json_schema, .schema = "{}", .description = "what for"};
  EXPECT_EQ(body_of(encode(c)).at_pointer("/text/format/description"), "what for");
}

TEST(responses_encode, a_count_is_of_the_same_prompt) {
  call c = asking({.max_tokens = 5,
                   .temperature = 1.0,
                   .reasoning = reasoning_effort::low,
                   .extra = {{"instructions", "\"i\""}, {"store", "true"}}});
  c.stop = {"x"};
  c.tools = {{.name = "f"}};
  c.tool_choice.mode = tool_choice_mode::required;
  const vendor v = own_row();
  const auto e = adapters::openai_responses().encode_count(c, "m", v);
  ASSERT_TRUE(e) << to_string(e.error());
  auto tree = body_of(e).as_object();
  EXPECT_EQ(e->request.target, "/responses/input_tokens");
  EXPECT_TRUE(tree.contains("input"));
  tree.erase("input");
  expect_json(tree, R"({"model":"m","tools":[{"type":"function","name":"f",
      "parameters":{"type":"object","properties":{}},"strict":false}],"tool_choice":"required",
      "reasoning":{"effort":"low"},"instructions":"i"})");
  c.stop.clear();
  const auto chat = body_of(encode(c, v)), counted = body_of(e);
  for (const auto& [name, value] : counted.as_object()) EXPECT_EQ(chat.at(name), value) << name;
}

TEST(responses_encode, the_answer_to_a_count) {
  const vendor v = plain_row();
  const wire::http_head head{200, {{"x-request-id", "r"}}};
  const auto got = adapters::openai_responses().decode_count(
      {head, R"({"object":"response.input_tokens","input_tokens":51})"}, v);
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->input_tokens, 51);
  EXPECT_EQ(got->request_id, "r");
}

}  // namespace
}  // namespace ark::test::responses
