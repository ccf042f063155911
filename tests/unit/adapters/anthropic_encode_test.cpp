#include "anthropic_support.hpp"

#include <boost/json.hpp>

namespace ark::test::anthropic {
namespace {

TEST(anthropic_encode, smallest_call) {
  const auto e = encode({.messages = {user("hi")}});
  expect_json(body_of(e), R"({"model":"claude-opus-4-7","max_tokens":4096,
    "messages":[{"role":"user","content":[{"type":"text","text":"hi"}]}]})");
  EXPECT_EQ(e->request.method, "POST");
  EXPECT_EQ(e->request.target, "/messages");
  EXPECT_EQ(wire::find_header(e->request.headers, "anthropic-version"), "2023-06-01");
  EXPECT_FALSE(wire::has_header(e->request.headers, "anthropic-beta"));
  EXPECT_TRUE(has_note(e->notes, "max_tokens was set to 4096"));
}

TEST(anthropic_encode, parameters) {
  const auto e = encode({.messages = {user("hi")},
                         .max_tokens = 7,
                         .temperature = 0.5,
                         .top_p = 0.25,
                         .stop = {"a", "b"},
                         .service_tier = "standard_only",
                         .end_user = "u1",
                         .extra = {{"top_k", "3"}}},
                        plain_row(), "claude-3-haiku", true);
  expect_json(body_of(e), R"({"model":"claude-3-haiku","max_tokens":7,"temperature":0.5,
    "top_p":0.25,"stop_sequences":["a","b"],"service_tier":"standard_only",
    "metadata":{"user_id":"u1"},"top_k":3,"stream":true,
    "messages":[{"role":"user","content":[{"type":"text","text":"hi"}]}]})");
  EXPECT_TRUE(e->notes.empty());
  EXPECT_EQ(wire::find_header(e->request.headers, "accept"), "text/event-stream");
}

TEST(anthropic_encode, says_the_output_bound_that_it_sends) {
  EXPECT_EQ(encode({.messages = {user("hi")}})->max_output_tokens, 4096);
  EXPECT_EQ(encode({.messages = {user("hi")}, .max_tokens = 7})->max_output_tokens, 7);
  const call thinks{.messages = {user("hi")}, .reasoning_budget_tokens = 2000};
  EXPECT_EQ(encode(thinks)->max_output_tokens, 6096);
  vendor row = plain_row();
  row.quirks = {quirk::set_default{"max_tokens", "900"}};
  EXPECT_EQ(encode({.messages = {user("hi")}, .extra = {{"top_k", "3"}}}, row)->max_output_tokens,
            900);
  row.quirks = {quirk::drop{"max_tokens"}};
  EXPECT_FALSE(encode({.messages = {user("hi")}, .max_tokens = 7}, row)->max_output_tokens);
}

TEST(anthropic_encode, system_and_developer_go_to_the_front) {
  const auto e =
      encode({.messages = {ark::system("s"), developer("d"), user("u"), ark::system("late")},
              .max_tokens = 1});
  const auto tree = body_of(e);
  expect_json(tree.at("system"), R"([{"type":"text","text":"s"},{"type":"text","text":"d"},
                                     {"type":"text","text":"late"}])");
  EXPECT_EQ(tree.at("messages").as_array().size(), 1u);
  EXPECT_TRUE(has_note(e->notes, "moved to the front"));
}

TEST(anthropic_encode, tool_results_that_follow_each_other_are_one_message) {
  message calls{
      role::assistant,
      {text_part{""}, tool_call_part{"t1", "f", R"({"a":1})"}, tool_call_part{"t2", "g", ""}}};
  const auto tree = body_of(encode(
      {.messages = {user("u"), calls, tool("t1", "r1"), tool_error("t2", "bad"), user("and?")},
       .max_tokens = 1}));
  expect_json(tree.at("messages"), R"([
    {"role":"user","content":[{"type":"text","text":"u"}]},
    {"role":"assistant","content":[{"type":"tool_use","id":"t1","name":"f","input":{"a":1}},
                                   {"type":"tool_use","id":"t2","name":"g","input":{}}]},
    {"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":"r1"},
                    {"type":"tool_result","tool_use_id":"t2","content":"bad","is_error":true}]},
    {"role":"user","content":[{"type":"text","text":"and?"}]}])");
}

