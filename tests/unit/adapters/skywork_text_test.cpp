#include "skywork_support.hpp"

namespace ark::test::skywork {
namespace {

/// The text that pieces make, one frame each.
std::string joined(const std::vector<std::string>& texts,
                   std::vector<std::string>* notes = nullptr) {
  std::vector<std::string> frames;
  for (const std::string& text : texts) frames.push_back(piece(text));
  frames.push_back(last);
  const auto s = stream(frames);
  EXPECT_FALSE(s.failure);
  expect_lawful(s);
  if (notes != nullptr) *notes = s.reply.notes;
  return s.reply.text();
}

TEST(skywork_text, pieces_are_added_up_or_repeat_what_came_before) {
  EXPECT_EQ(joined({"one"}), "one");
  EXPECT_EQ(joined({"o", "n", "e"}), "one");
  EXPECT_EQ(joined({"o", "on", "one"}), "one");
  EXPECT_EQ(joined({"\\u5929", "\\u5929\\u7a7a", "\\u5929\\u7a7a!"}), "天空!");
  EXPECT_EQ(joined({"", "o", "", "ne"}), "one");
}

TEST(skywork_text, the_same_piece_again_is_a_piece_where_they_are_added_up) {
  EXPECT_EQ(joined({"ha", "ha", "ha", "!"}), "hahaha!");
  EXPECT_EQ(joined({"ha", "ha", "ha!"}), "ha!");
  EXPECT_EQ(joined({"o", "on", "on", "one"}), "one");
}

TEST(skywork_text, what_was_guessed_is_noted) {
  std::vector<std::string> notes;
  EXPECT_EQ(joined({"ha", "ha"}, &notes), "ha");
  EXPECT_TRUE(has_note(notes, "more than once"));
  EXPECT_EQ(joined({"a", "b", "ab"}, &notes), "ab");
  EXPECT_TRUE(has_note(notes, "once more"));
  EXPECT_EQ(joined({"a", "ab", "c", "d"}, &notes), "abcd");
  EXPECT_TRUE(has_note(notes, "not all pieces"));
  EXPECT_EQ(joined({"a", "ab"}, &notes), "ab");
  EXPECT_EQ(notes.size(), 1u) << "only that the reason is not said";
}

}  // namespace
}  // namespace ark::test::skywork
