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

TEST(openai_request, a_strict_schema_must_keep_the_rules) {
  const auto with = [](const std::string& wrapper) {
    return openai(R"({"model":"m","messages":[{"role":"user","content":"x"}],"response_format":
      {"type":"json_schema","json_schema":{"name":"n",)" +
                  wrapper + "}}}");
  };
  EXPECT_TRUE(with(R"("schema":{"type":"object"})"));
  EXPECT_TRUE(with(R"("schema":{"type":"object"},"strict":false)"));
  EXPECT_TRUE(with(R"("schema":{"type":"object","additionalProperties":false},"strict":true)"));
  const auto refused = with(R"("schema":{"type":"object"},"strict":true)");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().vendor_message, "invalid_json_schema");
  EXPECT_EQ(refused.error().message,
            "Invalid schema for response_format 'n': In context=(), 'additionalProperties' is "
            "required to be supplied and to be false.");
  const auto tool = openai(R"({"model":"m","messages":[{"role":"user","content":"x"}],"tools":[
    {"type":"function","function":{"name":"f","strict":true,"parameters":{"type":"object"}}}]})");
  ASSERT_FALSE(tool);
  EXPECT_EQ(tool.error().vendor_code, "tools[0].function.parameters");
}

TEST(openai_request, a_tool_choice_names_a_tool_that_was_sent) {
  const auto with = [](const std::string& more) {
    return openai(R"({"model":"m","messages":[{"role":"user","content":"x"}],)" + more + "}");
  };
  const std::string tools = R"("tools":[{"type":"function","function":{"name":"f"}}],)";
  const std::string choice = R"("tool_choice":{"type":"function","function":{"name":")";
  EXPECT_TRUE(with(tools + choice + "f\"}}"));
  EXPECT_EQ(with(tools + choice + "g\"}}").error().vendor_code, "tool_choice");
  EXPECT_FALSE(with(choice + "f\"}}")) << "no tools";
  EXPECT_FALSE(with(R"("tool_choice":"required")")) << "no tools";
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
    "tools":[{"name":"f"}],"tool_choice":{"type":"any","disable_parallel_tool_use":true},
    "messages":[{"role":"user","content":"q"},{"role":"assistant","content":[]},
      {"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"42"}]}]})")
                     .value();
  EXPECT_EQ(r.segments.at(1).mark, prompt_segment::cache_mark::one_hour) << "behind the tools";
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

TEST(anthropic_request, a_tool_choice_names_a_tool_that_was_sent) {
  const auto with = [](const std::string& more) {
    return anthropic(R"({"model":"m","max_tokens":9,"messages":[{"role":"user","content":"x"}],)" +
                     more + "}");
  };
  const std::string tools = R"("tools":[{"name":"f","input_schema":{"type":"object"}}],)";
  EXPECT_TRUE(with(tools + R"("tool_choice":{"type":"tool","name":"f"})"));
  EXPECT_EQ(with(tools + R"("tool_choice":{"type":"tool","name":"g"})").error().message,
            "Tool 'g' not found in provided tools");
  EXPECT_FALSE(with(R"("tool_choice":{"type":"any"})"));
}

TEST(anthropic_request, strict_schemas_are_closed_all_the_way_down) {
  const std::string head =
      R"({"model":"m","max_tokens":9,"messages":[{"role":"user","content":"x"}],)";
  EXPECT_FALSE(anthropic(head + R"("output_config":{"format":{"type":"json_schema","schema":
    {"type":"object","additionalProperties":false,"properties":{"a":{"type":"object"}}}}}})"));
  EXPECT_FALSE(anthropic(head + R"("tools":[{"name":"f","strict":true,
    "input_schema":{"type":"object"}}]})"));
}

}  // namespace ark::testing
