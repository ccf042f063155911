#include "spark_support.hpp"

namespace ark::test::spark {
namespace {

const std::vector<message> asked = {user("hi")};

errc refused(const call& c, std::string_view model = "4.0Ultra") {
  const auto e = encode(c, model);
  return e ? errc::server : e.error().code;
}

TEST(spark_encode, a_request) {
  const auto e =
      encode({.messages = {developer("be brief"), user("hi"), assistant("ho"), user("?")},
              .max_tokens = 64,
              .temperature = 0.5,
              .end_user = "u",
              .extra = {{"top_k", "6"}, {"auditing", R"("default")"}, {"patch_id", R"(["p1"])"}}});
  ASSERT_TRUE(e) << e.error().message;
  EXPECT_EQ(e->request.method, "GET");
  EXPECT_TRUE(e->request.websocket);
  EXPECT_EQ(e->request.target, "/v4.0/chat");
  EXPECT_EQ(e->max_output_tokens, 64);
  EXPECT_TRUE(e->request.headers.empty());
  expect_json(body_of(e), R"({"header":{"app_id":"a1","uid":"u","patch_id":["p1"]},
    "parameter":{"chat":{"domain":"4.0Ultra","max_tokens":64,"temperature":0.5,
                         "auditing":"default","top_k":6}},
    "payload":{"message":{"text":[{"role":"system","content":"be brief"},
      {"role":"user","content":"hi"},{"role":"assistant","content":"ho"},
      {"role":"user","content":"?"}]}}})");
  EXPECT_TRUE(e->notes.empty());
}

TEST(spark_encode, a_whole_call_sends_the_same_bytes) {
  const vendor v = own_row();
  const call c{.messages = asked};
  const auto whole = adapters::spark_ws().encode_chat(c, "lite", v, false);
  EXPECT_EQ(whole->request.body, encode(c, "lite")->request.body);
}

TEST(spark_encode, each_model_has_a_path_of_its_own) {
  const auto path = [](std::string_view model) {
    return encode({.messages = asked}, model)->request.target;
  };
  EXPECT_EQ(path("lite"), "/v1.1/chat");
  EXPECT_EQ(path("general"), "/v1.1/chat");
  EXPECT_EQ(path("generalv2"), "/v2.1/chat");
  EXPECT_EQ(path("generalv3"), "/v3.1/chat");
  EXPECT_EQ(path("pro-128k"), "/chat/pro-128k");
  EXPECT_EQ(path("generalv3.5"), "/v3.5/chat");
  EXPECT_EQ(path("max-32k"), "/chat/max-32k");
  EXPECT_EQ(path("x1"), "/v1/x1");
  EXPECT_EQ(refused({.messages = asked}, "xdeepseekv3"), errc::not_found);
  vendor tuned = own_row();
  tuned.chat_path = "/v1.1/chat";
  EXPECT_EQ(encode({.messages = asked}, "xdeepseekv3", tuned)->request.target, "/v1.1/chat");
}

TEST(spark_encode, no_call_without_the_applications_id) {
  const vendor bare = own_row(false);
  const auto missing = encode({.messages = asked}, "lite", bare);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, errc::invalid_request);
  EXPECT_NE(missing.error().message.find("app_id"), std::string::npos);
  const auto given = encode({.messages = asked, .extra = {{"app_id", R"("b2")"}}}, "lite", bare);
  expect_json(body_of(given).as_object()["header"], R"({"app_id":"b2"})");
  // The call's goes before the row's, and neither is one of the chat's parameters.
  const auto both = encode({.messages = asked, .extra = {{"app_id", R"("b2")"}}}, "lite");
  expect_json(body_of(both).as_object()["header"], R"({"app_id":"b2"})");
  expect_json(body_of(both).as_object()["parameter"], R"({"chat":{"domain":"lite"}})");
  EXPECT_EQ(refused({.messages = asked, .extra = {{"app_id", "7"}}}), errc::invalid_request);
  EXPECT_EQ(refused({.messages = asked, .extra = {{"app_id", R"("x)"}}}), errc::invalid_request);
  EXPECT_EQ(refused({.messages = asked, .extra = {{"patch_id", R"("p")"}}}), errc::invalid_request);
}

TEST(spark_encode, functions) {
  call c{.messages = asked, .tools = {{"f", "does f", R"({"type":"object"})"}, {"g"}}};
  c.tools[1].strict = true;
  const auto e = encode(c);
  expect_json(body_of(e).as_object()["payload"].as_object()["functions"],
              R"({"text":[{"name":"f","description":"does f","parameters":{"type":"object"}},
      {"name":"g","description":"","parameters":{"type":"object","properties":{}}}]})");
  EXPECT_TRUE(has_note(e->notes, "strict"));
  c.tool_choice.mode = tool_choice_mode::none;
  const auto none = encode(c);
  EXPECT_FALSE(body_of(none).as_object()["payload"].as_object().contains("functions"));
  EXPECT_TRUE(has_note(none->notes, "functions were left out"));
  c.tool_choice.mode = tool_choice_mode::required;
  EXPECT_EQ(refused(c), errc::unsupported);
  EXPECT_EQ(refused({.messages = asked, .tools = {{"f", "", "{"}}}), errc::invalid_request);
}

TEST(spark_encode, a_functions_result_is_a_turn_of_the_user) {
  message called{.role = role::assistant};
  called.parts.emplace_back(tool_call_part{"call_0", "f", "{}"});
  const auto e = encode({.messages = {user("?"), called, tool("call_0", "21")}});
  expect_json(body_of(e).as_object()["payload"],
              R"({"message":{"text":[{"role":"user","content":"?"},
                                     {"role":"user","content":"21"}]}})");
  EXPECT_TRUE(has_note(e->notes, "function calls were left out"));
}