TEST(anthropic_encode, images) {
  message m{role::user,
            {image_url("https://x.test/a.png"), image_bytes("\x01\x02\x03", "image/png"),
             image_url("data:image/gif;base64,R0lG")}};
  const auto tree = body_of(encode({.messages = {m}, .max_tokens = 1}));
  expect_json(tree.at_pointer("/messages/0/content"), R"([
    {"type":"image","source":{"type":"url","url":"https://x.test/a.png"}},
    {"type":"image","source":{"type":"base64","media_type":"image/png","data":"AQID"}},
    {"type":"image","source":{"type":"base64","media_type":"image/gif","data":"R0lG"}}])");
  m.parts = {image_part{.bytes = "x"}};
  EXPECT_EQ(encode({.messages = {m}}).error().code, errc::invalid_request);
}

TEST(anthropic_encode, tools_and_choice) {
  call c{.messages = {user("u")},
         .max_tokens = 1,
         .tools = {{"f", "does f", R"({"type":"object"})", true}, {"g", "", "", false}}};
  auto tree = body_of(encode(c));
  expect_json(tree.at("tools"), R"([
    {"name":"f","description":"does f","input_schema":{"type":"object"},"strict":true},
    {"name":"g","input_schema":{"type":"object","properties":{}}}])");
  EXPECT_FALSE(tree.as_object().contains("tool_choice"));
  const auto choice = [&](tool_choice_mode mode, std::optional<bool> parallel) {
    c.tool_choice = {mode, "f"};
    c.parallel_tool_calls = parallel;
    return boost::json::serialize(body_of(encode(c)).at("tool_choice"));
  };
  EXPECT_EQ(choice(tool_choice_mode::required, {}), R"({"type":"any"})");
  EXPECT_EQ(choice(tool_choice_mode::named, true), R"({"type":"tool","name":"f"})");
  EXPECT_EQ(choice(tool_choice_mode::none, false), R"({"type":"none"})");
  EXPECT_EQ(choice(tool_choice_mode::automatic, false),
            R"({"type":"auto","disable_parallel_tool_use":true})");
}

TEST(anthropic_encode, structured_output_in_both_forms) {
  call c{.messages = {user("u")}, .max_tokens = 1};
  c.response_format = {response_format_kind::json_schema, "n", R"({"type":"object"})", true};
  auto e = encode(c);
  expect_json(body_of(e).at("output_config"),
              R"({"format":{"type":"json_schema","schema":{"type":"object"}}})");
  EXPECT_FALSE(wire::has_header(e->request.headers, "anthropic-beta"));
  vendor old = plain_row();
  old.quirks.push_back(quirk::json_schema_as{"output_format"});
  e = encode(c, old);
  expect_json(body_of(e).at("output_format"),
              R"({"type":"json_schema","schema":{"type":"object"}})");
  EXPECT_EQ(wire::find_header(e->request.headers, "anthropic-beta"),
            "structured-outputs-2025-11-13");
  c.response_format.kind = response_format_kind::json_object;
  EXPECT_EQ(encode(c).error().code, errc::unsupported);
}

TEST(anthropic_encode, effort_for_late_models) {
  call c{.messages = {user("u")}, .max_tokens = 1, .reasoning = reasoning_effort::high};
  auto tree = body_of(encode(c));
  expect_json(tree.at("thinking"), R"({"type":"adaptive"})");
  expect_json(tree.at("output_config"), R"({"effort":"high"})");
  c.reasoning = reasoning_effort::minimal;
  const auto e = encode(c);
  expect_json(body_of(e).at("output_config"), R"({"effort":"low"})");
  EXPECT_TRUE(has_note(e->notes, "minimal was sent as low"));
  c.reasoning = reasoning_effort::none;
  tree = body_of(encode(c));
  expect_json(tree.at("thinking"), R"({"type":"disabled"})");
  EXPECT_FALSE(tree.as_object().contains("output_config"));
}

