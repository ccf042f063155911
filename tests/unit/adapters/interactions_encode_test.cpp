#include "interactions_support.hpp"

namespace ark::test::interactions {
namespace {

const std::vector<message> asked = {user("hi")};

TEST(interactions_encode, a_request) {
  const auto e = encode({.messages = asked});
  ASSERT_TRUE(e);
  EXPECT_EQ(e->request.method, "POST");
  EXPECT_EQ(e->request.target, "/interactions");
  expect_json(body_of(e),
              R"({"model":"m",
                  "input":[{"type":"user_input","content":[{"type":"text","text":"hi"}]}]})");
  EXPECT_FALSE(e->max_output_tokens);
  EXPECT_EQ(wire::find_header(e->request.headers, "accept"), "application/json");
  const auto streamed = encode({.messages = asked}, plain_row(), true);
  EXPECT_EQ(body_of(streamed).at("stream"), true);
  EXPECT_EQ(wire::find_header(streamed->request.headers, "accept"), "text/event-stream");
  EXPECT_EQ(streamed->request.body, encode({.messages = asked}, plain_row(), true)->request.body);
}

TEST(interactions_encode, the_row_does_not_let_the_vendor_keep_what_is_said) {
  EXPECT_EQ(body_of(encode({.messages = asked}, own_row())).at("store"), false);
  EXPECT_EQ(
      body_of(encode({.messages = asked, .extra = {{"store", "true"}}}, own_row())).at("store"),
      true);
}

TEST(interactions_encode, generation_config) {
  const auto e = encode({.messages = asked,
                         .max_tokens = 64,
                         .temperature = 0.5,
                         .top_p = 0.25,
                         .stop = {"x"},
                         .seed = 7,
                         .extra = {{"image_config", "{}"}, {"previous_interaction_id", "\"p\""}}});
  expect_json(body_of(e).at("generation_config"),
              R"({"max_output_tokens":64,"temperature":0.5,"top_p":0.25,"seed":7,
                  "stop_sequences":["x"],"image_config":{}})");
  EXPECT_EQ(body_of(e).at("previous_interaction_id"), "p");
  EXPECT_EQ(e->max_output_tokens, 64);
}

TEST(interactions_encode, effort_is_a_level) {
  const auto config = [](reasoning_effort effort) {
    return body_of(encode({.messages = asked, .reasoning = effort})).at("generation_config");
  };
  expect_json(config(reasoning_effort::low),
              R"({"thinking_level":"low","thinking_summaries":"auto"})");
  expect_json(config(reasoning_effort::none), R"({"thinking_level":"minimal"})");
  expect_json(config(reasoning_effort::max),
              R"({"thinking_level":"high","thinking_summaries":"auto"})");
  EXPECT_TRUE(has_note(encode({.messages = asked, .reasoning = reasoning_effort::xhigh})->notes,
                       "xhigh was sent as high, the most"));
  const auto quiet = encode({.messages = asked,
                             .reasoning = reasoning_effort::low,
                             .extra = {{"thinking_summaries", "\"none\""}}});
  EXPECT_EQ(body_of(quiet).at("generation_config").at("thinking_summaries"), "none");
}

TEST(interactions_encode, tools_and_their_choice) {
  call c{.messages = asked, .tools = {{"f", "does", R"({"type":"object"})", true}, {"g"}}};
  c.tool_choice = {tool_choice_mode::named, "g"};
  c.extra["tools"] = R"([{"type":"google_search"}])";
  const auto e = encode(c);
  expect_json(body_of(e).at("tools"),
              R"([{"type":"function","name":"f","description":"does",
                   "parameters":{"type":"object"}},
                  {"type":"function","name":"g"},{"type":"google_search"}])");
  expect_json(body_of(e).at("generation_config"),
              R"({"tool_choice":{"allowed_tools":{"mode":"any","tools":["g"]}}})");
  EXPECT_TRUE(has_note(e->notes, "strict"));
  c.tool_choice = {tool_choice_mode::required, ""};
  EXPECT_EQ(body_of(encode(c)).at("generation_config").at("tool_choice"), "any");
  c.tool_choice = {tool_choice_mode::none, ""};
  EXPECT_EQ(body_of(encode(c)).at("generation_config").at("tool_choice"), "none");
  c.extra["tools"] = "{}";
  EXPECT_EQ(encode(c).error().code, errc::invalid_request);
  c = {.messages = asked, .tool_choice = {tool_choice_mode::required, ""}};
  EXPECT_EQ(encode(c).error().code, errc::invalid_request);
}

TEST(interactions_encode, structured_output) {
  call c{.messages = asked};
  c.response_format = {.kind = response_format_kind::json_schema, .schema = R"({"type":"object"})"};
  expect_json(body_of(encode(c)).at("response_format"),
              R"({"type":"text","mime_type":"application/json","schema":{"type":"object"}})");
  c.response_format = {.kind = response_format_kind::json_object};
  expect_json(body_of(encode(c)).at("response_format"),
              R"({"type":"text","mime_type":"application/json"})");
  c.response_format = {.kind = response_format_kind::json_schema, .schema = "{"};
  EXPECT_EQ(encode(c).error().code, errc::invalid_request);
}

TEST(interactions_encode, what_this_interface_cannot_say) {
  EXPECT_EQ(encode({.messages = asked, .parallel_tool_calls = false}).error().code,
            errc::unsupported);
  EXPECT_EQ(encode({.messages = asked, .reasoning_budget_tokens = 1}).error().code,
            errc::unsupported);
  EXPECT_EQ(encode({.messages = asked, .end_user = "u"}).error().code, errc::unsupported);
  EXPECT_EQ(encode({.messages = asked, .extra = {{"background", "true"}}}).error().code,
            errc::unsupported);
  EXPECT_TRUE(encode({.messages = asked, .extra = {{"background", "false"}}}));
  for (const char* name : {"agent", "top_k", "model", "input", "generation_config"})
    EXPECT_EQ(encode({.messages = asked, .extra = {{name, "1"}}}).error().code,
              errc::invalid_request)
        << name;
}

}  // namespace
}  // namespace ark::test::interactions