TEST(spark_encode, one_system_message_and_the_first) {
  EXPECT_EQ(refused({.messages = {user("a"), system("b")}}), errc::unsupported);
  EXPECT_EQ(refused({.messages = {system("a"), system("b"), user("c")}}), errc::unsupported);
  EXPECT_EQ(refused({.messages = {system("a"), user("b")}}, "generalv2"), errc::unsupported);
  EXPECT_EQ(refused({.messages = {system("a"), user("b")}}, "generalv3"), errc::server);
}

TEST(spark_encode, what_it_cannot_say) {
  message picture = user("see");
  picture.parts.emplace_back(image_url("https://i.test/a.png"));
  call structured{.messages = asked};
  structured.response_format.kind = response_format_kind::json_object;
  EXPECT_EQ(refused({.messages = {picture}}), errc::unsupported);
  EXPECT_EQ(refused(structured), errc::unsupported);
  EXPECT_EQ(refused({.messages = asked, .reasoning = reasoning_effort::low}), errc::unsupported);
  EXPECT_EQ(refused({.messages = asked, .top_logprobs = 0}), errc::unsupported);
  EXPECT_EQ(refused({.messages = asked, .service_tier = "x"}), errc::unsupported);
  EXPECT_EQ(refused({.messages = asked, .top_p = 0.5}), errc::invalid_request);
  EXPECT_EQ(refused({.messages = asked, .stop = {"x"}}), errc::invalid_request);
  EXPECT_EQ(refused({.messages = asked, .seed = 1}), errc::invalid_request);
  EXPECT_EQ(refused({.messages = asked, .parallel_tool_calls = true}), errc::invalid_request);
  EXPECT_EQ(refused({.messages = asked, .extra = {{"domain", R"("x")"}}}), errc::invalid_request);
  EXPECT_EQ(refused({}), errc::invalid_request);
}

TEST(spark_encode, what_is_left_out_is_noted) {
  message m = assistant("a");
  m.parts.insert(m.parts.begin(), reasoning_part{.text = "why"});
  m.name = "bob";
  const auto e = encode({.messages = {user("x"), m, user("y")}});
  EXPECT_TRUE(has_note(e->notes, "reasoning"));
  EXPECT_TRUE(has_note(e->notes, "names"));
}

}  // namespace
}  // namespace ark::test::spark
