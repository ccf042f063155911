#include "dialect/prompt.hpp"

#include <gtest/gtest.h>

namespace ark::dialect {
namespace {

vendor plain() {
  vendor v;
  v.name = "plain";
  return v;
}

TEST(prompt, texts_of_one_user_message_as_they_are) {
  const vendor v = plain();
  message two{.parts = {text_part{"a\n"}, text_part{""}, text_part{" b"}}};
  EXPECT_EQ(prompt_of({.messages = {two}}, v).value(), "a\n b");
  EXPECT_EQ(prompt_of({.messages = {user("")}}, v).value(), "");
}

TEST(prompt, calls_that_say_nothing_or_more_than_one_text) {
  const vendor v = plain();
  EXPECT_EQ(prompt_of({}, v).error().code, errc::invalid_request);
  EXPECT_EQ(prompt_of({.messages = {message{}}}, v).error().code, errc::invalid_request);
  const message named{.parts = {text_part{"a"}}, .name = "eve"};
  const message picture{.parts = {text_part{"a"}, image_url("https://a.test/x")}};
  for (const auto& messages : std::vector<std::vector<message>>{{user("a"), user("b")},
                                                                {system("a")},
                                                                {system("a"), user("b")},
                                                                {assistant("a")},
                                                                {tool("id", "a")},
                                                                {named},
                                                                {picture}}) {
    const auto p = prompt_of({.messages = messages}, v);
    ASSERT_FALSE(p);
    EXPECT_EQ(p.error().code, errc::unsupported);
    EXPECT_NE(p.error().message.find("vendor \"plain\""), std::string::npos);
  }
}

TEST(prompt, a_message_of_text_only) {
  const vendor v = plain();
  std::vector<std::string> notes;
  message m = assistant("a");
  m.parts.insert(m.parts.begin(), reasoning_part{.text = "why"});
  m.parts.emplace_back(refusal_part{"b"});
  m.name = "bob";
  EXPECT_EQ(plain_text_of(m, v, notes).value(), "ab");
  EXPECT_EQ(plain_text_of(m, v, notes).value(), "ab");
  EXPECT_EQ(notes.size(), 2u) << "reasoning and the name, once each";
  for (const message& other : {tool("id", "a"), message{.parts = {image_url("https://a.test/x")}}})
    EXPECT_EQ(plain_text_of(other, v, notes).error().code, errc::unsupported);
}

TEST(prompt, what_only_chat_models_can) {
  const vendor v = plain();
  call tools, choice, format, effort, budget, tier;
  tools.tools = {{.name = "f"}};
  choice.tool_choice = {.mode = tool_choice_mode::required};
  format.response_format.kind = response_format_kind::json_object;
  effort.reasoning = reasoning_effort::low;
  budget.reasoning_budget_tokens = 1;
  tier.service_tier = "flex";
  for (const call* c : {&tools, &choice, &format, &effort, &budget, &tier}) {
    const auto r = check_plain(*c, v);
    ASSERT_FALSE(r);
    EXPECT_EQ(r.error().code, errc::unsupported);
  }
  call nothing;
  nothing.reasoning = reasoning_effort::none;
  nothing.tool_choice = {.mode = tool_choice_mode::none};
  nothing.parallel_tool_calls = false;
  EXPECT_TRUE(check_plain(nothing, v));
}

TEST(prompt, sampling_by_the_names_of_the_wire) {
  const vendor v = plain();
  const quirk_view quirks(v);
  std::string body;
  std::vector<std::string> notes;
  json::writer out(body);
  constexpr std::string_view taken[] = {"m", "temperature", "p", "stops", "seed"};
  parameter_gate gate(quirks, taken, out, notes);
  out.begin_object();
  const call c{.max_tokens = 5, .temperature = 0.5, .top_p = 0.25, .stop = {"x", "y"}, .seed = 7};
  write_sampling(c, {.max_tokens = "m", .top_p = "p", .stop = "stops"}, gate, out);
  out.end_object();
  EXPECT_TRUE(gate.outcome());
  EXPECT_EQ(body, R"({"m":5,"temperature":0.5,"p":0.25,"stops":["x","y"],"seed":7})");
  write_sampling({.max_tokens = 5}, {}, gate, out);
  EXPECT_EQ(gate.outcome().error().code, errc::invalid_request);
}

}  // namespace
}  // namespace ark::dialect