TEST(anthropic_encode, budget_for_early_models_and_when_asked) {
  call c{.messages = {user("u")}, .reasoning = reasoning_effort::medium};
  auto e = encode(c, plain_row(), "claude-haiku-4-5-20251001");
  expect_json(body_of(e).at("thinking"), R"({"type":"enabled","budget_tokens":4096})");
  EXPECT_EQ(body_of(e).at("max_tokens"), 8192);
  EXPECT_TRUE(has_note(e->notes, "sent as a thinking budget of 4096"));
  c.max_tokens = 2000;
  e = encode(c, plain_row(), "claude-3-7-sonnet-20250219");
  expect_json(body_of(e).at("thinking"), R"({"type":"enabled","budget_tokens":1999})");
  c.max_tokens = 1000;
  EXPECT_EQ(encode(c, plain_row(), "claude-3-7-sonnet-20250219").error().code,
            errc::invalid_request);
  c = {.messages = {user("u")}, .max_tokens = 5000, .reasoning_budget_tokens = 3000};
  expect_json(body_of(encode(c)).at("thinking"), R"({"type":"enabled","budget_tokens":3000})");
  c.reasoning_budget_tokens = 5000;
  EXPECT_EQ(encode(c).error().code, errc::invalid_request);
  c.reasoning_budget_tokens = 100;
  EXPECT_EQ(encode(c).error().code, errc::invalid_request);
}

TEST(anthropic_encode, reasoning_goes_back_unchanged_and_in_order) {
  message m{
      role::assistant,
      {reasoning_part{.text = "t1", .signature = "sig=="},
       reasoning_part{.opaque = R"({"type":"redacted_thinking","data":"xx"})"}, text_part{"answer"},
       reasoning_part{.text = "unsigned"}, reasoning_part{.signature = "s2"}}};
  const auto e = encode({.messages = {user("u"), m, user("v")}, .max_tokens = 1});
  expect_json(body_of(e).at_pointer("/messages/1/content"), R"([
    {"type":"thinking","thinking":"t1","signature":"sig=="},
    {"type":"redacted_thinking","data":"xx"},
    {"type":"text","text":"answer"},
    {"type":"thinking","thinking":"","signature":"s2"}])");
  EXPECT_TRUE(has_note(e->notes, "without the vendor's signature"));
}

TEST(anthropic_encode, version_and_betas_come_from_the_row_or_the_call) {
  vendor v = plain_row();
  v.quirks.push_back(quirk::add_header{"anthropic-version", "2026-10-21"});
  call c{.messages = {user("u")}, .max_tokens = 1};
  auto e = encode(c, v);
  EXPECT_EQ(wire::find_header(e->request.headers, "anthropic-version"), "2026-10-21");
  c.extra = {{"anthropic_version", "\"2027-01-01\""}, {"anthropic_beta", R"(["a-1","b-2"])"}};
  e = encode(c, v);
  EXPECT_EQ(wire::find_header(e->request.headers, "anthropic-version"), "2027-01-01");
  EXPECT_EQ(wire::find_header(e->request.headers, "anthropic-beta"), "a-1,b-2");
  EXPECT_FALSE(body_of(e).as_object().contains("anthropic_beta"));
  c.extra = {{"anthropic_beta", R"("a\r\nx-evil: 1")"}};
  EXPECT_EQ(encode(c, v).error().code, errc::invalid_request);
}

TEST(anthropic_encode, a_rows_own_max_tokens_replaces_ours) {
  vendor v = plain_row();
  v.quirks.push_back(quirk::set_default{"max_tokens", "123"});
  EXPECT_EQ(body_of(encode({.messages = {user("u")}}, v)).at("max_tokens"), 123);
}

TEST(anthropic_encode, refuses_what_it_cannot_say) {
  const auto code = [](call c) {
    const auto e = encode(c);
    return e ? errc::internal : e.error().code;
  };
  EXPECT_EQ(code({.messages = {user("u")}, .seed = 1}), errc::unsupported);
  EXPECT_EQ(code({.messages = {user("")}}), errc::invalid_request);
  EXPECT_EQ(code({.messages = {message{role::user, {tool_call_part{"a", "b", "{}"}}}}}),
            errc::invalid_request);
  EXPECT_EQ(code({.messages = {message{role::assistant, {tool_call_part{"a", "b", "{}}"}}}}}),
            errc::invalid_request);
  EXPECT_EQ(code({.messages = {message{role::assistant, {reasoning_part{.opaque = "],["}}}}}),
            errc::invalid_request);
  EXPECT_EQ(code({.messages = {message{role::system, {image_url("x")}}, user("u")}}),
            errc::invalid_request);
  EXPECT_EQ(code({.messages = {user("u")}, .tools = {{"f", "", "{", false}}}),
            errc::invalid_request);
  EXPECT_EQ(code({.messages = {user("u")}, .tool_choice = {tool_choice_mode::required, ""}}),
            errc::invalid_request);
  EXPECT_EQ(code({.messages = {user("u")}, .extra = {{"stream", "true"}}}), errc::invalid_request);
  EXPECT_EQ(code({.messages = {user("u")}, .extra = {{"nonsense", "1"}}}), errc::invalid_request);
  EXPECT_EQ(code({.messages = {user("u")}, .extra = {{"top_k", "{"}}}), errc::invalid_request);
}

