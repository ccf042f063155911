#include "ollama_support.hpp"

namespace ark::test::ollama {
namespace {

errc refusal(call c, const vendor& v = plain_row()) {
  if (c.messages.empty()) c.messages = {user("hi")};
  const auto e = encode(c, v);
  EXPECT_FALSE(e);
  return e ? errc::internal : e.error().code;
}
std::vector<std::string> notes(call c, const std::string& model = "m") {
  c.messages = {user("hi")};
  const auto e = encode(c, plain_row(), model);
  return e ? e->notes : std::vector<std::string>{e.error().message};
}

TEST(ollama_encode, the_smallest_request_says_whether_it_streams) {
  const call c{.messages = {user("hi")}};
  const auto e = encode(c);
  EXPECT_EQ(e->request.body,
            R"({"model":"m","messages":[{"role":"user","content":"hi"}],"stream":false})");
  EXPECT_EQ(e->request.target, "/api/chat");
  EXPECT_FALSE(e->max_output_tokens);
  expect_json(body_of(encode(c, plain_row(), "m", true)),
              R"({"model":"m","messages":[{"role":"user","content":"hi"}],"stream":true})");
}

TEST(ollama_encode, sampling_stands_in_options) {
  const call c{.messages = {user("hi")},
               .max_tokens = 9,
               .temperature = 0.5,
               .top_p = 0.9,
               .stop = {"a", "b"},
               .seed = 4,
               .extra = {{"num_ctx", "4096"}, {"keep_alive", "\"5m\""}}};
  const auto e = encode(c);
  const auto body = body_of(e);
  expect_json(body.at("options"), R"({"num_predict":9,"temperature":0.5,"top_p":0.9,"seed":4,
      "stop":["a","b"],"num_ctx":4096})");
  EXPECT_EQ(body.at("keep_alive"), "5m");
  EXPECT_EQ(e->max_output_tokens, 9);
  EXPECT_EQ(encode(c)->request.body, e->request.body);
}

TEST(ollama_encode, a_negative_limit_is_no_bound) {
  const auto e = encode({.messages = {user("hi")}, .extra = {{"num_predict", "-1"}}});
  ASSERT_TRUE(e);
  EXPECT_FALSE(e->max_output_tokens);
}

TEST(ollama_encode, parameters_that_are_refused) {
  EXPECT_EQ(refusal({.extra = {{"num_cxt", "1"}}}), errc::invalid_request);
  EXPECT_EQ(refusal({.extra = {{"options", "{}"}}}), errc::invalid_request);
  EXPECT_EQ(refusal({.extra = {{"stream", "true"}}}), errc::invalid_request);
  EXPECT_EQ(refusal({.max_tokens = 1, .extra = {{"num_predict", "2"}}}), errc::invalid_request);
  EXPECT_EQ(refusal({.extra = {{"num_ctx", "x"}}}), errc::invalid_request);
}

TEST(ollama_encode, what_the_family_cannot_say) {
  const tool_definition f{.name = "f"};
  EXPECT_EQ(refusal({.tools = {f}, .tool_choice = {tool_choice_mode::required}}),
            errc::unsupported);
  EXPECT_EQ(refusal({.tools = {f}, .tool_choice = {tool_choice_mode::none}}), errc::unsupported);
  EXPECT_EQ(refusal({.parallel_tool_calls = false}), errc::unsupported);
  EXPECT_EQ(refusal({.reasoning_budget_tokens = 100}), errc::unsupported);
  EXPECT_EQ(refusal({.service_tier = "flex"}), errc::unsupported);
  EXPECT_EQ(refusal({.end_user = "u"}), errc::unsupported);
  EXPECT_TRUE(member({.tool_choice = {tool_choice_mode::none}}, "tool_choice").is_null());
  call dropped{.messages = {user("hi")}, .end_user = "u"};
  const auto e = encode(dropped, plain_row({quirk::drop{"user"}}));
  ASSERT_TRUE(e) << e.error().message;
  EXPECT_TRUE(has_note(e->notes, "\"user\" was left out"));
}

TEST(ollama_encode, defaults_of_the_row_go_to_their_place) {
  const vendor v =
      plain_row({quirk::set_default{"num_ctx", "64"}, quirk::set_default{"num_predict", "10"},
                 quirk::set_default{"keep_alive", "-1"}});
  expect_json(member({.max_tokens = 3}, "options", v), R"({"num_predict":3,"num_ctx":64})");
  expect_json(member({}, "options", v), R"({"num_predict":10,"num_ctx":64})");
  EXPECT_EQ(member({}, "keep_alive", v), -1);
}

TEST(ollama_encode, formats) {
  EXPECT_EQ(member({.response_format = {response_format_kind::json_object}}, "format"), "json");
  expect_json(member({.response_format = {.kind = response_format_kind::json_schema,
                                          .schema = R"({"type":"object"})"}},
                     "format"),
              R"({"type":"object"})");
  EXPECT_EQ(refusal({.response_format = {.kind = response_format_kind::json_schema}}),
            errc::invalid_request);
}

TEST(ollama_encode, thinking_is_a_switch_for_most_models) {
  using effort = reasoning_effort;
  EXPECT_TRUE(member({}, "think").is_null());
  EXPECT_EQ(member({.reasoning = effort::none}, "think"), false);
  EXPECT_EQ(member({.reasoning = effort::high}, "think"), true);
  EXPECT_TRUE(has_note(notes({.reasoning = effort::high}), "without a level"));
  EXPECT_EQ(member({.extra = {{"think", "\"max\""}}}, "think"), "max");
}

TEST(ollama_encode, thinking_has_levels_for_open_weights) {
  using effort = reasoning_effort;
  const auto think = [](effort e) {
    return member({.reasoning = e}, "think", plain_row(), "gpt-oss:20b");
  };
  EXPECT_EQ(think(effort::medium), "medium");
  EXPECT_EQ(think(effort::minimal), "low");
  EXPECT_EQ(think(effort::max), "high");
  EXPECT_EQ(think(effort::none), false);
  EXPECT_TRUE(has_note(notes({.reasoning = effort::xhigh}, "gpt-oss"), "xhigh was sent as high"));
  EXPECT_TRUE(has_note(notes({.reasoning = effort::none}, "gpt-oss"), "thinks although"));
  EXPECT_TRUE(notes({.reasoning = effort::low}, "gpt-oss").empty());
}

TEST(ollama_encode, tools) {
  const call c{.tools = {{.name = "f", .description = "d", .parameters = R"({"type":"object"})"},
                         {.name = "g", .strict = true}}};
  expect_json(member(c, "tools"), R"([{"type":"function","function":{"name":"f","description":"d",
      "parameters":{"type":"object"}}},{"type":"function","function":{"name":"g",
      "parameters":{"type":"object","properties":{}}}}])");
  EXPECT_TRUE(has_note(notes(c), "\"g\" is not enforced"));
  EXPECT_EQ(refusal({.tools = {{.name = "f", .parameters = "{"}}}), errc::invalid_request);
}

