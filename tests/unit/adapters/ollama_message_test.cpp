#include "ollama_support.hpp"

namespace ark::test::ollama {
namespace {

boost::json::value messages(std::vector<message> list, const vendor& v = plain_row()) {
  return member({.messages = std::move(list)}, "messages", v);
}
error refusal_of(std::vector<message> list) {
  const auto e = encode({.messages = std::move(list)});
  EXPECT_FALSE(e);
  return e ? error{} : e.error();
}
message of(role who, std::vector<part> parts) { return {.role = who, .parts = std::move(parts)}; }

TEST(ollama_message, roles_and_texts) {
  expect_json(messages({developer("d"), of(role::user, {text_part{"a"}, text_part{"b"}}),
                        of(role::assistant, {refusal_part{"no"}})}),
              R"([{"role":"system","content":"d"},{"role":"user","content":"ab"},
                  {"role":"assistant","content":"no"}])");
  const auto named = encode({.messages = {{role::user, {text_part{"a"}}, "ann"}}});
  EXPECT_TRUE(has_note(named->notes, "names of speakers"));
}

TEST(ollama_message, images_are_bytes) {
  expect_json(messages({of(role::user, {text_part{"see"}, image_bytes("abc", "image/png"),
                                        image_url("data:image/png;base64,YWI=")})}),
              R"([{"role":"user","content":"see","images":["YWJj","YWI="]}])");
  const error e = refusal_of({of(role::user, {image_url("https://x.test/a.png")})});
  EXPECT_EQ(e.code, errc::unsupported);
  EXPECT_NE(e.message.find("bytes"), std::string::npos);
  EXPECT_EQ(refusal_of({of(role::user, {image_part{}})}).code, errc::invalid_request);
}

TEST(ollama_message, the_place_of_an_image_between_texts_is_lost) {
  const part image = image_bytes("abc", "");
  const auto between =
      encode({.messages = {of(role::user, {text_part{"a"}, image, text_part{"b"}})}});
  EXPECT_TRUE(has_note(between->notes, "between texts"));
  for (const auto& parts : {std::vector<part>{image, text_part{"a"}},
                            {text_part{"a"}, image},
                            {image},
                            {text_part{"a"}, text_part{"b"}, image}})
    EXPECT_TRUE(encode({.messages = {of(role::user, parts)}})->notes.empty());
}

TEST(ollama_message, calls_and_results) {
  const message asks = of(
      role::assistant, {tool_call_part{"c1", "add", R"({"x":1})"}, tool_call_part{"", "now", ""}});
  expect_json(messages({user("hi"), asks, tool("c1", "2"),
                        of(role::tool, {tool_result_part{"", "now", "noon"}})}),
              R"([{"role":"user","content":"hi"},{"role":"assistant","content":"","tool_calls":[
                    {"id":"c1","function":{"name":"add","arguments":{"x":1}}},
                    {"function":{"name":"now","arguments":{}}}]},
                  {"role":"tool","content":"2","tool_name":"add","tool_call_id":"c1"},
                  {"role":"tool","content":"noon","tool_name":"now"}])");
}

TEST(ollama_message, the_nearest_call_of_an_id_names_the_result) {
  const auto asks = [](const char* name) {
    return of(role::assistant, {tool_call_part{"c", name, "{}"}});
  };
  const auto list = messages({user("q"), asks("a"), tool("c", "1"), asks("b"), tool("c", "2")});
  EXPECT_EQ(list.at(2).at("tool_name"), "a");
  EXPECT_EQ(list.at(4).at("tool_name"), "b");
}

TEST(ollama_message, failed_tools_are_noted) {
  const auto e = encode({.messages = {user("q"), tool_error("c", "broken")}});
  ASSERT_TRUE(e);
  EXPECT_TRUE(has_note(e->notes, "failed tool"));
}

TEST(ollama_message, reasoning_goes_back_within_the_turn) {
  const vendor v = plain_row({quirk::reasoning_replay{quirk::replay_rule::tool_turn, "thinking"}});
  const message asks = of(role::assistant, {reasoning_part{"hm"}, tool_call_part{"c", "f", "{}"}});
  const auto in_turn = messages({user("q"), asks, tool("c", "1")}, v);
  EXPECT_EQ(in_turn.at(1).at("thinking"), "hm");
  const auto after = messages({user("q"), asks, tool("c", "1"), user("r")}, v);
  EXPECT_EQ(after.at(1).as_object().if_contains("thinking"), nullptr);
  const auto sealed =
      encode({.messages = {of(role::assistant, {reasoning_part{"", "", R"({"a":1})"}})}});
  EXPECT_TRUE(has_note(sealed->notes, "sealed reasoning"));
}

TEST(ollama_message, messages_that_cannot_be_said) {
  EXPECT_EQ(refusal_of({of(role::user, {})}).code, errc::invalid_request);
  EXPECT_EQ(refusal_of({of(role::tool, {text_part{"x"}})}).code, errc::invalid_request);
  EXPECT_EQ(refusal_of({of(role::assistant, {image_bytes("a", "")})}).code, errc::invalid_request);
  EXPECT_EQ(refusal_of({of(role::user, {tool_call_part{"c", "f", "{}"}})}).code,
            errc::invalid_request);
  EXPECT_EQ(refusal_of({of(role::tool, {tool_result_part{}})}).code, errc::invalid_request);
  for (const char* arguments : {"[1]", "{", " "})
    EXPECT_EQ(refusal_of({of(role::assistant, {tool_call_part{"c", "f", arguments}})}).code,
              errc::invalid_request)
        << arguments;
}

}  // namespace
}  // namespace ark::test::ollama
