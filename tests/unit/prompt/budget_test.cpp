#include "prompt/budget.hpp"

#include <gtest/gtest.h>

namespace ark::prompt {
namespace {

std::int64_t bytes(std::string_view text) { return static_cast<std::int64_t>(text.size()); }

mark section(std::string name, std::string key = {}, std::string value = {}) {
  mark out{.kind = mark_kind::open_section, .name = std::move(name)};
  if (!key.empty()) out.attributes.emplace_back(std::move(key), std::move(value));
  return out;
}

TEST(budget, a_text_is_cut_between_characters) {
  EXPECT_EQ(first_tokens("abcdef", 3, bytes), "abc");
  EXPECT_EQ(last_tokens("abcdef", 3, bytes), "def");
  EXPECT_EQ(first_tokens("abc", 9, bytes), "abc");
  EXPECT_EQ(first_tokens("\u4f60\u597d", 4, bytes), "\u4f60");
  EXPECT_EQ(last_tokens("\u4f60\u597d", 4, bytes), "\u597d");
  EXPECT_EQ(first_tokens("e\u0301x", 2, bytes), "") << "a letter keeps its mark";
  EXPECT_EQ(first_tokens("\U0001F44D\U0001F3FDx", 6, bytes), "") << "and its skin tone";
  EXPECT_EQ(first_tokens("a\r\nb", 2, bytes), "a");
  EXPECT_EQ(first_tokens("abc", 0, bytes), "");
}

TEST(budget, a_section_has_a_limit_of_its_own) {
  layout all;
  all.sections = {section("s", "max_tokens", "4")};
  all.messages.push_back(
      {.said = {.name = "user"},
       .parts = {{.spans = {{"head ", 0}}}, {.spans = {{"ab", 0}, {"cdef", 1}}, .section = 0}}});
  const auto report = keep_to_budget(all, std::nullopt, bytes).value();
  EXPECT_EQ(all.messages[0].parts[1].text(), "abcd");
  EXPECT_EQ(all.messages[0].parts[1].spans[1].origin, 1U);
  EXPECT_EQ(report.tokens, 9);
  ASSERT_EQ(report.cuts.size(), 1U);
  EXPECT_EQ(report.cuts[0].tokens_before, 6);
  EXPECT_EQ(report.cuts[0].tokens_after, 4);
}

TEST(budget, the_middle_may_go) {
  layout all;
  all.sections = {section("s", "cut", "middle")};
  all.messages.push_back(
      {.said = {.name = "user"}, .parts = {{.spans = {{"0123456789", 1}}, .section = 0}}});
  ASSERT_TRUE(keep_to_budget(all, 4, bytes));
  EXPECT_EQ(all.messages[0].parts[0].text(), "0189");
}

TEST(budget, a_fenced_value_is_never_cut_out_of_its_fence) {
  layout all;
  all.sections = {section("s", "max_tokens", "40")};
  all.messages.push_back({.said = {.name = "user"},
                          .parts = {{.spans = {{"<untrusted-f>\n", 0},
                                               {"a long value that does not fit", 1},
                                               {"\n</untrusted-f>", 0}},
                                     .section = 0},
                                    {.spans = {{"question", 2}}}}});
  ASSERT_TRUE(keep_to_budget(all, std::nullopt, bytes));
  ASSERT_EQ(all.messages[0].parts.size(), 1U);
  EXPECT_EQ(all.messages[0].parts[0].text(), "question");
}

TEST(budget, wrong_rules_are_told) {
  for (const auto& [key, value] :
       {std::pair{"max_tokens", "many"}, {"priority", "1.5"}, {"cut", "off"}}) {
    layout all;
    all.sections = {section("notes", key, value)};
    const auto report = keep_to_budget(all, std::nullopt, bytes);
    ASSERT_FALSE(report) << key;
    EXPECT_NE(report.error().message.find("\"notes\""), std::string::npos);
  }
}

}  // namespace
}  // namespace ark::prompt