TEST(ollama_encode, one_text_for_the_older_interface) {
  vendor v = plain_row();
  v.chat_path = "/api/generate";
  call c{
      .messages = {system("s"), message{.parts = {text_part{"a"}, image_bytes("x", "image/png")}}},
      .max_tokens = 5,
      .extra = {{"raw", "true"}, {"suffix", R"("z")"}, {"num_ctx", "9"}}};
  c.reasoning = reasoning_effort::none;
  const auto e = encode(c, v, "m", true);
  expect_json(body_of(e), R"({"model":"m","system":"s","prompt":"a","images":["eA=="],
      "stream":true,"think":false,"raw":true,"suffix":"z",
      "options":{"num_predict":5,"num_ctx":9}})");
  EXPECT_EQ(e->request.target, "/api/generate");
  expect_json(body_of(encode({.messages = {user("a")}}, v)),
              R"({"model":"m","prompt":"a","stream":false})");
  EXPECT_EQ(refusal({.tools = {{.name = "f"}}}, v), errc::unsupported);
  for (const auto& messages :
       std::vector<std::vector<message>>{{user("a"), user("b")},
                                         {user("a"), assistant("b")},
                                         {system("a")},
                                         {system("a"), user("b"), user("c")}})
    EXPECT_EQ(refusal({.messages = messages}, v), errc::unsupported);
  EXPECT_EQ(refusal({.messages = {message{.parts = {tool_result_part{"i", "", "r"}}}}}, v),
            errc::unsupported);
  EXPECT_EQ(refusal({.messages = {message{}}}, v), errc::invalid_request);
  for (const char* name : {"system", "images", "prompt", "messages"})
    EXPECT_EQ(refusal({.extra = {{name, "[]"}}}, v), errc::invalid_request);
  EXPECT_EQ(refusal({.extra = {{"raw", "true"}}}), errc::invalid_request);  // not a chat's
}

TEST(ollama_encode, log_probabilities_and_nested_vendor_fields) {
  call c{.messages = {user("u")}, .top_logprobs = 2};
  c.extra["format"] = R"({"type":"object","properties":{"a":{"type":"string"}}})";
  const auto tree = body_of(encode(c));
  EXPECT_EQ(tree.at("logprobs"), true);
  EXPECT_EQ(tree.at("top_logprobs"), 2);
  EXPECT_EQ(tree.at_pointer("/format/properties/a/type"), "string");
  c.messages[0].parts = {audio_bytes("x", "audio/wav")};
  EXPECT_EQ(encode(c).error().code, errc::unsupported);
}

}  // namespace
}  // namespace ark::test::ollama
