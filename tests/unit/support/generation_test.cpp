#include "sim/generation.hpp"

#include <gtest/gtest.h>

namespace ark::testing {

namespace {
chat_request asking(std::string prompt) {
  chat_request r;
  r.model = "grand-opus";
  r.last_user = std::move(prompt);
  r.segments.push_back({r.last_user, 10});
  return r;
}
generation made(const chat_request& r) {
  prompt_cache cache;
  return generate(r, cache, std::nullopt, std::nullopt).value();
}
tool_spec weather() {
  return {"get_weather",
          boost::json::parse(R"({"type":"object","properties":{"city":{"type":"string"}}})")
              .as_object()};
}
}  // namespace

TEST(generation, answers_and_counts) {
  const auto g = made(asking("What is 12*7?"));
  EXPECT_EQ(g.text, "84");
  EXPECT_EQ(g.tokens.input, 10);
  EXPECT_EQ(g.tokens.output, 1);
  EXPECT_EQ(g.end, generation::ending::stop);
}

TEST(generation, weak_models_are_wrong_only_where_that_is_asked_for) {
  int right = 0;
  for (int i = 0; i < 100; ++i) {
    auto r = asking("What is " + std::to_string(i) + "+1?");
    r.model = "tiny-mini";
    const std::string expected = std::to_string(i + 1);
    EXPECT_EQ(made(r).text, expected);
    prompt_cache cache;
    right += generate(r, cache, 1, std::nullopt).value().text == expected ? 1 : 0;
  }
  EXPECT_LT(right, 100);
  EXPECT_GT(right, 60);
}

TEST(generation, calls_a_tool_once_for_each_place) {
  auto r = asking("What is the weather in Paris and Tokyo?");
  r.tools.push_back(weather());
  const auto g = made(r);
  ASSERT_EQ(g.calls.size(), 2u);
  EXPECT_EQ(g.calls[0].arguments, R"({"city":"Paris"})");
  EXPECT_EQ(g.end, generation::ending::tool_calls);
  r.parallel_tools = false;
  EXPECT_EQ(made(r).calls.size(), 1u);
  r.choice = chat_request::tool_mode::none;
  EXPECT_TRUE(made(r).calls.empty());
}

TEST(generation, tool_choice_decides) {
  auto r = asking("hello");
  r.tools.push_back(weather());
  EXPECT_TRUE(made(r).calls.empty());
  r.choice = chat_request::tool_mode::required;
  EXPECT_EQ(made(r).calls.size(), 1u);
  r.choice = chat_request::tool_mode::named;
  r.chosen_tool = "get_weather";
  EXPECT_EQ(made(r).calls.size(), 1u);
}

TEST(generation, tool_results_are_read) {
  auto r = asking("What is the weather in Paris?");
  r.tools.push_back(weather());
  r.tool_results = {"21 degrees"};
  EXPECT_EQ(made(r).text, "The tool says: 21 degrees");
}

TEST(generation, stops_at_the_earliest_stop_sequence) {
  auto r = asking("Repeat: one two three");
  r.stops = {"three", "two"};
  const auto g = made(r);
  EXPECT_EQ(g.text, "one ");
  EXPECT_EQ(g.stop_sequence, "two");
  EXPECT_EQ(g.end, generation::ending::stop_sequence);
}

TEST(generation, the_limit_counts_reasoning_first) {
  auto r = asking("Repeat: abcdefghijklmnop");
  r.max_tokens = 2;
  EXPECT_EQ(made(r).text, "abcdefgh");
  EXPECT_EQ(made(r).end, generation::ending::length);
  r.think = r.visible_thinking = true;
  const auto g = made(r);
  EXPECT_EQ(g.text, "");
  EXPECT_EQ(g.tokens.reasoning, 2);
  EXPECT_EQ(g.tokens.output, 0);
}

TEST(generation, structured_output_and_json_object) {
  auto r = asking("name: Ada");
  r.has_schema = true;
  r.schema = boost::json::parse(R"({"type":"object","properties":{"name":{"type":"string"}}})")
                 .as_object();
  EXPECT_EQ(made(r).text, R"({"name":"Ada"})");
  auto loose = asking("What is 1+1?");
  loose.json_object = true;
  EXPECT_EQ(made(loose).text, R"({"answer":"2"})");
}

TEST(generation, refuses_and_takes_scripts) {
  EXPECT_EQ(made(asking("please refuse this")).end, generation::ending::refusal);
  prompt_cache cache;
  EXPECT_EQ(generate(asking("x"), cache, std::nullopt, "scripted").value().text, "scripted");
}

}  // namespace ark::testing