TEST(anthropic_encode, a_row_may_drop_what_the_family_lacks) {
  vendor v = plain_row();
  v.quirks.push_back(quirk::drop{"seed"});
  v.quirks.push_back(quirk::drop{"temperature"});
  const auto e =
      encode({.messages = {user("u")}, .max_tokens = 1, .temperature = 1.0, .seed = 1}, v);
  const auto tree = body_of(e);
  EXPECT_FALSE(tree.as_object().contains("seed"));
  EXPECT_FALSE(tree.as_object().contains("temperature"));
  EXPECT_TRUE(has_note(e->notes, "\"seed\" was left out"));
  EXPECT_TRUE(has_note(e->notes, "\"temperature\" was left out"));
}

TEST(anthropic_encode, has_no_embeddings) {
  const vendor v = plain_row();
  EXPECT_EQ(adapters::anthropic_messages().encode_embed({}, "m", v).error().code,
            errc::unsupported);
  const wire::http_head head{200, {}};
  EXPECT_EQ(adapters::anthropic_messages().decode_embed({head, "{}"}, v).error().code,
            errc::unsupported);
}

/// All that a chat can have.
call everything() {
  call c;
  c.messages = {ark::system("s"), user("u")};
  c.max_tokens = 4000;
  c.temperature = 1.0;
  c.stop = {"x"};
  c.end_user = "me";
  c.service_tier = "auto";
  c.tools = {{.name = "f", .description = "d"}};
  c.tool_choice.mode = tool_choice_mode::required;
  c.reasoning_budget_tokens = 2048;
  c.extra = {{"cache_control", R"({"type":"ephemeral"})"},
             {"container", "\"c\""},
             {"anthropic_beta", "\"flag\""}};
  return c;
}

TEST(anthropic_encode, a_count_is_of_the_same_prompt) {
  const call c = everything();
  const auto e = adapters::anthropic_messages().encode_count(c, "claude-opus-4-7", plain_row());
  expect_json(body_of(e), R"({"model":"claude-opus-4-7","system":[{"type":"text","text":"s"}],
      "messages":[{"role":"user","content":[{"type":"text","text":"u"}]}],
      "thinking":{"type":"enabled","budget_tokens":2048},
      "tools":[{"name":"f","description":"d","input_schema":{"type":"object","properties":{}}}],
      "tool_choice":{"type":"any"},"cache_control":{"type":"ephemeral"}})");
  EXPECT_EQ(e->request.target, "/messages/count_tokens");
  EXPECT_EQ(wire::find_header(e->request.headers, "anthropic-beta"), "flag");
  EXPECT_EQ(wire::find_header(e->request.headers, "anthropic-version"), "2023-06-01");
  EXPECT_FALSE(e->max_output_tokens);
  const auto chat = body_of(encode(c)), counted = body_of(e);
  for (const auto& [name, value] : counted.as_object()) EXPECT_EQ(chat.at(name), value) << name;
}

TEST(anthropic_encode, a_count_has_no_defaults_of_a_chat) {
  vendor v = plain_row();
  v.quirks = {quirk::set_default{"max_tokens", "9"}};
  v.chat_path = "/own";
  const auto e = adapters::anthropic_messages().encode_count({.messages = {user("u")}}, "m", v);
  expect_json(body_of(e), R"({"model":"m",
      "messages":[{"role":"user","content":[{"type":"text","text":"u"}]}]})");
  EXPECT_TRUE(e->notes.empty());
  EXPECT_EQ(e->request.target, "/own/count_tokens");
  EXPECT_FALSE(adapters::anthropic_messages().encode_count({.messages = {user("")}}, "m", v));
  const wire::http_head head{200, {{"request-id", "r"}}};
  const auto got = adapters::anthropic_messages().decode_count({head, R"({"input_tokens":7})"}, v);
  EXPECT_EQ(got->input_tokens, 7);
  EXPECT_EQ(got->request_id, "r");
}

}  // namespace
}  // namespace ark::test::anthropic
