// Turns: what can be said in them, what is joined, what is refused.
#include "qianfan_support.hpp"

namespace ark::test::qianfan {
namespace {

std::string messages_of(const std::vector<message>& messages) {
  const auto e = encode({.messages = messages});
  if (!e) return std::string(to_string(e.error().code)) + ": " + e.error().message;
  const std::string& body = e->request.body;
  return body.substr(0, body.find("]}") == body.npos ? body.size() : body.find("]}") + 1);
}

message calls(std::string name, std::string arguments) {
  return {.role = role::assistant,
          .parts = {tool_call_part{"id1", std::move(name), std::move(arguments)}}};
}

TEST(qianfan_messages, a_dialogue) {
  const auto e = encode({.messages = {system("be brief"), user("a"), assistant("b"), user("c")}});
  expect_json(body_of(e), R"({"messages":[{"role":"user","content":"a"},
      {"role":"assistant","content":"b"},{"role":"user","content":"c"}],"system":"be brief"})");
  EXPECT_TRUE(e->notes.empty());
}

TEST(qianfan_messages, neighbours_are_joined_and_it_is_noted) {
  const auto e = encode({.messages = {system("s"), developer("d"), user("a"), user("b"),
                                      assistant("c"), assistant("d"), user("e")}});
  expect_json(body_of(e), R"({"messages":[{"role":"user","content":"a\n\nb"},
      {"role":"assistant","content":"c\n\nd"},{"role":"user","content":"e"}],"system":"s\n\nd"})");
  EXPECT_TRUE(has_note(e->notes, "neighbouring messages"));
  EXPECT_TRUE(has_note(e->notes, "system messages were joined"));
}

TEST(qianfan_messages, a_function_is_called_and_answers) {
  message called = calls("weather", R"({"city":"Bonn"})");
  called.parts.insert(called.parts.begin(), reasoning_part{.text = "I must look"});
  const auto e = encode({.messages = {user("q"), called, tool("id1", R"({"c":9})")}});
  expect_json(body_of(e), R"({"messages":[{"role":"user","content":"q"},
      {"role":"assistant","content":"","function_call":{"name":"weather",
       "arguments":"{\"city\":\"Bonn\"}","thoughts":"I must look"}},
      {"role":"function","name":"weather","content":"{\"c\":9}"}]})");
  EXPECT_TRUE(e->notes.empty());
}

TEST(qianfan_messages, what_is_left_out_is_noted) {
  message thinking = assistant("b");
  thinking.parts.emplace_back(reasoning_part{.text = "hm"});
  EXPECT_TRUE(
      has_note(encode({.messages = {user("a"), thinking, user("c")}})->notes, "earlier reasoning"));
  EXPECT_TRUE(
      has_note(encode({.messages = {user("q"), calls("f", "{}"), tool_error("id1", "bad")}})->notes,
               "failed"));
}

TEST(qianfan_messages, names_are_said) {
  message named = user("a");
  named.name = "Eve";
  expect_json(body_of(encode({.messages = {named}})),
              R"({"messages":[{"role":"user","name":"Eve","content":"a"}]})");
  EXPECT_TRUE(messages_of({named, user("b")}).starts_with("unsupported"));
}

TEST(qianfan_messages, dialogues_that_are_no_turns_are_refused) {
  message two = calls("f", "{}");
  two.parts.emplace_back(tool_call_part{"id2", "g", "{}"});
  message results = tool("id1", "r");
  results.parts.emplace_back(tool_result_part{.tool_call_id = "id2", .name = "g", .text = "r"});
  message seeing = user("look");
  seeing.parts.emplace_back(image_url("https://example.test/a.png"));
  const std::vector<message> refused[] = {
      {assistant("a")},
      {user("a"), assistant("b")},
      {user("a"), system("late"), assistant("b"), user("c")},
      {user("a"), two, user("b")},
      {user("a"), calls("f", "{}"), results},
      {user("a"), calls("f", "{}"), tool("id1", "r"), tool("id1", "r")},
      {user("a"), calls("f", "{}"), tool("id1", "r"), user("b")},
      {user("a"), calls("f", "{}"), assistant("b"), user("c")},
      {user("a"), calls("f", "{}")},
      {seeing},
  };
  for (const auto& messages : refused)
    EXPECT_TRUE(messages_of(messages).starts_with("unsupported: this family cannot say"))
        << messages_of(messages);
  for (const auto& messages : {std::vector<message>{system("s")},
                               {user("")},
                               {user("a"), assistant(""), user("b")},
                               {user("a"), calls("f", "{}"), tool("other", "r")}})
    EXPECT_TRUE(messages_of(messages).starts_with("invalid_request")) << messages_of(messages);
}

}  // namespace
}  // namespace ark::test::qianfan
