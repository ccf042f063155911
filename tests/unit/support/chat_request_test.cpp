#include "sim/chat_request.hpp"

#include <gtest/gtest.h>

namespace ark::testing {

namespace {
result<chat_request> openai(std::string_view text) {
  return read_openai_chat(boost::json::parse(text).as_object());
}
result<chat_request> anthropic(std::string_view text) {
  return read_anthropic_messages(boost::json::parse(text).as_object());
}
// A PNG header of 640 x 480, base64.
constexpr std::string_view png = "iVBORw0KGgoAAAANSUhEUgAAAoAAAAHg";
}  // namespace

TEST(openai_request, reads_messages_tools_and_limits) {
  const auto r = openai(R"({"model":"m","stream":true,"stream_options":{"include_usage":true},
    "stop":["X","Y"],"max_completion_tokens":9,"parallel_tool_calls":false,
    "tool_choice":{"type":"function","function":{"name":"f"}},
    "tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}],
    "messages":[{"role":"system","content":"be kind"},
                {"role":"user","content":[{"type":"text","text":"hi"}]}]})")
                     .value();
  EXPECT_EQ(r.last_user, "hi");
  EXPECT_EQ(r.system, "be kind\n");
  EXPECT_EQ(r.stops, (std::vector<std::string>{"X", "Y"}));
  EXPECT_EQ(r.max_tokens, 9);
  EXPECT_TRUE(r.stream && r.include_usage);
  EXPECT_FALSE(r.parallel_tools);
  EXPECT_EQ(r.choice, chat_request::tool_mode::named);
  EXPECT_EQ(r.tools.at(0).name, "f");
  EXPECT_GT(r.prompt_tokens(), 0);
}

TEST(openai_request, mistakes_are_refused_as_the_vendor_does) {
  EXPECT_FALSE(openai(R"({"messages":[]})"));
  EXPECT_FALSE(openai(R"({"model":"m"})"));
  EXPECT_FALSE(openai(R"({"model":"m","messages":[]})"));
  EXPECT_EQ(openai(R"({"model":"m","messages":[{"role":"king"}]})").error().vendor_code,
            "messages[0].role");
  EXPECT_FALSE(openai(R"({"model":"m","messages":[{"role":"tool","content":"x"}]})"));
  EXPECT_FALSE(openai(R"({"model":"m","n":2,"messages":[{"role":"user","content":"x"}]})"));
}

TEST(openai_request, tool_results_after_the_last_answer_count) {
  const auto r = openai(R"({"model":"m","messages":[{"role":"user","content":"q"},
    {"role":"assistant","tool_calls":[]},{"role":"tool","tool_call_id":"c","content":"21"}]})")
                     .value();
  EXPECT_EQ(r.tool_results, std::vector<std::string>{"21"});
}

TEST(openai_request, images_cost_tokens_by_their_size) {
  const std::string text =
      R"({"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":
      "data:image/png;base64,)" +
      std::string(png) + R"("}}]}]})";
  const auto r = openai(text).value();
  EXPECT_EQ(r.images, std::vector<std::string>{"640x480"});
  EXPECT_GE(r.prompt_tokens(), 425);
}

TEST(anthropic_request, reads_blocks_marks_and_limits) {
  const auto r = anthropic(R"({"model":"m","max_tokens":7,"stop_sequences":["Z"],
    "system":[{"type":"text","text":"long","cache_control":{"type":"ephemeral","ttl":"1h"}}],
    "thinking":{"type":"enabled","budget_tokens":1024},
    "tool_choice":{"type":"any","disable_parallel_tool_use":true},
    "messages":[{"role":"user","content":"q"},{"role":"assistant","content":[]},
      {"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"42"}]}]})")
                     .value();
  EXPECT_EQ(r.segments.at(0).mark, prompt_segment::cache_mark::one_hour);
  EXPECT_EQ(r.tool_results, std::vector<std::string>{"42"});
  EXPECT_EQ(r.last_user, "q");
  EXPECT_TRUE(r.think && r.visible_thinking);
  EXPECT_EQ(r.choice, chat_request::tool_mode::required);
  EXPECT_FALSE(r.parallel_tools);
}

TEST(anthropic_request, mistakes_are_refused_as_the_vendor_does) {
  EXPECT_FALSE(anthropic(R"({"model":"m","messages":[{"role":"user","content":"x"}]})"));
  EXPECT_FALSE(anthropic(R"({"model":"m","max_tokens":1,"messages":[]})"));
  EXPECT_FALSE(
      anthropic(R"({"model":"m","max_tokens":1,"messages":[{"role":"user","content":[]}]})"));
  EXPECT_FALSE(anthropic(R"({"model":"m","max_tokens":1,"messages":[{"role":"tool"}]})"));
  EXPECT_FALSE(anthropic(R"({"model":"m","max_tokens":1,"messages":[{"role":"user","content":"x"}],
    "output_config":{"format":{"type":"json_schema","schema":{"type":"object"}}}})"));
}

}  // namespace ark::testing
