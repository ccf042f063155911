#include "prompt/control_tokens.hpp"

#include <gtest/gtest.h>

namespace ark::prompt {
namespace {

std::string found(std::string_view text) {
  std::string out;
  for (const auto& each : find_control_tokens(text))
    out += std::string(text.substr(each.at, each.size)) + ";";
  return out;
}

TEST(control_tokens, those_of_open_models_are_known) {
  EXPECT_EQ(found("a<|im_start|>b<|start_header_id|>"), "<|im_start|>;<|start_header_id|>;");
  EXPECT_EQ(found("<\uFF5CUser\uFF5C>x<\uFF5Cend\u2581of\u2581sentence\uFF5C>"),
            "<\uFF5CUser\uFF5C>;<\uFF5Cend\u2581of\u2581sentence\uFF5C>;");
  EXPECT_EQ(found("[INST]x[/INST]</s><end_of_turn><tool_call>"),
            "[INST];[/INST];</s>;<end_of_turn>;<tool_call>;");
}

TEST(control_tokens, what_only_looks_like_one_is_text) {
  EXPECT_EQ(found("a <b> c[0] <| x |> <||> < |im_end|> a|>b <|two words|> [inst] <strong>"), "");
  EXPECT_EQ(found("<|" + std::string(200, 'a') + "|>"), "");
}

TEST(control_tokens, only_what_has_a_byte_from_outside_is_escaped) {
  std::vector<span> spans = {{"<|a|>", 0}, {"x<|b|", 1}, {">", 0}, {"<|c|>", 2}};
  EXPECT_EQ(escape_control_tokens(spans), 2U);
  EXPECT_EQ(spans[0].text, "<|a|>");
  EXPECT_EQ(spans[1].text, "x< |b|");
  EXPECT_EQ(spans[3].text, "< |c|>");
  EXPECT_EQ(escape_control_tokens(spans), 0U) << "once is enough";
}

TEST(control_tokens, a_tokenizer_may_have_more) {
  std::vector<span> spans = {
      {"a END", 1}, {"! <|x", 0}, {"|> \u00A7T", 2}, {"", 3}, {"ok END!", 0}};
  EXPECT_EQ(escape_control_tokens(spans, {"END!", "\u00A7T", "<|x|>", ""}), 3U);
  EXPECT_EQ(spans[0].text, "a E ND");
  EXPECT_EQ(spans[1].text, "! < |x");
  EXPECT_EQ(spans[2].text, "|> \u00A7 T") << "behind a whole character";
  EXPECT_EQ(spans[4].text, "ok END!") << "the template's own";
}

TEST(control_tokens, many_are_found_in_linear_time) {
  std::string text;
  for (int i = 0; i < 200'000; ++i) text += "<|[<";
  EXPECT_EQ(find_control_tokens(text).size(), 0U);
}

}  // namespace
}  // namespace ark::prompt
