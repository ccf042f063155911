#include "telemetry/contents.hpp"

#include "base/json.hpp"

#include <gtest/gtest.h>

namespace ark::telemetry {
namespace {

TEST(contents, messages_have_the_conventions_form) {
  message asks{.role = role::assistant};
  asks.parts.push_back(reasoning_part{.text = "hm"});
  asks.parts.push_back(tool_call_part{.id = "c1", .name = "weather", .arguments = R"({"q":"x"})"});
  const std::vector<message> all{system("be brief"), user("hi"), asks, tool("c1", "rain")};
  EXPECT_EQ(
      input_messages(all, 1000),
      R"([{"role":"user","parts":[{"type":"text","content":"hi"}]},)"
      R"({"role":"assistant","parts":[{"type":"reasoning","content":"hm"},)"
      R"({"type":"tool_call","id":"c1","name":"weather","arguments":{"q":"x"}}]},)"
      R"({"role":"tool","parts":[{"type":"tool_call_response","id":"c1","response":"rain"}]}])");
  EXPECT_EQ(system_instructions(all, 1000), R"([{"type":"text","content":"be brief"}])");
  EXPECT_EQ(system_instructions({user("hi")}, 1000), "");
}

TEST(contents, a_reply_says_why_it_ended) {
  message m{.role = role::assistant};
  m.parts.push_back(text_part{"yes"});
  EXPECT_EQ(
      output_messages(m, "stop", 1000),
      R"([{"role":"assistant","parts":[{"type":"text","content":"yes"}],"finish_reason":"stop"}])");
  EXPECT_NE(output_messages(m, "tool_calls", 9).find(R"("finish_reason":"tool_call")"),
            std::string::npos);
}

TEST(contents, text_beyond_the_limit_is_cut_between_characters) {
  const std::string json = input_messages({user("ab\xC3\xA9z"), user("more")}, 3);
  EXPECT_EQ(json, R"([{"role":"user","parts":[{"type":"text","content":"ab","truncated":true}]},)"
                  R"({"role":"user","parts":[{"type":"text","content":"m","truncated":true}]}])");
}

TEST(contents, arguments_that_are_not_json_are_a_text) {
  message m{.role = role::assistant};
  m.parts.push_back(tool_call_part{.id = "c", .name = "n", .arguments = "{\"q\":"});
  const std::string json = output_messages(m, "stop", 1000);
  EXPECT_TRUE(json::is_valid(json)) << json;
  EXPECT_NE(json.find(R"("arguments":"{\"q\":")"), std::string::npos) << json;
}

TEST(contents, bytes_of_media_and_signatures_of_urls_stay_out) {
  message m{.role = role::user};
  m.parts.push_back(image_bytes("SECRETBYTES", "image/png"));
  m.parts.push_back(image_url("https://x.test/a.png?sig=SECRETSIG"));
  m.parts.push_back(image_url("data:image/png;base64,SECRETBYTES"));
  const std::string json = input_messages({m}, 1000);
  EXPECT_EQ(json.find("SECRET"), std::string::npos) << json;
  EXPECT_NE(json.find(R"({"type":"blob","modality":"image","mime_type":"image/png","content":"",)"
                      R"("size_bytes":11})"),
            std::string::npos)
      << json;
  EXPECT_NE(json.find(R"("uri":"https://x.test/a.png")"), std::string::npos) << json;
}

}  // namespace
}  // namespace ark::telemetry
