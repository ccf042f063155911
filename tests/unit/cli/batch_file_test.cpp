#include "cli/batch_file.hpp"

#include <gtest/gtest.h>
#include <algorithm>

namespace ark::cli {
namespace {

/// A call that is written over several lines here, and is one there.
call only(std::string line) {
  std::replace(line.begin(), line.end(), '\n', ' ');
  const auto read = read_batch_file(line, "f");
  EXPECT_TRUE(read) << (read ? "" : read.error().message);
  return read ? read->items.at(0).call : call{};
}

TEST(batch_file, three_forms_side_by_side) {
  const auto read = read_batch_file(
      "{\"prompt\":\"one\"}\n\n"
      "{\"custom_id\":\"b\",\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"two\"}]}"
      "\r\n"
      "{\"custom_id\":\"c\",\"method\":\"POST\",\"url\":\"/v1/x\",\"body\":{\"model\":\"m\","
      "\"messages\":[{\"role\":\"user\",\"content\":\"three\"}]}}",
      "f");
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->items.size(), 3U);
  EXPECT_EQ(read->items[0].custom_id, "1");
  EXPECT_EQ(read->items[1].custom_id, "b");
  EXPECT_EQ(read->items[2].call.messages[0].text(), "three");
  EXPECT_EQ(read->model, "m");
}

TEST(batch_file, all_that_a_call_can_say) {
  const call c = only(R"({"messages":[
    {"role":"system","content":"s"},
    {"role":"user","content":[{"type":"text","text":"look"},
      {"type":"image_url","image_url":{"url":"https://e.test/a.png"}},
      {"type":"image_url","image_url":{"url":"data:image/png;base64,AAEC"}}]},
    {"role":"assistant","content":null,"tool_calls":[{"id":"t1","type":"function",
      "function":{"name":"f","arguments":"{\"a\":1}"}}]},
    {"role":"tool","tool_call_id":"t1","content":"42"}],
    "max_completion_tokens":7,"temperature":0.5,"top_p":1,"seed":3,"stop":["x","y"],
    "tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}],
    "tool_choice":{"type":"function","function":{"name":"f"}},"parallel_tool_calls":false,
    "response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object"},
    "strict":true}},"reasoning_effort":"low","service_tier":"flex","user":"u",
    "extra":{"top_k":5}})");
  ASSERT_EQ(c.messages.size(), 4U);
  EXPECT_EQ(std::get<image_part>(c.messages[1].parts[1]).url, "https://e.test/a.png");
  EXPECT_EQ(std::get<image_part>(c.messages[1].parts[2]).bytes, std::string("\0\1\2", 3));
  EXPECT_EQ(c.messages[2].tool_calls()[0].arguments, "{\"a\":1}");
  EXPECT_EQ(std::get<tool_result_part>(c.messages[3].parts[0]).tool_call_id, "t1");
  EXPECT_EQ(c.max_tokens, 7);
  EXPECT_EQ(c.temperature, 0.5);
  EXPECT_EQ(c.top_p, 1.0);
  EXPECT_EQ(c.seed, 3);
  EXPECT_EQ(c.stop, (std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(c.tools.at(0).name, "f");
  EXPECT_EQ(c.tool_choice.name, "f");
  EXPECT_EQ(c.parallel_tool_calls, false);
  EXPECT_EQ(c.response_format.schema, R"({"type":"object"})");
  EXPECT_EQ(c.reasoning, reasoning_effort::low);
  EXPECT_EQ(c.service_tier, "flex");
  EXPECT_EQ(c.end_user, "u");
  EXPECT_EQ(c.extra.at("top_k"), "5");
}

TEST(batch_file, what_is_wrong_is_named_with_its_line) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "no call"},
      {"{}", "f:1: messages"},
      {"{\"prompt\":1}", "prompt: must be a text"},
      {"[1]", "f:1: a call is a JSON object"},
      {"{\"prompt\":\"x\"}\n{", "f:2: "},
      {R"({"prompt":"x","max_tokens":"many"})", "max_tokens: must be a whole number"},
      {R"({"prompt":"x","stream":true})", "stream: is not known"},
      {R"({"messages":"x"})", "messages: must be a list"},
      {R"({"messages":[{"role":"user","content":[{"type":"video"}]}]})", "text or image_url"},
      {R"({"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,?"}}]}]})",
       "not base64"},
      {R"({"prompt":"x","tool_choice":"any"})", "tool_choice"},
      {R"({"prompt":"x","reasoning_effort":"huge"})", "huge"},
      {R"({"prompt":"x","response_format":{"type":"yaml"}})", "response_format"},
      {R"({"custom_id":"a","body":{"prompt":"x"},"prompt":"y"})",
       "prompt: is not known beside body"},
      {"{\"prompt\":\"x\",\"model\":\"a\"}\n{\"prompt\":\"x\",\"model\":\"b\"}", "f:2: model"}};
  for (const auto& [text, part] : cases) {
    const auto read = read_batch_file(text, "f");
    ASSERT_FALSE(read) << text;
    EXPECT_NE(read.error().message.find(part), std::string::npos) << read.error().message;
  }
}

}  // namespace
}  // namespace ark::cli
