#include "qianfan_support.hpp"

namespace ark::test::qianfan {
namespace {

std::string target(std::string_view model) {
  const auto e = encode({.messages = {user("q")}}, model);
  return e ? e->request.target : e.error().message;
}

error refused(const call& c) {
  const auto e = encode(c);
  EXPECT_FALSE(e);
  return e ? error{} : e.error();
}

TEST(qianfan_encode, a_model_is_a_path) {
  EXPECT_EQ(target("ERNIE-4.0-8K"), "/chat/completions_pro");
  EXPECT_EQ(target("ERNIE-3.5-8K"), "/chat/completions");
  EXPECT_EQ(target("ERNIE-Lite-8K-0922"), "/chat/eb-instant");
  EXPECT_EQ(target("ERNIE-Speed-8K"), "/chat/ernie_speed");
  EXPECT_EQ(target("my_service-1"), "/chat/my_service-1") << "of one's own";
  EXPECT_EQ(target("a/b?c"), "/chat/a%2Fb%3Fc");
  EXPECT_FALSE(encode({.messages = {user("q")}}, ".."));
  vendor other = own_row();
  other.chat_path = "/custom/{model}";
  const auto e =
      adapters::qianfan_v1().encode_chat({.messages = {user("q")}}, "ERNIE-4.0", other, false);
  EXPECT_EQ(e->request.target, "/custom/ERNIE-4.0");
  other.chat_path = "-";
  EXPECT_EQ(adapters::qianfan_v1()
                .encode_chat({.messages = {user("q")}}, "ERNIE-4.0", other, false)
                .error()
                .code,
            errc::unsupported);
}

TEST(qianfan_encode, parameters_have_names_of_their_own) {
  const auto e = encode({.messages = {user("q")},
                         .max_tokens = 9,
                         .temperature = 0.5,
                         .top_p = 0.25,
                         .stop = {"x"},
                         .response_format = {.kind = response_format_kind::json_object},
                         .end_user = "u",
                         .extra = {{"penalty_score", "1.5"}, {"disable_search", "true"}}},
                        "ERNIE-4.0-8K", true);
  expect_json(body_of(e), R"({"messages":[{"role":"user","content":"q"}],"stream":true,
      "max_output_tokens":9,"temperature":0.5,"top_p":0.25,"stop":["x"],"user_id":"u",
      "response_format":"json_object","penalty_score":1.5,"disable_search":true})");
  EXPECT_EQ(e->max_output_tokens, 9);
  EXPECT_EQ(wire::find_header(e->request.headers, "accept"), "text/event-stream");
}

TEST(qianfan_encode, a_temperature_of_0_is_moved_and_noted) {
  const auto e = encode({.messages = {user("q")}, .temperature = 0.0});
  expect_json(body_of(e), R"({"messages":[{"role":"user","content":"q"}],"temperature":0.01})");
  EXPECT_TRUE(has_note(e->notes, "temperature"));
}

TEST(qianfan_encode, functions) {
  call c{.messages = {user("q")},
         .tools = {{.name = "f", .description = "d", .strict = true},
                   {.name = "g", .parameters = R"({"type":"object"})"}},
         .tool_choice = {.mode = tool_choice_mode::named, .name = "f"}};
  const auto e = encode(c);
  expect_json(body_of(e), R"({"messages":[{"role":"user","content":"q"}],"functions":[
      {"name":"f","description":"d","parameters":{"type":"object","properties":{}}},
      {"name":"g","description":"","parameters":{"type":"object"}}],
      "tool_choice":{"type":"function","function":{"name":"f"}}})");
  EXPECT_TRUE(has_note(e->notes, "no strict tools"));
  c.tool_choice = {.mode = tool_choice_mode::none};
  c.messages.insert(c.messages.begin(), system("s"));
  const auto none = encode(c);
  EXPECT_FALSE(body_of(none).as_object().contains("functions"));
  EXPECT_TRUE(has_note(none->notes, "none may be called"));
  c.tool_choice = {};
  EXPECT_EQ(refused(c).code, errc::unsupported) << "the vendor takes no system beside functions";
  c.messages = {user("q")};
  c.tools[0].parameters = "{";
  EXPECT_EQ(refused(c).code, errc::invalid_request);
}

TEST(qianfan_encode, what_it_cannot_say_is_refused) {
  std::vector<call> calls(6, call{.messages = {user("q")}});
  calls[0].tool_choice = {.mode = tool_choice_mode::required};
  calls[1].response_format = {.kind = response_format_kind::json_schema, .schema = "{}"};
  calls[2].reasoning = reasoning_effort::high;
  calls[3].service_tier = "flex";
  calls[4].top_logprobs = 2;
  calls[5].reasoning_budget_tokens = 5;
  for (const call& c : calls) EXPECT_EQ(refused(c).code, errc::unsupported);
  std::vector<call> taken_by_others(4, call{.messages = {user("q")}});
  taken_by_others[0].seed = 1;
  taken_by_others[1].parallel_tool_calls = true;
  taken_by_others[2].extra = {{"n", "2"}};
  taken_by_others[3].extra = {{"system", "\"x\""}};
  for (const call& c : taken_by_others) EXPECT_EQ(refused(c).code, errc::invalid_request);
}

}  // namespace
}  // namespace ark::test::qianfan
