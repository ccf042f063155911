#include "cli/prefix_diff.hpp"

#include <gtest/gtest.h>

namespace ark::cli {
namespace {

call with_system(const std::string& first, const std::string& last) {
  return {.messages = {system(first), user(last)}};
}

prefix_difference compared(const call& a, const call& b) {
  return compare(pieces_of(a), pieces_of(b));
}

TEST(prefix_diff, a_clock_at_the_beginning_loses_all_that_is_the_same_behind_it) {
  const std::string rules(4000, 'r');
  const auto d = compared(with_system("It is 09:00. " + rules, "hi"),
                          with_system("It is 10:00. " + rules, "hi"));
  EXPECT_TRUE(d.differs);
  EXPECT_EQ(d.place, "messages[0] (system)");
  EXPECT_EQ(d.offset, 6U);
  EXPECT_NE(d.first.find("09:00"), std::string::npos);
  EXPECT_NE(d.second.find("10:00"), std::string::npos);
  EXPECT_GE(d.lost_tokens, 1000);
  EXPECT_LE(d.kept_tokens, 10);
  EXPECT_LE(d.kept_tokens + d.lost_tokens, d.second_tokens);
}

TEST(prefix_diff, another_question_at_the_end_loses_nothing) {
  const auto d = compared(with_system("rules", "one question"), with_system("rules", "two"));
  EXPECT_TRUE(d.differs);
  EXPECT_EQ(d.place, "messages[1] (user)");
  EXPECT_LE(d.lost_tokens, 1);
}

TEST(prefix_diff, one_more_turn_is_no_difference) {
  call a = with_system("rules", "hi");
  call b = a;
  b.messages.push_back(assistant("hello"));
  b.messages.push_back(user("and?"));
  const auto d = compared(a, b);
  EXPECT_FALSE(d.differs);
  EXPECT_EQ(d.lost_tokens, 0);
  EXPECT_EQ(d.kept_tokens, d.first_tokens);
}

TEST(prefix_diff, tools_come_first_and_one_more_moves_what_is_behind_it) {
  call a = with_system(std::string(400, 's'), "hi");
  a.tools = {{.name = "b", .description = std::string(400, 'b'), .parameters = "{}"}};
  call b = a;
  b.tools.insert(b.tools.begin(), {.name = "a", .description = "new", .parameters = "{\"x\":1}"});
  const auto d = compared(a, b);
  EXPECT_EQ(d.place, "tools[0].name");
  EXPECT_GE(d.lost_tokens, 200) << "the old tool and the system message are the same";
}

TEST(prefix_diff, a_middle_that_is_the_same_counts_though_the_end_differs) {
  call a = with_system("at 09:00", std::string(4000, 'm'));
  call b = with_system("at 10:00", std::string(4000, 'm'));
  a.messages.push_back(user("first?"));
  b.messages.push_back(user("second?"));
  EXPECT_GE(compared(a, b).lost_tokens, 1000);
}

TEST(prefix_diff, media_are_compared_by_their_bytes) {
  call a{.messages = {{.parts = {image_bytes("one", "image/png")}}}};
  call b{.messages = {{.parts = {image_bytes("two", "image/png")}}}};
  EXPECT_TRUE(compared(a, b).differs);
  EXPECT_FALSE(compared(a, a).differs);
}

TEST(prefix_diff, names_the_place_in_json) {
  const std::string_view json = R"({"a":1,"m":[{"c":"x\"y"},{"c":"second"}],"z":{"q":true}})";
  EXPECT_EQ(json_path_at(json, 5), "$.a");
  EXPECT_EQ(json_path_at(json, json.find("x\\")), "$.m[0].c");
  EXPECT_EQ(json_path_at(json, json.find("second")), "$.m[1].c");
  EXPECT_EQ(json_path_at(json, json.find("true")), "$.z.q");
  EXPECT_EQ(json_path_at(json, 9999), "$");
  EXPECT_EQ(json_path_at("not json", 4), "$");
  EXPECT_EQ(json_path_at("{\"a\\", 4), "$.a\\");
}

TEST(prefix_diff, shows_whole_characters_on_one_line) {
  EXPECT_EQ(around("abc\ndef", 3, 30), "abc def");
  EXPECT_EQ(around("0123456789", 5, 2), "...3456...");
  const std::string text = "你好世界";
  EXPECT_EQ(around(text, 7, 1), "...世...");
}

}  // namespace
}  // namespace ark::cli
