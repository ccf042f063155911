#include "dialect/turns.hpp"

#include <gtest/gtest.h>

namespace ark::dialect {
namespace {

/// Why it cannot be sent as the third message; "" if it can.
std::string wrong(const message& m) {
  const auto ok = check_turn(m, 2);
  if (!ok) EXPECT_EQ(ok.error().code, errc::invalid_request);
  return ok ? std::string() : ok.error().message;
}

TEST(turns, what_can_be_sent) {
  EXPECT_EQ(wrong({.role = role::user, .parts = {text_part{"t"}}}), "");
  EXPECT_EQ(wrong({.role = role::tool, .parts = {tool_result_part{}, tool_result_part{}}}), "");
  EXPECT_EQ(wrong({.role = role::user, .parts = {tool_result_part{}, text_part{"t"}}}), "");
  EXPECT_EQ(wrong({.role = role::assistant, .parts = {tool_call_part{"c", "f", "{}"}}}), "");
}

TEST(turns, what_cannot) {
  EXPECT_EQ(wrong({.role = role::user}), "message 3 has no parts");
  EXPECT_EQ(wrong({.role = role::tool, .parts = {tool_result_part{}, text_part{"t"}}}),
            "message 3 has the role tool: all of its parts must be tool results");
  EXPECT_EQ(wrong({.role = role::user, .parts = {tool_call_part{"c", "f", "{}"}}}),
            "message 3 has tool calls: only the assistant makes them");
}

TEST(turns, parts) {
  const message m{.role = role::user, .parts = {text_part{"t"}, tool_result_part{}}};
  EXPECT_TRUE(has_part<text_part>(m));
  EXPECT_FALSE(has_part<image_part>(m));
  EXPECT_FALSE(is_tool_results(m));
  EXPECT_TRUE(is_tool_results({.role = role::user, .parts = {tool_result_part{}}}));
}

}  // namespace
}  // namespace ark::dialect
